import type { Candidate } from "./candidate.ts";
import { primarySubtag } from "./language/lexicon.ts";
import { isNarrated } from "./language/narrators.ts";
import {
  FEW_SENTENCES,
  gistWords,
  judgementOf,
  LONGEST_GIST,
  isTellable,
  shownTogether,
  standing,
  withDenials,
  type EntryContext,
} from "./passages.ts";
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
/** Of a claim with its denial. */
const LONGEST_DENIED_RUN = 4;
const LONGEST_DENIED_GIST = 60;

/** The passages of an article that may be its gist; of one of a few sentences each by itself, as it is told whole. */
export function passagesOf(context: EntryContext): readonly Passage[] {
  const longest = context.document.candidates.length <= FEW_SENTENCES ? 1 : LONGEST_RUN;
  const runs = likeliestOf(context).flatMap((one) => runsWith(one, longest, context));
  const unlike = new Map(runs.map((run) => [run.map(({ index }) => index).join(" "), run]));
  return withinLength([...unlike.values()].map((candidates) => passageOf(candidates, context)));
}

function withinLength(passages: readonly Passage[]): readonly Passage[] {
  const short = passages.filter(
    ({ words, candidates }) => words <= (isDenied(candidates) ? LONGEST_DENIED_GIST : LONGEST_GIST),
  );
  return short.length > 0 ? short : passages.filter(({ candidates }) => candidates.length === 1);
}

function isDenied(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ deniedBy }) => deniedBy !== undefined);
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
      if (run.length < length) continue;
      const whole = withDenials(run, document);
      if (whole.length <= LONGEST_DENIED_RUN && isTellable(whole)) runs.push(whole);
    }
  return runs;
}

/** A passage as it is shown; what its author tells as "I" is said to be theirs. */
export function passageSentence(passage: Passage, context: EntryContext): Sentence {
  const sentence = passage.candidates[0]
    ? shownTogether(passage.candidates, context, { isGist: true })
    : { text: context.article.title };
  const { start, text, added = [] } = sentence;
  const lead = authorsLead(text, context);
  if (lead === "" || start === undefined) return sentence;
  return { ...sentence, text: lead + text, added: [{ at: start, text: lead }, ...added] };
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
