import written from "./numbers.json" with { type: "json" };
import { perLanguage } from "../language/lexicon.ts";

/** The number format of one language. Words are in lower case. */
export interface Numerals {
  /** The decimal mark. "either" accepts both. */
  readonly decimal: "." | "," | "either";
  /** Whether a space may separate the thousands. */
  readonly isSpaced: boolean;
  /** From 2 on: "one" is more often a pronoun or an article. */
  readonly words: ReadonlyMap<string, number>;
  /** From 3 on: "second" is also a unit of time. */
  readonly ordinals: ReadonlyMap<string, number>;
  /** Words that multiply the number before them. */
  readonly scales: ReadonlyMap<string, number>;
  /** Scales that are not numbers by themselves: "millions". */
  readonly plurals: ReadonlySet<string>;
  /** The word between the hundreds and the rest: "two hundred and ten". */
  readonly and: string;
  /** Matches any of these words. Undefined if there are none. */
  readonly anyWord: RegExp | undefined;
}

/** The number words of one language as numbers.json stores them, separated by spaces. */
interface Written {
  readonly decimal?: string;
  readonly isSpaced?: boolean;
  /** From 0 on, while they are single words. */
  readonly units: string;
  /** 20, 30 … 90. */
  readonly tens: string;
  /** From "third" on. */
  readonly ordinals: string;
  /** Separated by commas. Each entry has a factor and its words, the singular first. */
  readonly scales: string;
  readonly and?: string;
  /** Whether the words are joined: "zweihundert". */
  readonly isJoined?: boolean;
}

const WRITTEN = new Map<string, Written>(Object.entries(written.languages));

type Join = (ten: string, unit: string, value: number) => readonly string[];

/** How a language joins "twenty" and "one". */
const JOINS = new Map<string, Join>([
  ["en", (ten, unit) => [`${ten}-${unit}`, `${ten} ${unit}`]],
  ["de", (ten, unit, value) => [`${value === 1 ? "ein" : unit}und${ten}`]],
  [
    "fr",
    (ten, unit, value) => (value === 1 ? [`${ten} et un`, `${ten}-et-un`] : [`${ten}-${unit}`]),
  ],
  ["es", (ten, unit) => [`${ten} y ${unit}`]],
  ["it", (ten, unit, value) => [value === 1 || value === 8 ? ten.slice(0, -1) + unit : ten + unit]],
  ["pt", (ten, unit) => [`${ten} e ${unit}`]],
  ["nl", (ten, unit) => [`${unit}${/[eë]$/.test(unit) ? "ë" : "e"}n${ten}`]],
]);

/** Languages that write 1,000.5. The other European languages write 1.000,5 or 1 000,5. */
const WITH_POINT = new Set("en zh ja ko th he hi bn ta ur ar fa".split(" "));
const EITHER = new Set(["", "und", "x"]);

/** Returns the number format of a language (BCP 47). A language without known words has only figures. */
export const numeralsOf = perLanguage((primary) => compile(primary, WRITTEN.get(primary)));

function compile(primary: string, written: Written | undefined): Numerals {
  const usual = EITHER.has(primary) ? "either" : WITH_POINT.has(primary) ? "." : ",";
  const decimal = DECIMALS.find((mark) => mark === written?.decimal) ?? usual;
  if (!written) return { ...IN_FIGURES, decimal, isSpaced: usual === "," };
  const scales = written.scales.split(", ").map((scale) => {
    const [factor, ...words] = listed(scale);
    return words.map((word) => [word, Number(factor)] as const);
  });
  const words = wordsOf(written, scales, JOINS.get(primary));
  const ordinals = new Map(listed(written.ordinals).map((word, index) => [word, index + 3]));
  const factors = new Map(scales.flat());
  return {
    decimal,
    isSpaced: written.isSpaced === true,
    words,
    ordinals,
    scales: factors,
    plurals: new Set(scales.flatMap((words) => words.slice(1).map(([word]) => word))),
    and: written.and ?? "",
    anyWord: anyOf([...words.keys(), ...ordinals.keys(), ...factors.keys()]),
  };
}

function anyOf(words: readonly string[]): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length).join("|");
  return new RegExp(String.raw`(?<![\p{L}\p{M}\d])(?:${longestFirst})(?![\p{L}\p{M}])`, "giu");
}

const DECIMALS = [".", ",", "either"] as const;
const IN_FIGURES = {
  words: new Map<string, number>(),
  ordinals: new Map<string, number>(),
  scales: new Map<string, number>(),
  plurals: new Set<string>(),
  and: "",
  anyWord: undefined,
};

type Scales = readonly (readonly (readonly [word: string, factor: number])[])[];

function wordsOf(
  { units, tens, isJoined }: Written,
  scales: Scales,
  join: Join = () => [],
): ReadonlyMap<string, number> {
  const ones = listed(units);
  const words = new Map(ones.map((word, value) => [word, value] as const).slice(2));
  for (const [index, ten] of listed(tens).entries()) {
    const value = (index + 2) * 10;
    words.set(ten, value);
    for (let unit = 1; unit < 10; unit++) {
      for (const word of join(ten, ones[unit] ?? "", unit)) words.set(word, value + unit);
    }
  }
  // French counts from 60 to 79 and from 80 to 99.
  if (words.has("soixante-dix")) countOnFromSixty(words, ones);
  if (isJoined) joinScales(words, [scales[0]?.[0]?.[0] ?? "", scales[1]?.[0]?.[0] ?? ""]);
  return words;
}

/** Adds joined words: "zweihundert", "zwölftausend". */
function joinScales(
  words: Map<string, number>,
  [hundred, thousand]: readonly [string, string],
): void {
  const below100 = Array.from(words);
  for (const [word, value] of below100) {
    if (value < 10) words.set(word + hundred, value * 100);
    words.set(word + thousand, value * 1000);
  }
}

function countOnFromSixty(words: Map<string, number>, ones: readonly string[]): void {
  words.set("quatre-vingts", 80);
  for (let unit = 1; unit < 20; unit++) {
    words.set(`quatre-vingt-${ones[unit] ?? ""}`, 80 + unit);
    if (unit >= 10) words.set(`soixante-${ones[unit] ?? ""}`, 60 + unit);
  }
  words.set("soixante et onze", 71);
}

function listed(words: string): readonly string[] {
  return words.split(/\s+/).filter(Boolean);
}
