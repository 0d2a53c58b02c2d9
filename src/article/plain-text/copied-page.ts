import type { TextBlock } from "./blocks.ts";
import { boilerplateOf, type Boilerplate } from "../boilerplate.ts";

/** Whether a text is a whole web page copied as text, with menus, sharing links and footers, and not a saved article. */
export function isPage(blocks: readonly TextBlock[]): boolean {
  const debris = blocks.filter(({ measure }) => !measure.endsSentence && measure.words <= 6).length;
  if (debris < 10 || debris < blocks.length * 0.3) return false;
  // Verse and lists have short lines too. Only a page has the words of menus and footers.
  const kinds = new Set(blocks.map((block) => boilerplateOf(block.text)).filter(Boolean));
  return kinds.size >= 3 || (kinds.size > 0 && debris >= 40 && debris >= blocks.length * 0.6);
}

/** Decides for each block of a page whether it belongs to the story. */
export function storyOf(blocks: readonly TextBlock[]): boolean[] {
  const lines = blocks.map(toLine);
  const span = bestSpan(scoresOf(lines));
  const depth = mainDepth(lines.slice(span.start, span.end));
  const { start, end } = widen(lines, trim(lines, span, depth), depth);
  const isListed = relatedLists(lines);
  return lines.map((line, index) => {
    if (index < start || index >= end || line.boilerplate || isListed[index]) return false;
    return line.isProse || isSubordinate(line, depth);
  });
}

/** A block of a page: boilerplate of some kind, prose, or neither. */
interface Line extends TextBlock {
  readonly boilerplate: Boilerplate | undefined;
  readonly isProse: boolean;
}

function toLine(block: TextBlock): Line {
  const boilerplate = boilerplateOf(block.text);
  return { ...block, boilerplate, isProse: boilerplate === undefined && isProse(block) };
}

// A teaser ends in an ellipsis where the page cut it. A paragraph hardly ever does.
function isProse({ text, measure: { words, endsSentence } }: TextBlock): boolean {
  if (words < 8 || /(?:\.\.\.|…)$/.test(text)) return false;
  return endsSentence || (words >= 25 && /[,;:.،؛、。]/u.test(text));
}

/** A range of lines, `[start, end)`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

// The range in which prose most outweighs other lines (Kadane's maximum subarray).
function bestSpan(scores: readonly number[]): Span {
  let best = { start: 0, end: 0, score: 0 };
  let start = 0;
  let score = 0;
  for (const [index, own] of scores.entries()) {
    if (score <= 0) {
      score = 0;
      start = index;
    }
    score += own;
    if (score > best.score) best = { start, end: index + 1, score };
  }
  return best;
}

// Limits the weight of one long paragraph (a licence, a list of tags) against a short story.
const MOST_WORDS = 80;

// The figures were tuned on 92 pages copied as text, with and without their indentation. With half or twice any of
// them, F1 falls by at most .02.
function scoresOf(lines: readonly Line[]): number[] {
  let read = 0;
  let isPast = false;
  return lines.map((line) => {
    // Comments after their heading are prose too, and often longer than the story. The heading counts only after some
    // prose, because a counter of comments may also be above the story.
    if (line.boilerplate === "comments" && read >= 60) isPast = true;
    if (!line.isProse) return line.boilerplate ? -20 : -10;
    const { words: all, endsSentence } = line.measure;
    const words = Math.min(all, MOST_WORDS) * (endsSentence ? 1 : 0.5);
    if (!isItem(line)) read += words;
    // Whole sentences in a list are usually teasers of other stories.
    return isItem(line) || isPast ? words * 0.2 : words;
  });
}

// The indentation of most of the prose, which is the story's level in the page's structure.
function mainDepth(lines: readonly Line[]): number {
  const words = new Map<number, number>();
  for (const line of lines.filter(({ isProse }) => isProse)) {
    words.set(line.indent, (words.get(line.indent) ?? 0) + line.measure.words);
  }
  return [...words].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

// A story begins and ends with its own paragraphs. Short prose at another indentation is a teaser, a sign-up box or a
// note about the author.
function trim(lines: readonly Line[], { start, end }: Span, depth: number): Span {
  const isEdge = (line: Line): boolean =>
    line.isProse && (Math.abs(line.indent - depth) <= 2 || line.measure.words >= 50);
  const inside = lines.slice(start, end);
  const first = inside.findIndex(isEdge);
  return first === -1
    ? { start, end }
    : { start: start + first, end: start + inside.findLastIndex(isEdge) + 1 };
}

// Short sentences and lines beside the story at the same indentation belong to it. On a page without indentation only
// sentences do, because other lines under a story may be anything.
function widen(lines: readonly Line[], { start, end }: Span, depth: number): Span {
  const isFlat = lines.every(({ indent }) => indent === depth);
  const isOwn = ({ indent, boilerplate, measure }: Line): boolean =>
    indent === depth && boilerplate === undefined && (!isFlat || measure.endsSentence);
  const above = lines
    .slice(0, start)
    .findLastIndex((line) => !isOwn(line) || !line.measure.endsSentence);
  let last = end;
  for (const [index, line] of lines.entries()) {
    if (index < end) continue;
    const isNext = index === last || (!isFlat && line.isProse && index - last <= REACH_LINES);
    if (line.boilerplate === "comments") break;
    if (isOwn(line) && isNext) last = index + 1;
  }
  return { start: above + 1, end: last };
}

// A list of related stories may be before a story's last paragraph.
const REACH_LINES = 6;

// Finds lists inside a story: "Related" with the headlines under it, and sharing links with their list.
function relatedLists(lines: readonly Line[]): boolean[] {
  let list: Boilerplate | undefined;
  return lines.map((line) => {
    if (line.boilerplate) list = line.boilerplate;
    else if (line.isProse || (list === "related" ? line.measure.endsSentence : !isItem(line)))
      list = undefined;
    return list !== undefined;
  });
}

function isSubordinate(line: Line, depth: number): boolean {
  const { words, endsSentence } = line.measure;
  return words > 0 && (line.indent === depth || isItem(line) || endsSentence);
}

function isItem({ kind }: Line): boolean {
  return kind === "item";
}
