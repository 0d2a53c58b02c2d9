import { leadOf, withLead } from "./attribution.ts";
import type { Candidate } from "./candidate.ts";
import { lineJudge, type Above, type EntryGist, type LineJudge } from "./line-judgement.ts";
import { likenessOf, primarySubtag, SAME } from "./language/lexicon.ts";
import {
  FEW_SENTENCES,
  isPresentable,
  presentableOf,
  shownTogether,
  withDenials,
  type EntryContext,
} from "./passages.ts";
import type { Sentence } from "./summary.ts";
import type { Trees } from "../platform/boosted-trees.ts";

/**
 * Chooses the set of key points with the most value, in the article's order. The value of a point is the probability that an
 * editor keeps it after the gist and the earlier points, minus a price.
 */
export function keyPointsOf(
  context: EntryContext,
  gist: EntryGist,
  weights?: Trees,
): readonly Sentence[] {
  let known = gist.sentence.text;
  let above = gist.lead ?? "";
  return bestSet(context, gist, lineJudge(context, gist, weights)).map((point, at, points) => {
    const shown = withDenials([point], context.document);
    // Below a block quotation, the author's words would look quoted.
    const isBelowQuoted = [...gist.candidates, ...points.slice(0, at)].some(isQuoted);
    const lead = leadOf(isBelowQuoted ? "post" : "news", shown, context) ?? "";
    const isKnown = lead === above || (lead === gist.lead && !isBelowQuoted);
    above = lead;
    const sentence = shownTogether(shown, context, known + lead);
    known += ` ${lead}${sentence.text.replaceAll(/[[\]]/g, "")}`;
    return isKnown ? sentence : withLead(sentence, lead);
  });
}

function isQuoted({ isBlockQuoted }: Candidate): boolean {
  return isBlockQuoted;
}

/**
 * The price of the first point, the second and the others. A point below this probability costs editors more than it gives
 * to readers, and readers miss the first two most. Chosen by source: see decision 018.
 */
const PRICES = [0.5, 0.6, 0.7] as const;
/** The labels are English. In another language the price is at most this share of the highest probability. */
const LEAST_SHARE = 0.9;
/** The number of sets that are followed from sentence to sentence. */
const WIDTH = 8;

interface Chosen {
  readonly above: Above;
  readonly value: number;
}

function bestSet(
  context: EntryContext,
  { candidates: gist, lead: gistLead = "" }: EntryGist,
  judge: LineJudge,
): readonly Candidate[] {
  const { document } = context;
  const most = Math.min(context.keyPoints, mostPoints(document.candidates.length));
  const open = presentableOf(document.candidates).filter((one) => {
    const shown = withDenials([one], document);
    const lead = leadOf("news", shown, context);
    // Below the introduction of one author, the words of another one need their own.
    const isOfAnother = lead === "" && gistLead !== "" && shown.some(isQuoted);
    return (
      isPresentable(shown) &&
      !shown.some((other) => gist.includes(other)) &&
      lead !== undefined &&
      !isOfAnother
    );
  });
  const prices = pricesFor(context, open, judge);
  let sets: readonly Chosen[] = [{ above: judge.start, value: 0 }];
  for (const one of open) {
    const longer = sets.flatMap(({ above, value }): readonly Chosen[] => {
      if (above.points.length >= most || isOut(one, above)) return [];
      const price = prices[Math.min(above.points.length, prices.length - 1)] ?? 0;
      const gain = judge.chance(one, above) - price;
      return gain > 0 ? [{ above: judge.below(above, one), value: value + gain }] : [];
    });
    if (longer.length > 0)
      sets = [...sets, ...longer].toSorted((a, b) => b.value - a.value).slice(0, WIDTH);
  }
  return sets[0]?.above.points ?? [];
}

function pricesFor(
  { article, document }: EntryContext,
  open: readonly Candidate[],
  judge: LineJudge,
): readonly number[] {
  if (document.candidates.length <= FEW_SENTENCES) return [];
  if (primarySubtag(article.language) === "en") return PRICES;
  const most = Math.max(0, ...open.map((one) => judge.chance(one, judge.start)));
  return PRICES.map((price) => Math.min(price, most * LEAST_SHARE));
}

/** Whether a sentence is shown already, repeats a line, or depends on an omitted sentence. */
function isOut({ index, terms, refusal }: Candidate, { points, lines, last }: Above): boolean {
  if (points.length > 0 && last !== undefined && index <= last.index) return true;
  if (refusal === "leaning" && last?.index !== index - 1) return true;
  return lines.some((line) => likenessOf(terms, line) > SAME);
}

/** The only sentence is the gist. Two or three leave the rest as key points. Longer articles have three to five. */
function mostPoints(sentences: number): number {
  if (sentences <= 3) return sentences - 1;
  return Math.min(5, Math.max(3, Math.round(sentences / 5)));
}
