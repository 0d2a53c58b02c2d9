import { type BlockWithRole, boilerplate, CODE, type Role, STORY } from "../block.ts";
import { BOILERPLATE_REASONS } from "../boilerplate.ts";
import type { PageBlock } from "./blocks.ts";
import type { JudgedBlock } from "./choose-story.ts";
import type { Signs } from "./signs.ts";

export type PageBlockWithRole = BlockWithRole<PageBlock>;

const AROUND: Role = { is: "around" };
const CODE_ROLE: Role = { is: "markup", reason: CODE };
const OTHER_STORY = boilerplate(BOILERPLATE_REASONS.related);

/** Assigns a role to each block. Blocks of the story are printed. The signs of all other blocks decide their roles. */
export function toRoles(judged: readonly JudgedBlock[]): PageBlockWithRole[] {
  return judged.map(({ block, isStory, signs }): PageBlockWithRole => {
    if (!isStory) return { block, role: roleBySigns(signs) };
    return { block, role: block.place.name === "pre" ? CODE_ROLE : STORY };
  });
}

function roleBySigns({ role, byWords, byMarkup, isOtherStory }: Signs): Role {
  const reason = byMarkup ?? byWords;
  if (role) return role;
  if (reason !== undefined) return boilerplate(reason);
  return isOtherStory ? OTHER_STORY : AROUND;
}
