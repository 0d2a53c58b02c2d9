import { isWithin, type PageElement } from "./page-dom.ts";
import { headsOtherStories } from "./pointer-words.ts";
import { OTHER_STORY, type Placed } from "./roles.ts";
import type { StoryLine } from "./story-line.ts";

/**
 * Finds the pointers to other stories: lines that are a link, lists of such, and what stands over
 * them.
 */
export function findOtherStories(placed: readonly Placed[]): Placed[] {
  const lines = placed.map(({ line }) => line);
  if (isRoundUp(lines)) return [...placed];
  const boxes = boxesOfOthers(lines);
  let isUnder = false;
  const marked = placed.map(({ line, role }, index): Placed => {
    const next = lines[index + 1];
    isUnder &&= line.isLink || (line.isItem && line.block.linked > 0);
    if (role.is !== "story") return { line, role };
    if (headsOtherStories(line.text) && pointsAway(next)) isUnder = true;
    const isBoxed = boxes.some((box) => isWithin(line.block.element, box));
    return { line, role: isUnder || isBoxed || isPointer(line, next) ? OTHER_STORY : role };
  });
  return marked.map(({ line, role }, index) => ({
    line,
    role:
      role.is === "story" && marked[index + 1]?.role === OTHER_STORY && isLabel(line)
        ? OTHER_STORY
        : role,
  }));
}

/** Whether a story is made of links, as a round-up of the week is. It keeps them. */
export function isRoundUp(lines: readonly StoryLine[]): boolean {
  return countWords(lines.filter(({ isLink }) => isLink)) > countWords(lines) * 0.4;
}

function countWords(lines: readonly StoryLine[]): number {
  return lines.reduce((sum, { words }) => sum + words, 0);
}

function boxesOfOthers(lines: readonly StoryLine[]): PageElement[] {
  const most = countWords(lines) * 0.3;
  return lines.flatMap((line, index) => {
    const box = headsOtherStories(line.text) ? boxUnder(lines, index) : undefined;
    if (!box) return [];
    const inside = lines.filter(({ block }) => isWithin(block.element, box));
    return inside.some(({ block }) => block.linked > 0) && countWords(inside) <= most ? [box] : [];
  });
}

// The largest element that begins with such a heading: it has nothing of the story before it.
function boxUnder(lines: readonly StoryLine[], index: number): PageElement | undefined {
  const before = lines[index - 1]?.block.element;
  let box = lines[index]?.block.element;
  if (!before || !box) return undefined;
  for (
    let outer = box.parentElement;
    outer && !isWithin(before, outer);
    outer = outer.parentElement
  )
    box = outer;
  return box;
}

function pointsAway(next: StoryLine | undefined): boolean {
  return next === undefined || next.block.linked > 0 || next.isHeading;
}

// A linked heading with text under it heads a part of the story.
function isPointer(
  { isLink, isHeading, isItem, words }: StoryLine,
  next: StoryLine | undefined,
): boolean {
  if (!isLink || words < 3) return false;
  return !isHeading || isItem || next === undefined || next.isLink;
}

function isLabel({ words, isHeading, text }: StoryLine): boolean {
  return words <= 4 && (isHeading || /[:：]$/.test(text));
}
