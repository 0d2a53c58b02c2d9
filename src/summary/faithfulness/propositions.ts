import { lexiconOf } from "../language/lexicon.ts";
import { polarityWordsOf } from "../language/polarity-words.ts";
import { isPersonNoun, isPlain, verbness, relationOf } from "./english.ts";
import { countedIn, sharesInFigures } from "./quantities.ts";

/** A word of an English sentence, and what it does there as far as that can be told without a parser. */
export interface Word {
  /** In lower case; a name's words between spaces, a number as "#" and its value. */
  readonly lower: string;
  readonly kind:
    "name" | "number" | "day" | "verb" | "person" | "noun" | "plain" | "pronoun" | "function";
  /** Among the words of its sentence. */
  readonly index: number;
  /** Which part of the sentence it is in, between commas and the like. */
  readonly part: number;
}

/** Whether a word names somebody or something. */
export function isBearer({ kind }: Word): boolean {
  return kind === "name" || kind === "person" || kind === "noun";
}

/** Who does what: a verb with those before and after it, as active verbs have them. */
export interface Proposition {
  readonly verb: Word;
  readonly subject: readonly Word[];
  readonly object: readonly Word[];
  readonly isPassive: boolean;
}

/** A sentence taken apart. */
export interface Parsed {
  readonly words: readonly Word[];
  readonly propositions: readonly Proposition[];
  /** Whether it leaves open what it says, and whether a word of it may stand for a "may". */
  readonly isHedged: boolean;
  readonly isReserved: boolean;
}

const LANGUAGE = "en";
const POLARITY = polarityWordsOf(LANGUAGE);
const TOKEN =
  /[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[$£€]?\d[\d.,]*\d%?|[$£€]?\d%?|[,;:()"“”]|(?<= )-+(?= )/gu;
const DAY =
  /^(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|january|february|march|april|may|june|july|august|september|october|november|december|(?:1[5-9]|20)\d\d)$/;
/** Countries that are called in ways that no ending tells. */
const SAME_NAMES = new Map(
  [
    ["us", "american", "americans", "america", "united states", "usa", "washington"],
    ["uk", "british", "britain", "great britain", "britons", "briton", "brits", "united kingdom"],
    ["un", "united nations"],
    ["france", "french"],
    ["spain", "spanish"],
    ["netherlands", "dutch"],
  ].flatMap((names) => names.map((name) => [name, names[0] ?? name] as const)),
);
const BE = new Set("is are was were be been being am get gets got".split(" "));
const AUXILIARY = new Set(
  "is are was were be been being am has have had will would can could may might must shall should do does did to not".split(
    " ",
  ),
);
const DETERMINERS = new Set(
  "the a an his her its their our my your this that these those some any no every each".split(" "),
);

/** Takes an English sentence (see `plainText`) apart. */
export function parse(text: string): Parsed {
  const sentence = sharesInFigures(text, LANGUAGE)
    .replaceAll(/\bU\.S\.(?:A\.)?/g, "US")
    .replaceAll(/\bU\.K\./g, "UK")
    .replaceAll(/\bU\.N\./g, "UN");
  const words = wordsOf(sentence);
  return {
    words,
    propositions: words.flatMap((word) =>
      word.kind === "verb" ? [propositionOf(word, words)] : [],
    ),
    isHedged: POLARITY?.hedge.test(sentence) === true,
    isReserved: POLARITY?.reserve.test(sentence) === true,
  };
}

function wordsOf(sentence: string): readonly Word[] {
  const { stopWords, singularPronouns, pluralPronouns } = lexiconOf(LANGUAGE);
  const counted = countedIn(sentence, LANGUAGE);
  const words: Word[] = [];
  let part = 0;
  let nameEnd = -1;
  for (const { 0: text, index: start } of sentence.matchAll(TOKEN)) {
    if (!/[\p{L}\p{N}]/u.test(text)) {
      part++;
      continue;
    }
    const end = start + text.length;
    const lower = text.toLowerCase().replace(/'s?$/, "");
    const add = (kind: Word["kind"], as = lower) =>
      words.push({ lower: as, kind, index: words.length, part });
    const isCapital = /^\p{Lu}/u.test(text);
    const number = counted.find((one) => one.start < end && start < one.end);
    if (DAY.test(lower) && (isCapital || /\d/.test(lower))) add("day");
    else if (number) {
      if (start <= number.start || (/^\D?\d/.test(text) && start < number.start))
        add("number", `#${String(number.values[0])}`);
    } else if (/\d/.test(text)) add("number", `#${text.replace(/\D/g, "")}`);
    else if (/^(?:US|UK|UN)$/.test(text)) add("name");
    else if (singularPronouns.has(lower) || pluralPronouns.has(lower) || lower === "who")
      add("pronoun");
    else if (stopWords.has(lower)) add("function");
    else if (
      isCapital &&
      (words.length > 0 || !isKnownWord(lower) || /^ \p{Lu}/u.test(sentence.slice(end)))
    ) {
      const last = words.at(-1);
      const isNext =
        last?.kind === "name" &&
        last.part === part &&
        /^(?:\.? |-)$/.test(sentence.slice(nameEnd, start));
      const whole = `${last?.lower ?? ""} ${lower}`;
      if (isNext && last) words[last.index] = { ...last, lower: SAME_NAMES.get(whole) ?? whole };
      else add("name", SAME_NAMES.get(lower) ?? lower);
      nameEnd = text.endsWith("'s") ? -1 : end;
    } else if (isVerb(text, lower, words)) add("verb");
    else if (isPlain(lower)) add("plain");
    else add(isPersonNoun(lower) ? "person" : "noun");
  }
  return words;
}

function isKnownWord(lower: string): boolean {
  return (
    verbness(lower) > 0 || isPersonNoun(lower) || isPlain(lower) || /(?:s|ly|ing|ed)$/.test(lower)
  );
}

/** Whether a word is a verb where it stands: a sure one, or one with an ending or an auxiliary for it. */
function isVerb(text: string, lower: string, before: readonly Word[]): boolean {
  const sure = verbness(lower);
  if (sure === 0) return false;
  const previous = before.at(-1);
  if (previous && DETERMINERS.has(previous.lower)) return false;
  if (previous && AUXILIARY.has(previous.lower)) return true;
  if (text.endsWith("'s")) return false;
  if (sure === 2) return true;
  return (
    /(?:ed|[^s]s)$/.test(lower) &&
    (previous?.kind === "name" ||
      previous?.kind === "noun" ||
      previous?.kind === "person" ||
      previous?.kind === "pronoun" ||
      previous?.kind === "plain")
  );
}

function propositionOf(verb: Word, words: readonly Word[]): Proposition {
  const at = verb.index;
  const isPassive = isPassiveAt(verb, words);
  const left = groupBefore(at, words);
  const right = groupAfter(at, words);
  return {
    verb,
    subject: isPassive ? groupBy(at, words) : left,
    object: isPassive ? left : right,
    isPassive,
  };
}

function isPassiveAt({ index, lower }: Word, words: readonly Word[]): boolean {
  if (/(?:ing|[^s]s)$/.test(lower)) return false;
  const before = words.slice(Math.max(0, index - 3), index);
  if (before.some((word) => BE.has(word.lower))) return true;
  return words[index + 1]?.lower === "by";
}

const isContent = ({ kind }: Word) => kind !== "function";
const isArgument = ({ kind }: Word) => kind !== "function" && kind !== "verb";

/** The nearest words before a verb that can be who it is about: up to the last verb, and over commas to the first name. */
function groupBefore(at: number, words: readonly Word[]): readonly Word[] {
  const group: Word[] = [];
  for (let index = at - 1; index >= 0 && group.length < 4; index--) {
    const word = words[index];
    if (!word) break;
    if (word.kind === "verb" && group.length > 0) break;
    if (isArgument(word)) group.push(word);
  }
  return group;
}

function groupAfter(at: number, words: readonly Word[]): readonly Word[] {
  const group: Word[] = [];
  const part = words[at]?.part;
  for (const word of words.slice(at + 1, at + 11)) {
    if (word.part !== part || (word.kind === "verb" && group.length > 0) || group.length >= 4)
      break;
    if (isContent(word) && word.kind !== "verb") group.push(word);
  }
  return group;
}

function groupBy(at: number, words: readonly Word[]): readonly Word[] {
  const by = words.slice(at + 1, at + 8).findIndex(({ lower }) => lower === "by");
  return by === -1 ? [] : groupAfter(at + 1 + by, words);
}

/** "Mayor Ada Pell", "Ada Pell, the mayor of Porthmoor", "Ada Pell was the mayor". */
export function isTitleOf(role: Word, name: Word, words: readonly Word[]): boolean {
  const distance = role.index - name.index;
  if (role.part === name.part && distance < 0)
    return (
      distance >= -2 && words.slice(role.index + 1, name.index).every(({ kind }) => kind === "noun")
    );
  if (distance <= 0 || distance > 7) return false;
  const between = words.slice(name.index + 1, role.index);
  if (between.some(({ kind }) => kind === "verb" || kind === "pronoun")) return false;
  if (role.part === name.part) return /^(?:is|was|became|as)$/.test(between[0]?.lower ?? "");
  return (
    role.part === name.part + 1 &&
    between[0]?.part === role.part &&
    /^(?:an?|the|then|former|\S+ \S+|\S+s)$/.test(between[0]?.lower ?? "")
  );
}

/** Whether a word turns round what is said. */
export const isNegation = (word: string) => POLARITY?.negation.test(word) === true;
const isDenial = (word: string) => POLARITY?.denial.test(word) === true;

/** Whether a "not" is about a word, or anything near it that denies. */
export function isNegatedAt(words: readonly Word[], at: number, how: "not" | "any"): boolean {
  const part = words[at]?.part;
  const verbs = words.slice(0, at).filter(({ kind }) => kind === "verb");
  const from = Math.max(0, at - 4, how === "any" ? 0 : (verbs.at(-2)?.index ?? 0));
  return words.slice(from, at + 4).some((word) => {
    const { lower, index } = word;
    if (index !== at && word.part !== part && how === "not") return false;
    if (isNegation(lower))
      return index < at || index === at + 1 || /^(?:no|none|nothing)$/.test(lower);
    return (
      isDenial(lower) &&
      index !== at &&
      (how === "any" || (index < at && words[index + 1]?.lower === "to"))
    );
  });
}

/** Whether a word leaves open what is said. */
export const isHedge = (word: string) =>
  POLARITY?.hedge.test(word) === true || POLARITY?.reserve.test(word) === true;

/** So many words before what it is about a "may" can stand. */
const HEDGE_REACH = 5;

/** Whether a "may" is about a word. */
export function isHedgedAt(words: readonly Word[], at: number): boolean {
  return words.slice(Math.max(0, at - HEDGE_REACH), at + 3).some(({ lower }) => isHedge(lower));
}

/** How much of a sentence's sense a word bears. */
export const WEIGHTS: Readonly<Record<Word["kind"], number>> = {
  name: 1.5,
  number: 1.5,
  day: 1.2,
  verb: 1,
  person: 1,
  noun: 1,
  plain: 0.3,
  pronoun: 0,
  function: 0,
};

/** Whether a word bears any of a sentence's sense. */
export function isWeighty({ kind }: Word): boolean {
  return WEIGHTS[kind] > 0;
}

/** How far one word may stand for another: 1 for the same, below 0 for opposites. */
export function likenessOf(word: Word, other: string): number {
  if (word.lower === other) return 1;
  if (word.kind === "name")
    return isSameName(word.lower, other) ? 1 : Math.max(0, relationOf(word.lower, other));
  if (word.kind === "number") return isRounded(word.lower, other) ? 0.95 : 0;
  if (word.kind === "day") return 0;
  return relationOf(word.lower, other);
}

/** Whether a number is another in fewer figures: 100 for 96, 1,800 for 1,784. */
function isRounded(one: string, other: string): boolean {
  if (!other.startsWith("#")) return false;
  const [round, exact] = [Number(one.slice(1)), Number(other.slice(1))];
  if (!(Math.abs(round - exact) <= 0.06 * Math.abs(exact)) || exact < 20) return false;
  return one.replace(/0+$/, "").length < other.replace(/0+$/, "").length;
}

/** "arias" is "jodi arias"; "new york" is a part of "new york times", which is another. */
export function isSameName(one: string, other: string): boolean {
  if (one === other) return true;
  const [ones, others] = [one.split(" "), other.split(" ")];
  const [short, long] = ones.length < others.length ? [ones, others] : [others, ones];
  if (isSameWord(ones.at(-1) ?? "", others.at(-1) ?? "")) return true;
  return short.every((word) => long.some((same) => isSameWord(word, same)));
}

/** "yemen" and "yemeni". */
function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  const least = Math.min(one.length, other.length);
  const same = Math.max(4, least - 2);
  return (
    least >= 4 &&
    Math.abs(one.length - other.length) <= 4 &&
    one.slice(0, same) === other.slice(0, same)
  );
}

/** Which share of some words others have; a pronoun among them may stand for those before. */
export function matchOf(
  words: readonly Word[],
  others: readonly Word[],
  before: readonly Word[],
): number {
  const bearing = words.filter(({ kind }) => WEIGHTS[kind] > 0);
  if (bearing.length === 0) return 0.5;
  const mayPoint = others.length === 0 || others.some(({ kind }) => kind === "pronoun");
  let [sum, total] = [0, 0];
  for (const word of bearing) {
    let best = 0;
    for (const other of others)
      if (WEIGHTS[other.kind] > 0) best = Math.max(best, likenessOf(word, other.lower));
    if (best < 0.6 && mayPoint && before.some((other) => likenessOf(word, other.lower) > 0.6))
      best = 0.6;
    sum += WEIGHTS[word.kind] * best;
    total += WEIGHTS[word.kind];
  }
  return sum / total;
}
