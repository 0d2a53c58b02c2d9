import type { TextMeasure } from "./measure-text.ts";
import type { Role } from "./role.ts";

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
  /** One line; of code, as it is written. */
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
