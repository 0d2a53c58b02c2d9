import {
  type Lexicon,
  lexiconOf,
  primarySubtag,
  lacksVerb,
} from "../../summary/language/lexicon.ts";
import { countCharacters } from "../../platform/text.ts";
import type { Phrase } from "../digest.ts";
import written from "./joints.json" with { type: "json" };

/** The words at which a headline of one language can end, and those it can't end with, in lower case. */
interface Joints {
  /** They begin a clause that says more: after, while. */
  readonly clause: ReadonlySet<string>;
  /** They begin a phrase that says where, when or of what: in, for. */
  readonly phrase: ReadonlySet<string>;
  readonly and: ReadonlySet<string>;
  /** They begin words that a line can do without, and that no verb before them waits for: after, because. */
  readonly apart: ReadonlySet<string>;
  /** What comes after one of these belongs to it: of, the, to. */
  readonly bound: ReadonlySet<string>;
  /** A headline that begins so asks or teases. */
  readonly teasers: ReadonlySet<string>;
  /** They stand before a colon and say what kind of text it is. */
  readonly labels: ReadonlySet<string>;
  /** They stand before a colon and say who says it. */
  readonly informants: ReadonlySet<string>;
  /** They begin what a person does or is to do: to. */
  readonly purpose: ReadonlySet<string>;
  /** They wait for one of those: agrees, wants. */
  readonly purposeful: ReadonlySet<string>;
}

const NONE: Joints = jointsFrom({});

const known: ReadonlyMap<string, Joints> = new Map(
  Object.entries(written).map(([language, words]) => [language, jointsFrom(words)]),
);

function jointsFrom(words: Readonly<Partial<Record<keyof Joints, string>>>): Joints {
  return {
    clause: set(words.clause),
    phrase: set(words.phrase),
    and: set(words.and),
    apart: set(words.apart),
    bound: set(words.bound),
    teasers: set(words.teasers),
    labels: set(words.labels),
    informants: set(words.informants),
    purpose: set(words.purpose),
    purposeful: set(words.purposeful),
  };
}

function set(list = ""): ReadonlySet<string> {
  return new Set(list.split(" ").filter(Boolean));
}

export function jointsOf(language: string): Joints {
  return known.get(primarySubtag(language)) ?? NONE;
}

/** Shorter, and a headline tells nothing. */
const LEAST_WORDS = 4;
const LEAST_CHARACTERS = 22;
/** What is left of a long headline is less likely the news of it the shorter it is. */
const SHORT_CHARACTERS = 28;
const SHORT = 0.1;
const CONFIDENCE = { whole: 0.95, aside: 0.85, clause: 0.8, phrase: 0.65, and: 0.55, purpose: 0.5 };

/** A part of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A shorter form of a line: its text is the line without the parts that are cut. */
export interface Shortening extends Phrase {
  readonly cut: readonly Span[];
  /** Whether the end of the line may be a condition, or what its verb waits for: then the beginning may say something else. */
  readonly isLoose: boolean;
}

/**
 * A line of at most so many characters that is whole: as it stands, without an aside, or up to a joint, where a clause
 * or a phrase begins that says more. Undefined where it has none, so that nothing is cut in mid-phrase.
 */
export function shortenAtJoint(line: string, limit: number, language: string): Phrase | undefined {
  if (countCharacters(line) <= limit) return { text: line, confidence: CONFIDENCE.whole };
  const [best] = shorteningsOf(line, language)
    .filter(({ text }) => countCharacters(text) <= limit)
    .sort((a, b) => b.confidence - a.confidence || b.text.length - a.text.length);
  return best && { text: best.text, confidence: best.confidence };
}

/** The shorter forms of a line that are whole: without its asides, and that up to each joint. */
export function shorteningsOf(line: string, language: string): Shortening[] {
  const asides = asidesIn(line, language);
  const bare = without(line, asides);
  const cuts = cutsOf(bare, language).map(({ text, confidence, isLoose }): Shortening => {
    const end = placeBefore(text.length, asides);
    const cut = [...asides.filter((aside) => aside.start < end), { start: end, end: line.length }];
    return { text, confidence, isLoose, cut };
  });
  const aside = { text: bare, confidence: CONFIDENCE.aside, isLoose: false, cut: asides };
  return asides.length > 0 ? [aside, ...cuts] : cuts;
}

/** A text without some of its parts, which are in order and do not overlap. */
export function without(text: string, parts: readonly Span[]): string {
  let [kept, at] = ["", 0];
  for (const { start, end } of parts) {
    kept += text.slice(at, start);
    at = end;
  }
  return kept + text.slice(at);
}

/** Where a place in a text is in the same text with its parts put back. */
function placeBefore(place: number, parts: readonly Span[]): number {
  return parts.reduce((at, { start, end }) => (start < at ? at + end - start : at), place);
}

/**
 * "A boat (built in 1904), caught in a net, sinks": the words in brackets can go, and those between two commas if the verb
 * follows.
 */
function asidesIn(line: string, language: string): Span[] {
  const brackets = [...line.matchAll(/\s*\([^()]*\)/g)].map(({ 0: aside, index }) => ({
    start: index,
    end: index + aside.length,
  }));
  // Of a list, more commas follow.
  const [, before, aside = "", next = ""] =
    /^([^,]{6,})(, [^,]{4,60},) (\p{Ll}[\p{L}’']*)[^,]*$/u.exec(without(line, brackets)) ?? [];
  if (before === undefined || !isAside(aside.slice(2, -1), next, lexiconOf(language)))
    return brackets;
  const start = placeBefore(before.length, brackets);
  const end = placeBefore(before.length + aside.length, brackets);
  const outside = brackets.filter((bracket) => bracket.end <= start || bracket.start >= end);
  return [...outside, { start, end }].sort((a, b) => a.start - b.start);
}

/** Where the verbs of a language are not known, the words between the commas may be the sentence itself. */
function isAside(aside: string, next: string, { verbs, conjunctions }: Lexicon): boolean {
  if (verbs.size === 0 || conjunctions.has(plainOf(aside.split(" ")[0] ?? ""))) return false;
  return SAID.test(aside) || verbs.has(next) || /(?:ed|s)$/.test(next);
}

/** Whether a text is long enough to tell something. */
export function tellsSomething(text: string): boolean {
  return text.split(/\s+/).length >= LEAST_WORDS && countCharacters(text) >= LEAST_CHARACTERS;
}

function cutsOf(line: string, language: string): Omit<Shortening, "cut">[] {
  const joints = jointsOf(language);
  const lexicon = lexiconOf(language);
  const words = [...line.matchAll(/[^\s—]+|—+/g)].map(({ 0: word, index }) => ({ word, index }));
  const cuts: Omit<Shortening, "cut">[] = [];
  for (const [at, { index }] of words.entries()) {
    const before = words[at - 1]?.word ?? "";
    const text = line
      .slice(0, index)
      .trim()
      .replace(/[\s,;:|–—-]+$/u, "");
    if (at < LEAST_WORDS || countCharacters(text) < LEAST_CHARACTERS) continue;
    if (!isBalanced(text) || isOpen(text, language) || opensUnended(text, joints)) continue;
    if (endsAtAside(text, line)) continue;
    if (breaksOff(text, line.slice(index), { before, joints, lexicon })) continue;
    const isInList = /,[^,]{1,30}$/.test(text);
    const rest = line.slice(index);
    const atJoint = confidenceAt(rest, { before, isInList }, joints);
    if (lacksSense(text, line, lexicon, atJoint === CONFIDENCE.clause)) continue;
    const isShort = countCharacters(text) < SHORT_CHARACTERS;
    const confidence = atJoint - (isShort ? SHORT : 0);
    const isLoose = !isApart(rest, { before, language });
    if (atJoint > 0 && confidence > 0) cuts.push({ text, confidence, isLoose });
  }
  return cuts;
}

/** Whether the rest of a line only says more: after a colon, a dash, "and", "which", or a word such as "after". */
function isApart(
  rest: string,
  { before, language }: { before: string; language: string },
): boolean {
  const { apart, and, clause } = jointsOf(language);
  const [word = ""] = rest.split(/\s/);
  const first = plainOf(/^[–—|\s]*(\S*)/u.exec(rest)?.[1] ?? "");
  if (apart.has(first)) return true;
  // After "— but" or "; unless" stands what takes the beginning back.
  if (/[;:–—]$/u.test(before) || /^[–—|]+$/u.test(word)) return !clause.has(first);
  const { relatives, verbs } = lexiconOf(language);
  const isAdded = and.has(first) || relatives.has(first) || SAID.test(rest);
  // "The senator, who was there, has left": where the verbs are not known, the sentence may go on.
  return before.endsWith(",") && verbs.size > 0 && isAdded;
}

function confidenceAt(
  rest: string,
  { before, isInList }: { readonly before: string; readonly isInList: boolean },
  joints: Joints,
): number {
  const [word = ""] = rest.split(/\s/);
  const plain = plainOf(word);
  if (/[;:–—]$/u.test(before) || /^[–—|-]+$/u.test(word)) return CONFIDENCE.clause;
  if (joints.clause.has(plain)) return CONFIDENCE.clause;
  if (before.endsWith(",") && SAID.test(rest)) return CONFIDENCE.clause;
  // "Inner city, rural, and coast": the last of a list, not a clause of its own.
  if (before.endsWith(",") && isInList) return 0;
  if (before.endsWith(",")) return joints.and.has(plain) ? CONFIDENCE.clause : CONFIDENCE.and;
  if (joints.phrase.has(plain)) return CONFIDENCE.phrase;
  if (joints.purpose.has(plain))
    return joints.purposeful.has(plainOf(before)) || before.endsWith("ing")
      ? 0
      : CONFIDENCE.purpose;
  return joints.and.has(plain) ? CONFIDENCE.and : 0;
}

/** Whether a text ends where its last words wait for what is cut off, or the sentence goes on behind that. */
function breaksOff(
  text: string,
  rest: string,
  { before, joints, lexicon }: { before: string; joints: Joints; lexicon: Lexicon },
): boolean {
  const { verbs, saying, conjunctions, relatives } = lexicon;
  if (BROKEN_OFF.test(text) || /(?:[:–—]|\s-+)\s\S+(?:\s\S+)?$/u.test(text)) return true;
  // The colon of a name: "the plot is old, Star Wars Jedi: Fallen Order is good".
  if (before.endsWith(":") && /\p{Ll}{4}.*, \p{Lu}\S*(?: \p{Lu}\S*)*$/u.test(text)) return true;
  const first = plainOf(rest.split(/\s/, 1)[0] ?? "");
  // "The runway reopened on Friday, a day | after a plane skidded off it".
  if (joints.clause.has(first) && MEASURE.test(text)) return true;
  // "The reservist who made headlines | during his imprisonment, has been released".
  return [...rest.matchAll(/, (\p{Ll}+)(?!,| (?:and|or)\b)/gu)].some(([, word = ""]) => {
    const isOpposed = conjunctions.has(word) && !joints.and.has(word);
    const isVerb = verbs.has(word) || /\p{L}{3}s$/u.test(word);
    return isOpposed ? relatives.has(first) : isVerb && !saying.has(word);
  });
}

/** A text that breaks off itself, mostly a quotation. */
export const BROKEN_OFF = /(?:…|\.\.\.)["”»]?$/u;
const MEASURE =
  /\b(?:(?:an?|the|just|one|\p{N}+) (?:second|minute|hour|day|week|month|year)|(?:second|minute|hour|day|week|month|year)s)$/u;

/** "The decorator — the best in town — has": after the second dash the sentence goes on that the first one interrupts. */
function endsAtAside(text: string, line: string): boolean {
  const before = text.match(DASH)?.length ?? 0;
  const after = line.slice(text.length).match(DASH)?.length ?? 0;
  return after > 0 && (before % 2 === 1 || (after > 1 && DASH_FIRST.test(line.slice(text.length))));
}

/** Quotation marks and brackets that are opened are closed; the apostrophe of "We're" is neither. */
export function isBalanced(text: string): boolean {
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  return (
    count(/[“«„]/g) === count(/[”»]/g) &&
    count(/"/g) % 2 === 0 &&
    count(/‘|(?<![\p{L}\p{N}])'/gu) <= count(/(?<=\S)[’'](?![\p{L}\p{N}])/gu) &&
    count(/\(/g) === count(/\)/g)
  );
}

/** Whether the last word of a line waits for another. */
export function isOpen(text: string, language: string): boolean {
  const { bound, phrase, clause, and } = jointsOf(language);
  const last = plainOf(text.split(/\s+/).at(-1) ?? "");
  return [bound, phrase, clause, and].some((words) => words.has(last));
}

/** "Since suffering a recession", "In the closing seconds": the main clause comes only after the comma. */
function opensUnended(text: string, { clause, phrase }: Joints): boolean {
  const first = plainOf(text.split(/\s+/, 1)[0] ?? "");
  return (clause.has(first) || phrase.has(first)) && !text.includes(", ");
}

/** "Husband springs", "the house will be turned": the verb was the last word, and what belongs to it is cut off. */
function lacksSense(text: string, line: string, lexicon: Lexicon, isWhole: boolean): boolean {
  if (OPEN_CLAUSE.test(text)) return true;
  // "The senator: his rival's campaign": of what is said after the colon there is only the subject.
  const [, said = ""] = /: ([^:]+)$/.exec(text) ?? [];
  const told = said.replace(OWNED, " ");
  if (!isWhole && said !== "" && lacksVerb(told, lexicon) && !lacksVerb(line, lexicon)) return true;
  const tail = plainOf(line.slice(text.length).trim().split(/\s+/)[0] ?? "");
  if (/ed[^\p{L}]*$/u.test(text) && COMPLETING.has(tail)) return true;
  if (lacksVerb(line, lexicon)) return false;
  const [, rest = "", last = ""] = /^(.*?)\s+(\S+)$/su.exec(text) ?? [];
  // "The motion fails" is whole before "after"; "the husband springs" is not before "for".
  if (lacksVerb(text, lexicon) || (!isWhole && lacksVerb(rest, lexicon))) return true;
  return plainOf(last).endsWith("ed") && PASSIVE.test(rest);
}

/** "The senator's alleged role": no verb. */
const OWNED = /(?<=[’']s) \p{L}+ed\b/giu;
/** What a participle before it waits for: "frustrated with", "turned into". */
const COMPLETING: ReadonlySet<string> = new Set(
  "with into for from about by on to against".split(" "),
);
/** ", citing a source", ", who was there": after it the main clause goes on. */
const OPEN_CLAUSE = /, (?:\p{L}+ing|which|who|whose|where|when|if|while|as)\b[^,]*$/u;
/** ", police say": it can go, and the rest is whole. */
const SAID = /^(?:[\p{L}.’'-]+ ){1,4}(?:say|says|said|reports?|finds?|found)$/u;
/** A dash between words, not one of a range or a compound. */
const DASH = /—|(?<=\s)[–-]+(?=\s)/gu;
const DASH_FIRST = /^\s*(?:—|[–-]+\s)/u;
const PASSIVE = /\b(?:be|been|being|is|are|was|were)$/i;

/** A word as the lists have it. */
export function plainOf(word: string): string {
  return word
    .toLowerCase()
    .replace(/’/g, "'")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}
