import type { Block } from "../block.ts";
import { endsSentence, widthOf, joinsWithoutSpace, measureText } from "../measure-text.ts";
import { FUNCTION_WORDS } from "../detect-language.ts";

/** A paragraph, a list entry or a lone line of a plain text. */
export interface TextBlock extends Block {
  readonly kind: "paragraph" | "item";
  /** Its indentation in columns. On a page copied as text, it reflects the structure of the page. */
  readonly indent: number;
  /** The number of its group: a run of lines without a blank line. */
  readonly group: number;
}

/** Splits a cleaned text into blocks: paragraphs with blank lines between them, hard-wrapped or on one line each. */
export function toBlocks(text: string): TextBlock[] {
  const groups = toGroups(text);
  const layout = layoutOf(groups);
  return groups.flatMap((lines, group) => {
    const runs: Line[][] = [];
    for (const line of lines) {
      const run = runs.at(-1);
      if (!run || breaksBefore(run, line, layout)) runs.push([line]);
      else run.push(line);
    }
    return runs.map((run) => toBlock(run, group, layout.hyphenates));
  });
}

function toBlock(run: readonly Line[], group: number, hyphenates: boolean): TextBlock {
  const text = joinLines(
    run.map((line) => line.text),
    hyphenates,
  );
  const kind = run[0]?.bullet ? "item" : "paragraph";
  return { kind, text, measure: measureText(text), indent: run[0]?.indent ?? 0, group };
}

function toGroups(text: string): Line[][] {
  const groups: Line[][] = [[]];
  for (const raw of text.split("\n")) {
    const group = groups.at(-1) ?? [];
    if (raw.trim() === "") {
      if (group.length > 0) groups.push([]);
    } else {
      const isFirst = groups.length === 1 && group.length === 0;
      group.push({ ...toLine(raw, group.at(-1)), isFirst });
    }
  }
  return groups.filter((group) => group.length > 0);
}

function toLine(raw: string, before: Line | undefined): Omit<Line, "isFirst"> {
  const indent = indentOf(raw);
  const text = raw.trim().replace(/[ \t]+/g, " ");
  const mark = bulletOf(text, before);
  if (mark === undefined) return { text, indent, bullet: false };
  return { text: text.slice(mark.length).trim(), indent: indent + mark.length, bullet: true };
}

// An ideographic space is two columns wide; a tab counts as four.
function indentOf(raw: string): number {
  let columns = 0;
  for (const character of raw) {
    if (character === " ") columns++;
    else if (character === "\t") columns += 4;
    else if (character === "\u3000") columns += 2;
    else break;
  }
  return columns;
}

/**
 * The mark that makes a line a list entry. A hyphen inside a wrapped sentence may begin a line, and "o" is a word in
 * five languages (and the third level of a list in text browsers). So these marks count only after a list or a full
 * stop.
 */
function bulletOf(text: string, before: Line | undefined): string | undefined {
  const mark = /^(?:[*•▪◦‣●○·]|[-+o](?= |$))(?: |$)/u.exec(text)?.[0];
  if (mark === undefined || !/^[-+o]/.test(mark)) return mark;
  if (mark.startsWith("o")) return before?.bullet ? mark : undefined;
  const startsList = !before || before.bullet || /[.:!?…。：]["”’)]?$/u.test(before.text);
  return startsList ? mark : undefined;
}

/** The way in which a file breaks its lines. */
interface Layout {
  /** Whether a paragraph runs over several lines. */
  readonly isWrapped: boolean;
  /** The column at which lines are wrapped. */
  readonly column: number;
  /** Whether words are divided at line ends. */
  readonly hyphenates: boolean;
}

// Mail and text files are wrapped at 60 to 100 columns. A longer line is a whole paragraph. Shorter lines are a list,
// an address or verse.
const WIDEST = 120;
const NARROWEST = 45;
// The least width of a wrapped line before a long word.
const SHORTEST = 30;
// In columns. People and text editors wrap a little before the limit, where a program would add one more short word.
const SLACK = 8;

/** Derives the layout of a file from its groups of lines. */
function layoutOf(groups: readonly (readonly Line[])[]): Layout {
  const pairs = groups.flatMap(toPairs).slice(0, 5000);
  const column = fillColumn(pairs);
  // Headlines and last lines are short in any file, so they give no evidence of the layout.
  const long = pairs.filter(([line]) => line.indent + widthOf(line.text) >= column * 0.6);
  const wraps = long.filter((pair) => fills(pair, column) || continues(pair));
  const isWrapped =
    column >= NARROWEST &&
    column <= WIDEST &&
    wraps.length > pairs.length * 0.4 &&
    wraps.length >= long.length * 0.6;
  const divided = wraps.filter(([line]) => /\p{L}-$/u.test(line.text)).length;
  // A typesetter divides a word every few lines. Text wrapped by hand breaks at a hyphen only now and then.
  return { isWrapped, column, hyphenates: divided > 1 && divided > wraps.length * 0.04 };
}

/** Whether a line begins a new block. */
function breaksBefore(block: readonly Line[], line: Line, layout: Layout): boolean {
  const before = block.at(-1);
  if (!before || line.bullet) return true;
  const pair: Pair = [before, line];
  if (runsOn(pair, block.length > 1)) return false;
  if (!layout.isWrapped) return true;
  if (continues(pair)) return false;
  // Books indent the first line of a paragraph. List entries indent their other lines.
  if (!before.bullet && line.indent >= before.indent + 2) return true;
  return !fills(pair, layout.column);
}

type Pair = readonly [Line, Line];

function toPairs(lines: readonly Line[]): Pair[] {
  return lines.slice(1).flatMap((line, index): Pair[] => {
    const before = lines[index];
    return before && !line.bullet ? [[before, line]] : [];
  });
}

// Nine of ten lines fit in the wrap column. The tenth may be an address, which cannot break.
function fillColumn(pairs: readonly Pair[]): number {
  const widths = pairs.map(([line]) => line.indent + widthOf(line.text)).sort((a, b) => a - b);
  return widths[Math.floor(widths.length * 0.9)] ?? 0;
}

// The exact test for a soft line break: the next line's first word would not have fitted.
function fills([line, next]: Pair, column: number): boolean {
  const word = /^\S{1,40}/u.exec(next.text)?.[0] ?? "";
  const needs = widthOf(word) > word.length ? 2 : widthOf(word) + 1;
  return line.indent + widthOf(line.text) + needs > column - SLACK;
}

// Files wrapped by hand, or by a narrow window, have lines of different lengths, but no paragraph ends within a
// sentence. Verse begins with a shorter line. A line with another indentation belongs to another block.
function runsOn([line, next]: Pair, isUnderWay: boolean): boolean {
  if (Math.abs(next.indent - line.indent) > 1 || endsSentence(line.text)) return false;
  if (!isUnderWay && widthOf(line.text) < SHORTEST) return false;
  return /^\p{Ll}/u.test(next.text) || endsMidPhrase(line);
}

function continues([line, next]: Pair): boolean {
  return /^\p{Ll}/u.test(next.text) && !endsSentence(line.text) && widthOf(line.text) >= SHORTEST;
}

/**
 * Joins the lines of a paragraph with spaces, except in scripts without spaces. If the file divides words
 * (`hyphenates`), a hyphen at a line end is removed.
 */
function joinLines(lines: readonly string[], hyphenates: boolean): string {
  const [first = "", ...rest] = lines;
  const pieces = [first];
  let before = first;
  for (const line of rest) {
    if (isDivided(before, line)) {
      if (hyphenates) pieces.push((pieces.pop() ?? "").slice(0, -1));
    } else if (!joinsWithoutSpace(before, line)) pieces.push(" ");
    pieces.push(line);
    before = line;
  }
  return pieces.join("");
}

// "infor-/mation", but not "2019-/2020" or "post-/Soviet".
function isDivided(before: string, line: string): boolean {
  return /\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(line);
}

/**
 * Whether a line ends within a sentence: at a comma, an article, a conjunction or a preposition. For the first line
 * only articles and conjunctions count, because a headline may end in a preposition ("What the town is in for").
 */
function endsMidPhrase({ text, isFirst }: Line): boolean {
  if (/[,،、，]$/u.test(text)) return true;
  const last = /(?:^|[\s(“"‘«])(\p{Ll}[\p{Ll}\p{M}]*)$/u.exec(text.slice(-20))?.[1] ?? "";
  return isFirst ? NEVER_LAST.has(last) : SMALL_WORDS.has(last);
}

const SMALL_WORDS: ReadonlySet<string> = new Set(
  Array.from(FUNCTION_WORDS.values(), (words) => Array.from(words)).flat(),
);

// Articles and conjunctions.
const NEVER_LAST: ReadonlySet<string> = new Set(
  "and or but the a an of und oder der dem den et ou le la les des y o el los e il lo gli di en het och och og i oraz и".split(
    " ",
  ),
);

interface Line {
  readonly text: string;
  readonly indent: number;
  readonly bullet: boolean;
  /** Whether it is the first line of the text, which may be a headline. */
  readonly isFirst: boolean;
}
