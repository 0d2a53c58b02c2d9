import { loadTrees } from "../platform/boosted-trees.ts";
import { once } from "../platform/remembering.ts";
import stored from "./fact-weights.json" with { type: "json" };
import type { Judgement } from "./judgement.ts";
import { judgementOf } from "./passages.ts";
import { GENRES, type GenreChances } from "./summary.ts";

/** The entry beside which the facts of an article are shown. */
export interface FactsContext {
  readonly judgements: readonly Judgement[];
  /** See `termWeightsOf`. */
  readonly termWeights: ReadonlyMap<string, number>;
  readonly genre: GenreChances;
  readonly gist: string;
  /** The text of gist and key points. */
  readonly shown: string;
}

/** Trees that predict whether an editor finds a fact right and worth printing (bench/judged/facts.ndjson). */
export const factTrees = once(() => ({
  people: loadTrees(stored.people),
  timeline: loadTrees(stored.timeline),
  quotes: loadTrees(stored.quotes),
}));

/** The features of a fact that come from its sentence and the kind of the text. */
export function sharedFeatures(
  index: number,
  { judgements, genre }: FactsContext,
): readonly number[] {
  const { main, keep, content } = judgementOf({ index }, judgements);
  return [
    index,
    index / Math.max(1, judgements.length),
    judgements.length,
    main,
    keep,
    content,
    ...GENRES.map((name) => genre[name]),
  ];
}
