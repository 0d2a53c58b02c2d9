import type { Caption } from "../article.ts";
import { FURNITURE_REASONS } from "../plain-text/furniture.ts";
import type { StoryLine } from "./story-line.ts";

/**
 * What a line of the story's part of a page is. Each has exactly one role, so that none gets lost.
 */
export type Role =
  | { readonly is: "story" }
  | { readonly is: "caption"; readonly caption: Caption }
  | { readonly is: "standfirst" }
  | { readonly is: "byline" }
  | { readonly is: "date" }
  /** Code stays in the HTML, but is no prose. */
  | { readonly is: "code" }
  | { readonly is: "dropped"; readonly reason: string };

/** A line and what it has been taken for so far. */
export interface Placed {
  readonly line: StoryLine;
  readonly role: Role;
}

export const STORY: Role = { is: "story" };
export const HEADLINE = dropped("the headline, which is the title");
export const OTHER_STORY = dropped(FURNITURE_REASONS.related);
export const BIO = dropped("about the author, not the story");
export const AROUND = dropped("the page around the story");

export function dropped(reason: string): Role {
  return { is: "dropped", reason };
}
