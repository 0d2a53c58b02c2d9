import type { Block } from "./blocks.ts";
import { isPage, storyOf } from "./copied-page.ts";
import { namesInByline, isNameLine } from "../byline.ts";
import { captionOf } from "../caption.ts";
import { BOILERPLATE_REASONS, boilerplateOf } from "../boilerplate.ts";
import { findDate, isDateNoise } from "../dates.ts";
import { ORNAMENT, type Role, ROLE_REASONS, STORY } from "../role.ts";

/** The role of each block of a plain text. */
export function toRoles(blocks: readonly Block[]): Role[] {
  const story = isPage(blocks) ? storyOf(blocks) : [];
  const roles = story.includes(true) ? rolesOnPage(blocks, story) : rolesInArticle(blocks);
  return roles.map((role, index) =>
    isCaptioned(blocks, roles, index) ? { is: "captioned" } : role,
  );
}

// "Children on the ice" and, on the next line, "Photo: A. Name".
function isCaptioned(blocks: readonly Block[], roles: readonly Role[], index: number): boolean {
  const [block, next] = [blocks[index], roles[index + 1]];
  if (!block || next?.is !== "caption" || next.caption.text !== "") return false;
  const isBeside = block.group === blocks[index + 1]?.group;
  return roles[index]?.is === "story" && isBeside && block.words <= 60;
}

/** Where a block stands. */
interface Place {
  /** Near the start or the end of the story, where bylines and dates are. */
  readonly isNearEdge: boolean;
  readonly isAboveStory: boolean;
}

/** The role that a block has by its own words; STORY where they say nothing else. */
function ownRole(block: Block, { isNearEdge, isAboveStory }: Place): Role {
  const caption = captionOf(block.text);
  if (caption) return { is: "caption", caption };
  if (isNearEdge && namesInByline(block.text).length > 0) return { is: "byline" };
  if (isNearEdge && isDateLine(block.text)) return { is: "date" };
  if (!/[\p{L}\p{N}]/u.test(block.text)) return { is: "boilerplate", reason: ORNAMENT };
  if (isFileName(block.text)) return { is: "boilerplate", reason: "the name of a file" };
  const kind = boilerplateOf(block.text);
  if (kind === undefined || isSentenceOfStory(block)) return STORY;
  if (kind === "navigation" && !isAboveStory) return STORY;
  return { is: "boilerplate", reason: BOILERPLATE_REASONS[kind] };
}

// "More news is expected on Tuesday." starts as boilerplate does; "Read more: The river rises again." is it.
function isSentenceOfStory({ text, words, isSentence }: Block): boolean {
  return isSentence && words > 6 && !/^\[?[\p{L} ]{3,25} ?[:：|]/u.test(text);
}

/** What `Article.dropped` says of a line that belongs to the page. */
function boilerplateReason(text: string): string | undefined {
  const kind = boilerplateOf(text);
  return kind && BOILERPLATE_REASONS[kind];
}

/** The roles of the blocks of a saved article: a headline, the story, a few lines after it. */
function rolesInArticle(blocks: readonly Block[]): Role[] {
  const end = tailStart(blocks);
  const title = titleIndex(blocks, end);
  const opening = blocks.findIndex((block, index) => index > title && isOpening(block));
  const tailReason = boilerplateReason(blocks[end]?.text ?? "") ?? "after the story";
  return blocks.map((block, index): Role => {
    if (index >= end)
      return { is: "boilerplate", reason: boilerplateReason(block.text) ?? tailReason };
    if (index === title) return { is: "title" };
    const isAboveStory = index < opening;
    const isNearEdge = index <= Math.max(title, 0) + 4 || index >= end - 3;
    const own = ownRole(block, { isNearEdge, isAboveStory });
    const isSignature = index === end - 1 && opening !== -1 && index > opening;
    const isSigned = isSignature || (isAboveStory && isDated(blocks[index + 1]));
    return own === STORY && isSigned && isNameLine(block.text) ? { is: "byline" } : own;
  });
}

/** Whether the line below is a date: then a name above it is the author's. */
function isDated(below: Block | undefined): boolean {
  return below !== undefined && isDateLine(below.text);
}

function isOpening({ text, words, isSentence }: Block): boolean {
  return isSentence && words >= 5 && captionOf(text) === undefined;
}

// The first block that is nothing else, if it looks like a headline and a sentence comes after it.
function titleIndex(blocks: readonly Block[], end: number): number {
  const index = blocks.findIndex((block, at) => at < end && !isPreliminary(block, blocks[at + 1]));
  const block = blocks[index];
  if (!block || !isTitleShaped(block)) return -1;
  return blocks.slice(index + 1, end).some(isOpening) ? index : -1;
}

// A menu word right above the first sentence is the headline ("Weather"); above a headline it is a menu.
function isPreliminary({ text, words }: Block, next: Block | undefined): boolean {
  if (captionOf(text) || namesInByline(text).length > 0 || isDateLine(text)) return true;
  return boilerplateOf(text) !== undefined && !(next?.isSentence && words > 0);
}

// A headline, its rubric, a byline and some sharing links come between a page's menus and its story.
const REACH = 25;

/** The roles of the blocks of a page, given which of them are its story. */
function rolesOnPage(blocks: readonly Block[], story: readonly boolean[]): Role[] {
  const start = story.indexOf(true);
  const end = story.lastIndexOf(true);
  const title = titleAbove(blocks, start, REACH);
  return blocks.map((block, index): Role => {
    if (index === title) return { is: "title" };
    const isHead = index < start && index > title && index >= start - REACH;
    const isNearEdge = isHead || Math.abs(index - start) < 2 || Math.abs(index - end) < 3;
    const own = ownRole(block, { isNearEdge, isAboveStory: index < start });
    if (story[index]) return own;
    const isSigned = isHead && isDated(blocks[index + 1]) && isNameLine(block.text);
    if (own === STORY && isSigned) return { is: "byline" };
    if (isNearEdge && (own.is === "byline" || own.is === "date")) return own;
    if (own.is === "caption" && index < start && index >= start - 6) return own;
    return { is: "boilerplate", reason: boilerplateReason(block.text) ?? ROLE_REASONS.around };
  });
}

// A sentence this long is story, or a reader's comment that we rather keep than lose a story's end.
const LONG = 15;

/**
 * Where the boilerplate after a story starts ("Leave a Reply", "Related", "Share"); the number of blocks
 * where there is none. It counts only late: once a long paragraph follows, a line is no tail.
 */
function tailStart(blocks: readonly Block[]): number {
  const last = blocks.findLastIndex(
    (block) => block.isSentence && block.words >= LONG && !isEnd(block),
  );
  const firstSentence = blocks.findIndex((block) => block.isSentence && block.words >= 4);
  const from = Math.max(last, firstSentence, 0) + 1;
  const start = blocks.findIndex((block, index) => index >= from && isEnd(block));
  return start === -1 ? blocks.length : start;
}

// A page's menu words ("News", "More") are also what people write; alone they end nothing. Nor does a
// sentence like "More news is expected on Tuesday.", or a line that stands between paragraphs as often as after them.
function isEnd({ text, words, isSentence }: Block): boolean {
  const kind = boilerplateOf(text);
  if (kind === undefined || kind === "navigation" || kind === "advertisement") return false;
  return !(kind === "related" && isSentence && words > 6);
}

const MOST_WORDS = 30;
const MOST_CHARACTERS = 300;

// A sentence that ends inside the line; an address of the web; a handle; a place line ("LISBON, PORTUGAL").
const NO_TITLE = /\p{Ll}{3}[.]\s+\p{Lu}|\bwww\.|https?:|^@|^\p{Lu}{3,}, \p{Lu}{2,}$/u;

/** Whether a block has the shape of a headline: short, without a full stop, and nothing else we know. */
function isTitleShaped({ text, words, bullet }: Block): boolean {
  if (bullet || words < 1 || words > MOST_WORDS || text.length > MOST_CHARACTERS) return false;
  if (/[.:,;。…]["”’»]?$/u.test(text) && !/\p{Lu}\.\p{Lu}\.$/u.test(text)) return false;
  return (
    !NO_TITLE.test(text) &&
    !isFileName(text) &&
    captionOf(text) === undefined &&
    namesInByline(text).length === 0 &&
    !isDateLine(text)
  );
}

/** Whether a line is the name of a file: what is left of a picture when a page is copied. */
function isFileName(text: string): boolean {
  return /^\S{1,100}\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34])$/i.test(text);
}

/** Whether a line only says when something was published. */
export function isDateLine(text: string): boolean {
  if (/^(?:published|updated|posted|last (?:updated|modified))\b[^.]{0,60}\d{4}/i.test(text))
    return true;
  const date = findDate(text);
  return date !== undefined && isDateNoise(date.rest);
}

/**
 * The index of a page's headline, given where its story starts: of the `reach` blocks above it, the nearest headline-shaped line above it
 * that the page also has elsewhere (in its title or its trail of links), else the nearest of four words
 * or more (shorter ones are names and rubrics). -1 where there is none.
 */
function titleAbove(blocks: readonly Block[], storyStart: number, reach: number): number {
  const from = Math.max(0, storyStart - reach);
  const above = blocks.slice(from, storyStart);
  const elsewhere = blocks.slice(0, storyStart);
  const isRepeated = ({ text }: Block): boolean =>
    elsewhere.filter((other) => other.text.includes(text)).length > 1;
  const repeated = above.findLastIndex(
    (block) => isHeadline(block) && block.words >= 4 && isRepeated(block),
  );
  if (repeated !== -1) return from + repeated;
  const long = above.findLastIndex((block) => isHeadline(block) && block.words >= 4);
  const index = long === -1 ? above.findLastIndex(isHeadline) : long;
  return index === -1 ? -1 : from + index;
}

function isHeadline(block: Block): boolean {
  return block.words >= 3 && isTitleShaped(block) && boilerplateOf(block.text) === undefined;
}
