import { isNameLine, namesInByline } from "../plain-text/byline.ts";
import { findDate, isDateNoise } from "../dates.ts";
import { captionIn, noticeIn, headsOtherStories } from "./notices.ts";
import { isAmong } from "../clean-text.ts";
import {
  toStoryLines,
  type Labels,
  type StoryLine,
  type TextBlock,
  isProse,
} from "./text-blocks.ts";
import type { Caption } from "../article.ts";
import { BOILERPLATE_REASONS } from "../plain-text/boilerplate.ts";
import { isWithin, type PageElement } from "../page/page-dom.ts";

/** What the page says of itself, in so far as its blocks may repeat it. */
interface Known {
  /** The title, and other forms of it that the page has, folded. */
  readonly titles: ReadonlySet<string>;
  readonly authors: readonly string[];
  /** What the elements around the page's blocks were called. */
  readonly labels: Labels;
  /** Whether there is nothing around the story. */
  readonly isFragment: boolean;
}

/** The role of each block. */
export function toRoles(blocks: readonly TextBlock[], known: Known): Role[] {
  const lines = toStoryLines(blocks, known.labels);
  const own = lines.map((line, index): Placed => ({
    line,
    role: ownRole(line, index, lines.length, known),
  }));
  const stories = findOtherStories(keepGallery(own));
  const framed = known.isFragment ? findHeadline(stories) : findFrame(stories);
  return findBios(framed, known.authors).map(({ role }) => role);
}

const EARLY = 8;
const LATE = 5;

// What a line is by itself; bylines and dates only where a story starts or ends.
function ownRole(line: StoryLine, index: number, count: number, known: Known): Role {
  if (line.block.element.localName === "pre") return { is: "code" };
  const caption = captionIn(line);
  if (caption) return { is: "caption", caption };
  const isEarly = index < EARLY;
  if (isEarly && isAmong(line.text, known.titles)) return HEADLINE;
  const notice = noticeIn(line);
  if (notice !== undefined) return dropped(notice);
  if (isEarly && isStandfirst(line)) return { is: "standfirst" };
  if (!isEarly && index < count - LATE) return STORY;
  if (isDateLine(line.text)) return { is: "date" };
  return isByline(line) ? { is: "byline" } : STORY;
}

const STANDFIRST =
  / (?:stand ?first|sub ?titles?|sub ?headline|sub ?heading|sub ?head|sub ?hed|dek|deck|(?:article|story|post) (?:summary|subtitle|excerpt)|p summary|chapeau|chapo|catenaccio|copete|bajada|ingress|sottotitolo|occhiello|untertitel|subtitulo) /;

// The lines under a headline that sum the story up. They are its description, not its first
// paragraph.
export function isStandfirst({ label, words }: StoryLine): boolean {
  return words < 70 && STANDFIRST.test(label);
}

// "By Ana Ruiz", or a name beside a date.
export function isByline({ text, words }: StoryLine): boolean {
  if (words >= 20) return false;
  if (namesInByline(text).length > 0) return true;
  const beside = findDate(text)
    ?.rest.replace(/\d{1,2}[.:]\d{2}(?:\s?(?:uhr|h|am|pm))?/iu, "")
    .replace(/[\s,|·•–—-]+$/u, "")
    .trim();
  return beside !== undefined && (isNameLine(beside) || namesInByline(beside).length > 0);
}

// When something was published, or published and updated.
export function isDateLine(text: string): boolean {
  let rest = text;
  for (let found = findDate(rest); found; found = findDate(rest)) {
    rest = found.rest;
    if (isDateNoise(rest)) return true;
  }
  return false;
}

/**
 * What a line of the story's part of a page is. Each has exactly one role, so that none gets lost.
 */
export type Role =
  | { readonly is: "story" }
  | { readonly is: "caption"; readonly caption: Caption }
  | { readonly is: "standfirst" }
  | { readonly is: "byline" }
  | { readonly is: "date" }
  /** Code stays in the HTML, but is no prose. */
  | { readonly is: "code" }
  | { readonly is: "dropped"; readonly reason: string };

/** A line and what it has been taken for so far. */
export interface Placed {
  readonly line: StoryLine;
  readonly role: Role;
}

export const STORY: Role = { is: "story" };
export const HEADLINE = dropped("the headline, which is the title");
export const OTHER_STORY = dropped(BOILERPLATE_REASONS.related);
const BIO = dropped("about the author, not the story");
/** Of what nothing more is known. */
export const AROUND = dropped("the page around the story");

export function dropped(reason: string): Role {
  return { is: "dropped", reason };
}

/** Finds what was taken along with a story above its first sentence and below its last. */
function findFrame(placed: readonly Placed[]): Placed[] {
  const first = placed.findIndex(isOfStory);
  const last = placed.findLastIndex(isOfStory);
  // Further down, what looks like a frame is a table, or a list that the story opens with.
  const isShort = first !== -1 && first <= MOST_ABOVE;
  const lines = placed.map(({ line }) => line);
  const isMadeOfLinks = isRoundUp(lines);
  return placed.map(({ line, role }, index): Placed => {
    if (role.is !== "story" || first === -1) return { line, role };
    const isFrame =
      (isShort && index < first && isAbove(line, index === first - 1 ? lines.slice(first) : [])) ||
      (index > last && (line.isHeading || line.isLink) && !isMadeOfLinks);
    return { line, role: isFrame ? AROUND : role };
  });
}

function isOfStory({ line, role }: Placed): boolean {
  return role.is === "story" && isProse(line);
}

const MOST_ABOVE = 12;
const FEW_WORDS = 8;

const NAMED_HEADLINE =
  / (?:(?:entry|post|article|story|page|main|single post) (?:title|headline)|headline|title|titulo|titre|titolo|titel) /;

// A heading right above the first sentence heads it, if there are others of its kind below.
function isAbove(line: StoryLine, below: readonly StoryLine[]): boolean {
  if (!line.isHeading) return line.words < FEW_WORDS;
  const { localName } = line.block.element;
  return (
    NAMED_HEADLINE.test(line.label) ||
    !below.some(({ block }) => block.element.localName === localName)
  );
}

/** Finds the title of an export: a heading at its very start. */
function findHeadline([first, ...rest]: readonly Placed[]): Placed[] {
  if (!first) return [];
  const isTitle = first.line.isHeading && first.role.is === "story" && rest.length > 0;
  return [isTitle ? { ...first, role: HEADLINE } : first, ...rest];
}

const NEAR_END = 4;

/** Finds the note about an author under a story: "Ana Ruiz covers the coast for the paper." */
function findBios(placed: readonly Placed[], authors: readonly string[]): Placed[] {
  const from = Math.max(NEAR_END, placed.length - NEAR_END);
  return placed.map(({ line, role }, index): Placed => {
    const isBio =
      role.is === "story" && index >= from && line.words <= 70 && isAbout(line.text, authors);
    return { line, role: isBio ? BIO : role };
  });
}

function isAbout(text: string, authors: readonly string[]): boolean {
  return authors.some(
    (name) =>
      name.includes(" ") && text.startsWith(name) && /^,? \p{Ll}/u.test(text.slice(name.length)),
  );
}

/** Gives a gallery its captions back as its story, where most of the words stand under pictures. */
export function keepGallery(placed: readonly Placed[]): Placed[] {
  const wordsOf = (kind: Role["is"]): number =>
    placed.reduce((sum, { line, role }) => sum + (role.is === kind ? line.words : 0), 0);
  if (wordsOf("caption") < wordsOf("story") * 1.5) return [...placed];
  return placed.map(({ line, role }) => ({
    line,
    role: role.is === "caption" && isProse(line) ? STORY : role,
  }));
}

/**
 * Finds the pointers to other stories: lines that are a link, lists of such, and what stands over
 * them.
 */
function findOtherStories(placed: readonly Placed[]): Placed[] {
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
function isRoundUp(lines: readonly StoryLine[]): boolean {
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
