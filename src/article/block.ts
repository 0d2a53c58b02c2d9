import type { Caption } from "./article.ts";
import { authorsIn, namesInByline } from "./byline.ts";
import { findDate, isDateNoise } from "./dates.ts";
import type { TextMeasure } from "./measure-text.ts";

/** The role of a block in a text or page. Each block has exactly one role, so no block is lost. */
export type Role =
  | { readonly is: "story" }
  | { readonly is: "title" }
  | { readonly is: "standfirst" }
  | { readonly is: "byline" }
  | { readonly is: "date" }
  | { readonly is: "caption"; readonly caption: Caption }
  /** The line above a credit; the credit has a line of its own. */
  | { readonly is: "captioned" }
  /** Kept in the HTML but not in the text: list tags, and (with a reason) code, a table or a heading. */
  | { readonly is: "markup"; readonly reason?: string }
  /** Text around the story, when no rule on its words or markup gives a reason. */
  | { readonly is: "around" }
  | { readonly is: "boilerplate"; readonly reason: string };

export const STORY: Role = { is: "story" };

export function boilerplate(reason: string): Role {
  return { is: "boilerplate", reason };
}

/** A block without letters and digits: "* * *". */
export const ORNAMENT = "an ornament";
const CREDIT_ALONE = "a picture credit without a caption";

export const CODE = "code, not story prose";

/** The reasons in `Article.dropped` for these roles. */
export const ROLE_REASONS = {
  title: "the headline, which is the title",
  standfirst: "the standfirst, which is the description",
  byline: "the byline",
  date: "the date line",
  around: "the page around the story",
} as const;

/** Why a block with this role is in `Article.dropped`; undefined if it is not there. */
export function reasonOf(role: Role): string | undefined {
  if (role.is === "boilerplate" || role.is === "markup") return role.reason;
  if (role.is === "caption") return role.caption.text === "" ? CREDIT_ALONE : undefined;
  return role.is === "story" || role.is === "captioned" ? undefined : ROLE_REASONS[role.is];
}

/** Whether a line has neither letters nor digits: "* * *" between two parts of a story. */
export function isOrnament(line: string): boolean {
  return !/[\p{L}\p{N}]/u.test(line);
}

const MOST_WORDS = 20;

/** The role of a line at the start or end of a story that holds only a byline or a date; undefined for any other line. */
export function roleAtEdge(line: string, words: number): Role | undefined {
  const isShort = words < MOST_WORDS;
  if (isShort && namesInByline(line).length > 0) return { is: "byline" };
  if (isDateLine(line)) return { is: "date" };
  return isShort && authorsIn(line).length > 0 ? { is: "byline" } : undefined;
}

const PUBLISHED = /^(?:published|updated|posted|last (?:updated|modified))\b[^.]{0,60}\d{4}/i;

/** Whether a line only gives dates of publication or of updates. Two bare dates belong to an event. */
export function isDateLine(line: string): boolean {
  if (PUBLISHED.test(line)) return true;
  let rest = line;
  for (let found = findDate(rest), dates = 1; found; found = findDate(rest), dates++) {
    rest = found.rest;
    if (isDateNoise(rest)) return dates === 1 || /\p{L}/u.test(rest);
  }
  return false;
}

/** The form in which a block is written. `picture` and `tags` have no text. */
export type BlockKind =
  | "paragraph"
  | "text"
  | "heading"
  | "item"
  | "quotation"
  | "caption"
  | "row"
  | "code"
  | "picture"
  | "tags";

/** A unit of a page, a text or a Markdown file, such as a paragraph. */
export interface Block {
  readonly kind: BlockKind;
  /** The text as one line. Code keeps its line breaks. */
  readonly text: string;
  readonly measure: TextMeasure;
}

export interface BlockWithRole<Own extends Block = Block> {
  readonly block: Own;
  readonly role: Role;
}

/** The blocks with a given role, in order. */
export function blocksThatAre<Own extends Block>(
  is: Role["is"],
  blocks: readonly BlockWithRole<Own>[],
): Own[] {
  return blocks.flatMap(({ block, role }) => (role.is === is ? [block] : []));
}
