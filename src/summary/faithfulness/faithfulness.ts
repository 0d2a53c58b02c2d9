import { hashOf } from "../../article/identity.ts";
import { remembering, STORIES_CACHED } from "../../platform/remembering.ts";
import type { Article } from "../../article/article.ts";
import type { Summary } from "../summary.ts";
import { termsOf, primarySubtag } from "../language/lexicon.ts";
import { countriesIn, type CountryName, isShown } from "./countries.ts";
import { contradictionOf, hasRival } from "./comparison.ts";
import { turnedRound } from "./clauses.ts";
import { evidenceOf, type Evidence, plainText } from "./evidence.ts";
import {
  isUncased,
  strangerIn,
  regionsIn,
  uncasedStrangerIn,
  comparedRunsIn,
} from "./source-names.ts";
import { numeralsOf } from "../facts/numerals.ts";
import { quotationsOf } from "../language/quotations.ts";
import { countWords, splitSentences } from "../language/segments.ts";
import { datesIn, type NamedDate, type Third, weekdaysIn } from "../facts/dates.ts";
import { derivationsOf } from "./derived.ts";
import { countedIn, type Counted, isRoundingOf, sharesInFigures } from "./quantities.ts";

/** A statement of a sentence that its source does not support. */
export interface Unfaithful {
  readonly kind:
    | "empty"
    | "markup"
    | "address"
    | "number"
    | "date"
    | "name"
    | "quotation"
    | "speaker"
    | "negation"
    | "hedge"
    | "opposite"
    | "swapped"
    | "deed"
    | "title"
    | "quantity"
    | "word"
    | "overlap";
  /** The words at fault, if they are known. */
  readonly found: string;
  /** A part of a sentence without a full stop: "the number 45 is not in the article". */
  readonly message: string;
  /** Whether the article certainly does not say it. If not, the words are the writer's own, and an editor should look at them. */
  readonly isSure: boolean;
}

/** The least share of a sentence's words that must be in the source, or in English have a synonym there. */
const LEAST_OVERLAP = 1 / 3;
/** The least likeness of synonyms. */
const STANDS_FOR = 0.65;
/** The least share in scripts without capitals, where names cannot be recognised and so cannot be checked by themselves. */
const LEAST_OVERLAP_UNCASED = 0.5;

/**
 * Returns the reason to distrust a sentence about an article, or undefined. Each number, date, name and quotation must be
 * in the article, possibly in another form, and so must enough of the words. No "not" or "may" may be added or removed. In
 * English, claims are also compared: the agent, opposites, numbers and days.
 */
export function unfaithfulness(sentence: string, article: Article): Unfaithful | undefined {
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  const fault = unfaithfulWords(sentence, article);
  if (fault || isSaid(plain, evidence)) return fault;
  if (!evidence.parsed) return turned(plain, evidence);
  const { parsed, language } = evidence;
  const found = splitSentences(plain, language).flatMap(({ start, end }) => {
    const part = plain.slice(start, end);
    return contradictionOf(part, parsed, reckonedIn(part, evidence)) ?? [];
  });
  const worst = found.find(({ isSure }) => isSure) ?? found[0];
  return worst && { ...unfaithful(worst.kind, "", worst.message), isSure: worst.isSure };
}

/** Whether the text is a sentence of the article, or the beginning of one up to a comma, a semicolon, "and" or "but". */
function isSaid(plain: string, { sentences }: Evidence): boolean {
  const bare = plain.replace(/[.!]$/, "");
  return sentences.some(
    (sentence) =>
      sentence.startsWith(bare) && /^(?:[.!;]|,| and | but |$)/.test(sentence.slice(bare.length)),
  );
}

/** Checks only the words: whether the sentence contains something that the article does not. */
export function unfaithfulWords(sentence: string, article: Article): Unfaithful | undefined {
  if (!/[\p{L}\p{N}]/u.test(sentence)) return unfaithful("empty", "", "it is empty");
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  const fault = harmIn(sentence) ?? strayQuotation(sentence, evidence);
  if (fault) return fault;
  const missing = [strayDay, strayNumber, strayName, foreignWords].flatMap(
    (found) => found(plain, evidence) ?? [],
  );
  const [first] = missing;
  return first && { ...first, isSure: first.isSure && isContradicted(missing, plain, evidence) };
}

/**
 * Whether missing words contradict the article. A single number may be calculated and a single name may be known to the
 * writer, but two are invented. In other languages than English one is enough.
 */
function isContradicted(
  missing: readonly Unfaithful[],
  plain: string,
  { parsed }: Evidence,
): boolean {
  return (
    parsed === undefined ||
    missing.filter(({ kind }) => kind !== "overlap").length > 1 ||
    hasRival(plain, parsed, missing[0]?.kind === "name")
  );
}

/**
 * Returns a word of a sentence for which the article has neither a form nor a synonym ("sacked" for a strike, "dies" for a
 * resignation). It is meant for short lines, in which each word matters. Undefined in a language without word lists.
 */
export function foreignWord(sentence: string, article: Article): Unfaithful | undefined {
  const evidence = evidenceOf(article);
  if (evidence.lexicon.stopWords.size === 0) return undefined;
  const roots = new Set([...evidence.terms].map(rootOf));
  const isHere = (word: string) =>
    (evidence.wording?.nearness(word.toLowerCase()) ?? 0) >= STANDS_FOR ||
    wordsOf(word, evidence).every((term) => roots.has(rootOf(term)));
  const found = plainText(sentence)
    .match(/[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)
    ?.find((word) => !isHere(word));
  if (found === undefined) return undefined;
  return { ...unfaithful("word", found, "the word {} is not in the article"), isSure: false };
}

const ROOT_LETTERS = 5;

/** Returns the root of a word: "resigns" and "resigned" have the same one. */
function rootOf(term: string): string {
  return term.replace(/(?:ed|ing|es|s)$/, "").slice(0, ROOT_LETTERS);
}

/** Returns the terms of a text without numbers, which are checked separately and may be written in another form. */
function wordsOf(plain: string, { lexicon, language }: Evidence): readonly string[] {
  const { words } = numeralsOf(language);
  return [...termsOf(plain, lexicon.stopWords)].filter(
    (term) => !/\d/.test(term) && !words.has(term),
  );
}

function foreignWords(plain: string, evidence: Evidence): Unfaithful | undefined {
  const { terms, wording } = evidence;
  const own = wordsOf(plain, evidence);
  const isHere = (term: string) =>
    terms.has(term) || (wording !== undefined && wording.nearness(term) >= STANDS_FOR);
  const shared = own.filter(isHere).length;
  const least = isUncased(plain) ? LEAST_OVERLAP_UNCASED : LEAST_OVERLAP;
  return shared < least * own.length
    ? unfaithful("overlap", "", `only ${shared} of its ${own.length} words are in the article`)
    : undefined;
}

/** Returns the numbers of a sentence that were calculated from those of the article. */
export function reckonedIn(sentence: string, evidence: Evidence): readonly number[] {
  const plain = sharesInFigures(sentence, evidence.language);
  return countedIn(plain, evidence.language)
    .filter((number) => !evidence.counted.some((other) => isSame(number, other)))
    .filter((number) => isDerived(number, plain, evidence))
    .flatMap(({ values }) => values);
}

function turned(plain: string, { clauses, language }: Evidence): Unfaithful | undefined {
  const found = turnedRound(plain, clauses, language);
  return found && unfaithful(found[0], "", found[1]);
}

const MARKUP =
  /<[/!?\p{L}][^>]*>?|&(?:#\w+|\w{2,8});|\]\(|\{\{|\}\}|```|<\/|\$\{|\b(?:javascript|data|vbscript):/iu;
/** Mail programs also turn host names into links. */
const ADDRESS =
  /(?:https?|ftp|mailto|tel):|\bwww\.|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+|(?<![\p{L}\p{N}])[a-z0-9-]{2,}\.(?:com|org|net|info|biz|io|co|app|dev|xyz|top|site|online|shop|example|test|[a-z]{2})(?:\/\S*|(?![\p{L}\p{N}.]))/iu;
/** Invisible characters and those that change the direction of text. No sentence needs them. */
const UNSEEN =
  /(?![\n\t\u200C\u200D])[\p{Cc}\u00AD\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

/** Markup, addresses and invisible characters are never allowed in a sentence. */
function harmIn(sentence: string): Unfaithful | undefined {
  const markup = MARKUP.exec(sentence)?.[0];
  if (markup !== undefined) return unfaithful("markup", markup, "it contains markup: {}");
  const address = ADDRESS.exec(sentence)?.[0];
  if (address !== undefined) return unfaithful("address", address, "it contains an address: {}");
  if (UNSEEN.test(sentence)) return unfaithful("markup", "", "it contains invisible characters");
  return undefined;
}

/** From this many words on, text in quotation marks is speech. Shorter text may be a title or an idiom. */
const SAID_WORDS = 4;

/** Returns a quotation that the source does not contain literally, or contains with another speaker. */
function strayQuotation(sentence: string, evidence: Evidence): Unfaithful | undefined {
  for (const { start, end, isWhole } of quotationsOf(sentence)) {
    const quoted = sentence.slice(start, end);
    if (!isWhole) return unfaithful("quotation", quoted, "a quotation is cut: {}");
    const parts = partsOf(quoted);
    const isSaid = countWords(quoted) >= SAID_WORDS;
    const sources = evidence.quotations.filter(({ words }) => holds(words, parts));
    if (isSaid ? sources.length === 0 : !holds(evidence.plain, parts)) {
      return unfaithful("quotation", quoted, "the quotation {} is not in the article");
    }
    const around = sentence.slice(0, start) + sentence.slice(end);
    if (isSaid && !sources.some((source) => mayBeOf(source.around, around))) {
      return unfaithful("speaker", quoted, "{} is by another speaker in the article");
    }
  }
  return undefined;
}

/** Returns the words inside the marks without the final mark, split at omissions. */
function partsOf(quoted: string): readonly string[] {
  return plainText(quoted.slice(1, -1))
    .split(/\.\.\.|\[[^\]]*\]/)
    .map(comparable)
    .filter(Boolean);
}

function comparable(text: string): string {
  return text
    .replace(/["“”„«»「」『』]/g, "'")
    .replace(/^[\s.,;:!?。、]+|[\s.,;:!?。、]+$/g, "")
    .toLowerCase();
}

function holds(words: string, parts: readonly string[]): boolean {
  const whole = comparable(words);
  let from = 0;
  return parts.every((part) => {
    const at = whole.indexOf(part, from);
    from = at + part.length;
    return at !== -1;
  });
}

/** Whether a name beside a quotation is also beside it in the source. */
function mayBeOf(around: string, beside: string): boolean {
  const words = comparedRunsIn(plainText(beside)).flatMap((run) =>
    run.isFirst && run.words.length === 1 && !around.includes(run.text) ? [] : run.words,
  );
  return words.length === 0 || words.some(({ text }) => around.includes(text));
}

/** Returns a number that the source does not contain, or contains with another noun. */
function strayNumber(sentence: string, evidence: Evidence): Unfaithful | undefined {
  const { counted, language, lexicon } = evidence;
  const plain = sharesInFigures(sentence, language);
  for (const number of countedIn(plain, language)) {
    // In "five times as much", the number may be the result of a calculation.
    if (isEnglish(language) && / times\b/.test(plain.slice(number.end, number.end + 6))) continue;
    const alike = counted.filter(
      (other) =>
        isSame(number, other) || (isEnglish(language) && isRoundingOf(number, other, plain)),
    );
    const isAlien = alike.length === 0;
    const isElsewhere =
      !isAlien &&
      isOfAnother(number, alike, counted) &&
      !lexicon.calendar.has(nounOf(number, plain));
    if (!isAlien && !isElsewhere) continue;
    const mayBeMade = isAlien || number.measure !== "percent";
    if (mayBeMade && isEnglish(language) && isDerived(number, plain, evidence)) continue;
    return isAlien
      ? unfaithful("number", number.text, "the number {} is not in the article")
      : unfaithful(
          "number",
          `${number.text} ${nounOf(number, plain)}`,
          "the article has another number for “{}”",
        );
  }
  return undefined;
}

/** Whether the number can be calculated from sentences whose neighbourhood shares words with this sentence. */
function isDerived(number: Counted, plain: string, evidence: Evidence): boolean {
  const own = wordsOf(plain, evidence);
  return derivationsOf(number, plain, evidence).some((at) =>
    evidence.sentences
      .slice(Math.max(0, at - 1), at + 2)
      .some((sentence) => wordsOf(sentence, evidence).some((term) => own.includes(term))),
  );
}

function isEnglish(language: string): boolean {
  return primarySubtag(language) === "en";
}

function isSame(number: Counted, other: Counted): boolean {
  return (
    isOfOneMeasure(number, other) &&
    number.values.some((value) => other.values.includes(value)) &&
    number.kinds.some((kind) => other.kinds.includes(kind))
  );
}

/** "26 months" is not "26 years", and "9 p.m." is not nine of something. */
function isOfOneMeasure(number: Counted, other: Counted): boolean {
  if (number.measure !== other.measure) return number.measure !== "clock";
  return number.amounts.some((amount) => other.amounts.includes(amount));
}

/** Whether the source has another number for the noun, and never has this number near it: "40 injured" instead of 12. */
function isOfAnother(
  { noun, values }: Counted,
  alike: readonly Counted[],
  counted: readonly Counted[],
): boolean {
  // A year before a noun is part of a name: "the 2014 race".
  if (noun === "" || values.some((value) => value > 1500 && value < 2100)) return false;
  if (alike.some(({ near }) => near.has(noun))) return false;
  return counted.some((other) => other.noun === noun && !alike.includes(other));
}

function nounOf({ end }: Counted, plain: string): string {
  return /^[ -](\p{L}+)/u.exec(plain.slice(end))?.[1] ?? "";
}

/** Returns a day, month or weekday that the source does not mention. */
function strayDay(plain: string, { days, weekdays, language }: Evidence): Unfaithful | undefined {
  const stray =
    datesIn(plain, language)
      .filter(({ month }) => month !== undefined)
      .find((day) => !days.some((other) => isWithin(day, other))) ??
    weekdaysIn(plain, language).find(({ weekday }) => !weekdays.has(weekday));
  return stray && unfaithful("date", stray.text, "the date {} is not in the article");
}

function isWithin(day: NamedDate, other: NamedDate): boolean {
  if (day.month !== other.month || !day.days.every((number) => other.days.includes(number)))
    return false;
  if (day.year !== undefined && day.year !== other.year) return false;
  return (
    day.third === undefined ||
    day.third === other.third ||
    other.days.some((number) => thirdsOf(number).includes(day.third ?? "mid"))
  );
}

/** Returns the thirds of the month that contain a day. Days near a border belong to both. */
function thirdsOf(day: number): readonly Third[] {
  return [
    ...(day <= 11 ? ["early" as const] : []),
    ...(day >= 9 && day <= 21 ? ["mid" as const] : []),
    ...(day >= 19 ? ["late" as const] : []),
  ];
}

/** Returns a name that the source does not contain. */
function strayName(
  plain: string,
  { named, countries, plain: source, language }: Evidence,
): Unfaithful | undefined {
  if (isUncased(plain)) return strayNamed(uncasedStrangerIn(plain, source, language));
  if (!isEnglish(language))
    return strayNamed(strangerIn(plain, named) ?? strangeCountry(plain, source, language));
  const found = countriesIn(plain).filter(({ form }) => form !== "region");
  const shown = found.filter((country) => isShown(country, countries, plain));
  const unknown = found.find((country) => country.form === "country" && !shown.includes(country));
  const stranger = strangerIn(lowered(plain, unknown ? [...shown, unknown] : shown), named);
  if (stranger !== undefined || !unknown) return strayNamed(stranger);
  const fault = strayNamed(plain.slice(unknown.start, unknown.end));
  // An article on Rotterdam need not say that it is Dutch.
  return fault && { ...fault, isSure: false };
}

function strayNamed(stranger: string | undefined): Unfaithful | undefined {
  return stranger === undefined
    ? undefined
    : unfaithful("name", stranger, "the name {} is not in the article");
}

/** Writes some names of a sentence in lower case, so that they are not checked again. */
function lowered(plain: string, names: readonly CountryName[]): string {
  return names.reduce(
    (text, { start, end }) =>
      text.slice(0, start) + text.slice(start, end).toLowerCase() + text.slice(end),
    plain,
  );
}

/** German writes "die Ukraine" like the noun in "die Urkunde". */
function strangeCountry(plain: string, source: string, language: string): string | undefined {
  if (primarySubtag(language) !== "de") return undefined;
  return regionsIn(plain, language).find((name) => !source.includes(name));
}

const LONGEST_QUOTE = 60;

/** Makes a fault. "{}" in its message is replaced by the words at fault. */
function unfaithful(kind: Unfaithful["kind"], found: string, message: string): Unfaithful {
  const line = found.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const shown =
    line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1).toWellFormed()}…` : line;
  return { kind, found: line, message: message.replace("{}", () => shown), isSure: true };
}

/** Ranges of an article's text. */
export type Passages = readonly { readonly start: number; readonly end: number }[];

/** Faults that must be checked against the cited sentences themselves. A name may be "she" or "the company" there. */
const OF_PASSAGES: ReadonlySet<Unfaithful["kind"]> = new Set(["number", "date", "quotation"]);

/**
 * Returns a number, date or quotation of a sentence that is in its article but not in the passages that it cites. Then
 * nothing shows that they belong together.
 */
export function unfaithfulToPassages(
  sentence: string,
  article: Article,
  passages: Passages,
): Unfaithful | undefined {
  const text = passages.map(({ start, end }) => article.text.slice(start, end)).join("\n\n");
  const fault = unfaithfulWords(sentence, { ...article, text, captions: [] });
  if (!fault || !OF_PASSAGES.has(fault.kind)) return undefined;
  const message = fault.message
    .replace("the article has", "its source sentences have")
    .replace("the article", "its source sentences");
  return { ...fault, message, isSure: false };
}

/** A sentence that is not the article's and that the article does not clearly support. */
export interface OwnWords {
  /** "g" for the gist, "k1" for the first key point. */
  readonly point: string;
  readonly text: string;
  /** A part of a sentence without a full stop. */
  readonly why: string;
}

/**
 * Returns the sentences of a summary by a model or an editor that the article does not clearly support. A model's sentence
 * with a certain fault would have been rejected; the others are the writer's own words.
 */
export const ownWords = remembering(
  STORIES_CACHED,
  (article: Article, { gist, keyPoints, origin }: Summary) => [
    hashOf(article),
    [gist, keyPoints, origin],
  ],
  ownWordsIn,
);

function ownWordsIn(article: Article, { gist, keyPoints, origin }: Summary): readonly OwnWords[] {
  // The author's own sentence is not checked.
  const first = origin === "author" ? [] : [{ point: "g", sentence: gist }];
  const points = keyPoints.map((sentence, at) => ({ point: `k${at + 1}`, sentence }));
  return [...first, ...points].flatMap(({ point, sentence: { text, start, sources = [] } }) => {
    if (start !== undefined) return [];
    const fault =
      unfaithfulness(text, article) ??
      (sources.length > 0 ? unfaithfulToPassages(text, article, sources) : undefined);
    return fault ? [{ point, text, why: fault.message }] : [];
  });
}
