import { definiteSubject } from "./anaphora/introductions.ts";
import type { Candidate, Refusal } from "./candidate.ts";
import { primarySubtag } from "./language/lexicon.ts";
import { isNarrated } from "./language/narrators.ts";
import { countWords } from "./language/reading-time.ts";
import { sharedCount, termsOf } from "./language/terms.ts";
import type { Judgement } from "./judgement.ts";
import {
  FEW_SENTENCES,
  gistWords,
  judgementOf,
  LONGEST_GIST,
  NEVER,
  shown,
  standing,
  type EntryContext,
} from "./passages.ts";
import { refusalOf } from "./refusal.ts";
import { bestBy } from "./selection.ts";
import { editedSentence, type Edit } from "./sentence.ts";
import { LEAST_CONFIDENCE, type Sentence } from "./summary.ts";

/** What an article is about in its own words, and how sure that is. */
export interface GistChoice {
  readonly sentence: Sentence;
  readonly candidates: readonly Candidate[];
  readonly confidence: number;
  readonly why?: string;
}

/** The sentence that has the main point, or two; where none surely has, the article's opening. Undefined where none may be shown. */
export function gistOf(context: EntryContext): GistChoice | undefined {
  const { document, judgements } = context;
  const open = standing(document.candidates);
  const best = bestBy(open, (candidate) => {
    const { main, keep } = judgementOf(candidate, judgements);
    const excess = Math.max(0, gistWords(candidate, context) - LONGEST_GIST);
    return main * keep - excess;
  });
  if (!best) return fallback(context);
  const confidence = confidenceOf(judgementOf(best, judgements));
  if (confidence >= LEAST_CONFIDENCE || isOpening(best, context)) {
    const candidates = withNext(best, confidence, context);
    return { sentence: gistSentence(candidates, context), candidates, confidence };
  }
  const candidates = openingOf(context) ?? [best];
  return {
    sentence: gistSentence(candidates, context),
    candidates,
    confidence,
    why: "the gist is the article's opening, as no sentence surely tells what it is about",
  };
}

/** So sure of one sentence, a second adds nothing. */
const ENOUGH = 0.88;
/** The next goes on with the main point where it has it at least so likely, and is worth a line. */
const PART_OF_POINT = 0.04;
const WORTH_A_LINE = 0.5;

/** A sentence that may be the gist, with the next where the point is told in two: "He is out of a job. He resigned on Monday." */
function withNext(
  best: Candidate,
  confidence: number,
  { document: { candidates }, judgements }: EntryContext,
): readonly Candidate[] {
  const next = candidates[best.index + 1];
  if (!next || NEVER.has(next.refusal) || confidence >= ENOUGH) return [best];
  const { main, content } = judgementOf(next, judgements);
  const isPart = main >= PART_OF_POINT && content >= WORTH_A_LINE;
  const isLong = candidates.length > FEW_SENTENCES;
  const isShort = best.words + next.words <= LONGEST_GIST;
  return isPart && isLong && isShort ? [best, next] : [best];
}

function confidenceOf({ main, keep }: Judgement): number {
  return Math.sqrt(main * keep);
}

function isOpening(candidate: Candidate, { document }: EntryContext): boolean {
  return standing(document.candidates)[0] === candidate;
}

const SHORT_OPENING = 10;
/** As many sentences of an essay make its opening passage. */
const PASSAGE = 3;

/**
 * The first sentence that can be read alone, with the next where it is very short; of a text that is told as "I", the
 * passage that it opens with.
 */
function openingOf(context: EntryContext): readonly Candidate[] | undefined {
  const { candidates } = context.document;
  const first = candidates.find(({ refusal }) => refusal === undefined);
  if (!first || candidates.length <= FEW_SENTENCES) return first && [first];
  const isTold = isNarrated(first.text, context.lexicon);
  const opening = [first];
  for (const next of candidates.slice(first.index + 1, first.index + PASSAGE)) {
    const words = opening.reduce((sum, candidate) => sum + candidate.words, next.words);
    const goesOn = isTold ? next.paragraph === first.paragraph : first.words < SHORT_OPENING;
    if (!goesOn || NEVER.has(next.refusal) || words > LONGEST_GIST) break;
    opening.push(next);
    if (!isTold) break;
  }
  return opening;
}

/** One sentence as it is shown, or several that follow each other as one text; what its author tells as "I" is said to be theirs. */
function gistSentence(candidates: readonly Candidate[], context: EntryContext): Sentence {
  const [first, ...others] = candidates;
  if (!first) return { text: context.article.title };
  const sentence =
    others.length === 0
      ? shown(first, context, { isGist: true })
      : passage(first, others, context.article.text);
  const { start, text, added = [] } = sentence;
  const lead = authorsLead(text, context);
  if (lead === "" || start === undefined) return sentence;
  return { ...sentence, text: lead + text, added: [{ at: start, text: lead }, ...added] };
}

function passage(first: Candidate, others: readonly Candidate[], text: string): Sentence {
  const start = first.start - first.connective;
  const edits: Edit[] = [
    ...(first.connective > 0 ? [{ start, end: first.start, text: "" }] : []),
    ...first.additions,
  ];
  let { end } = first;
  for (const next of others) {
    const opens = next.start - next.connective;
    // A heading or a picture's caption may stand between them.
    if (!isBlank(text.slice(end, opens))) edits.push({ start: end, end: opens, text: " " });
    const isKnown = (name: string) => text.slice(first.start, end).includes(name);
    edits.push(
      ...next.additions.filter(({ name, kind }) => kind === "short name" && !isKnown(name)),
    );
    end = next.end;
  }
  const whole = editedSentence(text, { start, end }, edits);
  return { ...whole, text: whole.text.replace(/\s+/g, " ") };
}

/** What says that an author's words are coming, where it is one author. */
const WRITES = new Map([
  ["en", " writes"],
  ["de", " schreibt"],
  ["fr", " écrit"],
  ["es", " escribe"],
  ["it", " scrive"],
  ["pt", " escreve"],
  ["nl", " schrijft"],
]);
const MOST_AUTHORS = 2;
/** Longer, or an address, it is no name. */
const LONGEST_AUTHOR = 40;

/** "Ada Quill writes: " before what she tells as "I"; empty where nobody is named, and where the text is told by nobody. */
function authorsLead(
  text: string,
  { article: { authors, language }, lexicon }: EntryContext,
): string {
  const named = authors.filter((name) => name.length <= LONGEST_AUTHOR && !name.includes("@"));
  if (named.length === 0 || named.length > MOST_AUTHORS || !isNarrated(text, lexicon)) return "";
  const verb = named.length === 1 ? (WRITES.get(primarySubtag(language)) ?? "") : "";
  return `${named.join(", ")}${verb}: `;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** What may be shown of an article in which no sentence stands by itself, the least bad first. */
const LESSER_EVILS: readonly (readonly Refusal[])[] = [
  ["half-quotation", "question", "too-long"],
  ["fragment"],
  ["caption", "boilerplate", "repeated"],
];

/** What has fewer words is a thing in a list. */
const LIST_WORDS = 3;

function fallback(context: EntryContext): GistChoice | undefined {
  const { candidates, titleTerms } = context.document;
  for (const evils of LESSER_EVILS) {
    const pardoned = candidates.filter(({ refusal }) => refusal && evils.includes(refusal));
    const isList =
      pardoned.length > 1 &&
      pardoned.every(({ words, text }) => words < LIST_WORDS || /[:：]$/.test(text));
    if (isList && titleTerms.size > 0) return undefined;
    const best = bestBy(pardoned, (candidate) =>
      candidate.words > LONGEST_GIST ? 0 : 1 + judgementOf(candidate, context.judgements).main,
    );
    if (best) return { sentence: gistSentence([best], context), candidates: [best], confidence: 0 };
  }
  return undefined;
}

/** An author's description, and how sure it is that it tells what the article is about. */
export interface DescriptionChoice {
  readonly sentence: Sentence;
  readonly confidence: number;
}

/** How sure an author's own description is, where it passes what any sentence has to. */
const AUTHORS = 0.7;
/** Fewer words, none of them the headline's, are a slogan: "The very best deals and sales". */
const WORDS_OF_SLOGAN = 10;

/** An author's description, where it says by itself what the article is about, or nothing else surely does. */
export function descriptionOf(
  context: EntryContext,
  choice: GistChoice | undefined,
): DescriptionChoice | undefined {
  const { article, document, lexicon } = context;
  const text = article.description?.trim() ?? "";
  const words = countWords(text);
  if (text === "" || words > LONGEST_GIST + 5) return undefined;
  if (refusalOf(text, words, document.context) !== undefined) return undefined;
  const subject = definiteSubject(text, lexicon);
  const terms = termsOf(text, lexicon.stopWords);
  const shared = sharedCount(terms, document.titleTerms);
  if (subject && !subject.isRanked && !document.titleTerms.has(subject.term)) return undefined;
  const own = choice?.confidence ?? 0;
  const isAbout = shared >= Math.min(2, document.titleTerms.size);
  if (!isAbout && own >= LEAST_CONFIDENCE) return undefined;
  const isSlogan = !isAbout && words < WORDS_OF_SLOGAN;
  return {
    sentence: { text: authorsLead(text, context) + text },
    confidence: isSlogan ? own : Math.max(AUTHORS, own),
  };
}
