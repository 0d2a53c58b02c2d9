import type { Article } from "../../article/article.ts";
import { Batch } from "./batch.ts";
import type { StoryEdits } from "./story.ts";
import { isOneRun } from "./likeness.ts";
import { matchOf } from "./same-story.ts";
import { traitsOf } from "./traits.ts";

/** A story that an earlier issue told. */
export interface ToldBefore {
  readonly slot: string;
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
  readonly id: string;
  readonly title: string;
  readonly as: "again" | "next";
}

/** What the last issues told of the stories of this one: of several, the latest. */
export function followsOf(
  articles: readonly Article[],
  before: readonly ToldBefore[],
): ReadonlyMap<Article, Follows> {
  if (before.length === 0) return new Map();
  const told = before.map(({ slot, article }) => ({ slot, traits: traitsOf(article) }));
  const own = articles.map(traitsOf);
  const batch = new Batch([...own, ...told.map(({ traits }) => traits)]);
  const latestFirst = told.toSorted((a, b) => (a.slot < b.slot ? 1 : a.slot > b.slot ? -1 : 0));
  const found = new Map<Article, Follows>();
  for (const traits of own) {
    for (const { slot, traits: earlier } of latestFirst) {
      const isAgain = matchOf(traits, earlier, batch) !== undefined;
      if (!isAgain && !isOneRun(traits, earlier, batch)) continue;
      const { id, title } = earlier.article;
      found.set(traits.article, { slot, id, title, as: isAgain ? "again" : "next" });
      break;
    }
  }
  return found;
}
