import type { Article } from "../article/article.ts";
import type { Addition, Candidate, Refusal } from "./candidate.ts";
import { NOT_TOLD } from "./denials.ts";
import type { Document } from "./document.ts";
import type { Judgement } from "./judgement.ts";
import { type Lexicon, lacksVerb } from "./language/lexicon.ts";
import { countWords } from "./language/segments.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { isTooLong } from "./refusal.ts";
import { editedSentence, type Edit, type GenreChances, type Sentence } from "./summary.ts";

/** What an entry is composed from. */
export interface EntryContext {
  readonly article: Article;
  readonly document: Document;
  readonly judgements: readonly Judgement[];
  readonly ranking: Ranking;
  readonly lexicon: Lexicon;
  readonly genre: GenreChances;
  /** At most so many. */
  readonly keyPoints: number;
}

/** What a sentence's form makes impossible: of those so refused, editors keep one in thirty. */
const NEVER: ReadonlySet<Refusal | undefined> = new Set<Refusal>([
  "caption",
  "boilerplate",
  "fragment",
  "half-quotation",
  "repeated",
  "too-long",
  "question",
]);

/** Whether a sentence's form lets it be shown. */
export function isFit({ refusal }: Candidate): boolean {
  return !NEVER.has(refusal);
}

/** The sentences that may be shown by themselves or after another. */
export function standing(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter((candidate) => isFit(candidate) && candidate.deniedBy !== NOT_TOLD);
}

/** Some sentences that follow each other, with what takes back what they say. */
export function withDenials(
  run: readonly Candidate[],
  { candidates }: Document,
): readonly Candidate[] {
  const last = run.reduce((most, { index, deniedBy = index }) => Math.max(most, deniedBy), 0);
  return candidates.slice(run[0]?.index ?? 0, last + 1);
}

/** A claim and its denial are told together with so many sentences, at most. */
const LONGEST_DENIED_RUN = 4;

/** Whether sentences can be shown as one text: one that is no more than "It has not." may follow what it denies. */
export function isTellable(run: readonly Candidate[]): boolean {
  if (run.some(({ deniedBy }) => deniedBy === NOT_TOLD)) return false;
  if (run.length > LONGEST_DENIED_RUN) return false;
  return run.every(
    ({ refusal, index }, at) =>
      !NEVER.has(refusal) ||
      (refusal === "fragment" && run.slice(0, at).some(({ deniedBy = 0 }) => deniedBy >= index)),
  );
}

export function judgementOf({ index }: Candidate, judgements: readonly Judgement[]): Judgement {
  return judgements[index] ?? { main: 0, keep: 0, content: 0 };
}

/** So many of the first sentences are looked at, of those that likely have the main point. */
const FIRST_FEW = 5;
const LIKELY_MAIN = 0.5;

/** The first sentences that likely have the main point, but that a rule keeps out of an entry. */
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

/** An article of so few sentences is told whole. */
export const FEW_SENTENCES = 8;

/** Less likely to be kept than this, six lines in seven were struck by the editors who judged them. */
export const LEAST_KEPT = 0.2;

/** So many words a gist may have; of more than are read with ease, what is beside the point is left out. */
export const LONGEST_GIST = 45;
const EASY_GIST = 32;

interface Showing {
  readonly isGist?: boolean;
  /** Names that readers know already. */
  readonly known?: string;
}

/** A sentence as it is shown: with what it needs to be read alone, and without what is beside the point. */
function shown(candidate: Candidate, context: EntryContext, showing: Showing = {}): Sentence {
  const { article } = context;
  const { start, end, connective } = candidate;
  const clipped = clippedEnd(candidate);
  if (clipped !== end) return { text: article.text.slice(start, clipped), start, end: clipped };
  const edits = editsOf(candidate, context, showing);
  return editedSentence(article.text, { start: start - connective, end }, edits);
}

/** Sentences that follow each other as they are shown, as one text. */
export function shownTogether(
  candidates: readonly Candidate[],
  context: EntryContext,
  showing: Showing = {},
): Sentence {
  const [first] = candidates;
  const last = candidates.at(-1);
  if (!first || !last) return { text: "" };
  if (first === last) return shown(first, context, showing);
  const place = { start: first.start - first.connective, end: last.end };
  const edits = joiningEdits(candidates, context, showing);
  const whole = editedSentence(context.article.text, place, edits);
  return { ...whole, text: whole.text.replace(/\s+/g, " ") };
}

/** What is changed in and between sentences that are shown as one text. */
function joiningEdits(
  candidates: readonly Candidate[],
  context: EntryContext,
  { known: before = "", ...showing }: Showing,
): readonly Edit[] {
  const { text } = context.article;
  return candidates.flatMap((candidate, at) => {
    const previous = candidates[at - 1];
    const known = [before, ...candidates.slice(0, at).map((other) => other.text)].join(" ");
    const own = editsOf(candidate, context, { ...showing, known });
    if (!previous) return own;
    const opens = candidate.start - candidate.connective;
    // A heading or a picture's caption may stand between them.
    const isApart = text.slice(previous.end, opens).trim() !== "";
    const gap = isApart ? [{ start: previous.end, end: opens, text: " " }] : [];
    return [...gap, ...own.filter(isNoReferent)];
  });
}

/** "He [Pell]" needs no name where the sentence before it stands before it. */
function isNoReferent(edit: Edit & Partial<Pick<Addition, "kind">>): boolean {
  return edit.kind !== "pronoun";
}

/** What is put into a sentence and taken out of it where it is shown; a connective before it goes. */
function editsOf(
  candidate: Candidate,
  { article, lexicon }: EntryContext,
  { isGist, known = "" }: Showing,
): readonly Edit[] {
  const { start, connective } = candidate;
  const additions = candidate.additions.filter(({ name }) => !known.includes(name));
  const trimmed =
    isGist && candidate.words > EASY_GIST
      ? parentheticalIn(candidate, lexicon, LONGEST_GIST)
      : undefined;
  const cuts: Edit[] = [
    ...bracketEdits(candidate, article.text),
    ...(trimmed ? [{ start: trimmed.start, end: trimmed.end, text: "" }] : []),
    ...(connective > 0 ? [{ start: start - connective, end: start, text: "" }] : []),
  ];
  return withoutOverlaps([...additions, ...cuts]);
}

function withoutOverlaps(edits: readonly Edit[]): readonly Edit[] {
  const kept: Edit[] = [];
  for (const edit of edits)
    if (kept.every((other) => edit.end <= other.start || edit.start >= other.end)) kept.push(edit);
  return kept;
}

/** How many words a sentence has as a gist. */
export function gistWords(candidate: Candidate, { lexicon }: EntryContext): number {
  if (candidate.words <= EASY_GIST) return candidate.words;
  return parentheticalIn(candidate, lexicon, LONGEST_GIST)?.words ?? candidate.words;
}

/** Brackets with the space before them, a word on their left and no other inside. */
const BRACKETS = /(?<=[\p{L}\p{N}.”"'’]) \(([^()[\]“”"«»]{1,40})\)(?=[\s.,;:!?])/gu;

/** " (pictured)", " (42)" as an age, " (11 km)" as a measure told in another unit already. */
const IDLE = /^(?:pictured|above|below|\p{N}{1,3}|[\p{Sc}]?\p{N}[\p{N}.,]*\s?\p{L}{1,12})$/u;
const ABBREVIATION = /^\p{Lu}[\p{Lu}\p{N}&.-]{1,7}$/u;

/**
 * Only what is sure to change nothing: "(if approved)" and "(not the county)" do, so words stay. An
 * abbreviation goes where the article never comes back to it.
 */
function bracketEdits(candidate: Candidate, article: string): readonly Edit[] {
  return [...candidate.text.matchAll(BRACKETS)]
    .filter(([, inside = ""]) => IDLE.test(inside) || isUsedOnce(inside, article))
    .map(({ index, 0: bracket }) => {
      const start = candidate.start + index;
      return { start, end: start + bracket.length, text: "" };
    });
}

function isUsedOnce(inside: string, article: string): boolean {
  return ABBREVIATION.test(inside) && article.indexOf(inside) === article.lastIndexOf(inside);
}

const CLIPPED_WORDS = 30;
/** Where no space comes soon: an address, or a script that has none. */
const CLIPPED_LETTERS = 80;
const LONGEST_WORD = 40;

/** Where a candidate ends as it is shown: a text that never ends is clipped between two words. */
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

/** A slice may end between the two code units of one character. */
function withoutHalfCharacter(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "");
}

/** What is left has to be a sentence, and to say something. */
const SHORTEST_REST_WORDS = 10;
/** No mark in it by which it may belong to what is around it. */
const PLAIN = String.raw`(?:(?! -)[^,;:()"“”„«»—–])+`;

/** ", which opened in 1904" at the end, and ", who runs the bakery," in the middle before a verb. */
const CLAUSE = new RegExp(String.raw`, (?<word>\p{L}+) ${PLAIN}(?=\.$)`, "u");
const CLAUSE_INSIDE = new RegExp(String.raw`, (?<word>\p{L}+) ${PLAIN},(?= (?<next>\p{Ll}+))`, "u");
/** "Pell said on Monday in a statement": where it was said. */
const OCCASION =
  /(?<=\b(?:said|told|announced|confirmed)(?: \p{L}+){0,4}) in an? (?:news |press )?(?:conference|release|statement|e-?mail|interview|tweet)(?=\.$)/u;
/** ", drawing riders from both banks", ", with riders coming from both": what came of it. */
const RESULT = new RegExp(
  String.raw`, (?<word>\p{Ll}{2,}ing|with (?:\S+ ){1,6}?\p{Ll}{2,}ing) ${PLAIN}(?=\.$)`,
  "u",
);
/** Without these the statement would cover more, or have no speaker. */
const CONDITION =
  /^(?:assuming|barring|pending|depending|providing|excluding|saying|adding|claiming|alleging|arguing|insisting|citing|warning|suggesting|meaning)$/;

/** ", jumping and spinning" is the last of several acts. */
const LIST = / (?:and|or) (?:\p{L}+ )?\p{Ll}+ing\b/u;

/** ", who are riders" before it may hold it apart from what it belongs to. */
const LAST_CLAUSE = /, (\p{L}+) [^,]*$/u;

interface Parenthetical {
  /** Offsets in the article. */
  readonly start: number;
  readonly end: number;
  /** Of the sentence without it. */
  readonly words: number;
}

/**
 * What a sentence says beside the point, without which it has at most so many words, and says the same. Undefined
 * where there is none, and in languages whose words for it we don't know.
 */
function parentheticalIn(
  candidate: Candidate,
  lexicon: Lexicon,
  mostWords: number,
): Parenthetical | undefined {
  const { text } = candidate;
  const { relatives, verbs, prepositions } = lexicon;
  const opens = (found: RegExpExecArray | null) => relatives.has(found?.groups?.["word"] ?? "");
  const clause = CLAUSE.exec(text);
  const inside = CLAUSE_INSIDE.exec(text);
  const next = inside?.groups?.["next"] ?? "";
  const result = verbs.size > 0 ? RESULT.exec(text) : null;
  const act = result?.groups?.["word"] ?? "";
  const isFree = !relatives.has(LAST_CLAUSE.exec(text.slice(0, result?.index))?.[1] ?? "");
  const found = [
    OCCASION.exec(text),
    opens(inside) && (verbs.has(next) || next.endsWith("ed")) && isSubject(text, inside, lexicon)
      ? inside
      : null,
    opens(clause) ? clause : null,
    isFree && !prepositions.has(act) && !CONDITION.test(act) && !LIST.test(result?.[0] ?? "")
      ? result
      : null,
  ];
  return found
    .flatMap((match) => (match ? [parentheticalAt(match, candidate)] : []))
    .find(
      ({ words, rest }) =>
        words >= SHORTEST_REST_WORDS && words <= mostWords && !lacksVerb(rest, lexicon),
    );
}

/** "The pier, which opened in 1904, closed": before the clause stands its subject, and no verb that "closed" could join. */
function isSubject(text: string, inside: RegExpExecArray | null, lexicon: Lexicon): boolean {
  const before = text.slice(0, inside?.index ?? 0);
  return lacksVerb(before.slice(before.lastIndexOf(" that ") + 1), lexicon);
}

function parentheticalAt({ index, 0: cut }: RegExpExecArray, { text, start }: Candidate) {
  const rest = text.slice(0, index) + text.slice(index + cut.length);
  return { start: start + index, end: start + index + cut.length, words: countWords(rest), rest };
}
