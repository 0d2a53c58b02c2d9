import { BroadsheetError } from "../errors.ts";
import { languageTag } from "./languages.ts";
import { checkedTags } from "./tags.ts";

/** A tag as it is kept; `name` is what the caller calls the setting. @throws BroadsheetError USAGE. */
export function tagIn(value: string, name: string): string {
  const tags = checkedTags([value]);
  if ("fault" in tags || tags[0] === undefined || /[;,|]/.test(value)) {
    throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is no tag`, {
      fix: `give a word or a few, without commas, semicolons and bars: ${name} harbour`,
    });
  }
  return tags[0];
}

/** The BCP 47 tag of a language, also where it is written in words. @throws BroadsheetError USAGE. */
export function languageIn(value: string, name: string): string {
  const tag = languageTag(value);
  if (tag !== undefined) return tag;
  throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is no language`, {
    fix: "use a BCP 47 tag such as en, pt-BR or ar",
  });
}

/** How a reader came to want the newsletter: one line. @throws BroadsheetError USAGE. */
export function consentIn(value: string, name: string): string {
  if (value.trim() !== "" && value.length <= 500 && !/\p{Cc}/u.test(value)) return value.trim();
  throw new BroadsheetError("USAGE", `${name} must be one line of at most 500 characters`, {
    fix: `say how they came to want it: ${name} "form on the front page"`,
  });
}
