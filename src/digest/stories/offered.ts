import { Batch } from "./batch.ts";
import { chanceOfOneEvent, isNear } from "./likeness.ts";
import { backingOf } from "./same-story.ts";
import { likenessOf } from "../../summary/language/lexicon.ts";
import type { OfferedPair, StoryDraft, StoryEdits } from "./story.ts";
import { traitsOf } from "./traits.ts";

/** Below this probability, an editor would reject nearly every pair. */
const LEAST_OFFERED = 0.12;
/**
 * The maximum number of pairs that are compared closely, those with the most common words in their openings. Two hundred
 * stories have 19,900 pairs.
 */
const MOST_COMPARED = 100;
/** An editor decides about no more pairs per issue. */
const MOST_OFFERED = 3;

/** Returns the pairs of stories that may be one, the most likely first. An editor decides about them. */
export function unsurePairs(
  stories: readonly StoryDraft[],
  edits: StoryEdits,
): readonly OfferedPair[] {
  const known = stories.map((story) => ({ story, traits: traitsOf(story.article) }));
  const batch = new Batch(known.map(({ traits }) => traits));
  const likely = known
    .flatMap((a, at) => known.slice(at + 1).map((b) => [a, b] as const))
    .map(([a, b]) => ({ a, b, shared: likenessOf(a.traits.lead, b.traits.lead) }))
    .sort((one, other) => other.shared - one.shared)
    .slice(0, MOST_COMPARED)
    .filter(({ a, b }) => isNear(a.traits, b.traits, batch) && !isParted(edits, a.story, b.story))
    .map(({ a, b }) => ({ a, b, chance: chanceOfOneEvent(a.traits, b.traits, batch) }))
    .filter(({ chance }) => chance >= LEAST_OFFERED)
    .sort((one, other) => other.chance - one.chance);
  const offered: OfferedPair[] = [];
  for (const { a, b, chance } of likely) {
    if (offered.length === MOST_OFFERED) break;
    if (backingOf(a.traits, b.traits, batch).against !== undefined) continue;
    offered.push({ stories: [a.story.id, b.story.id], chance: Math.round(chance * 100) / 100 });
  }
  return offered;
}

/** Whether the editor has parted two stories, or two of their articles. */
export function isParted({ apart = [] }: StoryEdits, a: StoryDraft, b: StoryDraft): boolean {
  const [ones, others] = [a, b].map(
    (story) => new Set([story, ...story.merged].flatMap(({ id, article }) => [id, article.id])),
  );
  return apart.some(
    ([one, other]) =>
      (ones?.has(one) && others?.has(other)) || (ones?.has(other) && others?.has(one)),
  );
}
