import { primarySubtag } from "../language/lexicon.ts";
import { ELIDED, type NameRun, nameRunsIn } from "../language/names.ts";

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

const TEXT_WORD = /[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*/gu;

/** The names and words of the sentences of a text. */
export function namedIn(sentences: readonly string[], plain: string, language: string): Named {
  const words = new Set<string>();
  const lowered = new Set<string>();
  for (const [word] of plain.matchAll(TEXT_WORD)) {
    // "U.S." and "L'avocat" are words as a whole and in parts.
    for (const part of new Set([word, ...word.split(/['.]/)])) {
      const key = nameKey(part);
      words.add(key);
      if (/^\p{Ll}/u.test(part)) lowered.add(key);
    }
  }
  const runs = new Map<string, string[][]>();
  const initials = new Set<string>();
  for (const { words: run } of sentences.flatMap(comparedRunsIn)) {
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

/** A run of words with a capital, as it is compared. */
export interface ComparedRun {
  readonly text: string;
  readonly start: number;
  readonly words: readonly { readonly text: string; readonly key: string }[];
  /** Whether it begins the sentence, so that its first capital says nothing. */
  readonly isFirst: boolean;
}

/** "Mr." says nothing of whose name it is. */
const TITLE = /^\p{Lu}\p{Ll}+\.$/u;

/** The runs of words with a capital in a sentence (see `plainText`); "Bank of England" is one. */
export function comparedRunsIn(sentence: string): readonly ComparedRun[] {
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of nameRunsIn(sentence).flatMap(withoutTitles)) {
    const last = spans.at(-1);
    if (last && /^(?: of (?:the )?|-)$/.test(sentence.slice(last.end, start))) last.end = end;
    else spans.push({ start, end });
  }
  return spans.map(({ start, end }) => ({
    text: sentence.slice(start, end),
    start,
    words: sentence
      .slice(start, end)
      .split(/[ -]/)
      .map((word) => word.replace(ELIDED, ""))
      .filter((word) => /^\P{Ll}/u.test(word))
      .map((word) => ({ text: word, key: nameKey(word) })),
    isFirst: /(?:^|[.!?:]\s)[^\p{L}\p{N}]*$/u.test(sentence.slice(0, start)),
  }));
}

/** The parts of a run between its titles. */
function withoutTitles({ text, start }: NameRun): readonly Pick<NameRun, "start" | "end">[] {
  const parts: { start: number; end: number }[] = [];
  let isOpen = false;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const end = start + index + word.length;
    const last = parts.at(-1);
    if (TITLE.test(word)) isOpen = false;
    else if (last && isOpen) last.end = end;
    else {
      parts.push({ start: start + index, end });
      isOpen = true;
    }
  }
  return parts;
}

/** A word of a name as it is compared: without case, accents, stops and the genitive's 's. */
function nameKey(word: string): string {
  return word
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .toLowerCase()
    .replace(/'s?$|[.']/g, "");
}

/** Endings by which English makes a people's name of a country's: "Japan" and "Japanese". */
const ENDINGS = ["", "ians", "ian", "ans", "an", "ns", "n", "ese", "ish", "is", "i", "ic", "s"];
const IRREGULAR: readonly (readonly string[])[] = [
  ["us", "usa", "america", "american", "americans"],
  ["uk", "britain", "british", "briton", "britons"],
  ["france", "french", "frenchman", "frenchwoman"],
  ["spain", "spanish", "spaniard", "spaniards"],
  ["netherlands", "holland", "dutch", "dutchman"],
  ["denmark", "danish", "dane", "danes"],
  ["sweden", "swedish", "swede", "swedes"],
  ["poland", "polish", "pole", "poles"],
  ["greece", "greek", "greeks"],
  ["ireland", "irish"],
  ["scotland", "scottish", "scot", "scots"],
  ["wales", "welsh"],
  ["switzerland", "swiss"],
  ["finland", "finnish", "finn", "finns"],
  ["norway", "norwegian", "norwegians"],
  ["turkey", "turkish", "turk", "turks"],
];
const PEOPLES = new Map(IRREGULAR.flatMap((names) => names.map((name) => [name, names] as const)));

/** What else an English name may be called: for "Russian", how "Russia" begins. */
function otherNames(key: string): {
  readonly names: readonly string[];
  readonly stems: readonly string[];
} {
  const stems = ENDINGS.filter((ending) => key.endsWith(ending)).map((ending) =>
    key.slice(0, key.length - ending.length),
  );
  return { names: PEOPLES.get(key) ?? [], stems: stems.filter((stem) => stem.length >= 3) };
}

/** Whether an English word is a people's name: "Afghan", "Dutch". */
export function isDemonym(key: string): boolean {
  return PEOPLES.has(key) || /(?:ian|ean|gan|can|san|ghan|ese|ish|ani|aqi|eli)s?$/.test(key);
}
