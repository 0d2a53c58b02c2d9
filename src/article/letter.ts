import type * as MarkedModule from "marked";
import type { Token, Tokens } from "marked";
import type FootnoteExtension from "marked-footnote";
import { createRequire } from "node:module";
import { remembering } from "../platform/remembering.ts";
import { guards, hasEndlessBlock, narrowGaps } from "./markdown/limits.ts";

/** A first paragraph, and the blocks that follow it in the same list entry, quotation or note. */
export interface Passage {
  readonly text: string;
  readonly blocks?: readonly LetterBlock[] | undefined;
}

interface KindsOfBlock {
  readonly heading: { readonly level: number; readonly text: string };
  readonly paragraph: { readonly text: string };
  /** Without `src` the picture can't be had or shown; `missing` is what the editor wrote. */
  readonly picture: {
    readonly src?: string | undefined;
    readonly missing?: string | undefined;
    readonly alt: string;
    readonly caption?: string | undefined;
    /** Where the picture links to. */
    readonly url?: string | undefined;
    readonly widthPx?: number | undefined;
    readonly heightPx?: number | undefined;
  };
  readonly table: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
    /** Where the cells of each column stand; null where nothing says so. */
    readonly align?: readonly ("left" | "center" | "right" | null)[] | undefined;
  };
  /** Ordered if it has the number that it starts with. */
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
  /** A story of the issue: its headline, the beginning of it, or its number. */
  readonly story: { readonly name: string };
  readonly sponsor: object;
  /** Text that no block is for, such as HTML. Readers see it as it is written. */
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
type List = Extract<LetterBlock, { kind: "list" }>;

/** A name in `[[story: …]]`. */
export interface StoryName extends Tokens.Generic {
  readonly type: "storyName";
  readonly name: string;
  /** The words of the link; by default the headline. */
  readonly words: string | undefined;
}

export function isStoryName(token: Token): token is StoryName {
  return token.type === "storyName";
}

/** How deep lists, quotations and notes may stand in one another. What is deeper stands at the deepest place. */
const DEEPEST = 6;

/** The blocks of a letter in Markdown, of which the first line is the line `firstLine` of its file. Nothing of it is lost. */
export function readLetter(markdown: string, firstLine = 1): LetterBlock[] {
  if (hasEndlessBlock(markdown)) return asWritten(markdown, firstLine);
  try {
    const tokens = reader().lexer(narrowGaps(markdown));
    const blocks = blocksIn(tokens, { line: firstLine, depth: 0 });
    return [...blocks, ...footnotesIn(tokens, firstLine)];
  } catch (error) {
    // It is nested deeper than the parser has room for.
    if (error instanceof RangeError) return asWritten(markdown, firstLine);
    throw error;
  }
}

/** The tokens of a block's text. HTML is only `<sub>`, `<sup>` and `<br>`: tokens of type `html` are any tags. */
export const inlineTokens = remembering(
  2_000,
  (text: string) => text,
  (text): readonly Token[] => {
    const { Lexer } = marked();
    return new Lexer(inlineReader().defaults).inlineTokens(text);
  },
);

/** All blocks of a letter, those in other blocks after them. */
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

/** The texts of one block in inline Markdown, without those of the blocks in it. */
export function textsOf(block: LetterBlock): string[] {
  if (block.kind === "table") return [...block.head, ...block.rows.flat()];
  if (block.kind === "heading" || block.kind === "paragraph") return [block.text];
  return passagesIn(block).map(({ text }) => text);
}

/** A letter with each of its pictures changed, wherever they stand. */
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

/** A text that is no Markdown for us, block by block. */
function asWritten(markdown: string, firstLine: number): LetterBlock[] {
  const blocks: LetterBlock[] = [];
  let line = firstLine;
  for (const part of markdown.split(/(\n[ \t]*\n)/)) {
    if (part.trim() !== "") blocks.push({ kind: "raw", text: part.trim(), line });
    line += newlines(part);
  }
  return blocks;
}

function newlines(text: string): number {
  return text.split("\n").length - 1;
}

interface Place {
  readonly line: number;
  /** How many lists, quotations and notes are around it. */
  readonly depth: number;
}

function blocksIn(tokens: readonly Token[], { line, depth }: Place): LetterBlock[] {
  const blocks: LetterBlock[] = [];
  let at = line;
  for (const token of tokens) {
    blocks.push(...blocksOf(token, { line: at, depth }));
    at += newlines(token.raw);
  }
  return blocks;
}

function blocksOf(token: Token, place: Place): LetterBlock[] {
  const { line } = place;
  if (isToken<Tokens.Heading>(token, "heading")) {
    const { text, pictures } = inlineIn(token.tokens, line);
    return [{ kind: "heading", level: token.depth, text, line }, ...pictures];
  }
  if (isToken<Tokens.Code>(token, "code")) return [{ kind: "code", text: token.text, line }];
  if (isToken<Tokens.Hr>(token, "hr")) return [{ kind: "rule", line }];
  if (isToken<Tokens.Table>(token, "table")) return tableOf(token, line);
  if (isToken<Tokens.List>(token, "list")) return [listOf(token, place)];
  if (isToken<Tokens.Blockquote>(token, "blockquote")) return quoteOf(token, place);
  if (isToken<Tokens.HTML>(token, "html")) return htmlOf(token, line);
  if (isToken<Tokens.Paragraph>(token, "paragraph") || isToken<Tokens.Text>(token, "text"))
    return place.depth === 0 ? paragraphsOf(token, line) : wordsOf(token.tokens ?? [], line);
  return [];
}

function isToken<T extends Token>(token: Token, type: T["type"]): token is T {
  return token.type === type;
}

/** A line that places a block: a story, the sponsor, or an embed of another program, which Broadsheet doesn't know. */
const PLACED =
  /^[ \t]*(\[\[\s*(?:story\s*:[^\]|\n]+|sponsor\s*)\]\]|!\[\[[^\]\n]+\]\]|\{\{[^\n]*\}\}|\{%[^\n]*%\})[ \t]*$/imu;

/** A paragraph. Lines that place a block part it. */
function paragraphsOf(token: Tokens.Paragraph | Tokens.Text, line: number): LetterBlock[] {
  const parts = token.raw.split(new RegExp(PLACED, "gimu"));
  if (parts.length === 1) return wordsOf(token.tokens ?? [], line);
  let at = line;
  return parts.flatMap((part, index) => {
    const own = at;
    at += newlines(part);
    if (index % 2 === 1) return [placedBlock(part, own)];
    return wordsOf(inlineTokens(part.trim()), own + newlines(/^\s*/.exec(part)?.[0] ?? ""));
  });
}

function placedBlock(mark: string, line: number): LetterBlock {
  const [, name] = /^\[\[\s*story\s*:\s*(.*?)\s*\]\]$/iu.exec(mark) ?? [];
  if (name !== undefined) return { kind: "story", name, line };
  return mark.startsWith("[[") ? { kind: "sponsor", line } : { kind: "raw", text: mark, line };
}

function wordsOf(tokens: readonly Token[], line: number): LetterBlock[] {
  const { text, pictures } = inlineIn(tokens, line);
  return [...(text === "" ? [] : [{ kind: "paragraph", text, line } as const]), ...pictures];
}

function tableOf({ header, rows, align }: Tokens.Table, line: number): LetterBlock[] {
  const pictures: LetterBlock[] = [];
  const cell = ({ tokens }: Tokens.TableCell) => {
    const inline = inlineIn(tokens, line);
    pictures.push(...inline.pictures);
    return inline.text;
  };
  const table: LetterBlock = {
    kind: "table",
    head: header.map(cell),
    rows: rows.map((row) => row.map(cell)),
    ...(align.some((side) => side !== null) && { align }),
    line,
  };
  return [table, ...pictures];
}

function listOf(token: Tokens.List, { line, depth }: Place): List {
  let at = line;
  const items = token.items.flatMap((item) => {
    const passage = passageOf(blocksIn(item.tokens, { line: at, depth: depth + 1 }));
    at += newlines(item.raw);
    const own = { ...passage, ...(item.task && { done: item.checked === true }) };
    return depth < DEEPEST ? [own] : withoutLists(own);
  });
  const start = token.ordered ? { start: Number(token.start) } : {};
  return { kind: "list", ...start, items, line };
}

/** An entry and those of its own lists, side by side. */
function withoutLists({ blocks = [], ...passage }: List["items"][number]): List["items"] {
  const kept = blocks.filter(({ kind }) => kind !== "list");
  const lists = blocks.filter((block) => block.kind === "list");
  return [
    { ...passage, ...(kept.length > 0 && { blocks: kept }) },
    ...lists.flatMap(({ items }) => items),
  ];
}

function passageOf(all: readonly LetterBlock[]): Passage {
  const [first, ...others] = all;
  if (!first) return { text: "" };
  const isText = first.kind === "paragraph";
  const blocks = isText ? others : [first, ...others];
  return { text: isText ? first.text : "", ...(blocks.length > 0 && { blocks }) };
}

/** GitHub's alerts and Obsidian's callouts, with the title that the latter may have. */
const NOTE = /^\[!\w+\][+-]?[ \t]*([^\n]*)(?:\n|$)/;

function quoteOf({ tokens }: Tokens.Blockquote, { line, depth }: Place): LetterBlock[] {
  const inner = blocksIn(tokens, { line, depth: depth + 1 });
  const { text, blocks = [] } = passageOf(inner);
  const [mark, title = ""] = NOTE.exec(text) ?? [];
  if (mark === undefined && depth >= DEEPEST) return inner;
  const kind = mark === undefined ? "quote" : "note";
  const heading = title === "" ? "" : `**${title.trim()}** `;
  const words = heading + text.slice(mark?.length ?? 0);
  const [first, ...others] = blocks;
  const passage =
    words === "" && first?.kind === "paragraph"
      ? { text: first.text, blocks: others }
      : { text: words, blocks };
  return [{ kind, text: passage.text, ...(passage.blocks.length > 0 && passage), line }];
}

/** HTML with no tags but those that are read is a paragraph. */
function htmlOf({ raw }: Tokens.HTML | Tokens.Tag, line: number): LetterBlock[] {
  const text = raw.trim();
  if (text === "" || /^<!--[^]*-->$/.test(text)) return [];
  const isRead = (text.match(/<[^>]*>?/g) ?? []).every((tag) => READ_TAG.test(tag));
  return [{ kind: isRead ? "paragraph" : "raw", text, line }];
}

/** The tags of HTML that are read. */
export const READ_TAG = /^<\/?(sub|sup|br)\s*\/?>$/i;

/** The definitions of footnotes in the order in which the letter refers to them; those without a text say nothing. */
function footnotesIn(tokens: readonly Token[], firstLine: number): LetterBlock[] {
  const [first] = tokens;
  if (!first || !isFootnotes(first)) return [];
  const { items, rawItems } = first;
  const ordered = [...items, ...rawItems.filter((one) => !items.includes(one))];
  const notes = ordered.flatMap(({ label, raw, content }) => {
    const before = tokens.slice(
      0,
      tokens.findIndex((token) => token.raw === raw),
    );
    // The text of a definition begins with a line break of its own.
    const line = firstLine - 1 + newlines(before.map((token) => token.raw).join(""));
    const passage = passageOf(blocksIn(content, { line, depth: 1 }));
    return passage.text === "" && !passage.blocks ? [] : [{ label, ...passage }];
  });
  return notes.length > 0 ? [{ kind: "footnotes", notes }] : [];
}

interface Footnote {
  readonly label: string;
  readonly raw: string;
  readonly content: readonly Token[];
}

interface Footnotes extends Tokens.Generic {
  readonly items: readonly Footnote[];
  readonly rawItems: readonly Footnote[];
}

function isFootnotes(token: Token): token is Footnotes {
  return token.type === "footnotes";
}

interface Inline {
  readonly text: string;
  readonly pictures: readonly LetterPicture[];
}

/** Inline Markdown that says the same without the rest of the letter, and the pictures in it. */
function inlineIn(tokens: readonly Token[], line: number): Inline {
  const pictures: LetterPicture[] = [];
  const text = tokens.map((token) => inlineOf(token, { pictures, line })).join("");
  return { text: text.trim(), pictures };
}

function inlineOf(
  token: Token,
  found: { readonly pictures: LetterPicture[]; readonly line: number },
): string {
  if (isToken<Tokens.Image>(token, "image")) {
    found.pictures.push(pictureOf(token, found.line));
    return "";
  }
  const inner: readonly Token[] = "tokens" in token && token.tokens ? token.tokens : [];
  if (inner.length === 0) return token.raw;
  const before = found.pictures.length;
  const words = inner.map((one) => inlineOf(one, found)).join("");
  if (!isToken<Tokens.Link>(token, "link")) {
    const own = inner.map(({ raw }) => raw).join("");
    const at = token.raw.indexOf(own);
    return token.raw.slice(0, at) + words + token.raw.slice(at + own.length);
  }
  for (const [at, picture] of found.pictures.entries())
    if (at >= before) found.pictures[at] = { ...picture, url: token.href };
  if (words.trim() === "") return "";
  const isWhole = !/^\[[^]*\]$/.test(token.raw) && found.pictures.length === before;
  return isWhole ? token.raw : `[${words}](<${token.href.replace(/[<>]/g, encodeURIComponent)}>)`;
}

function pictureOf({ href, text, title }: Tokens.Image, line: number): LetterPicture {
  return { kind: "picture", src: href, alt: text, ...(title && { caption: title }), line };
}

function marked(): typeof MarkedModule {
  return createRequire(import.meta.url)("marked");
}

/** The packages `marked` and `marked-footnote`. The second keeps what it found, so that each letter has a reader of its own. */
function reader(): MarkedModule.Marked {
  const footnotes: typeof FootnoteExtension | { default: typeof FootnoteExtension } = createRequire(
    import.meta.url,
  )("marked-footnote");
  const { Marked } = marked();
  const extension = "default" in footnotes ? footnotes.default : footnotes;
  return new Marked({ gfm: true, tokenizer: guards() }, extension());
}

let inline: MarkedModule.Marked | undefined;

function inlineReader(): MarkedModule.Marked {
  const { Marked } = marked();
  return (inline ??= new Marked({
    gfm: true,
    tokenizer: guards(),
    extensions: [storyName, footnoteLabel],
  }));
}

const storyName: MarkedModule.TokenizerExtension = {
  name: "storyName",
  level: "inline",
  start: (source) => source.indexOf("[["),
  tokenizer(source) {
    const [raw, name, words] =
      /^\[\[\s*story\s*:\s*([^\]|]+?)\s*(?:\|\s*([^\]]+?)\s*)?\]\]/iu.exec(source) ?? [];
    return raw === undefined ? undefined : { type: "storyName", raw, name, words };
  },
};

const footnoteLabel: MarkedModule.TokenizerExtension = {
  name: "footnoteLabel",
  level: "inline",
  start: (source) => source.indexOf("[^"),
  tokenizer(source) {
    const [raw, label] = /^\[\^([^\]\n]+)\]/.exec(source) ?? [];
    return raw === undefined ? undefined : { type: "footnoteLabel", raw, label };
  },
};
