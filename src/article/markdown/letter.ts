import type * as MarkedModule from "marked";
import type { Token, Tokens } from "marked";
import type FootnoteExtension from "marked-footnote";
import { createRequire } from "node:module";
import { remembering, once } from "../../platform/remembering.ts";
import {
  flatBlocks,
  type LetterBlock,
  type LetterPicture,
  type List,
  type Passage,
  textsOf,
} from "../letter-block.ts";
import { guards, hasEndlessBlock, narrowGaps } from "./limits.ts";

/** A name in `[[story: …]]`. */
export interface StoryName extends Tokens.Generic {
  readonly type: "storyName";
  readonly name: string;
  /** The text of the link. Default: the headline. */
  readonly words: string | undefined;
}

export function isStoryName(token: Token): token is StoryName {
  return token.type === "storyName";
}

/** A label of a footnote, `[^1]`. */
export interface FootnoteLabel extends Tokens.Generic {
  readonly type: "footnoteLabel";
  readonly label: string;
}

export function isFootnoteLabel(token: Token): token is FootnoteLabel {
  return token.type === "footnoteLabel";
}

/** The deepest nesting of lists, quotations and notes. Deeper content moves up to this level. */
const DEEPEST = 6;

/** Reads the blocks of a letter. `firstLine` is the line of the file where the letter begins. No text is lost. */
export function readLetter(markdown: string, firstLine = 1): LetterBlock[] {
  if (hasEndlessBlock(markdown)) return asWritten(markdown, firstLine);
  try {
    const tokens = reader().lexer(narrowGaps(markdown));
    const blocks = blocksIn(tokens, { line: firstLine, depth: 0 });
    return [...blocks, ...footnotesIn(tokens, firstLine)];
  } catch (error) {
    // It is nested too deeply for the parser.
    if (error instanceof RangeError) return asWritten(markdown, firstLine);
    throw error;
  }
}

/** The tokens of a block's text. Readable HTML is `<sub>`, `<sup>` and `<br>`; type `html` is any tag. */
export const inlineTokens = remembering(
  2_000,
  (text: string) => text,
  (text): readonly Token[] => {
    const { Lexer } = marked();
    return new Lexer(inlineReader().defaults).inlineTokens(text);
  },
);

/** Keeps a text that can't be parsed as raw blocks, one for each paragraph. */
function asWritten(markdown: string, firstLine: number): LetterBlock[] {
  const blocks: LetterBlock[] = [];
  let line = firstLine;
  for (const part of markdown.split(/(\n[ \t]*\n)/)) {
    if (part.trim() !== "") blocks.push({ kind: "raw", text: part.trim(), line });
    line += newlines(part);
  }
  return blocks;
}

export function newlines(text: string): number {
  return text.split("\n").length - 1;
}

interface Place {
  readonly line: number;
  /** The number of lists, quotations and notes around it. */
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

/** A line that places a block: a story, the sponsor, or an embed of another program that Broadsheet doesn't know. */
const PLACED =
  /^[ \t]*(\[\[\s*(?:story\s*:[^\]|\n]+|sponsor\s*)\]\]|!\[\[[^\]\n]+\]\]|\{\{[^\n]*\}\}|\{%[^\n]*%\})[ \t]*$/imu;

/** Reads a paragraph. Lines that place a block split it. */
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

/** An entry, followed by the entries of its own lists. */
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

/** GitHub's alerts and Obsidian's callouts. Callouts may have a title. */
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

/** HTML with only readable tags becomes a paragraph. Other HTML stays raw. */
function htmlOf({ raw }: Tokens.HTML | Tokens.Tag, line: number): LetterBlock[] {
  const text = raw.trim();
  if (text === "" || /^<!--[^]*-->$/.test(text)) return [];
  const isRead = (text.match(/<[^>]*>?/g) ?? []).every((tag) => READ_TAG.test(tag));
  return [{ kind: isRead ? "paragraph" : "raw", text, line }];
}

/** The HTML tags that are read. */
const READ_TAG = /^<\/?(sub|sup|br)\s*\/?>$/i;

/** The definitions of footnotes in the order of their references. Empty definitions are left out. */
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
    // The text of a definition begins with a line break.
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

/** Converts tokens to Markdown without references to the rest of the letter, and collects the pictures. */
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

type MarkedFootnote = typeof FootnoteExtension;

function footnotes(): MarkedFootnote | { readonly default: MarkedFootnote } {
  return createRequire(import.meta.url)("marked-footnote");
}

/** Creates a parser for one letter, because `marked-footnote` keeps state. */
function reader(): MarkedModule.Marked {
  const { Marked } = marked();
  const loaded = footnotes();
  const extension = "default" in loaded ? loaded.default : loaded;
  return new Marked({ gfm: true, tokenizer: guards() }, extension());
}

const inlineReader = once(() => {
  const { Marked } = marked();
  return new Marked({ gfm: true, tokenizer: guards(), extensions: [storyName, footnoteLabel] });
});

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

/** The position of the tag that closes `<sub>` or `<sup>`; -1 if there is none. */
export function closingAt(tokens: readonly Token[], tag: string, from: number): number {
  const closing = `</${tag.toLowerCase()}>`;
  return tokens.findIndex(({ raw }, at) => at > from && raw.toLowerCase() === closing);
}

/** An embed of Obsidian, or a sponsor mark inside a line. */
const EMBED = /!?\[\[[^\]\n]+\]\]/g;

/** Text that looks like special syntax but is shown as written, with its line. */
export function unreadIn(
  blocks: readonly LetterBlock[],
): { readonly text: string; readonly line: number | undefined }[] {
  const all = flatBlocks(blocks);
  const labels = new Set(
    all.flatMap((block) =>
      block.kind === "footnotes" ? block.notes.map(({ label }) => label) : [],
    ),
  );
  return all.flatMap((block) => {
    const texts =
      block.kind === "raw"
        ? [block.text]
        : textsOf(block).flatMap((text) => unreadAmong(inlineTokens(text), labels));
    return texts.map((text) => ({ text, line: block.line }));
  });
}

function unreadAmong(tokens: readonly Token[], labels: ReadonlySet<string>): string[] {
  let open = "";
  return tokens.flatMap((token, at) => {
    const { raw } = token;
    if (isFootnoteLabel(token)) return labels.has(token.label) ? [] : [raw];
    if ("tokens" in token && token.tokens) return unreadAmong(token.tokens, labels);
    if (token.type === "text") return raw.match(EMBED) ?? [];
    if (token.type !== "html") return [];
    const tag = READ_TAG.exec(raw)?.[1]?.toLowerCase();
    if (tag === "br") return [];
    const isClosing = raw === `</${open}>`;
    if (isClosing) open = "";
    else if (tag !== undefined && closingAt(tokens, tag, at) >= 0) open = tag;
    else return [raw];
    return [];
  });
}

/** Writes a block as Markdown that `readLetter` reads as the same block. */
export function blockSource(block: LetterBlock): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${block.text}`;
    case "rule":
      return "---";
    case "code": {
      const longest = Math.max(2, ...(block.text.match(/`+/g) ?? []).map(({ length }) => length));
      const fence = "`".repeat(longest + 1);
      return `${fence}\n${block.text}\n${fence}`;
    }
    case "picture": {
      const { src = block.missing ?? "", alt, caption, url } = block;
      const title = caption ? ` "${caption.replaceAll('"', '\\"')}"` : "";
      const picture = `![${alt}](<${src}>${title})`;
      return url === undefined ? picture : `[${picture}](<${url}>)`;
    }
    case "table":
      return tableSource(block);
    case "list":
      return block.items
        .map(({ done, ...item }, at) => {
          const box = done === undefined ? "" : `[${done ? "x" : " "}] `;
          const mark = block.start === undefined ? "- " : `${block.start + at}. `;
          return behind(mark, " ".repeat(mark.length), box + passageSource(item));
        })
        .join("\n");
    case "quote":
      return behind("> ", "> ", passageSource(block));
    case "note":
      return behind("> ", "> ", `[!NOTE]\n${passageSource(block)}`);
    case "footnotes":
      return block.notes
        .map(({ label, ...note }) => behind(`[^${label}]: `, "    ", passageSource(note)))
        .join("\n\n");
    case "story":
      return `[[story: ${block.name}]]`;
    case "sponsor":
      return "[[sponsor]]";
    default:
      return block.text;
  }
}

function passageSource({ text, blocks = [] }: Passage): string {
  return [text, ...blocks.map(blockSource)].filter(Boolean).join("\n\n");
}

function behind(first: string, others: string, text: string): string {
  const lines = text.split("\n").map((line, at) => (at === 0 ? first : others) + line);
  return lines.map((line) => line.trimEnd()).join("\n");
}

function tableSource({ head, rows, align = [] }: Extract<LetterBlock, { kind: "table" }>): string {
  const sides = { left: ":--", center: ":-:", right: "--:" };
  const rule = head.map((_, at) => sides[align[at] ?? "left"].slice(align[at] ? 0 : 1) || "--");
  return [head, rule, ...rows].map(rowSource).join("\n");
}

function rowSource(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
