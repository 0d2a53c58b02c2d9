import { definiteSubject } from "./anaphora/introductions.ts";
import { leadOf } from "./attribution.ts";
import { bestBy, REFUSAL_WORDS, type Candidate } from "./candidate.ts";
import {
  gistFeatures,
  passageOf,
  passagesOf,
  passageSentence,
  type Passage,
} from "./gist-passages.ts";
import { NEVER_SHOWN } from "./denials.ts";
import { countWords } from "./language/segments.ts";
import { sharedCount, termsOf } from "./language/lexicon.ts";
import { ruledOut, withDenials, type EntryContext } from "./passages.ts";
import { refusalOf } from "./refusal.ts";
import type { Genre, Sentence } from "./summary.ts";
import { likelihood, loadTrees, type Trees } from "../platform/boosted-trees.ts";
import stored from "./gist-weights.json" with { type: "json" };
import { once } from "../platform/remembering.ts";

/** The chosen gist of an article, by the author or extracted from the text, with its confidence. */
export interface GistChoice {
  readonly sentence: Sentence;
  readonly candidates: readonly Candidate[];
  /** The introduction before it: see `leadOf`. */
  readonly lead?: string | undefined;
  readonly origin: "author" | "extract";
  readonly confidence: number;
  readonly why?: string;
}

const trained = once(() => loadTrees(stored));

/**
 * Chooses the gist: the author's description if it states the subject, otherwise the passage that an editor would most
 * likely accept. The probabilities come from trees that were trained on judged gists (`npm run train:judgement`,
 * bench/judged/). If no passage is likely to be accepted, `why` says so. If none can be shown, it is the
 * title, or the likeliest sentence of an article that has no title or no other sentence.
 */
export function gistOf(context: EntryContext, weights: Trees = trained()): GistChoice {
  return doubted(likeliest(context, weights), context);
}

/** Kinds of text for which there is no plan. */
const UNPLANNED: readonly Genre[] = ["interview", "live blog"];
const SURE_CHANCE = 0.5;
/** The highest probability of a gist or an entry with one of these doubts. */
export const MOST_DOUBTED = 0.45;

/**
 * Returns the reasons to doubt a gist whatever the trees say: the kind of text has no plan, or a rule excludes a likely main
 * point.
 */
export function doubtsAbout(
  context: EntryContext,
  candidates: readonly Candidate[],
): readonly string[] {
  const [out] = ruledOut(context, candidates);
  const kind = UNPLANNED.find((genre) => context.genre[genre] >= SURE_CHANCE);
  return [
    kind && `${kind === "interview" ? "an" : "a"} ${kind} is summarised as if it were news`,
    out?.refusal &&
      `its sentence ${out.index + 1} may say it better, but ${REFUSAL_WORDS[out.refusal]}`,
  ].flatMap((why) => (why ? [why] : []));
}

function doubted(choice: GistChoice, context: EntryContext): GistChoice {
  const doubts = choice.origin === "extract" ? doubtsAbout(context, choice.candidates) : [];
  if (doubts.length === 0) return choice;
  const why = [...(choice.why === undefined ? [] : [choice.why]), ...doubts].join("; ");
  return { ...choice, confidence: Math.min(MOST_DOUBTED, choice.confidence), why };
}

function likeliest(context: EntryContext, weights: Trees): GistChoice {
  const passages = passagesOf(context);
  const rows = gistFeatures(context, passages);
  const rated = passages.map((passage, at) => ({
    passage,
    confidence: likelihood(weights, rows[at] ?? []),
  }));
  const best = bestOf(rated);
  const description = descriptionOf(context, best?.confidence ?? 0);
  if (description) return description;
  if (!best) return titleOf(context);
  return { ...choiceOf(best, context), ...(best.confidence < UNLIKELY && { why: UNSURE }) };
}

const UNSURE = "no sentence clearly says what the article is about";
/** Below this confidence, three of four gists miss the story, and `why` says so. */
const UNLIKELY = 0.35;
/** The share of descriptions that editors accept, among those that can be read alone and share terms with the title. */
const DESCRIPTION_CONFIDENCE = 0.7;
/** A gist above this confidence is better than a description that may be about something else. */
const SURER_THAN_DESCRIPTION = 0.35;
/** Descriptions may be longer than extracted gists. */
const LONGEST_DESCRIPTION = 50;

/** Returns the author's description, if it can be read alone and states the subject, or if no passage is a likely gist. */
function descriptionOf(context: EntryContext, own: number): GistChoice | undefined {
  const { article, document, lexicon } = context;
  const text = article.description?.trim() ?? "";
  const words = countWords(text);
  if (text === "" || words > LONGEST_DESCRIPTION) return undefined;
  if (refusalOf(text, words, document.context) !== undefined) return undefined;
  if (document.candidates.some((it) => it.text === text && it.deniedBy !== undefined))
    return undefined;
  const subject = definiteSubject(text, lexicon);
  if (subject && !subject.isRanked && !document.titleTerms.has(subject.term)) return undefined;
  const shared = sharedCount(termsOf(text, lexicon.stopWords), document.titleTerms);
  const isAbout = shared >= Math.min(2, document.titleTerms.size);
  if (!isAbout && own >= SURER_THAN_DESCRIPTION) return undefined;
  const lead =
    leadOf("news", [{ text, isBlockQuoted: false, introducer: undefined }], context) ?? "";
  return {
    sentence: { text: lead + text },
    candidates: [],
    lead,
    origin: "author",
    confidence: isAbout ? Math.max(DESCRIPTION_CONFIDENCE, own) : own,
  };
}

/** Returns the title. Without one, or in an article of one sentence, it is the likeliest sentence that the article does not take back. */
function titleOf(context: EntryContext): GistChoice {
  const { article, document } = context;
  const isNeeded = article.title === "" || document.candidates.length === 1;
  // The trees were not trained on such texts, so the sentence with the most terms is shown.
  const fullest = bestBy(
    document.candidates.filter(({ deniedBy }) => deniedBy !== NEVER_SHOWN),
    ({ terms }) => terms.size,
  );
  const candidates = isNeeded && fullest ? withDenials([fullest], document) : [];
  const sentence =
    candidates.length > 0
      ? passageSentence(passageOf(candidates, context), context)
      : { text: article.title };
  return { sentence, candidates, origin: "extract", confidence: 0, why: NONE_ALONE };
}

interface Rated {
  readonly passage: Passage;
  readonly confidence: number;
}

function bestOf(rated: readonly Rated[]): Rated | undefined {
  return rated.reduce<Rated | undefined>(
    (best, one) => (best && best.confidence >= one.confidence ? best : one),
    undefined,
  );
}

function choiceOf({ passage, confidence }: Rated, context: EntryContext): GistChoice {
  return {
    sentence: passageSentence(passage, context),
    candidates: passage.candidates,
    lead: passage.lead,
    origin: "extract",
    confidence,
  };
}

const NONE_ALONE = "no sentence of the article can be read alone";
