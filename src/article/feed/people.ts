import { oneLine } from "../clean-text.ts";
import { names } from "../field-values.ts";
import { toLine } from "./markup-text.ts";

/** The names of people in what feeds give as authors; mail addresses, which are nobody's byline, left out. */
export function peopleIn(authors: readonly string[]): string[] {
  const people = authors.flatMap(
    (author) => names(withoutAddress(toLine({ value: author, is: "either" }))) ?? [],
  );
  return [...new Set(people.map(withoutPlace))];
}

// "Ana Ruiz in Lisbon"
function withoutPlace(name: string): string {
  return name.replace(/^(\p{Lu}\S+(?:\s\S+){1,3})\s+in\s+\p{Lu}[\p{L} -]{1,40}$/u, "$1");
}

// "ana@example.org (Ana Ruiz)", "Ana Ruiz <ana@example.org>", "Ana Ruiz (ana@example.org)", "ana@example.org"
function withoutAddress(author: string): string {
  const named = /^\S+@\S+\s+\(([^()]+)\)$/.exec(author)?.[1];
  return oneLine(
    (named ?? author).replace(
      /[<([]?(?:mailto:)?[^\s<>()[\]]+@[^\s<>()[\]]+\.[^\s<>()[\]]+[>)\]]?/g,
      " ",
    ),
  );
}
