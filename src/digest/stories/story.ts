import type { Article } from "../../article/article.ts";

/** A story: the article that tells it in the issue, and those that were merged into it. */
export interface Story {
  readonly article: Article;
  readonly alsoIn: readonly Article[];
  /** Why this article tells it; absent where there is no other. */
  readonly told?: Told;
  /** Why each other is the same story, in the order of `alsoIn`. */
  readonly merges?: readonly Merge[];
}

/** By an editor's choice, as the fullest text, the earliest of texts as full, or its paper's latest version. */
export type Told = "chosen" | "fullest" | "earliest" | "latest";

/** What an article was merged for, or that an editor or a model said so, and how sure that is. */
export interface Merge {
  readonly as: Sameness | "joined" | "model";
  readonly chance: number;
}

/** What an editor has decided of articles, by their ids. */
export interface StoryEdits {
  /** These two are never one story. */
  readonly apart?: readonly (readonly [string, string])[] | undefined;
  /** The second is told by the first. */
  readonly together?: readonly (readonly [string, string])[] | undefined;
}

/** Why two articles are told as one story. */
type Sameness = "article" | "copy" | "event";

/** That two articles tell one story, and how sure that is, from 0 to 1. */
export interface Match {
  readonly as: Sameness;
  readonly chance: number;
}
