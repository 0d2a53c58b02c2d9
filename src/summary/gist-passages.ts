import type { Addition, Candidate } from "./candidate.ts";
import { primarySubtag } from "./language/lexicon.ts";
import { isNarrated } from "./language/narrators.ts";
import {
  editsOf,
  FEW_SENTENCES,
  gistWords,
  judgementOf,
  LONGEST_GIST,
  NEVER,
  shown,
  standing,
  type EntryContext,
} from "./passages.ts";
import { editedSentence, type Edit } from "./sentence.ts";
import type { Sentence } from "./summary.ts";

/** What may be shown as an article's gist: a sentence, or two or three that follow each other. */
export interface Passage {
  readonly candidates: readonly Candidate[];
  readonly words: number;
}

/** So many of the likeliest sentences are looked at, and of the first. */
const LIKELIEST = 6;
const FIRST = 2;
const LONGEST_RUN = 3;

/** The passages of an article that may be its gist; of one of a few sentences each by itself, as it is told whole. */
export function passagesOf(context: EntryContext): readonly Passage[] {
  const longest = context.document.candidates.length <= FEW_SENTENCES ? 1 : LONGEST_RUN;
  const runs = likeliestOf(context).flatMap((one) => runsWith(one, longest, context));
  const unlike = new Map(runs.map((run) => [run.map(({ index }) => index).join(" "), run]));
  return withinLength([...unlike.values()].map((candidates) => passageOf(candidates, context)));
}

function withinLength(passages: readonly Passage[]): readonly Passage[] {
  const short = passages.filter(({ words }) => words <= LONGEST_GIST);
  return short.length > 0 ? short : passages.filter(({ candidates }) => candidates.length === 1);
}

export function passageOf(candidates: readonly Candidate[], context: EntryContext): Passage {
  const words = candidates.reduce((sum, candidate) => sum + gistWords(candidate, context), 0);
  return { candidates, words };
}

/** The sentences likeliest to have the main point, and those that the article begins with. */
function likeliestOf({ document, judgements }: EntryContext): readonly Candidate[] {
  const open = standing(document.candidates);
  const pointOf = (candidate: Candidate) => {
    const { main, content } = judgementOf(candidate, judgements);
    return main * content;
  };
  const likeliest = open.toSorted((a, b) => pointOf(b) - pointOf(a)).slice(0, LIKELIEST);
  return [...new Set([...likeliest, ...open.slice(0, FIRST)])];
}

/** A sentence alone, and with those that stand right before or after it. */
function runsWith(
  one: Candidate,
  longest: number,
  { document }: EntryContext,
): readonly (readonly Candidate[])[] {
  const { candidates } = document;
  const runs: (readonly Candidate[])[] = [];
  for (let length = 1; length <= longest; length++)
    for (let from = one.index - length + 1; from <= one.index; from++) {
      const run = candidates.slice(Math.max(0, from), from + length);
      if (run.length === length && run.every(({ refusal }) => !NEVER.has(refusal))) runs.push(run);
    }
  return runs;
}

/** A passage as it is shown; what its author tells as "I" is said to be theirs. */
export function passageSentence(passage: Passage, context: EntryContext): Sentence {
  const sentence = bareSentence(passage, context);
  const { start, text, added = [] } = sentence;
  const lead = authorsLead(text, context);
  if (lead === "" || start === undefined) return sentence;
  return { ...sentence, text: lead + text, added: [{ at: start, text: lead }, ...added] };
}

function bareSentence({ candidates }: Passage, context: EntryContext): Sentence {
  const [first, ...others] = candidates;
  if (!first) return { text: context.article.title };
  const last = others.at(-1);
  if (!last) return shown(first, context, { isGist: true });
  const place = { start: first.start - first.connective, end: last.end };
  const whole = editedSentence(context.article.text, place, joiningEdits(candidates, context));
  return { ...whole, text: whole.text.replace(/\s+/g, " ") };
}

/** What is changed in and between sentences that are shown as one text. */
function joiningEdits(candidates: readonly Candidate[], context: EntryContext): readonly Edit[] {
  const { text } = context.article;
  return candidates.flatMap((candidate, at) => {
    const before = candidates[at - 1];
    const known = candidates
      .slice(0, at)
      .map((other) => other.text)
      .join(" ");
    const own = editsOf(candidate, context, { isGist: true, known });
    if (!before) return own;
    const opens = candidate.start - candidate.connective;
    // A heading or a picture's caption may stand between them.
    const isApart = text.slice(before.end, opens).trim() !== "";
    const gap = isApart ? [{ start: before.end, end: opens, text: " " }] : [];
    return [...gap, ...own.filter(isNoReferent)];
  });
}

/** "He [Pell]" needs no name where the sentence before it stands before it. */
function isNoReferent(edit: Edit & Partial<Pick<Addition, "kind">>): boolean {
  return edit.kind !== "pronoun";
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
export function authorsLead(
  text: string,
  { article: { authors, language }, lexicon }: EntryContext,
): string {
  const named = authors.filter((name) => name.length <= LONGEST_AUTHOR && !name.includes("@"));
  if (named.length === 0 || named.length > MOST_AUTHORS || !isNarrated(text, lexicon)) return "";
  const verb = named.length === 1 ? (WRITES.get(primarySubtag(language)) ?? "") : "";
  return `${named.join(", ")}${verb}: `;
}
