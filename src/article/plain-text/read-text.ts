import type { Article, Source, ReadOptions } from "../article.ts";
import {
  blocksThatAre,
  type BlockWithRole,
  STORY,
  boilerplate,
  isDateLine,
  isOrnament,
  ORNAMENT,
  type Role,
  ROLE_REASONS,
  roleAtEdge,
} from "../block.ts";
import { type Body, isAnotherTitle, toBody } from "../body.ts";
import { composeArticle, takeEndlessWords } from "../compose-article.ts";
import { readDeclared, type Declared } from "../declared.ts";
import { toHtml } from "../sanitise-html.ts";
import { toBlocks, type TextBlock } from "./blocks.ts";
import { isPage, storyOf } from "./copied-page.ts";
import { isNameLine } from "../byline.ts";
import { captionOf } from "../caption.ts";
import { BOILERPLATE_REASONS, boilerplateOf } from "../boilerplate.ts";

/**
 * The Article in a plain text: an article as saved or mailed, or a whole page copied as text.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readText(source: Source, options: ReadOptions): Article {
  const { declared, body } = readDeclared(source);
  const read = declared.kind === "letter" ? readLetter(body) : readStory(body, declared);
  return composeArticle(source, declared, read, options);
}

function readLetter(body: string): Body {
  const paragraphs = toBlocks(body).map(({ text }) => text);
  return {
    title: "",
    authors: [],
    images: [],
    captions: [],
    dropped: [],
    text: body.trim(),
    html: toHtml(paragraphs),
  };
}

/** The story in a cleaned plain text, and all that stands around it. */
export function readStory(text: string, declared: Declared): Body {
  const cut = takeEndlessWords(text);
  // Under a declared title, another headline-shaped line is the first of the story.
  const blocks = withRoles(toBlocks(cut.text)).map(({ block, role }) => ({
    block,
    role: role.is === "title" && isAnotherTitle(block.text, declared) ? STORY : role,
  }));
  const body = toBody(blocks, declared);
  const story = blocksThatAre("story", blocks);
  // Under captions, a lone headline is all that is left of a story that is not there.
  const isHeadline =
    body.captions.length > 0 && story.length === 1 && (story[0]?.measure.words ?? 0) < 12;
  return {
    ...body,
    ...(isHeadline && { text: "" }),
    html: isHeadline ? "" : toHtml(story.map((block) => block.text)),
    images: [],
    dropped: [...body.dropped, ...cut.dropped],
  };
}

/** The blocks of a plain text, each with its role. */
function withRoles(blocks: readonly TextBlock[]): BlockWithRole[] {
  const story = isPage(blocks) ? storyOf(blocks) : [];
  const roles = story.includes(true) ? rolesOnPage(blocks, story) : rolesInArticle(blocks);
  return blocks.map((block, index) => {
    const own = roles[index] ?? STORY;
    return { block, role: isCaptioned(blocks, roles, index) ? { is: "captioned" } : own };
  });
}

// "Children on the ice" and, on the next line, "Photo: A. Name".
function isCaptioned(blocks: readonly TextBlock[], roles: readonly Role[], index: number): boolean {
  const [block, next] = [blocks[index], roles[index + 1]];
  if (!block || next?.is !== "caption" || next.caption.text !== "") return false;
  const isBeside = block.group === blocks[index + 1]?.group;
  return roles[index]?.is === "story" && isBeside && block.measure.words <= 60;
}

/** The place of a block. */
interface Spot {
  /** Near the start or the end of the story, where bylines and dates are. */
  readonly isNearEdge: boolean;
  readonly isAboveStory: boolean;
}

/** The role that a block has by its own words; STORY where they say nothing else. */
function ownRole(block: TextBlock, { isNearEdge, isAboveStory }: Spot): Role {
  const { text, measure } = block;
  const caption = captionOf(text);
  if (caption) return { is: "caption", caption };
  const atEdge = isNearEdge ? roleAtEdge(text, measure.words) : undefined;
  if (atEdge) return atEdge;
  if (isOrnament(text)) return boilerplate(ORNAMENT);
  if (isFileName(text)) return boilerplate("the name of a file");
  const kind = boilerplateOf(text);
  if (kind === undefined || isSentenceOfStory(block)) return STORY;
  if (kind === "navigation" && !isAboveStory) return STORY;
  return boilerplate(BOILERPLATE_REASONS[kind]);
}

// "More news is expected on Tuesday." starts as boilerplate does; "Read more: The river rises again." is it.
function isSentenceOfStory({ text, measure }: TextBlock): boolean {
  return measure.endsSentence && measure.words > 6 && !/^\[?[\p{L} ]{3,25} ?[:：|]/u.test(text);
}

/** What `Article.dropped` says of a line that belongs to the page. */
function boilerplateReason(text: string): string | undefined {
  const kind = boilerplateOf(text);
  return kind && BOILERPLATE_REASONS[kind];
}

/** The roles of the blocks of a saved article: a headline, the story, a few lines after it. */
function rolesInArticle(blocks: readonly TextBlock[]): Role[] {
  const end = tailStart(blocks);
  const title = titleIndex(blocks, end);
  const opening = blocks.findIndex((block, index) => index > title && isOpening(block));
  const tailReason = boilerplateReason(blocks[end]?.text ?? "") ?? "after the story";
  return blocks.map((block, index): Role => {
    if (index >= end) return boilerplate(boilerplateReason(block.text) ?? tailReason);
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
function isDated(below: TextBlock | undefined): boolean {
  return below !== undefined && isDateLine(below.text);
}

function isOpening({ text, measure }: TextBlock): boolean {
  return measure.endsSentence && measure.words >= 5 && captionOf(text) === undefined;
}

// The first block that is nothing else, if it looks like a headline and a sentence comes after it.
function titleIndex(blocks: readonly TextBlock[], end: number): number {
  const index = blocks.findIndex((block, at) => at < end && !isPreliminary(block, blocks[at + 1]));
  const block = blocks[index];
  if (!block || !isTitleShaped(block)) return -1;
  return blocks.slice(index + 1, end).some(isOpening) ? index : -1;
}

// A menu word right above the first sentence is the headline ("Weather"); above a headline it is a menu.
function isPreliminary(block: TextBlock, next: TextBlock | undefined): boolean {
  const { text, measure } = block;
  if (saysOtherThanTitle(block)) return true;
  return boilerplateOf(text) !== undefined && !(next?.measure.endsSentence && measure.words > 0);
}

function saysOtherThanTitle({ text, measure }: TextBlock): boolean {
  return captionOf(text) !== undefined || roleAtEdge(text, measure.words) !== undefined;
}

// A headline, its rubric, a byline and some sharing links come between a page's menus and its story.
const REACH = 25;

/** The roles of the blocks of a page, given which of them are its story. */
function rolesOnPage(blocks: readonly TextBlock[], story: readonly boolean[]): Role[] {
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
    return boilerplate(boilerplateReason(block.text) ?? ROLE_REASONS.around);
  });
}

// A sentence this long is story, or a reader's comment that we rather keep than lose a story's end.
const LONG = 15;

/**
 * Where the boilerplate after a story starts ("Leave a Reply", "Related", "Share"); the number of blocks
 * where there is none. It counts only late: once a long paragraph follows, a line is no tail.
 */
function tailStart(blocks: readonly TextBlock[]): number {
  const last = blocks.findLastIndex((block) => isSentence(block, LONG) && !isEnd(block));
  const first = blocks.findIndex((block) => isSentence(block, 4));
  const from = Math.max(last, first, 0) + 1;
  const start = blocks.findIndex((block, index) => index >= from && isEnd(block));
  return start === -1 ? blocks.length : start;
}

function isSentence({ measure }: TextBlock, words: number): boolean {
  return measure.endsSentence && measure.words >= words;
}

// A page's menu words ("News", "More") are also what people write; alone they end nothing. Nor does a
// sentence like "More news is expected on Tuesday.", or a line that stands between paragraphs as often as after them.
function isEnd({ text, measure }: TextBlock): boolean {
  const kind = boilerplateOf(text);
  if (kind === undefined || kind === "navigation" || kind === "advertisement") return false;
  return !(kind === "related" && measure.endsSentence && measure.words > 6);
}

const MOST_WORDS = 30;
const MOST_CHARACTERS = 300;

// A sentence that ends inside the line; an address of the web; a handle; a place line ("LISBON, PORTUGAL").
const NO_TITLE = /\p{Ll}{3}[.]\s+\p{Lu}|\bwww\.|https?:|^@|^\p{Lu}{3,}, \p{Lu}{2,}$/u;

/** Whether a block has the shape of a headline: short, without a full stop, and nothing else we know. */
function isTitleShaped(block: TextBlock): boolean {
  const { kind, text, measure } = block;
  const { words } = measure;
  if (kind === "item" || words < 1 || words > MOST_WORDS || text.length > MOST_CHARACTERS)
    return false;
  if (/[.:,;。…]["”’»]?$/u.test(text) && !/\p{Lu}\.\p{Lu}\.$/u.test(text)) return false;
  return !NO_TITLE.test(text) && !isFileName(text) && !saysOtherThanTitle(block);
}

/** Whether a line is the name of a file: what is left of a picture when a page is copied. */
function isFileName(text: string): boolean {
  return /^\S{1,100}\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34])$/i.test(text);
}

/**
 * The index of a page's headline, given where its story starts. Of the `reach` blocks above it, the nearest headline-shaped line above it
 * that the page also has elsewhere (in its title or its trail of links), else the nearest of four words
 * or more (shorter ones are names and rubrics). -1 where there is none.
 */
function titleAbove(blocks: readonly TextBlock[], storyStart: number, reach: number): number {
  const from = Math.max(0, storyStart - reach);
  const above = blocks.slice(from, storyStart);
  const elsewhere = blocks.slice(0, storyStart);
  const isRepeated = ({ text }: TextBlock): boolean =>
    elsewhere.filter((other) => other.text.includes(text)).length > 1;
  const isLong = (block: TextBlock): boolean => block.measure.words >= 4 && isHeadline(block);
  const repeated = above.findLastIndex((block) => isLong(block) && isRepeated(block));
  if (repeated !== -1) return from + repeated;
  const long = above.findLastIndex(isLong);
  const index = long === -1 ? above.findLastIndex(isHeadline) : long;
  return index === -1 ? -1 : from + index;
}

function isHeadline(block: TextBlock): boolean {
  return (
    block.measure.words >= 3 && isTitleShaped(block) && boilerplateOf(block.text) === undefined
  );
}
