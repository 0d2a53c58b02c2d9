import type { Article } from "../article/article.ts";
import type { Addition, Candidate, Refusal } from "./candidate.ts";
import { NEVER_SHOWN } from "./denials.ts";
import { type Document, weighedOf } from "./document.ts";
import { type Judgement, weighed } from "./judgement.ts";
import { type Lexicon, lexiconOf } from "./language/lexicon.ts";
import { countWords } from "./language/segments.ts";
import { isTooLong } from "./refusal.ts";
import { editedSentence, type Edit, type GenreChances, type Sentence } from "./summary.ts";

/** The values from which an entry is composed. */
export interface EntryContext {
  readonly article: Article;
  readonly document: Document;
  readonly judgements: readonly Judgement[];
  /** See `termWeightsOf`. */
  readonly termWeights: ReadonlyMap<string, number>;
  readonly lexicon: Lexicon;
  readonly genre: GenreChances;
  /** The maximum number of key points. */
  readonly keyPoints: number;
}

/** The context of an entry: the article, the judgements of its sentences, and the words of its language. */
export function entryContext(whole: Article, keyPoints: number): EntryContext {
  const article = weighedOf(whole);
  return { ...weighed(whole), article, lexicon: lexiconOf(article.language), keyPoints };
}

/**
 * Refusals that exclude a sentence: text outside the story, an exact repetition, a part of a sentence or of a quotation, which
 * could become a false statement, and a question without its answer. The other refusals are features of the trees.
 */
const NEVER: ReadonlySet<Refusal | undefined> = new Set<Refusal>([
  "caption",
  "boilerplate",
  "fragment",
  "half-quotation",
  "repeated",
  "question",
]);

/** Whether the form of a sentence allows it to be shown. */
export function isFit({ refusal }: Candidate): boolean {
  return !NEVER.has(refusal);
}

/** Returns the sentences that may be shown, alone or after another. */
export function presentableOf(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter((candidate) => isFit(candidate) && candidate.deniedBy !== NEVER_SHOWN);
}

/** Extends consecutive sentences with the ones that deny or correct them. */
export function withDenials(
  run: readonly Candidate[],
  { candidates }: Document,
): readonly Candidate[] {
  const last = run.reduce((most, { index, deniedBy = index }) => Math.max(most, deniedBy), 0);
  return candidates.slice(run[0]?.index ?? 0, last + 1);
}

/** The maximum number of sentences of a claim together with its denial. */
const LONGEST_DENIED_RUN = 4;

/** Whether sentences can be shown as one text. A bare denial such as "It has not." is allowed after its claim. */
export function isPresentable(run: readonly Candidate[]): boolean {
  if (run.some(({ deniedBy }) => deniedBy === NEVER_SHOWN)) return false;
  if (run.length > LONGEST_DENIED_RUN) return false;
  return run.every(
    ({ refusal, index }, at) =>
      !NEVER.has(refusal) ||
      (refusal === "fragment" && run.slice(0, at).some(({ deniedBy = 0 }) => deniedBy >= index)),
  );
}

/** Returns the sentences of the article that a printed sentence consists of. A gist may consist of two or three. */
export function candidatesAt(
  { candidates }: Document,
  { start = -1, end = -1 }: Sentence,
): readonly Candidate[] {
  return candidates.filter((candidate) => candidate.start < end && start < candidate.end);
}

export function judgementOf(
  { index }: Pick<Candidate, "index">,
  judgements: readonly Judgement[],
): Judgement {
  return judgements[index] ?? { main: 0, keep: 0, content: 0 };
}

/** The first sentences that `ruledOut` examines, and the least probability of having the main point. */
const FIRST_FEW = 5;
const LIKELY_MAIN = 0.5;

/** Returns the first sentences that likely have the main point but are excluded by a rule. */
export function ruledOut(
  { document, judgements }: Pick<EntryContext, "document" | "judgements">,
  shown: readonly Candidate[] = [],
): readonly Candidate[] {
  return document.candidates
    .slice(0, FIRST_FEW)
    .filter(
      (candidate) =>
        !isFit(candidate) &&
        candidate.refusal !== "repeated" &&
        judgementOf(candidate, judgements).main >= LIKELY_MAIN &&
        !shown.includes(candidate),
    );
}

/** An article with at most this many sentences is shown completely. */
export const FEW_SENTENCES = 8;

/** The maximum number of words of a gist. */
export const LONGEST_GIST = 45;

/** Returns a sentence as readers see it: with its additions, and cut if it is endless. */
function shown(candidate: Candidate, article: Article, known: string): Sentence {
  const { start, end, connective } = candidate;
  const clipped = clippedEnd(candidate);
  if (clipped !== end) return { text: article.text.slice(start, clipped), start, end: clipped };
  const edits = editsOf(candidate, known);
  return editedSentence(article.text, { start: start - connective, end }, edits);
}

/**
 * Returns consecutive sentences as one text, as readers see them.
 * @param known text whose names readers already know
 */
export function shownTogether(
  candidates: readonly Candidate[],
  { article }: EntryContext,
  known = "",
): Sentence {
  const [first] = candidates;
  const last = candidates.at(-1);
  if (!first || !last) return { text: "" };
  if (first === last) return shown(first, article, known);
  const place = { start: first.start - first.connective, end: last.end };
  const edits = joiningEdits(candidates, article.text, known);
  const whole = editedSentence(article.text, place, edits);
  return { ...whole, text: whole.text.replace(/\s+/g, " ") };
}

/** Returns the edits in and between sentences that are shown as one text. */
function joiningEdits(
  candidates: readonly Candidate[],
  text: string,
  before: string,
): readonly Edit[] {
  return candidates.flatMap((candidate, at) => {
    const previous = candidates[at - 1];
    const known = [before, ...candidates.slice(0, at).map((other) => other.text)].join(" ");
    const own = editsOf(candidate, known);
    if (!previous) return own;
    const opens = candidate.start - candidate.connective;
    // A heading or a caption may lie between them.
    const isApart = text.slice(previous.end, opens).trim() !== "";
    const gap = isApart ? [{ start: previous.end, end: opens, text: " " }] : [];
    return [...gap, ...own.filter(isNoReferent)];
  });
}

/** A pronoun needs no name in brackets after the sentence that it refers to. */
function isNoReferent(edit: Edit & Partial<Pick<Addition, "kind">>): boolean {
  return edit.kind !== "pronoun";
}

/** Returns the edits of one sentence: its additions, and the removal of the connective before it. */
function editsOf({ start, connective, additions }: Candidate, known: string): readonly Edit[] {
  const needed = additions.filter(({ name }) => !known.includes(name));
  return connective > 0 ? [...needed, { start: start - connective, end: start, text: "" }] : needed;
}

const CLIPPED_WORDS = 30;
/** The cut for text without spaces: an address, or a script that writes none. */
const CLIPPED_LETTERS = 80;
const LONGEST_WORD = 40;

/** Returns the end of a candidate as readers see it. An endless text is cut between two words. */
function clippedEnd({ text, start, end, words }: Candidate): number {
  return isTooLong(text, words) ? start + clip(text).length : end;
}

function clip(text: string): string {
  const opening = text.slice(0, CLIPPED_WORDS * LONGEST_WORD);
  let end = 0;
  for (const { index, 0: word } of opening.matchAll(/\S+/g)) {
    const next = index + word.length;
    if (word.length > LONGEST_WORD || countWords(opening.slice(0, next)) > CLIPPED_WORDS) break;
    end = next;
  }
  return end > 0 ? opening.slice(0, end) : withoutHalfCharacter(opening.slice(0, CLIPPED_LETTERS));
}

/** A cut may fall between the two code units of a character. */
function withoutHalfCharacter(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "");
}
