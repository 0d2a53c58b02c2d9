import { escapeHtml } from "../../platform/references.ts";
import { namesInByline } from "../byline.ts";
import { countWords, endsSentence } from "../measure-text.ts";

/** A run of text in a PDF. */
export interface PdfItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly fontName: string;
  readonly hasEOL: boolean;
}

/** A line of a column, in points from the left and the bottom of its page. */
export interface Line {
  text: string;
  readonly x: number;
  end: number;
  readonly y: number;
  readonly size: number;
  readonly font: string;
  /** The place on the page: 0 at its top, 1 at its bottom. */
  readonly depth: number;
}

/** The lines of a page in reading order. */
export function linesOn(
  items: readonly PdfItem[],
  { bottom, top }: { readonly bottom: number; readonly top: number },
): Line[] {
  const lines: Line[] = [];
  for (const { str, transform, width, fontName } of items) {
    const [a = 0, b = 0, , , x = 0, y = 0] = transform;
    const size = Math.hypot(a, b);
    const last = lines.at(-1);
    const isBeside = last && Math.abs(last.y - y) < size / 2 && x - last.end < 2 * size;
    if (last && isBeside && x >= last.x - 1) {
      const isApart = x - last.end > size * 0.15 && !/\s$/.test(last.text) && !/^\s/.test(str);
      last.text += isApart ? ` ${str}` : str;
      last.end = Math.max(last.end, x + width);
    } else if (str.trim() !== "") {
      const depth = 1 - (y - bottom) / (top - bottom || 1);
      lines.push({ text: str, x, end: x + width, y, size, font: fontName, depth });
    }
  }
  return inColumns(lines);
}

const FEWEST_LINES = 5;

/** Orders lines by column if a page has a gutter that few lines cross. */
function inColumns(lines: readonly Line[]): Line[] {
  const gutter = lines
    .map(({ x }) => x - 1)
    .find((at) => {
      const right = lines.filter(({ x }) => x > at);
      const left = lines.filter(({ end }) => end < at);
      const isBeside = left.filter(({ y }) => right.some((line) => Math.abs(line.y - y) < 2));
      const crossing = lines.length - right.length - left.length;
      return (
        Math.min(right.length, left.length) >= FEWEST_LINES &&
        isBeside.length >= FEWEST_LINES &&
        crossing <= lines.length / 4
      );
    });
  if (gutter === undefined) return [...lines];
  // A line across both columns ends the columns above it.
  const bands: { all: Line[]; left: Line[]; right: Line[] }[] = [];
  for (const line of lines.toSorted((a, b) => b.y - a.y)) {
    const side = line.x > gutter ? "right" : line.end < gutter ? "left" : "all";
    const last = bands.at(-1);
    const isNew = !last || (side === "all" && last.left.length + last.right.length > 0);
    const band = isNew ? { all: [], left: [], right: [] } : last;
    if (isNew) bands.push(band);
    band[side].push(line);
  }
  return bands.flatMap(({ all, left, right }) => all.concat(left, right));
}

/** Separates the HTML of two pages. */
export const PAGE_END = "\f";

interface Paragraphs {
  readonly html: string;
  /** Running heads and page numbers. */
  readonly repeated: readonly string[];
  /** Whether the lines follow one another down the page, so that their order is sure. */
  readonly isSure: boolean;
}

/** The paragraphs and headings in the lines of some pages. */
export function paragraphsOf(pages: readonly (readonly Line[])[]): Paragraphs {
  const isHead = headsOf(pages);
  const kept = pages.map((lines) => lines.filter((line) => !isHead(line)));
  const all = kept.flat();
  const body = middle(all.flatMap(({ size, text }) => Array<number>(text.length).fill(size)));
  const font = mostOf(all.filter(({ size }) => size === body));
  const largest = Math.max(...(kept[0] ?? []).map(({ size }) => size));
  const gap = middle(kept.flatMap(gapsIn));
  const blocks: { tag: string; lines: Line[] }[] = [];
  for (const lines of kept) {
    for (const [at, line] of lines.entries()) {
      const tag = tagOf(line, {
        size: body,
        font,
        largest: lines === kept[0] ? largest : Infinity,
      });
      const last = blocks.at(-1);
      const before = lines[at - 1];
      const begins = before ? beginsParagraph(before, line, gap) : true;
      if (last && last.tag === tag && !begins) last.lines.push(line);
      else blocks.push({ tag, lines: [line] });
    }
  }
  const tops = new Set(kept.map(([top]) => top));
  const html = blocks.map(({ tag, lines }) => {
    const text = lines.map((line) => escapeHtml(line.text.trim())).join("\n");
    return `${tops.has(lines[0]) ? PAGE_END : ""}<${tag}>${text}</${tag}>`;
  });
  const turns = kept.flatMap((lines) =>
    lines.filter(({ y }, at) => y > (lines[at - 1]?.y ?? Infinity) + body),
  );
  return {
    html: html.join("\n"),
    repeated: [
      ...new Set(
        pages
          .flat()
          .filter(isHead)
          .map(({ text }) => text.trim()),
      ),
    ],
    isSure: turns.length <= 2 * pages.length,
  };
}

/** The element for a line, decided by its size and font compared with the body text. `largest` is the size of a title. */
function tagOf(
  { text, ...line }: Line,
  {
    size,
    font,
    largest,
  }: { readonly size: number; readonly font: string; readonly largest: number },
): "h1" | "h2" | "h3" | "p" {
  if (namesInByline(text.trim()).length > 0) return "p";
  if (line.size >= largest && line.size > size * 1.15) return "h1";
  if (line.size > size * 1.12) return "h2";
  const isShort = countWords(text) <= 12 && !/[.,:;!?]["”]?\s*$/.test(text);
  return line.font !== font && isShort && /^[\p{Lu}\p{N}]/u.test(text.trim()) ? "h3" : "p";
}

/** Whether a line begins a paragraph: after a gap, with an indent, or after a line that ends early. */
function beginsParagraph(before: Line, line: Line, gap: number): boolean {
  const step = before.y - line.y;
  // A paragraph may continue in the next column.
  if (step < 0) return endsSentence(before.text);
  if (step > gap * 1.3 || Math.abs(before.size - line.size) > 0.5) return true;
  const isIndented = line.x - before.x > line.size * 0.8 && line.x - before.x < line.size * 5;
  const isShort = before.end < line.end - line.size * 6 && endsSentence(before.text);
  return isIndented || isShort;
}

function gapsIn(lines: readonly Line[]): number[] {
  return lines
    .slice(1)
    .map(({ y }, at) => (lines[at]?.y ?? y) - y)
    .filter((step) => step > 0);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mostOf(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { font, text } of lines) counts.set(font, (counts.get(font) ?? 0) + text.length);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

const PAGE_NUMBER =
  /^[\s–—|-]*(?:(?:page|seite|página|pagina|p\.)\s?)?\d{1,4}(?:\s?(?:of|von|de|sur|di|van|\/)\s?\d{1,4})?[\s–—|-]*$/i;
/** The margins, as shares of a page's height. */
const MARGIN = 0.12;
const LONGEST_HEAD = 60;

/** Returns a test of whether a line is a page number or a running head, which is in the margin of several pages. */
function headsOf(pages: readonly (readonly Line[])[]): (line: Line) => boolean {
  const shape = ({ text, depth }: Line): string =>
    `${text.replace(/\d+/g, "#").trim()} ${depth < 0.5 ? "top" : "end"}`;
  const counts = new Map<string, number>();
  for (const lines of pages)
    for (const one of new Set(lines.filter(isInMargin).map(shape)))
      counts.set(one, (counts.get(one) ?? 0) + 1);
  const least = Math.max(2, pages.length / 3);
  return (line) =>
    isInMargin(line) && (PAGE_NUMBER.test(line.text) || (counts.get(shape(line)) ?? 0) >= least);
}

function isInMargin({ depth, text }: Line): boolean {
  return text.length < LONGEST_HEAD && (depth < MARGIN || depth > 1 - MARGIN);
}
