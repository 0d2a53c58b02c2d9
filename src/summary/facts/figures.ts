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
import { anyCase } from "../../platform/text.ts";
import type { Figure } from "../summary.ts";
import { datesIn } from "./dates.ts";
import { numbersIn, type StatedNumber } from "./numbers.ts";
import { quotationsOf } from "../language/quotations.ts";
import { polarityWordsOf } from "../language/polarity-words.ts";
import written from "./numbers.json" with { type: "json" };

/** What facts are weighed by. */
/** By default any sentence may be worth a line, and nothing is shown. */
export const ANY: FactsContext = { content: [], gist: "", shown: "" };

export interface FactsContext {
  /** By sentence: how likely it is worth a line, 0 to 1. */
  readonly content: readonly number[];
  readonly gist: string;
  /** The gist and key points: the people and things in them come first. */
  readonly shown: string;
}

const FIGURES = 4;
/** Figures of a sentence less likely to be worth a line are not what the story is about. */
const LEAST_CONTENT = 0.5;

/**
 * What can be said in figures: at most four numbers of the article as it states them, each with what
 * it counts in the article's own words, the most telling first. Years, ages, scores and times of day are
 * none. None in a language whose numbers we don't read.
 */
export function figuresOf(
  { language }: Article,
  document: Document,
  { content, shown: entry }: FactsContext = ANY,
): readonly Figure[] {
  const lexicon = lexiconOf(language);
  const found = document.candidates
    .filter(({ refusal, index }) => refusal === undefined && (content[index] ?? 1) >= LEAST_CONTENT)
    .flatMap((candidate) => figuresIn(candidate, document, language, lexicon))
    .toSorted((a, b) => b.worth - a.worth);
  const shown = new Map<string, Figure>();
  const sentences = new Set<number>();
  for (const { figure, index } of found) {
    // What the entry says is not said again as a figure.
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
  // A number of four figures may be one of people as well.
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

/** Big numbers, money and shares tell more than lengths; early sentences more than late ones. */
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

const SHORTEST = 8;
const LONGEST = 70;
/** A whole sentence may say it where no phrase does. */
const LONGEST_SENTENCE = 90;

/**
 * What a number counts, as a phrase of its sentence: the words that follow it, or the whole sentence
 * where that is short. Undefined where neither says it so that it can be read alone.
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
  // "16% thought so": other words say of which people.
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
    (isToldPlainly(number, sentence, language)
      ? phraseOf(number, before, after, { language, lexicon })
      : undefined) ??
    wholeSentence(sentence, lexicon)
  );
}

/** "a length of 5 metres" tells it; of "the passports of 100 riders" the passports were counted. */
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

/** "its 52 passengers", "29 of its 44 students", "the other 12": of what, other words say. */
function isPartOfMore(before: string): boolean {
  return /(?:^|[\s(])(?:his|her|its|their|our|my|your|these|those|other|another|next|last|first|top|best|remaining|additional|extra|further|of the|\p{L}+['’]s?|ihre?[nrms]?|seine?[nrms]?|diese[nrms]?|weitere[nrms]?|andere[nrms]?|(?:ersten|letzten|nächsten))\s$/iu.test(
    before,
  );
}

const AHEAD = /(?<!\p{L})(?:will|shall|going to|wird|werden)(?!\p{L})/u;
/** "a building where 360 students lived": the phrase alone would say that of more. */
const NARROWED = /(?<!\p{L})(?:where|which|whom|that|whose|wo|denen?|dass)\s$/u;

/**
 * Whether a phrase can be taken out of its sentence: alone it loses the "may" and the "not" there, and who
 * says it.
 */
function isToldPlainly({ start }: Amount, sentence: string, language: string): boolean {
  if (AHEAD.test(sentence) || NARROWED.test(sentence.slice(0, start))) return false;
  if (quotationsOf(sentence).some((quotation) => quotation.start < start && start < quotation.end))
    return false;
  const words = polarityWordsOf(language);
  return (
    !words ||
    ![words.negation, words.hedge, words.reserve].some((pattern) => pattern.test(sentence))
  );
}

/** What stands before a number that a clause begins with. */
const CLAUSE_START = /^\s*$|(?:,\s(?:and|but|und|aber)|;)\s$/;

/** "people were killed in the floods", after a number that a clause begins with. */
function restOfClause(after: string, lexicon: Lexicon): string | undefined {
  const said = clauseOf(after);
  if (said.length < SHORTEST || said.length > LONGEST || isCutShort(said, after)) return undefined;
  if (endsOpen(said, lexicon)) return undefined;
  return /^\p{L}/u.test(said) && standsAlone(said, lexicon) ? said : undefined;
}

/** Whether the clause goes on behind its mark: "flights with U.S. ties", "men, women and children". */
function isCutShort(said: string, after: string): boolean {
  const rest = after.slice(after.indexOf(said) + said.length);
  return (
    /\s(?:and|und)\s\d/.test(said) ||
    /^(?:\.[\p{L}\p{N}]|,\s\p{Ll}+,?\s(?:and|or|und|oder)\s|,\s\p{Ll}+,\s)/u.test(rest)
  );
}

/** Whether a phrase has no "it" or "them" that is outside it, and no "I". */
function standsAlone(phrase: string, lexicon: Lexicon): boolean {
  const words = phrase.toLowerCase().split(/[^\p{L}'’]+/u);
  // "died then" and "live there" point to another sentence.
  if (/(?:^|\s)(?:then|there|here|so|dann|dort|da|hier)$/iu.test(phrase)) return false;
  return !words.some(
    (word) =>
      isPronoun(word, lexicon) ||
      lexicon.demonstratives.has(word) ||
      /^(?:i|we|you|our|my|your|us|me|others|wir|ich|uns|mein)$/.test(word),
  );
}

/** A "brass ring" of 140 grams, and 300 metres "of visibility". */
function measured(before: string, after: string): string | undefined {
  const of = /^\sof\s\p{Ll}{4,}(?=[.,;])/u.exec(after)?.[0].trim();
  const thing = /(?:^|\s)(?:an?|the|one)\s(?<thing>(?:\p{Ll}+\s){2,3})of\s$/u.exec(before);
  return of ?? thing?.groups?.["thing"]?.trim();
}

/** "Of the 81, 70% …", "One is 13 miles away": the sentence before says what they are. */
const LEANING =
  /^(?:Of the|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Some|Many|Most|Few|Several|Both|All|Each|Another|Combined|Together|In all|In total|Einer?|Zwei|Drei|Vier|Fünf|Einige|Viele|Beide|Alle|Zusammen|Insgesamt)(?!\p{L}|-)/u;

function wholeSentence(sentence: string, lexicon: Lexicon): string | undefined {
  const said = sentence.replace(/[.!…]$/, "");
  if (LEANING.test(said)) return undefined;
  if (said.length > LONGEST_SENTENCE || /["“”„«»;:()]/.test(said)) return undefined;
  return standsAlone(said, lexicon) ? said : undefined;
}

const RANGE_BEFORE = /[\d%]\s(?:of|to|or|and|–|-|bis|oder|von|und)\s$/;
const RANGE_AFTER = /^\s(?:of|to|or|and|–|-|bis|oder|von|und)\s[$£€]?\d/;
/** "one in 10 riders" is a share of ten. */
const SHARE_BEFORE =
  /(?:^|\s)(?:one|two|three|four|five|six|seven|eight|nine|ein\p{L}*|zwei|drei|vier) (?:in|of|out of|von|aus) (?:every )?$/iu;
const COUNTED_OFF =
  /(?<!\p{L})(?:[Nn]o\.|[Nn]umber|[Rr]oute|[Aa]ged?|[Cc]hapter|[Pp]age|Nr\.|Seite|Kapitel)\s$/u;
const TIME_OF_DAY_OR_AGE = /^\s?(?:[ap]\.?m\b|o['’]clock|Uhr|years? old|-)/;
/** A span of time is not what a story is about. */
const SPAN =
  /^\s(?:\p{Ll}+\s)?(?:years?|months?|weeks?|weekends?|days?|hours?|minutes?|seconds?|nights?|decades?|times|inches|Jahren?|Tagen?|Monaten?|Wochen?|Stunden?|Minuten?|Sekunden?|Mal)(?!\p{L})/u;

/**
 * Whether a number is a name, a place in a list or a time and counts nothing that can be shown beside it:
 * "Boeing 737", "No. 5", "9 p.m.", "Ada Pell, 31, said", "3 of 12", "10 minutes".
 */
function isLabel(number: Amount, sentence: string, language: string): boolean {
  const before = sentence.slice(0, number.start);
  const after = sentence.slice(number.end);
  if (RANGE_BEFORE.test(before) || RANGE_AFTER.test(after)) return true;
  if (SHARE_BEFORE.test(before)) return true;
  if (number.kind !== "count") return false;
  // Prose spells small numbers out; in figures they count lists, seasons and goals.
  if (number.amount < 10 && /\d$/.test(number.value)) return true;
  if (SPAN.test(after) || COUNTED_OFF.test(before) || TIME_OF_DAY_OR_AGE.test(after)) return true;
  return isInName(before, language) || (/,\s$/.test(before) && /^[,.]/.test(after));
}

const NAME_BEFORE = /\s\S*\p{Lu}[\p{L}\p{N}.-]*\s$/u;

/** In German every noun has a capital, so that one says nothing. */
function isInName(before: string, language: string): boolean {
  if (primarySubtag(language) === "de") return false;
  return (
    NAME_BEFORE.test(before) ||
    /^(?:Runway|Route|Flight|Highway|Interstate|Article|Section|Phase|Type|Version|Apollo|Channel)\s$/.test(
      before,
    )
  );
}

/** A number in figures as it is shown; `[start, end)` are offsets in its sentence, the unit inside. */
interface Amount {
  /** With its qualifier, currency and scale: "at least 33", "£6,400", "61 million". */
  readonly value: string;
  readonly unit: string | undefined;
  readonly kind: "count" | "money" | "share" | "measure";
  readonly amount: number;
  readonly start: number;
  readonly end: number;
}

/** What is around the figures of one language. */
interface Surroundings {
  /** Qualifiers and a currency's sign, and before them nothing that the number could belong to. */
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

/** A number before these is a part of something: "737-800", "10:30", "16-year-old". */
const GOES_ON = /^(?:[\p{L}\p{N}:/°'’]|[.,]\p{N}|-\p{N}|[-–]\p{L})/u;
const YEAR = /^(?:1[5-9]|20)\d\d$/;

/** What a sentence counts and measures in figures, in its order; in English and German only. */
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
  // "some" and "only" colour a number, they don't change it.
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
const COLLECTIVE = /^(?:people|men|women|children|fish|sheep|cattle|police|staff|aircraft)$/;
/** Words that point to a context that isn't shown. */
const POINTING =
  /^(?:other|others|more|such|same|additional|further|extra|different|new|next|remaining|previous|similar|several|weitere[nrms]?|andere[nrms]?|neue[nrms]?|solche[nrms]?)$/i;
/** Where a clause ends: at a mark, but not at one inside a number. */
const MARK = /(?:[,;:.!?]|\s?[()"“”„«»—–])(?!\d|\s(?:1[5-9]|20)\d\d)|\s--?\s/u;
/** What begins a thought of its own, which the number has no part in. */
const ANOTHER_THOUGHT =
  /\s(?:and|or|but|so|while|as|before|after|when|where|because|if|than|then|(?<!(?:related|linked|due|close|next)\s)to|und|oder|aber|als|während|bevor|nachdem|wenn|weil|um|zu)\s/u;
const LONGEST_TAIL = 50;

/** What is counted in money is told with what it pays for. */
const MONEY = /^(?:pounds|dollars|euros|francs|pesos|rupees|rubles|roubles|crowns|pence|cents)$/i;
/** The count goes on: "teachers and students", "men, women and children". */
const COUNT_GOES_ON = /^(?:\s(?:and|or|und|oder)\s|,\s\p{Ll}+(?:,|\s(?:and|or))\s|\s\()/u;

/** Whether what follows a number may be a noun that it counts. */
function isCountable(after: string, language: string, lexicon: Lexicon): boolean {
  const word = nextWord(after);
  if (!/^\p{Script=Latin}/u.test(word) || isEnd(word, lexicon)) return false;
  return !isGerman(language) || /^\s(?:\p{Lu}|\p{Ll}+en?\s\p{Lu})/u.test(after);
}

/**
 * The noun that a number counts with what is between, "young eels", and what belongs to it. Undefined
 * where the noun says too little without its sentence ("people"), where the count goes on after it, or
 * where there is none.
 */
function nounPhrase(after: string, language: string, lexicon: Lexicon): string | undefined {
  const { words, end } = wordsToNoun(after, language, lexicon);
  const noun = words.at(-1) ?? "";
  if (!isNoun(noun, language) || words.some((word) => POINTING.test(word))) return undefined;
  if (MONEY.test(noun)) return undefined;
  // "11 contestant Ada Pells": a role and a name.
  if (!isGerman(language) && /^\p{Lu}/u.test(noun) && words.some((word) => /^\p{Ll}/u.test(word))) {
    return undefined;
  }
  // "12 Champions League games": the capital is a name's, which goes on.
  const next = nextWord(after.slice(end));
  if (/^\p{Lu}/u.test(noun) && !isGerman(language) && next !== "" && !isEnd(next, lexicon))
    return undefined;
  const tail = after.slice(end).split(MARK, 1)[0] ?? "";
  if (/^\.[\p{L}\p{N}]/u.test(after.slice(end + tail.length))) return undefined;
  // Two words say what is counted; one alone seldom does, unless the language makes them of two.
  const isTold = words.length > 1 || tail.trim() !== "" || (isGerman(language) && noun.length > 8);
  if (!isTold || COUNT_GOES_ON.test(after.slice(end))) return undefined;
  if (tail.trim() !== "" && (endsOpen(tail, lexicon) || tellsWhen(tail, lexicon))) return undefined;
  // "in 34 states, Washington and Puerto Rico" goes on.
  if (/^,\s\p{Lu}/u.test(after.slice(end + tail.length)) && /\sin\s/.test(tail)) return undefined;
  // What follows may narrow what is counted, "deaths related to ozone", so it is told too, or nothing is.
  if (tail.length > LONGEST_TAIL || ANOTHER_THOUGHT.test(`${tail} `)) return undefined;
  return (after.slice(0, end) + tail).trim();
}

/** Whether a phrase ends in a word that waits for another, "behind", "and"; "a day" ends what it follows. */
function endsOpen(phrase: string, lexicon: Lexicon): boolean {
  const last = /\p{L}+$/u.exec(phrase.trimEnd())?.[0]?.toLowerCase() ?? "";
  return isEnd(last, lexicon) && !lexicon.calendar.has(last);
}

/** A time belongs to the verb before, which is not shown: "released 19 hostages on Sunday"; a rate doesn't. */
function tellsWhen(tail: string, { calendar }: Lexicon): boolean {
  const bare = tail.replace(/\s(?:an?|per|every|each)\s\p{L}+/gu, "");
  return (bare.match(/\p{L}+/gu) ?? []).some((word) => calendar.has(word.toLowerCase()));
}

/** A text up to the end of its clause. */
function clauseOf(text: string): string {
  return (text.split(MARK, 1)[0] ?? "").trim();
}

function wordsToNoun(after: string, language: string, lexicon: Lexicon) {
  const words: string[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: word = "" } of after.matchAll(
    /\s(\p{L}[\p{L}\p{M}'’-]*)(?=[^\p{L}]|$)/gu,
  )) {
    // Anything but a space between two words ends the phrase.
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

/** A plural in English; "status" and "class" are none. */
function isNoun(word: string, language: string): boolean {
  if (isGerman(language)) return /^\p{Lu}\p{Ll}{2,}$/u.test(word);
  return COLLECTIVE.test(word) || /^[\p{L}'’-]{2,}[^s'’u]s$/u.test(word);
}

function nextWord(after: string): string {
  return /^\s(\p{L}[\p{L}'’-]*)/u.exec(after)?.[1] ?? "";
}

function isGerman(language: string): boolean {
  return primarySubtag(language) === "de";
}
