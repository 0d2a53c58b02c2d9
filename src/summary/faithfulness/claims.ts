import { lexiconOf } from "../language/lexicon.ts";
import { polarityWordsOf } from "../language/polarity-words.ts";
import { countriesIn } from "./countries.ts";
import {
  isPersonNoun,
  isPlain,
  type Outcomes,
  outcomesIn,
  relationOf,
  verbness,
  withOneVerb,
} from "./english.ts";
import { countedIn, sharesInFigures } from "./quantities.ts";

/** A word of an English sentence with its function, as far as it is known without a parser. */
export interface Word {
  /** In lower case. A name is all its words separated by spaces, and a number is "#" and its value. */
  readonly lower: string;
  readonly kind:
    "name" | "number" | "day" | "verb" | "person" | "noun" | "plain" | "pronoun" | "function";
  /** The position among the words of its sentence. */
  readonly index: number;
  /** The number of its claim in the sentence. */
  readonly claim: number;
  /** The countries that a name refers to. */
  readonly countries: readonly string[];
}

/** The certainty of a claim: 0 is a fact, 1 is planned or expected, 2 is possible or alleged. */
type Openness = 0 | 1 | 2;

/** One claim of a sentence: agents, action and objects. */
interface Deed {
  readonly verb: Word;
  readonly doers: readonly Word[];
  readonly others: readonly Word[];
}

/** A sentence split into words and claims. */
export interface Parsed {
  readonly words: readonly Word[];
  readonly deeds: readonly Deed[];
  /** For each word, whether an odd number of words negates it. */
  readonly isTurned: readonly boolean[];
  /** For each word, the openness of its claim. */
  readonly openness: readonly Openness[];
  /** For each claim, whether it is about all of a group. */
  readonly isOfAll: readonly boolean[];
  readonly outcomes: Outcomes;
}

const LANGUAGE = "en";
const POLARITY = polarityWordsOf(LANGUAGE);
const TOKEN =
  /[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[$£€]?\d[\d.,]*\d%?|[$£€]?\d%?|[,;:()"“”]|(?<= )-+(?= )/gu;
const DAY =
  /^(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|january|february|march|april|may|june|july|august|september|october|november|december|(?:1[5-9]|20)\d\d)$/;
/** Words that begin another claim. */
const JOINT =
  /^(?:and|but|or|while|which|who|whose|that|because|although|though|if|when|whether|where|unless|until|after|before|as)$/;
const DETERMINERS = new Set(
  "the a an his her its their our my your this that these those some any no every each".split(" "),
);
const BE = /^(?:is|are|was|were|be|been|being|am|gets?|got)$/;
const AUXILIARY =
  /^(?:is|are|was|were|be|been|being|am|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|to|not)$/;
const DENIAL =
  /^(?:without|fail|refus|den[iy]|reject|unable|hardly|barely|scarcely|rarely|seldom|declin|prevent|against|stop|no longer|exclud|forbid|ban)/;
const PLANNED =
  /\b(?:will|shall|should|would|plan(?:s|ned)?|intends?|expect(?:s|ed)?|due|promise[sd]?|agree[sd]? to|propose[sd]?|wants?|wanted|hopes?|offer(?:s|ed)?|about to|(?:is|are|was|were) (?:going )?to|next (?:year|month|week|spring|summer|autumn|winter)|demand(?:s|ed)?|forecast|aims?|consider(?:s|ing|ed)?|pledge[sd]?|must)\b/;
const SAID = /^ whether\b|\bpossib|\b(?:is|are|was|were) (?:said|believed|thought|reported) to\b/;
const ALL =
  /\b(?:all(?! but\b)|every|each|whole|entire(?:ly)?|every(?:body|one|thing|where)|always|only|solely|exclusively|completely|any|without exception)\b/;
/** Parses an English sentence (see `plainText`). */
export function parse(text: string): Parsed {
  const sentence = withOneVerb(
    sharesInFigures(text, LANGUAGE).replaceAll(/\b(U)\.(S|K|N)\.(?:A\.)?/g, "$1$2"),
  );
  const { words, claims } = wordsOf(sentence);
  const isTurned = turnedWords(words);
  const opennessOf = claims.map((claim): Openness => {
    if (SAID.test(claim) || POLARITY?.hedge.test(claim) === true) return 2;
    return PLANNED.test(claim) ? 1 : 0;
  });
  return {
    words,
    deeds: words.flatMap((word) => (word.kind === "verb" ? [deedOf(word, words)] : [])),
    isTurned,
    outcomes: outcomesIn([text]),
    openness: words.map(({ claim }) => opennessOf[claim] ?? 0),
    isOfAll: claims.map((claim) => ALL.test(claim)),
  };
}

function wordsOf(sentence: string): { words: readonly Word[]; claims: readonly string[] } {
  const { stopWords, singularPronouns, pluralPronouns } = lexiconOf(LANGUAGE);
  const counted = countedIn(sentence, LANGUAGE);
  const named = countriesIn(sentence);
  const words: Word[] = [];
  const claims = [""];
  let nameEnd = -1;
  for (const { 0: text, index: start } of sentence.matchAll(TOKEN)) {
    const lower = text.toLowerCase().replace(/'s?$/, "");
    if (!/[\p{L}\p{N}]/u.test(text)) {
      claims.push("");
      continue;
    }
    if (JOINT.test(lower)) claims.push("");
    claims[claims.length - 1] += ` ${lower}`;
    const claim = claims.length - 1;
    const end = start + text.length;
    const country = named.find((one) => one.start < end && start < one.end);
    const countries = country && country.form !== "region" ? country.codes : [];
    const add = (kind: Word["kind"], as = lower) =>
      words.push({ lower: as, kind, index: words.length, claim, countries });
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
    else if (isCapital && (words.length > 0 || country || mayBeName(lower, sentence.slice(end)))) {
      const last = words.at(-1);
      const isNext = last?.kind === "name" && last.claim === claim;
      if (isNext && /^(?:\.? |-)$/.test(sentence.slice(nameEnd, start)))
        words[last.index] = { ...last, lower: `${last.lower} ${lower}`, countries: [] };
      else add("name");
      nameEnd = text.endsWith("'s") ? -1 : end;
    } else if (isVerb(text, lower, words)) add("verb");
    else if (isPlain(lower)) add("plain");
    else add(isPersonNoun(lower) ? "person" : "noun");
  }
  return { words, claims };
}

/** Whether a capitalised word at the start of a sentence is a name. */
function mayBeName(lower: string, after: string): boolean {
  const isKnown = verbness(lower) > 0 || isPersonNoun(lower) || isPlain(lower);
  return !(isKnown || /(?:s|ly|ing|ed)$/.test(lower)) || /^ \p{Lu}/u.test(after);
}

/** Whether a word is a verb in its place: a certain verb, or a possible one with a suitable ending or auxiliary. */
function isVerb(text: string, lower: string, before: readonly Word[]): boolean {
  const sure = verbness(lower);
  const previous = before.at(-1);
  if (sure === 0 || (previous && DETERMINERS.has(previous.lower))) return false;
  if (previous && AUXILIARY.test(previous.lower)) return true;
  if (text.endsWith("'s")) return false;
  const isBehindNoun = previous !== undefined && previous.kind !== "function";
  return sure === 2 || (isBehindNoun && previous.kind !== "verb" && /(?:ed|[^s]s)$/.test(lower));
}

/**
 * Returns for each word whether an odd number of words before it in its claim negates it: a verb after "not" or "refused
 * to", a noun after "no". The object of a negated verb is not negated.
 */
function turnedWords(words: readonly Word[]): readonly boolean[] {
  const all: boolean[] = [];
  let [claim, isOdd, isDirect] = [-1, false, false];
  for (const { lower, kind, claim: own, index } of words) {
    // In "denied that they had", the negation continues in the next claim.
    if (own !== claim) [claim, isOdd, isDirect] = [own, isOdd && lower === "that", false];
    all[index] = isOdd && (kind === "verb" || isDirect);
    if (isSuperlative(words, index)) continue;
    if (POLARITY?.negation.test(lower) === true || /^(?:without|lack)/.test(lower))
      [isOdd, isDirect] = [!isOdd, true];
    else if (DENIAL.test(lower)) [isOdd, isDirect] = [!isOdd, false];
    else if (kind === "verb") isDirect = false;
  }
  return all;
}

const COMPARED = /^(?:so|such|as|more|less|fewer|better|worse|greater|larger|higher|lower)$/;

/** Whether a word such as "never" is part of a comparison: "never had so many", "not more than". Such a word denies nothing. */
function isSuperlative(words: readonly Word[], at: number): boolean {
  if (!/^(?:never|no|not)$/.test(words[at]?.lower ?? "")) return false;
  return words.slice(at + 1, at + 4).some(({ lower }) => COMPARED.test(lower));
}

function deedOf(verb: Word, words: readonly Word[]): Deed {
  const isPassive = isPassiveAt(verb, words);
  const [left, right] = [groupBefore(verb.index, words), groupAfter(verb.index, words)];
  if (!isPassive) return { verb, doers: left, others: right };
  const by = words
    .slice(verb.index + 1, verb.index + 8)
    .findIndex(({ lower, claim }) => lower === "by" && claim === verb.claim);
  return {
    verb,
    doers: by === -1 ? [] : groupAfter(verb.index + 1 + by, words),
    others: left,
  };
}

function isPassiveAt({ index, lower }: Word, words: readonly Word[]): boolean {
  if (/(?:ing|[^s]s)$/.test(lower)) return false;
  const before = words.slice(Math.max(0, index - 3), index);
  return before.some((word) => BE.test(word.lower)) || isDoneBy(words.slice(index + 1));
}

/** "Fell by 18 percent" names no agent. */
function isDoneBy([by, who]: readonly Word[]): boolean {
  return by?.lower === "by" && who?.kind !== "number";
}

const MOST_IN_GROUP = 4;

/** Returns the nearest words before a verb that may be its subject, back to the verb before. */
function groupBefore(at: number, words: readonly Word[]): readonly Word[] {
  const verb = words
    .slice(0, at)
    .findLastIndex(({ kind }, index) => kind === "verb" && index < at - 1);
  return words
    .slice(verb + 1, at)
    .filter(({ kind }) => kind !== "function" && kind !== "verb")
    .slice(-MOST_IN_GROUP);
}

function groupAfter(at: number, words: readonly Word[]): readonly Word[] {
  const group: Word[] = [];
  for (const word of words.slice(at + 1, at + 11)) {
    if (word.claim !== words[at]?.claim || group.length === MOST_IN_GROUP) break;
    if (word.kind === "verb" && group.length > 0) break;
    if (word.kind !== "function" && word.kind !== "verb") group.push(word);
  }
  return group;
}

/** Whether a role belongs to a name: "Mayor Ada Pell", "Ada Pell, the mayor of Porthmoor", "Ada Pell was the mayor". */
export function isTitleOf(role: Word, name: Word, words: readonly Word[]): boolean {
  const distance = role.index - name.index;
  const isOneClaim = role.claim === name.claim;
  if (isOneClaim && distance < 0)
    return (
      distance >= -2 && words.slice(role.index + 1, name.index).every(({ kind }) => kind === "noun")
    );
  if (distance <= 0 || distance > 7) return false;
  const [first, ...between] = words.slice(name.index + 1, role.index);
  if ([first, ...between].some((word) => word?.kind === "verb" || word?.kind === "pronoun"))
    return false;
  if (isOneClaim) return /^(?:is|was|became|as)$/.test(first?.lower ?? "");
  const opens = /^(?:an?|the|then|former|\S+ \S+|\S+s)$/.test(first?.lower ?? "");
  return role.claim === name.claim + 1 && first?.claim === role.claim && opens;
}

/** The weight of each kind of word in the meaning of a sentence. */
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

/** Returns how well one word can replace another: 1 for the same word, below 0 for opposites. */
export function likenessOf(word: Word, other: Word): number {
  if (word.lower === other.lower) return 1;
  if (word.countries.some((code) => other.countries.includes(code))) return 0.95;
  if (word.kind === "name")
    return isSameName(word.lower, other.lower)
      ? 1
      : Math.max(0, relationOf(word.lower, other.lower));
  if (word.kind === "number") return isRounded(word.lower, other.lower) ? 0.95 : 0;
  return word.kind === "day" ? 0 : relationOf(word.lower, other.lower);
}

/** Whether a number is a rounded form of another: 100 for 96, 1,800 for 1,784. */
function isRounded(one: string, other: string): boolean {
  if (!other.startsWith("#")) return false;
  const [round, exact] = [Number(one.slice(1)), Number(other.slice(1))];
  if (!(Math.abs(round - exact) <= 0.06 * Math.abs(exact)) || exact < 20) return false;
  return one.replace(/0+$/, "").length < other.replace(/0+$/, "").length;
}

/** Whether two names may belong to the same person or thing: "arias" and "jodi arias". "new york" and "new york times" do not. */
export function isSameName(one: string, other: string): boolean {
  if (one === other) return true;
  const [ones, others] = [one.split(" "), other.split(" ")];
  const [short, long] = ones.length < others.length ? [ones, others] : [others, ones];
  if (isSameWord(ones.at(-1) ?? "", others.at(-1) ?? "")) return true;
  // An abbreviation: "UN" and "United Nations".
  if (long.length > 1 && short.join("") === long.map((word) => word[0]).join("")) return true;
  return short.every((word) => long.some((same) => isSameWord(word, same)));
}

/** Whether two words have the same stem: "paris" and "parisian". */
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
