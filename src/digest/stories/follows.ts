import type { Article } from "../../article/article.ts";
import { Batch } from "./batch.ts";
import type { StoryEdits } from "./story.ts";
import { isOneRun } from "./likeness.ts";
import { matchOf } from "./same-story.ts";
import { traitsOf } from "./traits.ts";

/** A story that an earlier issue told. */
export interface ToldBefore {
  readonly slot: string;
  /** The day on that front page, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** Where that issue can be read. */
  readonly webUrl?: string | undefined;
  readonly article: Article;
}

/** What is known of an issue before it is built: its editor's decisions, and what the issues before it told. */
export interface Earlier {
  readonly edits: StoryEdits;
  readonly told: readonly ToldBefore[];
}

/** Which earlier story one follows, and whether it is that story once more or the next of its run. */
export interface Follows {
  readonly slot: string;
  readonly date?: string;
  readonly id: string;
  readonly title: string;
  /** Where the story can be read, or else its issue. */
  readonly url?: string;
  readonly as: "again" | "next";
}

/** What the last issues told of the stories of this one: of several, the latest. */
export function followsOf(
  articles: readonly Article[],
  before: readonly ToldBefore[],
): ReadonlyMap<Article, Follows> {
  const told = before.map((story) => ({ ...story, traits: traitsOf(story.article) }));
  const own = articles.map(traitsOf);
  const batch = new Batch([...own, ...told.map(({ traits }) => traits)]);
  const latestFirst = told.toSorted((a, b) => (a.slot < b.slot ? 1 : a.slot > b.slot ? -1 : 0));
  const found = new Map<Article, Follows>();
  for (const traits of own) {
    for (const { traits: earlier, ...story } of latestFirst) {
      const isAgain = matchOf(traits, earlier, batch) !== undefined;
      if (!isAgain && !isOneRun(traits, earlier, batch)) continue;
      found.set(traits.article, followed(story, isAgain ? "again" : "next"));
      break;
    }
  }
  return found;
}

function followed({ slot, date, article, webUrl }: ToldBefore, as: Follows["as"]): Follows {
  const url = article.url ?? webUrl;
  const { id, title } = article;
  return { slot, ...(date && { date }), id, title, ...(url && { url }), as };
}
