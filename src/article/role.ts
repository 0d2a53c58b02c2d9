import type { Caption } from "./article.ts";

/** What a block of a text or page is. Each has exactly one role, so that nothing gets lost. */
export type Role =
  | { readonly is: "story" }
  | { readonly is: "title" }
  | { readonly is: "standfirst" }
  | { readonly is: "byline" }
  | { readonly is: "date" }
  | { readonly is: "caption"; readonly caption: Caption }
  /** The line above a credit that stands on a line of its own. */
  | { readonly is: "captioned" }
  /** Code stays in the HTML, but is no prose. */
  | { readonly is: "code" }
  /** Beside the story, with no reason found in its words or its markup. */
  | { readonly is: "around" }
  | { readonly is: "boilerplate"; readonly reason: string };

export const STORY: Role = { is: "story" };

/** A block without letters and digits: "* * *". */
export const ORNAMENT = "an ornament";
export const CREDIT_ALONE = "a picture credit without a caption";

/** What `Article.dropped` says of blocks with these roles. */
export const ROLE_REASONS = {
  title: "the headline, which is the title",
  standfirst: "the standfirst, which is the description",
  byline: "the byline",
  date: "the date line",
  code: "code, not story prose",
  around: "the page around the story",
} as const;

/** Why a block with a role is in `Article.dropped`; undefined where it is not. */
export function reasonOf(role: Role): string | undefined {
  if (role.is === "boilerplate") return role.reason;
  if (role.is === "caption") return role.caption.text === "" ? CREDIT_ALONE : undefined;
  return role.is === "story" || role.is === "captioned" ? undefined : ROLE_REASONS[role.is];
}
