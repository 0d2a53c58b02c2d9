/** A first paragraph, and the blocks that follow it in the same list entry, quotation or note. */
export interface Passage {
  readonly text: string;
  readonly blocks?: readonly LetterBlock[] | undefined;
}

interface KindsOfBlock {
  readonly heading: { readonly level: number; readonly text: string };
  readonly paragraph: { readonly text: string };
  /** A picture. Without `src` it can't be loaded or shown, and `missing` is the address that the editor wrote. */
  readonly picture: {
    readonly src?: string | undefined;
    readonly missing?: string | undefined;
    readonly alt: string;
    readonly caption?: string | undefined;
    /** The address to which the picture links. */
    readonly url?: string | undefined;
    readonly widthPx?: number | undefined;
    readonly heightPx?: number | undefined;
  };
  readonly table: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** The alignment of the cells of each column; null if none is given. */
    readonly align?: readonly ("left" | "center" | "right" | null)[] | undefined;
  };
  /** An ordered list has `start`, its first number. */
  readonly list: {
    readonly start?: number | undefined;
    /** An entry with `done` is a task. */
    readonly items: readonly (Passage & { readonly done?: boolean | undefined })[];
  };
  readonly quote: Passage;
  readonly note: Passage;
  readonly code: { readonly text: string };
  readonly rule: object;
  readonly footnotes: { readonly notes: readonly (Passage & { readonly label: string })[] };
  /** A story of the issue, by its headline, the beginning of its headline, or its number. */
  readonly story: { readonly name: string };
  readonly sponsor: object;
  /** Text that fits no other kind of block, such as HTML. Readers see its source. */
  readonly raw: { readonly text: string };
}

type Kind = keyof KindsOfBlock;

/**
 * A block of the editor's letter. Its texts are inline Markdown, with the tags `<sub>`, `<sup>` and `<br>`, the labels of
 * footnotes (`[^1]`) and the names of stories (`[[story: …]]`). `line` is the line of the letter's file where it begins.
 */
export type LetterBlock = {
  readonly [K in Kind]: { readonly kind: K; readonly line?: number | undefined } & KindsOfBlock[K];
}[Kind];

export type LetterPicture = Extract<LetterBlock, { kind: "picture" }>;
export type List = Extract<LetterBlock, { kind: "list" }>;

/** All blocks of a letter. A block inside another one follows it. */
export function flatBlocks(blocks: readonly LetterBlock[]): LetterBlock[] {
  return blocks.flatMap((block) => [
    block,
    ...passagesIn(block).flatMap(({ blocks = [] }) =>
      flatBlocks(blocks.map((inner) => ({ ...inner, line: inner.line ?? block.line }))),
    ),
  ]);
}

function passagesIn(block: LetterBlock): readonly Passage[] {
  if (block.kind === "list") return block.items;
  if (block.kind === "footnotes") return block.notes;
  return block.kind === "quote" || block.kind === "note" ? [block] : [];
}

/** The texts of one block in inline Markdown, without the texts of inner blocks. */
export function textsOf(block: LetterBlock): string[] {
  if (block.kind === "table") return [...block.head, ...block.rows.flat()];
  if (block.kind === "heading" || block.kind === "paragraph") return [block.text];
  return passagesIn(block).map(({ text }) => text);
}

/** Changes each picture of a letter, at any depth. */
export function withPictures(
  blocks: readonly LetterBlock[],
  change: (picture: LetterPicture) => LetterPicture,
): LetterBlock[] {
  const inside = <P extends Passage>(passage: P): P =>
    passage.blocks ? { ...passage, blocks: withPictures(passage.blocks, change) } : passage;
  return blocks.map((block) => {
    if (block.kind === "picture") return change(block);
    if (block.kind === "list") return { ...block, items: block.items.map(inside) };
    if (block.kind === "footnotes") return { ...block, notes: block.notes.map(inside) };
    return block.kind === "quote" || block.kind === "note" ? inside(block) : block;
  });
}
