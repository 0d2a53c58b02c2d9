import type { Caption } from "../article.ts";
import type { Block } from "./blocks.ts";
import { namesInByline } from "./byline.ts";
import { captionOf } from "./caption.ts";
import { FURNITURE_REASONS, furnitureOf } from "./furniture.ts";
import { isDateLine, isFileName } from "./title.ts";

/** What a block is. Each block has exactly one role, so nothing of a text can get lost. */
export type Role =
  | { readonly is: "title" }
  | { readonly is: "story" }
  | { readonly is: "caption"; readonly caption: Caption }
  /** The line above a credit that stands on a line of its own. */
  | { readonly is: "captioned" }
  | { readonly is: "byline" }
  | { readonly is: "date" }
  | { readonly is: "dropped"; readonly reason: string };

export const STORY: Role = { is: "story" };

/** Where a block stands. */
export interface Place {
  /** Near the start or the end of the story, where bylines and dates are. */
  readonly isNearEdge: boolean;
  readonly isAboveStory: boolean;
}

/** The role that a block has by its own words; STORY where they say nothing else. */
export function ownRole(block: Block, { isNearEdge, isAboveStory }: Place): Role {
  const caption = captionOf(block.text);
  if (caption) return { is: "caption", caption };
  if (isNearEdge && namesInByline(block.text).length > 0) return { is: "byline" };
  if (isNearEdge && isDateLine(block.text)) return { is: "date" };
  if (!/[\p{L}\p{N}]/u.test(block.text)) return { is: "dropped", reason: "an ornament" };
  if (isFileName(block.text)) return { is: "dropped", reason: "the name of a file" };
  const kind = furnitureOf(block.text);
  if (kind === undefined || isSentenceOfStory(block)) return STORY;
  if (kind === "navigation" && !isAboveStory) return STORY;
  return { is: "dropped", reason: FURNITURE_REASONS[kind] };
}

// "More news is expected on Tuesday." starts as furniture does; "Read more: The river rises again." is it.
function isSentenceOfStory({ text, words, isSentence }: Block): boolean {
  return isSentence && words > 6 && !/^\[?[\p{L} ]{3,25} ?[:：|]/u.test(text);
}

/** What `Article.dropped` says of a line that belongs to the page. */
export function furnitureReason(text: string): string | undefined {
  const kind = furnitureOf(text);
  return kind && FURNITURE_REASONS[kind];
}
