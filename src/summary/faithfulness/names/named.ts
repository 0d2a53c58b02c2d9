import { primarySubtag } from "../../language/lexicon.ts";
import { nameKey, otherNames } from "./name-key.ts";
import { nameRunsIn } from "./name-runs.ts";

/** The names of a text, and its other words, since a name may be made of them. All are keys. */
export interface Named {
  readonly language: string;
  readonly words: ReadonlySet<string>;
  /** Those that the text writes small somewhere. */
  readonly lowered: ReadonlySet<string>;
  /** By each word, the runs of capitals that it is in. */
  readonly runs: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** The first letters of each run: "un" for "United Nations". */
  readonly initials: ReadonlySet<string>;
  /** How the words begin, in each length from three letters. */
  readonly beginnings: ReadonlySet<string>;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*/gu;

/** The names and words of the sentences of a text. */
export function namedIn(sentences: readonly string[], plain: string, language: string): Named {
  const words = new Set<string>();
  const lowered = new Set<string>();
  for (const [word] of plain.matchAll(WORD)) {
    // "U.S." and "L'avocat" are words as a whole and in parts.
    for (const part of new Set([word, ...word.split(/['.]/)])) {
      const key = nameKey(part);
      words.add(key);
      if (/^\p{Ll}/u.test(part)) lowered.add(key);
    }
  }
  const runs = new Map<string, string[][]>();
  const initials = new Set<string>();
  for (const { words: run } of sentences.flatMap(nameRunsIn)) {
    const keys = run.map(({ key }) => key);
    for (const key of keys) runs.set(key, [...(runs.get(key) ?? []), keys]);
    initials.add(run.map(({ text }) => text[0]?.toLowerCase() ?? "").join(""));
  }
  return { language, words, lowered, runs, initials, beginnings: beginningsOf(words) };
}

function beginningsOf(words: ReadonlySet<string>): ReadonlySet<string> {
  const beginnings = new Set<string>();
  for (const word of words) {
    for (let length = 3; length <= Math.min(word.length, 24); length++)
      beginnings.add(word.slice(0, length));
  }
  return beginnings;
}

/** Languages that decline names: "Путина" is "Путин", "Ankara'da" is "Ankara". */
const DECLINING = new Set(
  "ru uk be pl cs sk sl hr sr bs bg mk lt lv et fi hu tr az kk el ro la eu ka hy".split(" "),
);

/** Whether a text has a word of a name, in this form or in another that means the same. */
export function isNamed(key: string, named: Named): boolean {
  const { words, initials, beginnings, language } = named;
  if (words.has(key) || (key.length >= 2 && initials.has(key))) return true;
  const primary = primarySubtag(language);
  if (DECLINING.has(primary)) return beginnings.has(key.slice(0, Math.max(3, key.length - 3)));
  if (words.has(`${key}s`) || (key.endsWith("s") && words.has(key.slice(0, -1)))) return true;
  if (primary !== "en") return false;
  const { names, stems } = otherNames(key);
  return (
    names.some((name) => words.has(name)) ||
    stems.some((stem) => ["", "a", "y", "ia", "e"].some((end) => words.has(stem + end)))
  );
}
