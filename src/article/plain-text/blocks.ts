import type { Block } from "../block.ts";
import { endsSentence, widthOf, joinsWithoutSpace, measureText } from "../measure-text.ts";
import { FUNCTION_WORDS } from "../detect-language.ts";

/** A paragraph, a list entry or a lone line of a plain text. */
export interface TextBlock extends Block {
  readonly kind: "paragraph" | "item";
  /** Columns that it is indented by: on a page copied as text, its place in the page's structure. */
  readonly indent: number;
  /** Which stretch between two blank lines it stands in. */
  readonly group: number;
}

/**
 * The blocks of a cleaned text: paragraphs set apart by blank lines, hard-wrapped or a line each, as
 * the file happens to have them.
 */
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
 * The mark that makes a line a list entry. A hyphen inside a wrapped sentence may come to stand at the
 * start of a line, and "o" is a word in five languages (and the third level of a list in text browsers),
 * so these need a list or a full stop before them.
 */
function bulletOf(text: string, before: Line | undefined): string | undefined {
  const mark = /^(?:[*•▪◦‣●○·]|[-+o](?= |$))(?: |$)/u.exec(text)?.[0];
  if (mark === undefined || !/^[-+o]/.test(mark)) return mark;
  if (mark.startsWith("o")) return before?.bullet ? mark : undefined;
  const startsList = !before || before.bullet || /[.:!?…。：]["”’)]?$/u.test(before.text);
  return startsList ? mark : undefined;
}

/** How a file breaks its lines. */
interface Layout {
  /** Whether a paragraph runs over several lines. */
  readonly isWrapped: boolean;
  /** The column that lines are filled up to. */
  readonly column: number;
  /** Whether words are divided at line ends. */
  readonly hyphenates: boolean;
}

// Mail and text files are wrapped at 60 to 100 columns; anything longer is a paragraph on one line, and anything
// shorter is a list, an address or verse.
const WIDEST = 120;
const NARROWEST = 45;
// What a wrapped line is at least filled to before a long word.
const SHORTEST = 30;
// Editors and people leave a few columns free where a machine would have put one more short word.
const SLACK = 8;

/** The layout of a file, read from its stretches of lines without a blank line between them. */
function layoutOf(groups: readonly (readonly Line[])[]): Layout {
  const pairs = groups.flatMap(toPairs).slice(0, 5000);
  const column = fillColumn(pairs);
  // Headlines and last lines are short in any file; they say nothing of how the others are broken.
  const long = pairs.filter(([line]) => line.indent + widthOf(line.text) >= column * 0.6);
  const wraps = long.filter((pair) => fills(pair, column) || continues(pair));
  const isWrapped =
    column >= NARROWEST &&
    column <= WIDEST &&
    wraps.length > pairs.length * 0.4 &&
    wraps.length >= long.length * 0.6;
  const divided = wraps.filter(([line]) => /\p{L}-$/u.test(line.text)).length;
  // A typesetter divides a word every few lines; hand-wrapped text only breaks at a hyphen now and then.
  return { isWrapped, column, hyphenates: divided > 1 && divided > wraps.length * 0.04 };
}

/** Whether a line starts a new block rather than carrying on the lines of the one before it. */
function breaksBefore(block: readonly Line[], line: Line, layout: Layout): boolean {
  const before = block.at(-1);
  if (!before || line.bullet) return true;
  const pair: Pair = [before, line];
  if (runsOn(pair, block.length > 1)) return false;
  if (!layout.isWrapped) return true;
  if (continues(pair)) return false;
  // Books indent a first line instead of leaving a blank one; list entries indent the lines that follow.
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

// Nine lines in ten are no longer than the fill column; the tenth may be an address that cannot break.
function fillColumn(pairs: readonly Pair[]): number {
  const widths = pairs.map(([line]) => line.indent + widthOf(line.text)).sort((a, b) => a - b);
  return widths[Math.floor(widths.length * 0.9)] ?? 0;
}

// The exact test for a soft break: the next line's first word would not have fitted.
function fills([line, next]: Pair, column: number): boolean {
  const word = /^\S{1,40}/u.exec(next.text)?.[0] ?? "";
  const needs = widthOf(word) > word.length ? 2 : widthOf(word) + 1;
  return line.indent + widthOf(line.text) + needs > column - SLACK;
}

// A file that is wrapped by hand, or by a narrow window, fills its lines unevenly; but no paragraph ends in the middle
// of a sentence. Verse starts with a shorter line, and what is indented differently is something else.
function runsOn([line, next]: Pair, isUnderWay: boolean): boolean {
  if (Math.abs(next.indent - line.indent) > 1 || endsSentence(line.text)) return false;
  if (!isUnderWay && widthOf(line.text) < SHORTEST) return false;
  return /^\p{Ll}/u.test(next.text) || endsMidPhrase(line);
}

function continues([line, next]: Pair): boolean {
  return /^\p{Ll}/u.test(next.text) && !endsSentence(line.text) && widthOf(line.text) >= SHORTEST;
}

/**
 * The lines of one paragraph as one line: with a space between them, save where the script has none.
 * Where the file divides words (`hyphenates`), a hyphen at a line end goes.
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
 * Whether a line ends where no sentence does: at a comma, or at an article, a conjunction or a preposition.
 * A headline may end in a preposition ("What the town is in for"), so that says nothing of the first line.
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

/** A line of a plain text. */
interface Line {
  readonly text: string;
  readonly indent: number;
  readonly bullet: boolean;
  /** Whether it is the first of the text, where a headline stands. */
  readonly isFirst: boolean;
}
