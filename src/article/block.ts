import type { Caption } from "./article.ts";
import { authorsIn, namesInByline } from "./byline.ts";
import { findDate, isDateNoise } from "./dates.ts";
import type { TextMeasure } from "./measure-text.ts";

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
  /** Stays in the HTML, but is no prose: a list's tags, and with a reason code, a table, a heading. */
  | { readonly is: "markup"; readonly reason?: string }
  /** Beside the story, with no reason found in its words or its markup. */
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

/** What `Article.dropped` says of blocks with these roles. */
export const ROLE_REASONS = {
  title: "the headline, which is the title",
  standfirst: "the standfirst, which is the description",
  byline: "the byline",
  date: "the date line",
  around: "the page around the story",
} as const;

/** Why a block with a role is in `Article.dropped`; undefined where it is not. */
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

/** The role of a line where a story opens or closes, which says only who wrote it or when; undefined of others. */
export function roleAtEdge(line: string, words: number): Role | undefined {
  const isShort = words < MOST_WORDS;
  if (isShort && namesInByline(line).length > 0) return { is: "byline" };
  if (isDateLine(line)) return { is: "date" };
  return isShort && authorsIn(line).length > 0 ? { is: "byline" } : undefined;
}

const PUBLISHED = /^(?:published|updated|posted|last (?:updated|modified))\b[^.]{0,60}\d{4}/i;

/** Whether a line only says when something was published, or published and updated. Two bare dates are an event's. */
export function isDateLine(line: string): boolean {
  if (PUBLISHED.test(line)) return true;
  let rest = line;
  for (let found = findDate(rest), dates = 1; found; found = findDate(rest), dates++) {
    rest = found.rest;
    if (isDateNoise(rest)) return dates === 1 || /\p{L}/u.test(rest);
  }
  return false;
}

/** What a block is by the form that it is written in; `picture` and `tags` have no text. */
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

/** A stretch of a page, a text or a Markdown file that stands by itself. */
export interface Block {
  readonly kind: BlockKind;
  /** The text in one line. Code stays as it is written. */
  readonly text: string;
  readonly measure: TextMeasure;
}

/** A block and what it is. */
export interface BlockWithRole<Own extends Block = Block> {
  readonly block: Own;
  readonly role: Role;
}

/** Those of some blocks that have a role, in order. */
export function blocksThatAre<Own extends Block>(
  is: Role["is"],
  blocks: readonly BlockWithRole<Own>[],
): Own[] {
  return blocks.flatMap(({ block, role }) => (role.is === is ? [block] : []));
}
