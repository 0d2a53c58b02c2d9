import { isDated } from "./article-roles.ts";
import type { Block } from "./blocks.ts";
import { isNameLine } from "./byline.ts";
import { furnitureReason, ownRole, STORY, type Role } from "./role.ts";
import { titleAbove } from "./title.ts";

// A headline, its rubric, a byline and some sharing links come between a page's menus and its story.
const REACH = 25;

/** The roles of the blocks of a page, given which of them are its story. */
export function rolesOnPage(blocks: readonly Block[], story: readonly boolean[]): Role[] {
  const start = story.indexOf(true);
  const end = story.lastIndexOf(true);
  const title = titleAbove(blocks, start, REACH);
  return blocks.map((block, index): Role => {
    if (index === title) return { is: "title" };
    const isHead = index < start && index > title && index >= start - REACH;
    const isNearEdge = isHead || Math.abs(index - start) < 2 || Math.abs(index - end) < 3;
    const own = ownRole(block, { isNearEdge, isAboveStory: index < start });
    if (story[index]) return own;
    const isSigned = isHead && isDated(blocks[index + 1]) && isNameLine(block.text);
    if (own === STORY && isSigned) return { is: "byline" };
    if (isNearEdge && (own.is === "byline" || own.is === "date")) return own;
    if (own.is === "caption" && index < start && index >= start - 6) return own;
    return { is: "dropped", reason: furnitureReason(block.text) ?? "the page around the story" };
  });
}
