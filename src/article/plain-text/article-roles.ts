import type { Block } from "./blocks.ts";
import { isNameLine, namesInByline } from "./byline.ts";
import { captionOf } from "./caption.ts";
import { furnitureOf } from "./furniture.ts";
import { furnitureReason, ownRole, STORY, type Role } from "./role.ts";
import { tailStart } from "./tail.ts";
import { isDateLine, isTitleShaped } from "./title.ts";

/** The roles of the blocks of an article that somebody saved: a headline, the story, a few lines after it. */
export function rolesInArticle(blocks: readonly Block[]): Role[] {
  const end = tailStart(blocks);
  const title = titleIndex(blocks, end);
  const opening = blocks.findIndex((block, index) => index > title && isOpening(block));
  const tailReason = furnitureReason(blocks[end]?.text ?? "") ?? "after the story";
  return blocks.map((block, index): Role => {
    if (index >= end) return { is: "dropped", reason: furnitureReason(block.text) ?? tailReason };
    if (index === title) return { is: "title" };
    const isAboveStory = index < opening;
    const isNearEdge = index <= Math.max(title, 0) + 4 || index >= end - 3;
    const own = ownRole(block, { isNearEdge, isAboveStory });
    const isSignature = index === end - 1 && opening !== -1 && index > opening;
    const isSigned = isSignature || (isAboveStory && isDated(blocks[index + 1]));
    return own === STORY && isSigned && isNameLine(block.text) ? { is: "byline" } : own;
  });
}

/** Whether the line below is a date: then a name above it is the author's. */
export function isDated(below: Block | undefined): boolean {
  return below !== undefined && isDateLine(below.text);
}

function isOpening({ text, words, isSentence }: Block): boolean {
  return isSentence && words >= 5 && captionOf(text) === undefined;
}

// The first block that is nothing else, if it looks like a headline and a sentence comes after it.
function titleIndex(blocks: readonly Block[], end: number): number {
  const index = blocks.findIndex((block, at) => at < end && !isPreliminary(block, blocks[at + 1]));
  const block = blocks[index];
  if (!block || !isTitleShaped(block)) return -1;
  return blocks.slice(index + 1, end).some(isOpening) ? index : -1;
}

// A menu word right above the first sentence is the headline ("Weather"); above a headline it is a menu.
function isPreliminary({ text, words }: Block, next: Block | undefined): boolean {
  if (captionOf(text) || namesInByline(text).length > 0 || isDateLine(text)) return true;
  return furnitureOf(text) !== undefined && !(next?.isSentence && words > 0);
}
