import type { Line } from "./line.ts";
import { endsSentence, widthOf } from "./prose.ts";
import { endsMidPhrase } from "./mid-phrase.ts";

/** How a file breaks its lines. */
export interface Layout {
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
export function layoutOf(groups: readonly (readonly Line[])[]): Layout {
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
export function breaksBefore(block: readonly Line[], line: Line, layout: Layout): boolean {
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
