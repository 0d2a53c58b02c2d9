import { rolesInArticle } from "./article-roles.ts";
import type { Block } from "./blocks.ts";
import { isPage, storyOf } from "./page.ts";
import { rolesOnPage } from "./page-roles.ts";
import type { Role } from "./role.ts";

/** The role of each block of a plain text. */
export function toRoles(blocks: readonly Block[]): Role[] {
  const story = isPage(blocks) ? storyOf(blocks) : [];
  const roles = story.includes(true) ? rolesOnPage(blocks, story) : rolesInArticle(blocks);
  return roles.map((role, index) =>
    isCaptioned(blocks, roles, index) ? { is: "captioned" } : role,
  );
}

// "Children on the ice" and, on the next line, "Photo: A. Name".
function isCaptioned(blocks: readonly Block[], roles: readonly Role[], index: number): boolean {
  const [block, next] = [blocks[index], roles[index + 1]];
  if (!block || next?.is !== "caption" || next.caption.text !== "") return false;
  const isBeside = block.group === blocks[index + 1]?.group;
  return roles[index]?.is === "story" && isBeside && block.words <= 60;
}
