import {
  type Lexicon,
  lexiconOf,
  primarySubtag,
  lacksVerb,
  words,
} from "../../summary/language/lexicon.ts";
import { countCharacters } from "../../platform/text.ts";
import type { Phrase } from "../digest.ts";
import written from "./joints.json" with { type: "json" };

/** Words of one language in lower case: those before which a headline can end, and those with which it cannot end. */
interface Joints {
  /** Words that begin a clause with details: after, while. */
  readonly clause: ReadonlySet<string>;
  /** Words that begin a phrase of place, time or content: in, for. */
  readonly phrase: ReadonlySet<string>;
  readonly and: ReadonlySet<string>;
  /** Words that begin a removable part, which no verb before them requires: after, because. */
  readonly apart: ReadonlySet<string>;
  /** Words that need the next word: of, the, to. */
  readonly bound: ReadonlySet<string>;
  /** First words of a headline that asks or teases. */
  readonly teasers: ReadonlySet<string>;
  /** Words before a colon that name the kind of text. */
  readonly labels: ReadonlySet<string>;
  /** Words before a colon that name the source. */
  readonly informants: ReadonlySet<string>;
  /** Words that begin a purpose: to. */
  readonly purpose: ReadonlySet<string>;
  /** Verbs that need a purpose: agrees, wants. */
  readonly purposeful: ReadonlySet<string>;
}

const NONE: Joints = jointsFrom({});

const known: ReadonlyMap<string, Joints> = new Map(
  Object.entries(written).map(([language, words]) => [language, jointsFrom(words)]),
);

function jointsFrom(lists: Readonly<Partial<Record<keyof Joints, string>>>): Joints;
function jointsFrom(lists: Readonly<Record<string, string>>): object {
  // English has every list.
  const names = Object.keys(written.en satisfies Record<keyof Joints, string>);
  return Object.fromEntries(names.map((name) => [name, words(lists[name])]));
}

export function jointsOf(language: string): Joints {
  return known.get(primarySubtag(language)) ?? NONE;
}

/** A shorter headline says too little. */
const LEAST_WORDS = 4;
const LEAST_CHARACTERS = 22;
/** A shorter rest of a long headline is less likely to be its news. */
const SHORT_CHARACTERS = 28;
const SHORT_PENALTY = 0.1;
const CONFIDENCE = { whole: 0.95, aside: 0.85, clause: 0.8, phrase: 0.65, and: 0.55, purpose: 0.5 };

/** A part of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A shorter form of a line: the line without the parts in `cut`. */
export interface Shortening extends Phrase {
  readonly cut: readonly Span[];
  /** Whether the removed end may be a condition, or be required by the verb. Then the beginning may have another meaning. */
  readonly isLoose: boolean;
}

/**
 * Returns a complete line within the limit: the whole line, the line without an aside, or its beginning up to a joint,
 * where a clause or phrase with details begins. Undefined if there is none, so that no phrase is ever cut.
 */
export function shortenAtJoint(line: string, limit: number, language: string): Phrase | undefined {
  if (countCharacters(line) <= limit) return { text: line, confidence: CONFIDENCE.whole };
  const [best] = shorteningsOf(line, language)
    .filter(({ text }) => countCharacters(text) <= limit)
    .sort((a, b) => b.confidence - a.confidence || b.text.length - a.text.length);
  return best && { text: best.text, confidence: best.confidence };
}

/** Returns the complete shorter forms of a line: without its asides, and up to each joint. */
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

/** Removes parts of a text, which must be sorted and must not overlap. */
export function without(text: string, parts: readonly Span[]): string {
  let [kept, at] = ["", 0];
  for (const { start, end } of parts) {
    kept += text.slice(at, start);
    at = end;
  }
  return kept + text.slice(at);
}

/** Converts an offset in the shortened text to one in the original. */
function placeBefore(place: number, parts: readonly Span[]): number {
  return parts.reduce((at, { start, end }) => (start < at ? at + end - start : at), place);
}

/**
 * Returns the asides of "A boat (built in 1904), caught in a net, sinks": words in brackets, and words between two commas
 * before a verb.
 */
function asidesIn(line: string, language: string): Span[] {
  const brackets = [...line.matchAll(/\s*\([^()]*\)/g)].map(({ 0: aside, index }) => ({
    start: index,
    end: index + aside.length,
  }));
  // In a list, more commas follow.
  const [, before, aside = "", next = ""] =
    /^([^,]{6,})(, [^,]{4,60},) (\p{Ll}[\p{L}’']*)[^,]*$/u.exec(without(line, brackets)) ?? [];
  const lexicon = lexiconOf(language);
  // "Rust 0.9: old trees, new advisories, unmaintained crates" is a list: only a known verb makes it a clause.
  const mayBeList = before?.includes(": ") === true && !lexicon.verbs.has(next);
  if (before === undefined || mayBeList || !isAside(aside.slice(2, -1), next, lexicon))
    return brackets;
  const start = placeBefore(before.length, brackets);
  const end = placeBefore(before.length + aside.length, brackets);
  const outside = brackets.filter((bracket) => bracket.end <= start || bracket.start >= end);
  return [...outside, { start, end }].sort((a, b) => a.start - b.start);
}

/** In a language without a list of verbs, the words between the commas may be the sentence itself. */
function isAside(aside: string, next: string, { verbs, conjunctions }: Lexicon): boolean {
  if (verbs.size === 0 || conjunctions.has(plainOf(aside.split(" ")[0] ?? ""))) return false;
  return SAID.test(aside) || verbs.has(next) || /(?:ed|s)$/.test(next);
}

/** Whether a shorter form has only the words before a colon, which announce the longer part after it: "Ada has a scoop: …". */
export function isIntroduction(text: string, sentence: string, language: string): boolean {
  const bare = without(sentence, asidesIn(sentence, language));
  return /^\s*[:：]/u.test(bare.slice(text.length)) && text.length < bare.length / 2;
}

/** Whether a text is long enough to say something. */
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
    const confidence = atJoint - (isShort ? SHORT_PENALTY : 0);
    const isLoose = !isApart(rest, { before, language });
    if (atJoint > 0 && confidence > 0) cuts.push({ text, confidence, isLoose });
  }
  return cuts;
}

/** Whether the rest of a line only adds details: after a colon, a dash, "and", "which", or a word such as "after". */
function isApart(
  rest: string,
  { before, language }: { before: string; language: string },
): boolean {
  const { apart, and, clause } = jointsOf(language);
  const [word = ""] = rest.split(/\s/);
  const first = plainOf(/^[–—|\s]*(\S*)/u.exec(rest)?.[1] ?? "");
  if (apart.has(first)) return true;
  // The text after "— but" or "; unless" limits or denies the beginning.
  if (/[;:–—]$/u.test(before) || /^[–—|]+$/u.test(word)) return !clause.has(first);
  const { relatives, verbs } = lexiconOf(language);
  const isAdded = and.has(first) || relatives.has(first) || SAID.test(rest);
  // In a language without a list of verbs, the sentence may continue after the second comma: "The senator, who was there,
  // has left".
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
  // The last item of a list is not a clause: "Inner city, rural, and coast".
  if (before.endsWith(",") && isInList) return 0;
  if (before.endsWith(",")) return joints.and.has(plain) ? CONFIDENCE.clause : CONFIDENCE.and;
  if (joints.phrase.has(plain)) return CONFIDENCE.phrase;
  if (joints.purpose.has(plain))
    return joints.purposeful.has(plainOf(before)) || before.endsWith("ing")
      ? 0
      : CONFIDENCE.purpose;
  return joints.and.has(plain) ? CONFIDENCE.and : 0;
}

/** Whether the last words of a text need the removed ones, or the sentence continues after the removed part. */
function breaksOff(
  text: string,
  rest: string,
  { before, joints, lexicon }: { before: string; joints: Joints; lexicon: Lexicon },
): boolean {
  const { verbs, saying, conjunctions, relatives } = lexicon;
  if (BROKEN_OFF.test(text) || /(?:[:–—]|\s-+)\s\S+(?:\s\S+)?$/u.test(text)) return true;
  // A colon inside a name: "the plot is old, Star Wars Jedi: Fallen Order is good".
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

/** A text that is cut off itself, usually a quotation. */
export const BROKEN_OFF = /(?:…|\.\.\.)["”»]?$/u;
const MEASURE =
  /\b(?:(?:an?|the|just|one|\p{N}+) (?:second|minute|hour|day|week|month|year)|(?:second|minute|hour|day|week|month|year)s)$/u;

/**
 * Whether a text ends inside or after an interruption: "The decorator — the best in town — has". After the second dash the
 * sentence continues.
 */
function endsAtAside(text: string, line: string): boolean {
  const before = text.match(DASH)?.length ?? 0;
  const after = line.slice(text.length).match(DASH)?.length ?? 0;
  return after > 0 && (before % 2 === 1 || (after > 1 && DASH_FIRST.test(line.slice(text.length))));
}

/** Whether all quotation marks and brackets are closed. The apostrophe of "We're" does not count. */
export function isBalanced(text: string): boolean {
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  return (
    count(/[“«„]/g) === count(/[”»]/g) &&
    count(/"/g) % 2 === 0 &&
    count(/‘|(?<![\p{L}\p{N}])'/gu) <= count(/(?<=\S)[’'](?![\p{L}\p{N}])/gu) &&
    count(/\(/g) === count(/\)/g)
  );
}

/** Whether the last word of a line needs another one. */
export function isOpen(text: string, language: string): boolean {
  const { bound, phrase, clause, and } = jointsOf(language);
  const last = plainOf(text.split(/\s+/).at(-1) ?? "");
  return [bound, phrase, clause, and].some((words) => words.has(last));
}

/** Whether the main clause comes only after the comma: "Since suffering a recession", "In the closing seconds". */
function opensUnended(text: string, { clause, phrase }: Joints): boolean {
  const first = plainOf(text.split(/\s+/, 1)[0] ?? "");
  return (clause.has(first) || phrase.has(first)) && !text.includes(", ");
}

/** Whether a verb at the end needs the removed words: "Husband springs", "the house will be turned". */
function lacksSense(text: string, line: string, lexicon: Lexicon, isWhole: boolean): boolean {
  if (OPEN_CLAUSE.test(text)) return true;
  // In "The senator: his rival's campaign", only the subject of the statement remains after the colon.
  const [, said = ""] = /: ([^:]+)$/.exec(text) ?? [];
  const told = said.replace(OWNED, " ");
  if (!isWhole && said !== "" && lacksVerb(told, lexicon) && !lacksVerb(line, lexicon)) return true;
  const tail = plainOf(line.slice(text.length).trim().split(/\s+/)[0] ?? "");
  if (/ed[^\p{L}]*$/u.test(text) && COMPLETING.has(tail)) return true;
  if (lacksVerb(line, lexicon)) return false;
  const [, rest = "", last = ""] = /^(.*?)\s+(\S+)$/su.exec(text) ?? [];
  // "The motion fails" is complete before "after", but "the husband springs" is not before "for".
  if (lacksVerb(text, lexicon) || (!isWhole && lacksVerb(rest, lexicon))) return true;
  return plainOf(last).endsWith("ed") && PASSIVE.test(rest);
}

/** A participle before a noun is not a verb: "The senator's alleged role". */
const OWNED = /(?<=[’']s) \p{L}+ed\b/giu;
/** Words that a participle before them needs: "frustrated with", "turned into". */
const COMPLETING: ReadonlySet<string> = new Set(
  "with into for from about by on to against".split(" "),
);
/** A clause after which the main clause continues: ", citing a source", ", who was there". */
const OPEN_CLAUSE = /, (?:\p{L}+ing|which|who|whose|where|when|if|while|as)\b[^,]*$/u;
/** An attribution that can be removed: ", police say". */
const SAID = /^(?:[\p{L}.’'-]+ ){1,4}(?:say|says|said|reports?|finds?|found)$/u;
/** A dash between words, not in a range or a compound. */
const DASH = /—|(?<=\s)[–-]+(?=\s)/gu;
const DASH_FIRST = /^\s*(?:—|[–-]+\s)/u;
const PASSIVE = /\b(?:be|been|being|is|are|was|were)$/i;

/** Returns a word in the form of the lists. */
export function plainOf(word: string): string {
  return word
    .toLowerCase()
    .replace(/’/g, "'")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}
