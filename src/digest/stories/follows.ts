import { Batch } from "./batch.ts";
import type { Follows, StoryDraft, ToldBefore } from "./story.ts";
import { isOneRun } from "./likeness.ts";
import { matchOf } from "./same-story.ts";
import { type Traits, traitsOf } from "./traits.ts";

/** Adds to each story of an issue the latest earlier story that it follows, if there is one. */
export function withFollows(
  stories: readonly StoryDraft[],
  before: readonly ToldBefore[],
): StoryDraft[] {
  const told = before.map((story) => ({ ...story, traits: traitsOf(story.article) }));
  const own = stories.map((story) => ({ story, traits: traitsOf(story.article) }));
  const batch = new Batch([...own, ...told].map(({ traits }) => traits));
  const latestFirst = told.toSorted((a, b) => (a.slot < b.slot ? 1 : a.slot > b.slot ? -1 : 0));
  const followsOf = (traits: Traits): { readonly follows?: Follows } => {
    for (const earlier of latestFirst) {
      const isAgain = matchOf(traits, earlier.traits, batch) !== undefined;
      if (isAgain || isOneRun(traits, earlier.traits, batch))
        return { follows: followed(earlier, isAgain ? "again" : "next") };
    }
    return {};
  };
  return own.map(({ story, traits }) => Object.assign(followsOf(traits), story));
}

function followed({ slot, date, article, webUrl }: ToldBefore, as: Follows["as"]): Follows {
  const url = article.url ?? webUrl;
  const { id, title } = article;
  return { slot, ...(date && { date }), id, title, ...(url && { url }), as };
}
