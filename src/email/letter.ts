import type { Token } from "marked";
import { flatBlocks, type LetterBlock, type Passage } from "../article/letter-block.ts";
import {
  closingAt,
  inlineTokens,
  isFootnoteLabel,
  isStoryName,
} from "../article/markdown/letter.ts";
import { decodeReferences, escapeMailHtml } from "../platform/references.ts";
import { columnsOf } from "../platform/text.ts";
import { SOURCE, type Sourced } from "./marks.ts";
import type { Theme } from "./theme.ts";
import { curlTogether, estimatedWidthPx, TEXT_COLUMNS, UNWRAPPED } from "./typography.ts";

/**
 * One element of a letter. Lists, quotations and notes have one element at their start and one at their end, so that a
 * template can show nested elements in a flat list.
 */
export interface LetterElement extends Sourced {
  readonly kind:
    | "heading"
    | "paragraph"
    | "further"
    | "quoted"
    | "picture"
    | "missing"
    | "table"
    | "records"
    | "code"
    | "rule"
    | "bullets"
    | "bullets-end"
    | "numbers"
    | "numbers-end"
    | "item"
    | "task"
    | "item-end"
    | "quote"
    | "quote-end"
    | "note"
    | "note-end"
    | "footnote"
    | "footnote-end";
  /** The text as HTML with only our own tags, and as plain text. Empty if the element has none. */
  readonly html: string;
  readonly text: string;
  /** The level of a heading, and the text style of a heading or paragraph. */
  readonly tag: "h2" | "h3" | "h4";
  readonly style: string;
  /** The quotation marks, which a template may hang or colour. Empty in other elements. */
  readonly open: string;
  readonly close: string;
  /** The first number of a list, or the number of a footnote. */
  readonly number: string;
  readonly picture: LetterPicture | null;
  readonly head: readonly LetterCell[];
  readonly rows: readonly { readonly cells: readonly LetterCell[] }[];
}

interface LetterPicture {
  readonly src: string;
  readonly alt: string;
  readonly caption: { readonly html: string } | null;
  readonly url: string | null;
  readonly headline: string;
  readonly width: string;
  readonly height: string | null;
}

interface LetterCell {
  readonly html: string;
  /** The heading of its column. */
  readonly name: string;
  /** "left", "center" or "right". */
  readonly side: string;
}

/** A rendered block of a letter. */
export interface DrawnBlock {
  readonly elements: readonly LetterElement[];
  /** Plain text in whole lines. */
  readonly text: string;
}

/** The context in which a letter is rendered. */
export interface Pen {
  readonly theme: Theme;
  readonly language: string;
  /** The quotation marks of the letter's language. */
  readonly quotes: readonly [open: string, close: string];
  readonly sides: { readonly start: string; readonly end: string };
  /** Returns the story of a name: the words of its link, and its address if it has one. */
  readonly storyOf: (
    name: string,
  ) => { readonly title: string; readonly url: string | null } | null;
  /** The number of each footnote, by its label. */
  readonly notes: ReadonlyMap<string, number>;
  /** The levels of the letter's headings, the highest first. */
  readonly levels: readonly number[];
}

/** Collects the numbers of the footnotes and the levels of the headings of a letter. */
export function surveyOf(blocks: readonly LetterBlock[]): Pick<Pen, "notes" | "levels"> {
  const labels = blocks.flatMap((block) =>
    block.kind === "footnotes" ? block.notes.map(({ label }) => label) : [],
  );
  const levels = flatBlocks(blocks).flatMap((block) =>
    block.kind === "heading" ? [block.level] : [],
  );
  return {
    notes: new Map(labels.map((label, at) => [label, at + 1])),
    levels: [...new Set(levels)].sort((a, b) => a - b),
  };
}

/** Renders a block as HTML and as plain text. A sponsor has no words, so it gives nothing. */
export function drawn(block: LetterBlock & Sourced, pen: Pen): DrawnBlock {
  const source = block[SOURCE];
  const elements = elementsOf(block, pen, { style: "letter", paragraph: "paragraph" });
  return {
    elements: source ? elements.map((one) => ({ ...one, [SOURCE]: source })) : elements,
    text: linesOf(block, pen).join("\n"),
  };
}

/** The style of paragraphs in a list, a quotation or a note. */
interface Around {
  readonly style: string;
  readonly paragraph: "paragraph" | "further" | "quoted";
}

const NOTHING: Omit<LetterElement, "kind"> = {
  html: "",
  text: "",
  tag: "h2",
  style: "letter",
  open: "",
  close: "",
  number: "",
  picture: null,
  head: [],
  rows: [],
};

function element(kind: LetterElement["kind"], has: Partial<LetterElement> = {}): LetterElement {
  return { ...NOTHING, ...has, kind };
}

function elementsOf(block: LetterBlock, pen: Pen, around: Around): LetterElement[] {
  switch (block.kind) {
    case "heading":
      return [headingElement(block, pen)];
    case "paragraph":
      return [element(around.paragraph, { ...inline(block.text, pen), style: around.style })];
    case "picture":
      return pictureElements(block, pen);
    case "table":
      return [tableElement(block, pen)];
    case "code":
      return [element("code", { html: codeHtml(block.text), text: block.text })];
    case "raw": {
      const html = escapeMailHtml(block.text).replaceAll("\n", "<br>");
      return [element(around.paragraph, { html, text: block.text, style: around.style })];
    }
    case "rule":
      return [element("rule")];
    case "list":
      return listElements(block, pen, around);
    case "quote":
      return quoteElements(block, pen);
    case "note":
      return enclosed(["note", "note-end"], block, pen, { ...FURTHER, style: "inset-text" });
    case "footnotes":
      return block.notes.flatMap(({ label, ...passage }) => {
        const number = String(pen.notes.get(label) ?? "");
        return enclosed(["footnote", "footnote-end"], passage, pen, { ...FURTHER, number });
      });
    case "story":
      return elementsOf(namedStory(block), pen, around);
    case "sponsor":
      return [];
    default:
      return block satisfies never;
  }
}

/** Returns a link to a story, for a story that cannot be shown beside the letter. */
export function namedStory({ name }: { readonly name: string }): LetterBlock {
  return { kind: "paragraph", text: `[[story: ${name}]]` };
}

const FURTHER = { style: "letter", paragraph: "further" } as const;

/** Returns the first paragraph between a start and an end element, followed by its other blocks. */
function enclosed(
  [start, end]: readonly [LetterElement["kind"], LetterElement["kind"]],
  { text, blocks = [] }: Passage,
  pen: Pen,
  { paragraph, ...has }: Around & Partial<LetterElement>,
): LetterElement[] {
  return [
    element(start, { ...inline(text, pen), ...has }),
    ...blocks.flatMap((block) => elementsOf(block, pen, { style: has.style, paragraph })),
    element(end, { style: has.style }),
  ];
}

const HEADING_STYLES = { h2: "section", h3: "inset", h4: "name" } as const;

function headingElement(block: { readonly level: number; readonly text: string }, pen: Pen) {
  const tags = ["h2", "h3", "h4"] as const;
  const tag = tags[pen.levels.indexOf(block.level)] ?? "h4";
  return element("heading", { ...inline(block.text, pen), tag, style: HEADING_STYLES[tag] });
}

function listElements(
  { start, items }: Extract<LetterBlock, { kind: "list" }>,
  pen: Pen,
  { style }: Around,
): LetterElement[] {
  const kind = start === undefined ? "bullets" : "numbers";
  return [
    element(kind, { number: String(start ?? "") }),
    ...items.flatMap(({ done, ...item }) => {
      const text = done === undefined ? item.text : `${boxOf(done)} ${item.text}`;
      const mark = done === undefined ? "item" : "task";
      return enclosed([mark, "item-end"], { ...item, text }, pen, { ...FURTHER, style });
    }),
    element(`${kind}-end`),
  ];
}

function boxOf(isDone: boolean): string {
  return isDone ? "☑" : "☐";
}

/** Renders a quotation with the marks that it was written with, or with those of the language. */
function quoteElements(passage: Passage, pen: Pen): LetterElement[] {
  const [first, ...others] = enclosed(["quote", "quote-end"], passage, pen, {
    style: "letter-quote",
    paragraph: "quoted",
  });
  if (!first) return others;
  const own = /^(?:["“„«「『]|&quot;)[\s\u00A0]?/.exec(first.html)?.[0];
  const [open, close] = own === undefined ? pen.quotes : [own.replace("&quot;", "“"), ""];
  const html = first.html.slice(own?.length ?? 0);
  const at = others.findLastIndex(({ kind }) => kind === "quoted");
  const last = others[at];
  const marked = { ...first, html, open: html === "" ? "" : open };
  return last
    ? [marked, ...others.with(at, { ...last, close })]
    : [{ ...marked, close: html === "" ? "" : close }, ...others];
}

/** The width of a letter on wide screens, px. */
function measurePx({ width }: Theme): number {
  return width - 160;
}

function pictureElements(
  { src, alt, caption, url, widthPx, heightPx }: Extract<LetterBlock, { kind: "picture" }>,
  pen: Pen,
): LetterElement[] {
  const { theme } = pen;
  const said = escapeMailHtml(alt);
  if (src === undefined) return alt === "" ? [] : [element("missing", { html: said, text: alt })];
  const width = Math.min(measurePx(theme), widthPx ?? measurePx(theme));
  const isMeasured = widthPx !== undefined && heightPx !== undefined;
  const height = isMeasured ? String(Math.max(1, Math.round((heightPx * width) / widthPx))) : null;
  const size = `width="${width}"${height === null ? "" : ` height="${height}"`}`;
  return [
    element("picture", {
      html: `<img src="${escapeMailHtml(src)}" alt="${said}" ${size} style="max-width:100%;height:auto;border:0">`,
      text: alt,
      picture: {
        src,
        alt,
        caption: caption ? { html: inline(caption, pen).html } : null,
        url: url ?? null,
        headline: "",
        width: String(width),
        height,
      },
    }),
  ];
}

/** The text width of a phone of 320 px, and the gap between two columns. */
const PHONE_PX = 280;
const COLUMN_GAP_PX = 16;
const CELL_PX = 16;

/** Renders a table. One that is too wide for a phone is shown row by row, each cell with the heading of its column. */
function tableElement(table: Extract<LetterBlock, { kind: "table" }>, pen: Pen): LetterElement {
  const { head, rows, align = [] } = table;
  const cellsOf = (texts: readonly string[]) =>
    texts.map((text, at): LetterCell => {
      const side = align[at] ?? pen.sides.start;
      return { html: inline(text, pen).html, name: inline(head[at] ?? "", pen).text, side };
    });
  const shown = rows.map((row) => ({ cells: cellsOf(row) }));
  const lines = [head, ...rows].map((row) => row.map((text) => inline(text, pen).html).join(" · "));
  return element(isWide([head, ...rows], pen) ? "records" : "table", {
    html: lines.join("<br>"),
    text: tableLines(table, pen).join("\n"),
    head: cellsOf(head),
    rows: shown,
  });
}

/** Whether the longest words of the columns do not fit side by side on a phone. */
function isWide(rows: readonly (readonly string[])[], pen: Pen): boolean {
  const columns = columnsIn(rows).map((cells) => {
    const words = cells.flatMap((text) => inline(text, pen).text.split(/\s+/));
    return Math.max(...words.map((word) => estimatedWidthPx(word, CELL_PX)));
  });
  const gaps = (columns.length - 1) * COLUMN_GAP_PX;
  return columns.reduce((sum, width) => sum + width, gaps) > PHONE_PX;
}

function columnsIn(rows: readonly (readonly string[])[]): string[][] {
  const count = Math.max(...rows.map(({ length }) => length));
  return Array.from({ length: count }, (_, at) => rows.map((row) => row[at] ?? ""));
}

/** Renders code with its line breaks and indents. Long lines may break: Word-based Outlook has no `pre-wrap`. */
function codeHtml(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/^ +|\t/g, (gap) => "\u00A0".repeat(gap.length)))
    .map(escapeMailHtml)
    .join("<br>");
}

/** The functions that write words as HTML or as plain text. */
interface Brush {
  readonly text: (text: string) => string;
  /** Writes text as it was typed. */
  readonly written: (text: string) => string;
  readonly code: (text: string) => string;
  readonly around: (tag: "strong" | "em" | "del" | "sub" | "sup", words: string) => string;
  readonly link: (words: string, address: string) => string;
  readonly footnote: (number: number) => string;
  readonly lineBreak: () => string;
}

function inline(text: string, pen: Pen): Pick<LetterElement, "html" | "text"> {
  const tokens = inlineTokens(text);
  const typed: string[] = [];
  words(tokens, pen, collecting(typed));
  const curled = curlTogether(typed, pen.language);
  return {
    html: words(tokens, pen, inOrder(htmlBrush(pen.theme), curled)),
    text: words(tokens, pen, inOrder(PLAIN, curled)),
  };
}

/** Collects the texts of a line. A letter stands for code and for HTML, so that an apostrophe may follow it. */
function collecting(texts: string[]): Brush {
  const collect = (text: string) => {
    texts.push(text);
    return "";
  };
  return {
    ...PLAIN,
    text: (text) => collect(decodeReferences(text)),
    written: () => collect("x"),
    code: () => collect("x"),
    lineBreak: () => collect("\n"),
  };
}

/** A brush that writes curled texts in place of the typed ones, in the order in which they were collected. */
function inOrder(brush: Brush, texts: readonly string[]): Brush {
  const remaining = texts.values();
  const next = () => remaining.next().value ?? "";
  return {
    ...brush,
    text: () => brush.text(next()),
    written(text) {
      next();
      return brush.written(text);
    },
    code(text) {
      next();
      return brush.code(text);
    },
    lineBreak() {
      next();
      return brush.lineBreak();
    },
  };
}

function words(tokens: readonly Token[], pen: Pen, brush: Brush): string {
  let all = "";
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) continue;
    const [, tag] = token.type === "html" ? (/^<(sub|sup)>$/i.exec(token.raw) ?? []) : [];
    const end = tag === undefined ? -1 : closingAt(tokens, tag, at);
    if (end < 0) all += word(token, pen, brush);
    else {
      const inner = words(tokens.slice(at + 1, end), pen, brush);
      all += brush.around(tag?.toLowerCase() === "sub" ? "sub" : "sup", inner);
      at = end;
    }
  }
  return all;
}

function word(token: Token, pen: Pen, brush: Brush): string {
  const inner = () => words("tokens" in token ? (token.tokens ?? []) : [], pen, brush);
  if (isStoryName(token)) {
    const story = pen.storyOf(token.name);
    const said = brush.text(token.words ?? story?.title ?? token.name);
    return story?.url ? brush.link(said, story.url) : said;
  }
  if (isFootnoteLabel(token)) {
    const number = pen.notes.get(token.label);
    return number === undefined ? brush.written(token.raw) : brush.footnote(number);
  }
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return brush.around(token.type, inner());
    case "codespan":
      return brush.code(String(token["text"]));
    case "br":
      return brush.lineBreak();
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? brush.lineBreak() : brush.written(token.raw);
    case "image":
      return brush.text(String(token["text"]));
    case "link":
      return link(String(token["href"]), inner(), brush);
    default:
      return "tokens" in token && token.tokens
        ? inner()
        : brush.text("text" in token ? String(token.text) : token.raw);
  }
}

function link(href: string, words: string, brush: Brush): string {
  return /^(?:https?|mailto):/i.test(href) ? brush.link(words, decodeReferences(href)) : words;
}

function htmlBrush(theme: Theme): Brush {
  const ink = theme.colours["ink"]?.light;
  const accent = theme.colours["accent"]?.light;
  const underlined = `color:${ink};text-decoration:underline;text-decoration-color:${accent}`;
  // Raised text keeps the line height, and is not smaller than small print.
  const raised = "font-size:13px;line-height:0";
  return {
    text: escapeMailHtml,
    written: escapeMailHtml,
    code: (text) =>
      `<code style="font-family:${theme.fonts["mono"]};font-size:88%">${escapeMailHtml(text)}</code>`,
    around: (tag, words) =>
      tag === "sub" || tag === "sup"
        ? `<${tag} style="${raised}">${words}</${tag}>`
        : `<${tag}>${words}</${tag}>`,
    link: (words, address) =>
      `<a href="${escapeMailHtml(address)}" class="c-ink red" style="${underlined}">${words}</a>`,
    footnote: (number) =>
      `<sup style="${raised}"><a href="#note-${number}" name="to-note-${number}" class="c-ink red" style="${underlined}">${number}</a></sup>`,
    lineBreak: () => "<br>",
  };
}

const RAISED = new Map(
  Array.from("0123456789+-=()n", (sign, at) => [sign, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"[at]]),
);
const LOWERED = new Map(Array.from("0123456789+-=()", (sign, at) => [sign, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"[at]]));

/** Unicode has raised and lowered digits, but few letters. */
function moved(words: string, signs: ReadonlyMap<string, string | undefined>, mark: string) {
  const found = Array.from(words, (sign) => signs.get(sign));
  return found.every((sign) => sign !== undefined) ? found.join("") : `${mark}${words}`;
}

const PLAIN: Brush = {
  text: (text) => text.replace(/[^\S\u00A0]*\n[^\S\u00A0]*/g, " "),
  written: (text) => text,
  code: (text) => `\`${text}\``,
  around(tag, words) {
    if (tag === "sub") return moved(words, LOWERED, "_");
    if (tag === "sup") return moved(words, RAISED, "^");
    return tag === "del" ? `~~${words}~~` : words;
  },
  link: (words, address) => (address === words ? words : `${words} (${address})`),
  footnote: (number) => `[${number}]`,
  lineBreak: () => "\n",
};

/** Returns a block as lines of plain text. */
function linesOf(block: LetterBlock, pen: Pen): string[] {
  const plain = (text: string) => inline(text, pen).text.split("\n");
  switch (block.kind) {
    case "heading": {
      const [line = ""] = plain(block.text);
      return [line, "-".repeat(Math.min(TEXT_COLUMNS, columnsOf(line)))];
    }
    case "paragraph":
      return plain(block.text);
    case "picture":
      return [block.alt && `[${block.alt}]`, ...plain(block.caption ?? ""), block.url].flatMap(
        (line) => line || [],
      );
    case "table":
      return tableLines(block, pen);
    case "code":
      return block.text.split("\n").map((line) => `${UNWRAPPED}    ${line}`);
    case "raw":
      return block.text.split("\n");
    case "rule":
      return ["* * *"];
    case "list":
      return block.items.flatMap(({ done, text, blocks }, at) => {
        const mark = block.start === undefined ? "* " : `${block.start + at}. `;
        const own = done === undefined ? text : `${boxOf(done)} ${text}`;
        return hung(passageLines({ text: own, blocks }, pen), mark, " ".repeat(mark.length));
      });
    case "quote":
      return hung(passageLines(block, pen), "> ", "> ");
    case "note":
      return hung(passageLines(block, pen), "| ", "| ");
    case "footnotes":
      return block.notes.flatMap(({ label, ...passage }) => {
        const mark = `[${pen.notes.get(label)}] `;
        return hung(passageLines(passage, pen), mark, " ".repeat(mark.length));
      });
    case "story":
      return linesOf(namedStory(block), pen);
    case "sponsor":
      return [];
    default:
      return block satisfies never;
  }
}

function passageLines({ text, blocks = [] }: Passage, pen: Pen): string[] {
  const lines = text === "" ? [] : inline(text, pen).text.split("\n");
  for (const block of blocks) {
    const own = linesOf(block, pen);
    const isClose = block.kind === "list" || lines.length === 0 || own.length === 0;
    lines.push(...(isClose ? [] : [""]), ...own);
  }
  return lines;
}

/** Adds a mark before lines. `UNWRAPPED` stays the first character of a line that must not be wrapped. */
function hung(lines: readonly string[], mark: string, next: string): string[] {
  return lines.map((line, at) => {
    const before = at === 0 ? mark : next;
    if (line.startsWith(UNWRAPPED)) return `${UNWRAPPED}${before}${line.slice(1)}`;
    return line === "" ? before.trimEnd() : `${before}${line}`;
  });
}

/** Returns a table in columns if they fit in a line. Otherwise each cell follows the heading of its column. */
function tableLines({ head, rows }: Extract<LetterBlock, { kind: "table" }>, pen: Pen): string[] {
  const plain = (text: string) => inline(text, pen).text.replaceAll("\n", " ");
  const names = head.map(plain);
  const cells = rows.map((row) => row.map(plain));
  const widths = columnsIn([names, ...cells]).map((column) => Math.max(...column.map(columnsOf)));
  const between = "   ";
  const inColumns = (row: readonly string[]) =>
    row
      .map((text, at) => text + " ".repeat(Math.max(0, (widths[at] ?? 0) - columnsOf(text))))
      .join(between)
      .trimEnd();
  const whole = widths.reduce((sum, width) => sum + width + between.length, -between.length);
  if (whole > TEXT_COLUMNS)
    return cells.flatMap((row, at) => [
      ...(at === 0 ? [] : [""]),
      ...row.map((text, column) => (names[column] ? `${names[column]}: ${text}` : text)),
    ]);
  const lines = [inColumns(names), widths.map((width) => "-".repeat(width)).join(between)];
  return [...lines, ...cells.map(inColumns)];
}
