import {
  sharedCount,
  isPronoun,
  lexiconOf,
  type Lexicon,
  perLanguage,
  primarySubtag,
} from "../language/lexicon.ts";
import type { Article } from "../../article/article.ts";
import type { Candidate } from "../candidate.ts";
import type { Document } from "../document.ts";
import type { FactsContext } from "../fact-judgement.ts";
import { anyCase } from "../../platform/text.ts";
import type { Figure } from "../summary.ts";
import { datesIn } from "./dates.ts";
import { numbersIn, type StatedNumber } from "./numbers.ts";
import { quotationsOf } from "../language/quotations.ts";
import { polarityWordsOf } from "../language/polarity-words.ts";
import around from "./figure-words.json" with { type: "json" };
import written from "./numbers.json" with { type: "json" };

const FIGURES = 4;
/** A sentence below this probability of being worth a line is not about the story's subject. */
const LEAST_CONTENT = 0.5;

/**
 * Returns at most four numbers with the nouns that they count, in the article's own words, the most important first. Years,
 * ages, scores and times of day are excluded. Empty in languages other than English and German.
 */
export function figuresOf(
  { language }: Article,
  document: Document,
  { judgements, shown: entry }: Pick<FactsContext, "judgements" | "shown">,
): readonly Figure[] {
  const lexicon = lexiconOf(language);
  const found = document.candidates
    .filter(
      ({ refusal, index, deniedBy }) =>
        refusal === undefined &&
        // A claim that the article denies or corrects is not a fact.
        deniedBy === undefined &&
        (judgements[index]?.content ?? 1) >= LEAST_CONTENT,
    )
    .flatMap((candidate) => figuresIn(candidate, document, language, lexicon))
    .toSorted((a, b) => b.worth - a.worth);
  const shown = new Map<string, Figure>();
  const sentences = new Set<number>();
  for (const { figure, index } of found) {
    // A figure must not repeat the entry.
    if (shown.has(figure.value) || sentences.has(index) || entry.includes(figure.what)) continue;
    shown.set(figure.value, figure);
    sentences.add(index);
    if (shown.size === FIGURES) break;
  }
  return [...shown.values()];
}

interface RatedFigure {
  readonly figure: Figure;
  readonly index: number;
  readonly worth: number;
}

function figuresIn(
  candidate: Candidate,
  document: Document,
  language: string,
  lexicon: Lexicon,
): readonly RatedFigure[] {
  const numbers = amountsIn(candidate.text, language);
  if (numbers.length === 0) return [];
  // A number of four digits may also count people.
  const dates = datesIn(candidate.text, language).filter(({ kind }) => kind !== "year");
  return numbers.flatMap((number) => {
    if (dates.some(({ start, end }) => start < number.end && number.start < end)) return [];
    const what = countedBy(number, candidate.text, language, lexicon);
    if (what === undefined) return [];
    const { value, unit } = number;
    const figure = { value, ...(unit !== undefined && { unit }), what };
    return [{ figure, index: candidate.index, worth: worthOf(number, candidate, document) }];
  });
}

/** Large numbers, money and shares rank above lengths, and early sentences above late ones. */
function worthOf(
  { kind, amount }: Amount,
  { terms, index }: Candidate,
  { titleTerms, candidates }: Document,
): number {
  const shared = sharedCount(terms, titleTerms);
  const weight = kind === "measure" ? 0 : 1;
  return (
    weight +
    0.3 * Math.min(6, Math.log10(1 + amount)) +
    0.4 * Math.min(3, shared) -
    index / candidates.length
  );
}

const SHORTEST_PHRASE = 8;
const LONGEST_PHRASE = 70;
/** A whole sentence may be shown if no phrase is suitable. */
const LONGEST_SENTENCE = 90;

/**
 * Returns the phrase that says what a number counts: the words after it, or the whole sentence if that is short. Undefined
 * if neither can be read alone.
 */
function countedBy(
  number: Amount,
  sentence: string,
  language: string,
  lexicon: Lexicon,
): string | undefined {
  if (isLabel(number, sentence, language)) return undefined;
  const before = sentence.slice(0, number.start);
  const after = sentence.slice(number.end);
  const isCount = number.kind === "count";
  // In "16% thought so", the total is stated elsewhere.
  const beginsClause = CLAUSE_START.test(before);
  if (
    number.kind === "share" &&
    beginsClause &&
    !/^\sof\s(?!the (?:time|cases)\b|them\b|those\b)/.test(after)
  )
    return undefined;
  if (isPartOfMore(before)) return undefined;
  if (isCount && (OF.test(before) || !isCountable(after, language, lexicon))) return undefined;
  return (
    (beginsClause ? restOfClause(after, lexicon) : undefined) ??
    (isPlainFact(number, sentence, language)
      ? phraseOf(number, before, after, { language, lexicon })
      : undefined) ??
    wholeSentence(sentence, lexicon)
  );
}

/** A number after "of": in "the passports of 100 riders", the passports were counted. */
const OF = /(?<!\p{L})(?:of|von)\s$/u;

function phraseOf(
  { kind }: Amount,
  before: string,
  after: string,
  { language, lexicon }: { readonly language: string; readonly lexicon: Lexicon },
): string | undefined {
  if (kind === "count") {
    const phrase = nounPhrase(after, language, lexicon);
    return phrase !== undefined && standsAlone(phrase, lexicon) ? phrase : undefined;
  }
  return kind === "measure" ? measured(before, after) : undefined;
}

/** Words that make the number part of a larger group: "its 52 passengers", "29 of its 44 students", "the other 12". */
function isPartOfMore(before: string): boolean {
  return OF_MORE.test(before);
}

const OF_MORE = new RegExp(String.raw`(?:^|[\s(])(?:${around.ofMore})\s$`, "iu");

const AHEAD = new RegExp(String.raw`(?<!\p{L})(?:${around.ahead})(?!\p{L})`, "u");
/** Words that restrict the phrase: "a building where 360 students lived". Alone, the phrase would claim more. */
const NARROWED = new RegExp(String.raw`(?<!\p{L})(?:${around.narrowing})\s$`, "u");

/** Whether a phrase can be shown without its sentence. A "may", a "not" or a speaker in the sentence would be lost. */
function isPlainFact({ start }: Amount, sentence: string, language: string): boolean {
  if (AHEAD.test(sentence) || NARROWED.test(sentence.slice(0, start))) return false;
  if (quotationsOf(sentence).some((quotation) => quotation.start < start && start < quotation.end))
    return false;
  const words = polarityWordsOf(language);
  return (
    !words ||
    ![words.negation, words.hedge, words.reserve].some((pattern) => pattern.test(sentence))
  );
}

/** The text before a number that begins a clause. */
const CLAUSE_START = /^\s*$|(?:,\s(?:and|but|und|aber)|;)\s$/;

/** Returns the rest of the clause, after a number at its start: "people were killed in the floods". */
function restOfClause(after: string, lexicon: Lexicon): string | undefined {
  const said = clauseOf(after);
  if (said.length < SHORTEST_PHRASE || said.length > LONGEST_PHRASE) return undefined;
  return /^\p{L}/u.test(said) && standsAlone(said, lexicon) ? said : undefined;
}

/** Whether a phrase contains no pronoun that refers to other text, and no "I". */
function standsAlone(phrase: string, lexicon: Lexicon): boolean {
  // "died then" and "live there" refer to another sentence.
  if (POINTING_AWAY.test(phrase)) return false;
  const words = phrase.toLowerCase().split(/[^\p{L}'’]+/u);
  return !words.some(
    (word) => isPronoun(word, lexicon) || lexicon.demonstratives.has(word) || SPEAKERS.has(word),
  );
}

const POINTING_AWAY = new RegExp(String.raw`(?:^|\s)(?:${around.pointingAway})$`, "iu");
const SPEAKERS: ReadonlySet<string> = new Set(around.speakers.split("|"));

/** Returns the thing that was measured: "brass ring" before "of 140 grams", or "of visibility" after "300 metres". */
function measured(before: string, after: string): string | undefined {
  const of = /^\sof\s\p{Ll}{4,}(?=[.,;])/u.exec(after)?.[0].trim();
  const thing = /(?:^|\s)(?:an?|the|one)\s(?<thing>(?:\p{Ll}+\s){2,3})of\s$/u.exec(before);
  return of ?? thing?.groups?.["thing"]?.trim();
}

/** Openings that depend on the sentence before: "Of the 81, 70% …", "One is 13 miles away". */
const LEANING = new RegExp(String.raw`^(?:${around.leaning})(?!\p{L}|-)`, "u");

function wholeSentence(sentence: string, lexicon: Lexicon): string | undefined {
  const said = sentence.replace(/[.!…]$/, "");
  if (LEANING.test(said)) return undefined;
  if (said.length > LONGEST_SENTENCE || /["“”„«»;:()]/.test(said)) return undefined;
  return standsAlone(said, lexicon) ? said : undefined;
}

const RANGE_BEFORE = new RegExp(String.raw`[\d%]\s(?:${around.ranges})\s$`);
const RANGE_AFTER = new RegExp(String.raw`^\s(?:${around.ranges})\s[$£€]?\d`);
/** A span of time is not the subject of a story. */
const SPAN = new RegExp(String.raw`^\s(?:\p{Ll}+\s)?(?:${around.spans})(?!\p{L})`, "u");

/**
 * Whether a number is part of a name, a range or a time, so that it counts nothing: "Boeing 737", "No. 5", "10 minutes".
 */
function isLabel(number: Amount, sentence: string, language: string): boolean {
  const before = sentence.slice(0, number.start);
  const after = sentence.slice(number.end);
  if (RANGE_BEFORE.test(before) || RANGE_AFTER.test(after)) return true;
  if (number.kind !== "count") return false;
  // Prose writes small numbers as words. Small figures are positions, seasons or goals.
  if (number.amount < 10 && /\d$/.test(number.value)) return true;
  return SPAN.test(after) || isInName(before, language);
}

const NAME_BEFORE = /\s\S*\p{Lu}[\p{L}\p{N}.-]*\s$/u;

const NUMBERED = new RegExp(String.raw`^(?:${around.numbered})\s$`);

/** In German every noun is capitalised, so a capital proves nothing. */
function isInName(before: string, language: string): boolean {
  if (primarySubtag(language) === "de") return false;
  return NAME_BEFORE.test(before) || NUMBERED.test(before);
}

/** A number in figures, as readers see it. `[start, end)` are offsets in its sentence and include the unit. */
interface Amount {
  /** With its qualifier, currency and scale: "at least 33", "£6,400", "61 million". */
  readonly value: string;
  readonly unit: string | undefined;
  readonly kind: "count" | "money" | "share" | "measure";
  readonly amount: number;
  readonly start: number;
  readonly end: number;
}

/** The patterns for the text around figures in one language. */
interface Surroundings {
  /** Matches qualifiers and a currency sign. The text before them must not be part of the number. */
  readonly before: RegExp;
  readonly measure: RegExp;
}

interface Written {
  readonly units: string;
  readonly qualifiers?: string;
  readonly measures?: string;
}

const LANGUAGES = new Map<string, Written>(Object.entries(written.languages));

const surroundingsOf = perLanguage((primary): Surroundings | undefined => {
  const { qualifiers, measures } = LANGUAGES.get(primary) ?? {};
  if (qualifiers === undefined || measures === undefined) return undefined;
  return {
    before: new RegExp(
      String.raw`(?<![\p{L}\p{N}.,:/#@'’“"-])(?<qualifier>(?:(?:${anyCase(qualifiers)})\s){0,2})(?<sign>US\$|A\$|C\$|[$£€¥])?$`,
      "u",
    ),
    measure: new RegExp(String.raw`^\s?(?:${written.measures}|${measures})(?![\p{L}\p{N}])`, "u"),
  };
});

/** Text after a number that makes it part of a longer expression: "737-800", "10:30", "16-year-old". */
const GOES_ON = /^(?:[\p{L}\p{N}:/°'’]|[.,]\p{N}|-\p{N}|[-–]\p{L})/u;
const YEAR = /^(?:1[5-9]|20)\d\d$/;

/** Returns the amounts of a sentence in figures, in its order; only in English and German. */
function amountsIn(sentence: string, language: string): readonly Amount[] {
  const surroundings = surroundingsOf(language);
  if (!surroundings || !/\d/.test(sentence)) return [];
  return numbersIn(sentence, language).flatMap(
    (number) => amountOf(number, sentence, surroundings) ?? [],
  );
}

function amountOf(
  { start, end, text, values, kinds, unitEnd, form }: StatedNumber,
  sentence: string,
  { before, measure }: Surroundings,
): Amount | undefined {
  const [amount = 0] = values;
  const lead = before.exec(sentence.slice(0, start));
  if (form !== "figures" || !lead) return undefined;
  const after = sentence.slice(end);
  const measured = unitEnd === undefined ? measure.exec(after)?.[0] : undefined;
  const whole = unitEnd ?? end + (measured?.length ?? 0);
  if (GOES_ON.test(sentence.slice(whole))) return undefined;
  const { qualifier = "", sign = "" } = lead.groups ?? {};
  const [kind = "plain"] = kinds;
  if (qualifier === "" && kind === "plain" && !measured && YEAR.test(text)) return undefined;
  // "some" and "only" do not change the number.
  const shown = qualifier.replace(/^(?:some|only|nur)\s/i, "");
  return {
    value: shown + sign + text,
    unit: whole === end ? undefined : sentence.slice(end, whole).trim(),
    kind:
      kind === "plain" ? (measured ? "measure" : "count") : kind === "percent" ? "share" : "money",
    amount,
    start: lead.index,
    end: whole,
  };
}

const LONGEST_WORDS = 4;
const COLLECTIVE: ReadonlySet<string> = new Set(around.collective.split("|"));
/** Words that point to a context that isn't shown. */
const POINTING = new RegExp(`^(?:${around.pointing})$`, "i");
/** The end of a clause: a mark, but not one inside a number. */
const MARK = /(?:[,;:.!?]|\s?[()"“”„«»—–])(?!\d|\s(?:1[5-9]|20)\d\d)|\s--?\s/u;
/** Words that begin another statement, to which the number does not belong. */
const ANOTHER_THOUGHT = new RegExp(String.raw`\s(?:${around.thoughts})\s`, "u");
const LONGEST_TAIL = 50;

/** The count continues with another noun: "teachers and students", "men, women and children". */
const COUNT_GOES_ON = /^(?:\s(?:and|or|und|oder)\s|,\s\p{Ll}+(?:,|\s(?:and|or))\s|\s\()/u;

/** Whether the text after a number may begin with a counted noun. */
function isCountable(after: string, language: string, lexicon: Lexicon): boolean {
  const word = nextWord(after);
  if (!/^\p{Script=Latin}/u.test(word) || isEnd(word, lexicon)) return false;
  return !isGerman(language) || /^\s(?:\p{Lu}|\p{Ll}+en?\s\p{Lu})/u.test(after);
}

/**
 * Returns the counted noun with its adjectives ("young eels") and complements. Undefined if the noun says too little alone
 * ("people"), if the count continues after it, or if there is no noun.
 */
function nounPhrase(after: string, language: string, lexicon: Lexicon): string | undefined {
  const { words, end } = wordsToNoun(after, language, lexicon);
  const noun = words.at(-1) ?? "";
  if (!isNoun(noun, language) || words.some((word) => POINTING.test(word))) return undefined;
  const tail = after.slice(end).split(MARK, 1)[0] ?? "";
  if (/^\.[\p{L}\p{N}]/u.test(after.slice(end + tail.length))) return undefined;
  // Two words say enough. One word seldom does, except for a German compound.
  const isSpecific =
    words.length > 1 || tail.trim() !== "" || (isGerman(language) && noun.length > 8);
  if (!isSpecific || COUNT_GOES_ON.test(after.slice(end))) return undefined;
  if (statesTime(tail, lexicon)) return undefined;
  // "in 34 states, Washington and Puerto Rico" continues.
  if (/^,\s\p{Lu}/u.test(after.slice(end + tail.length)) && /\sin\s/.test(tail)) return undefined;
  // The text after the noun may restrict it: "deaths related to ozone". It is included completely, or the phrase is
  // rejected.
  if (tail.length > LONGEST_TAIL || ANOTHER_THOUGHT.test(`${tail} `)) return undefined;
  return (after.slice(0, end) + tail).trim();
}

/** Whether the text states a time, which belongs to the omitted verb: "released 19 hostages on Sunday". A rate is allowed. */
function statesTime(tail: string, { calendar }: Lexicon): boolean {
  const bare = tail.replace(/\s(?:an?|per|every|each)\s\p{L}+/gu, "");
  return (bare.match(/\p{L}+/gu) ?? []).some((word) => calendar.has(word.toLowerCase()));
}

/** Returns the text up to the end of its clause. */
function clauseOf(text: string): string {
  return (text.split(MARK, 1)[0] ?? "").trim();
}

function wordsToNoun(after: string, language: string, lexicon: Lexicon) {
  const words: string[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: word = "" } of after.matchAll(
    /\s(\p{L}[\p{L}\p{M}'’-]*)(?=[^\p{L}]|$)/gu,
  )) {
    // Only spaces may separate the words of the phrase.
    if (index !== end || words.length === LONGEST_WORDS || isEnd(word, lexicon)) break;
    words.push(word);
    end = index + whole.length;
    if (isNoun(word, language) && !isNoun(nextWord(after.slice(end)), language)) break;
  }
  return { words, end };
}

function isEnd(word: string, { stopWords, prepositions, calendar }: Lexicon): boolean {
  const lower = word.toLowerCase();
  return stopWords.has(lower) || prepositions.has(lower) || calendar.has(lower);
}

/** Whether a word looks like an English plural; "status" and "class" do not. */
function isNoun(word: string, language: string): boolean {
  if (isGerman(language)) return /^\p{Lu}\p{Ll}{2,}$/u.test(word);
  return COLLECTIVE.has(word) || /^[\p{L}'’-]{2,}[^s'’u]s$/u.test(word);
}

function nextWord(after: string): string {
  return /^\s(\p{L}[\p{L}'’-]*)/u.exec(after)?.[1] ?? "";
}

function isGerman(language: string): boolean {
  return primarySubtag(language) === "de";
}
