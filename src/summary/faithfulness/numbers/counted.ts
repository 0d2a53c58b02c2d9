import { lexiconOf } from "../../language/lexicon.ts";
import { stemOf } from "../../language/terms.ts";
import { quantitiesIn, type Quantity } from "./quantities.ts";

/** A number with the words beside it, which may say what it counts. */
export interface Counted extends Quantity {
  /** The stem of the word right after it; empty where a stop word or a mark is there. */
  readonly noun: string;
  /** The stems of the words near it, in its clause. */
  readonly near: ReadonlySet<string>;
}

const NEAR_LETTERS = 40;
/** What parts one count from the next. */
const BREAK = /[,;:]| and | und | et | y | e | en /;

/** The numbers of one sentence (see `plainText`), each with the words beside it. */
export function countedIn(sentence: string, language: string): readonly Counted[] {
  const { stopWords } = lexiconOf(language);
  return quantitiesIn(sentence, language).map((quantity) => {
    const after = sentence.slice(quantity.end);
    const next = /^[ -](\p{L}[\p{L}\p{M}]*)/u.exec(after)?.[1]?.toLowerCase() ?? "";
    const before = sentence.slice(Math.max(0, quantity.start - NEAR_LETTERS), quantity.start);
    const near = `${before.split(BREAK).at(-1) ?? ""} ${after.slice(0, NEAR_LETTERS).split(BREAK)[0] ?? ""}`;
    const { text, start, end, values, kinds } = quantity;
    return {
      text,
      start,
      end,
      values,
      kinds,
      noun: next === "" || stopWords.has(next) ? "" : stemOf(next),
      near: stemsOf(near),
    };
  });
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(
    Array.from(text.toLowerCase().matchAll(/[\p{L}\p{M}]+/gu), ([word]) => stemOf(word)),
  );
}
