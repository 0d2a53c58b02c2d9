import type { Article } from "../../article/article.ts";
import { Batch } from "./batch.ts";
import type { Follows, StoryDraft, StoryEdits } from "./story.ts";
import { isOneRun } from "./likeness.ts";
import { matchOf } from "./same-story.ts";
import { type Traits, traitsOf } from "./traits.ts";

/** A story that an earlier issue told. */
export interface ToldBefore {
  readonly slot: string;
  /** The day on that front page, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** Where that issue can be read. */
  readonly webUrl?: string | undefined;
  readonly article: Article;
}

/** What the outbox knows about an issue before it is built: its editor's decisions, and the stories of earlier issues. */
export interface Earlier {
  readonly edits: StoryEdits;
  readonly told: readonly ToldBefore[];
}

/** The stories of an issue, each with the latest story of an earlier issue that it follows, if there is one. */
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
