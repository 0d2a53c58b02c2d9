import { hashOf } from "../../article/identity.ts";
import { remembering } from "../../platform/remembering.ts";
import type { Article } from "../../article/article.ts";
import type { Summary } from "../summary.ts";
import { termsOf, primarySubtag } from "../language/lexicon.ts";
import type { Against, AlignedSource } from "./alignment.ts";
import { misalignmentOf } from "./misalignment.ts";
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
import { countWords } from "../language/segments.ts";
import { datesIn, type NamedDate, type Third, weekdaysIn } from "../facts/dates.ts";
import { countedIn, type Counted, isRoundingOf, sharesInFigures } from "./quantities.ts";

/** What a sentence says that its source does not. */
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
    | "word"
    | "overlap";
  /** The words of the sentence that are at fault, where they can be told. */
  readonly found: string;
  /** In a sentence's words, without a full stop: "the number 45 is not in the article". */
  readonly message: string;
  /**
   * Whether the article surely does not say it. Where not, nothing shows that it does: the words are the writer's
   * own, for an editor to look at.
   */
  readonly isSure: boolean;
}

/** So much of what a sentence says has to be in the source, in the source's words. */
const LEAST_OVERLAP = 0.34;
/** Where names can't be told from other words, the words have to answer for them. */
const LEAST_OVERLAP_UNCASED = 0.5;

/**
 * Why a sentence about an article can't be trusted, or undefined where nothing speaks against it: each
 * number, date, name and quotation in it is in the article, with other forms of it allowed; so are
 * enough of its words; and no "not" or "may" has come or gone that can be told. In English its clauses are
 * aligned with the article's: who did it, its opposite, the number and day that it has there.
 */
export function unfaithfulness(sentence: string, article: Article): Unfaithful | undefined {
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  return (
    unfaithfulWords(sentence, article) ??
    (evidence.aligned ? misaligned(plain, evidence.aligned) : turned(plain, evidence))
  );
}

/** The same by the words alone: what is in the sentence and not in the article. */
export function unfaithfulWords(sentence: string, article: Article): Unfaithful | undefined {
  if (!/[\p{L}\p{N}]/u.test(sentence)) return unfaithful("empty", "", "it says nothing");
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  return (
    harmIn(sentence) ??
    strayQuotation(sentence, evidence) ??
    strayDay(plain, evidence) ??
    strayNumber(plain, evidence) ??
    strayName(plain, evidence) ??
    foreignWords(plain, evidence)
  );
}

/**
 * A word of a sentence that its article has in no form ("sacked" of a strike, "dies" of a resignation), for lines of so few
 * words that each of them tells. Undefined in a language without word lists.
 */
export function foreignWord(sentence: string, article: Article): Unfaithful | undefined {
  const evidence = evidenceOf(article);
  if (evidence.lexicon.stopWords.size === 0) return undefined;
  const roots = new Set([...evidence.terms].map(rootOf));
  const found = plainText(sentence)
    .match(/[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)
    ?.find((word) => wordsOf(word, evidence).some((term) => !roots.has(rootOf(term))));
  if (found === undefined) return undefined;
  // Another word may say the same.
  return { ...unfaithful("word", found, "the word {} is not in the article"), isSure: false };
}

const ROOT = 5;

/** "resigns" and "resigned" have one. */
function rootOf(term: string): string {
  return term.replace(/(?:ed|ing|es|s)$/, "").slice(0, ROOT);
}

/** What a text says, but for its numbers: those are looked at by themselves, and may be written in another way. */
function wordsOf(plain: string, { lexicon, language }: Evidence): readonly string[] {
  const { words } = numeralsOf(language);
  return [...termsOf(plain, lexicon.stopWords)].filter(
    (term) => !/\d/.test(term) && !words.has(term),
  );
}

function foreignWords(plain: string, evidence: Evidence): Unfaithful | undefined {
  const { terms } = evidence;
  const own = wordsOf(plain, evidence);
  const shared = own.filter((term) => terms.has(term)).length;
  const least = isUncased(plain) ? LEAST_OVERLAP_UNCASED : LEAST_OVERLAP;
  return shared < least * own.length
    ? unfaithful("overlap", "", `only ${shared} of its ${own.length} words are in the article`)
    : undefined;
}

const MISALIGNED: Readonly<Record<Against, readonly [kind: Unfaithful["kind"], message: string]>> =
  {
    number: ["number", "the article has another number here"],
    date: ["date", "the article has another date here"],
    name: ["name", "the article has another name here"],
    deed: ["deed", "the article tells this of somebody else"],
    opposite: ["opposite", "the article says the opposite here"],
    negation: ["negation", "a “not” has come or gone here"],
    hedge: ["hedge", "the article is not so certain here"],
    swapped: ["swapped", "the article has it the other way round"],
    another: ["deed", "the article tells this of somebody else"],
    title: ["title", "the article does not call anybody of this name so"],
    figureElsewhere: ["number", "the article has this number or date of something else"],
    placeElsewhere: ["name", "the article has this name with something else"],
  };

/** What is changed can't be told. */
const UNSHOWN = ["overlap", "nothing in the article shows this as it stands"] as const;

function misaligned(plain: string, source: AlignedSource): Unfaithful | undefined {
  const found = misalignmentOf(plain, source);
  if (!found) return undefined;
  const [kind, message] = found.against ? MISALIGNED[found.against] : UNSHOWN;
  return { ...unfaithful(kind, "", message), isSure: found.isSure };
}

function turned(plain: string, { clauses, language }: Evidence): Unfaithful | undefined {
  const found = turnedRound(plain, clauses, language);
  return found && unfaithful(found[0], "", found[1]);
}

const MARKUP =
  /<[/!?\p{L}][^>]*>?|&(?:#\w+|\w{2,8});|\]\(|\{\{|\}\}|```|<\/|\$\{|\b(?:javascript|data|vbscript):/iu;
/** Mail programs turn names of hosts into links too. */
const ADDRESS =
  /(?:https?|ftp|mailto|tel):|\bwww\.|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+|(?<![\p{L}\p{N}])[a-z0-9-]{2,}\.(?:com|org|net|info|biz|io|co|app|dev|xyz|top|site|online|shop|example|test|[a-z]{2})(?:\/\S*|(?![\p{L}\p{N}.]))/iu;
/** What is not seen, or turns the direction of what is: nothing that a sentence needs. */
const UNSEEN =
  /(?![\n\t\u200C\u200D])[\p{Cc}\u00AD\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

/** Markup, addresses and signs that nobody sees have no place in a sentence, wherever they come from. */
function harmIn(sentence: string): Unfaithful | undefined {
  const markup = MARKUP.exec(sentence)?.[0];
  if (markup !== undefined) return unfaithful("markup", markup, "it has markup in it: {}");
  const address = ADDRESS.exec(sentence)?.[0];
  if (address !== undefined) return unfaithful("address", address, "it has an address in it: {}");
  if (UNSEEN.test(sentence))
    return unfaithful("markup", "", "it has signs in it that can't be seen");
  return undefined;
}

/** From so many words on, what is in quotation marks was said by somebody; fewer may be a title or a turn of phrase. */
const SAID_WORDS = 4;

/** A quotation that the source does not have, whole and to the letter, or has of somebody else. */
function strayQuotation(sentence: string, evidence: Evidence): Unfaithful | undefined {
  for (const { start, end, isWhole } of quotationsOf(sentence)) {
    const quoted = sentence.slice(start, end);
    if (!isWhole) return unfaithful("quotation", quoted, "a quotation is cut: {}");
    const parts = partsOf(quoted);
    const isSaid = countWords(quoted) >= SAID_WORDS;
    const sources = evidence.quotations.filter(({ words }) => holds(words, parts));
    if (isSaid ? sources.length === 0 : !holds(evidence.plain, parts)) {
      return unfaithful("quotation", quoted, "the article does not have the quotation {}");
    }
    const around = sentence.slice(0, start) + sentence.slice(end);
    if (isSaid && !sources.some((source) => mayBeOf(source.around, around))) {
      return unfaithful("speaker", quoted, "the article has somebody else say {}");
    }
  }
  return undefined;
}

/** The words inside the marks, without the stop at their end; parted where something was left out. */
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

/** Whether one of the names beside a quotation is beside it in the source too. */
function mayBeOf(around: string, beside: string): boolean {
  const words = comparedRunsIn(plainText(beside)).flatMap((run) =>
    run.isFirst && run.words.length === 1 && !around.includes(run.text) ? [] : run.words,
  );
  return words.length === 0 || words.some(({ text }) => around.includes(text));
}

/** A number that the source does not have, or has of something else. */
function strayNumber(
  sentence: string,
  { counted, language, lexicon }: Evidence,
): Unfaithful | undefined {
  const plain = sharesInFigures(sentence, language);
  for (const number of countedIn(plain, language)) {
    // "Five times as much" was worked out.
    if (isEnglish(language) && / times\b/.test(plain.slice(number.end, number.end + 6))) continue;
    const alike = counted.filter(
      (other) =>
        isSame(number, other) || (isEnglish(language) && isRoundingOf(number, other, plain)),
    );
    if (alike.length === 0) {
      return unfaithful("number", number.text, "the number {} is not in the article");
    }
    if (isOfAnother(number, alike, counted) && !lexicon.calendar.has(nounOf(number, plain))) {
      return unfaithful(
        "number",
        `${number.text} ${nounOf(number, plain)}`,
        "the article has another number for “{}”",
      );
    }
  }
  return undefined;
}

function isEnglish(language: string): boolean {
  return primarySubtag(language) === "en";
}

function isSame(number: Counted, other: Counted): boolean {
  return (
    number.values.some((value) => other.values.includes(value)) &&
    number.kinds.some((kind) => other.kinds.includes(kind))
  );
}

/** "40 injured", where the source has 12 injured, and 40 of nothing that is near that word. */
function isOfAnother(
  { noun, values }: Counted,
  alike: readonly Counted[],
  counted: readonly Counted[],
): boolean {
  // A year before a noun is a name's: "the 2014 race".
  if (noun === "" || values.some((value) => value > 1500 && value < 2100)) return false;
  if (alike.some(({ near }) => near.has(noun))) return false;
  return counted.some((other) => other.noun === noun && !alike.includes(other));
}

function nounOf({ end }: Counted, plain: string): string {
  return /^[ -](\p{L}+)/u.exec(plain.slice(end))?.[1] ?? "";
}

/** A day, month or weekday that the source does not name. */
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

/** Which third of its month a day is in; those at the edges are in both. */
function thirdsOf(day: number): readonly Third[] {
  return [
    ...(day <= 11 ? ["early" as const] : []),
    ...(day >= 9 && day <= 21 ? ["mid" as const] : []),
    ...(day >= 19 ? ["late" as const] : []),
  ];
}

/** A name that the source does not have. */
function strayName(
  plain: string,
  { named, plain: source, language }: Evidence,
): Unfaithful | undefined {
  const stranger = isUncased(plain)
    ? uncasedStrangerIn(plain, source, language)
    : (strangerIn(plain, named) ?? strangeCountry(plain, source, language));
  return stranger === undefined
    ? undefined
    : unfaithful("name", stranger, "the name {} is not in the article");
}

/** German writes "die Ukraine" as it writes "die Urkunde". */
function strangeCountry(plain: string, source: string, language: string): string | undefined {
  if (primarySubtag(language) !== "de") return undefined;
  return regionsIn(plain, language).find((name) => !source.includes(name));
}

const LONGEST = 60;

/** A fault, with the words it is about where its message has "{}". */
function unfaithful(kind: Unfaithful["kind"], found: string, message: string): Unfaithful {
  const line = found.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const shown = line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
  return { kind, found: line, message: message.replace("{}", () => shown), isSure: true };
}

/** Places in an article's text. */
export type Passages = readonly { readonly start: number; readonly end: number }[];

/** What has to stand in the very sentences that are said again. A name may stand there as "she" or "the company". */
const OF_PASSAGES: ReadonlySet<Unfaithful["kind"]> = new Set(["number", "date", "quotation"]);

/**
 * What a sentence that its whole article may hold says beyond the passages of it that it is said to follow: a number, a
 * date or a quotation. Nothing shows then that they belong together.
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
    .replace("the article has", "the sentences that it follows have")
    .replace("the article does", "the sentences that it follows do")
    .replace("the article", "the sentences that it follows");
  return { ...fault, message, isSure: false };
}

/** A sentence that stands nowhere in its article, and that nothing shows to be said there. */
export interface OwnWords {
  /** g for the gist, k1 for the first key point. */
  readonly point: string;
  readonly text: string;
  /** In a sentence's words, without a full stop. */
  readonly why: string;
}

/** Somewhat more stories than an issue has. */
const REMEMBERED = 250;

/**
 * The sentences of a summary that a model wrote, or an editor, and that its article doesn't surely say: a model would
 * not have got away with some of them, and the others are its own words.
 */
export const ownWords = remembering(
  REMEMBERED,
  (article: Article, { gist, keyPoints, origin }: Summary) => [
    hashOf(article),
    [gist, keyPoints, origin],
  ],
  ownWordsIn,
);

function ownWordsIn(article: Article, { gist, keyPoints, origin }: Summary): readonly OwnWords[] {
  // The author's own sentence answers for itself.
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
