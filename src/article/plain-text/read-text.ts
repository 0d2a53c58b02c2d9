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
 * Reads the Article in a plain text: a saved or mailed article, or a whole page copied as text.
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

/** Reads the story in a cleaned plain text. The text around it goes to `dropped`. */
export function readStory(text: string, declared: Declared): Body {
  const cut = takeEndlessWords(text);
  // If the title is declared, another line in the form of a headline belongs to the story.
  const blocks = withRoles(toBlocks(cut.text)).map(({ block, role }) => ({
    block,
    role: role.is === "title" && isAnotherTitle(block.text, declared) ? STORY : role,
  }));
  const body = toBody(blocks, declared);
  const story = blocksThatAre("story", blocks);
  // If a text has captions and only one short block of story, the block is the headline of a picture page.
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

function withRoles(blocks: readonly TextBlock[]): BlockWithRole[] {
  const story = isPage(blocks) ? storyOf(blocks) : [];
  const roles = story.includes(true) ? rolesOnPage(blocks, story) : rolesInArticle(blocks);
  return blocks.map((block, index) => {
    const own = roles[index] ?? STORY;
    return { block, role: isCaptioned(blocks, roles, index) ? { is: "captioned" } : own };
  });
}

// A line such as "Children on the ice", with "Photo: A. Name" on the next line.
function isCaptioned(blocks: readonly TextBlock[], roles: readonly Role[], index: number): boolean {
  const [block, next] = [blocks[index], roles[index + 1]];
  if (!block || next?.is !== "caption" || next.caption.text !== "") return false;
  const isBeside = block.group === blocks[index + 1]?.group;
  return roles[index]?.is === "story" && isBeside && block.measure.words <= 60;
}

/** The position of a block. */
interface Spot {
  /** Near the start or the end of the story, where bylines and dates are. */
  readonly isNearEdge: boolean;
  readonly isAboveStory: boolean;
}

/** The role of a block by its own words. The default is STORY. */
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

// "More news is expected on Tuesday." only begins like boilerplate; "Read more: The river rises again." is
// boilerplate.
function isSentenceOfStory({ text, measure }: TextBlock): boolean {
  return measure.endsSentence && measure.words > 6 && !/^\[?[\p{L} ]{3,25} ?[:：|]/u.test(text);
}

/** The reason for `Article.dropped` if a line is boilerplate. */
function boilerplateReason(text: string): string | undefined {
  const kind = boilerplateOf(text);
  return kind && BOILERPLATE_REASONS[kind];
}

/** The roles of the blocks of a saved article: a headline, the story, and a few lines after it. */
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

/** Whether the line below is a date. A name above a date is the author's. */
function isDated(below: TextBlock | undefined): boolean {
  return below !== undefined && isDateLine(below.text);
}

function isOpening({ text, measure }: TextBlock): boolean {
  return measure.endsSentence && measure.words >= 5 && captionOf(text) === undefined;
}

// The first block without another role is the title, if it has the form of a headline and a sentence follows.
function titleIndex(blocks: readonly TextBlock[], end: number): number {
  const index = blocks.findIndex((block, at) => at < end && !isPreliminary(block, blocks[at + 1]));
  const block = blocks[index];
  if (!block || !isTitleShaped(block)) return -1;
  return blocks.slice(index + 1, end).some(isOpening) ? index : -1;
}

// A menu word above the first sentence is the headline ("Weather"). Above a headline it is part of a menu.
function isPreliminary(block: TextBlock, next: TextBlock | undefined): boolean {
  const { text, measure } = block;
  if (saysOtherThanTitle(block)) return true;
  return boilerplateOf(text) !== undefined && !(next?.measure.endsSentence && measure.words > 0);
}

function saysOtherThanTitle({ text, measure }: TextBlock): boolean {
  return captionOf(text) !== undefined || roleAtEdge(text, measure.words) !== undefined;
}

// Between a page's menus and its story are the headline, a section name, a byline and some sharing links.
const REACH_BLOCKS = 25;

/** The roles of the blocks of a page, given its story. */
function rolesOnPage(blocks: readonly TextBlock[], story: readonly boolean[]): Role[] {
  const start = story.indexOf(true);
  const end = story.lastIndexOf(true);
  const title = titleAbove(blocks, start);
  return blocks.map((block, index): Role => {
    if (index === title) return { is: "title" };
    const isHead = index < start && index > title && index >= start - REACH_BLOCKS;
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

// A sentence of this length belongs to the story, or is a reader's comment, which is a smaller error than a lost
// ending.
const LONG_WORDS = 15;

/**
 * The index at which the boilerplate after a story begins ("Leave a Reply", "Related", "Share"), or the number of
 * blocks. A line is not the beginning if a long sentence follows.
 */
function tailStart(blocks: readonly TextBlock[]): number {
  const last = blocks.findLastIndex((block) => isSentence(block, LONG_WORDS) && !isEnd(block));
  const first = blocks.findIndex((block) => isSentence(block, 4));
  const from = Math.max(last, first, 0) + 1;
  const start = blocks.findIndex((block, index) => index >= from && isEnd(block));
  return start === -1 ? blocks.length : start;
}

function isSentence({ measure }: TextBlock, words: number): boolean {
  return measure.endsSentence && measure.words >= words;
}

// Menu words ("News", "More") are ordinary words too, so they end no story. A sentence like "More news is expected on
// Tuesday." or a line that often stands between paragraphs ends none either.
function isEnd({ text, measure }: TextBlock): boolean {
  const kind = boilerplateOf(text);
  if (kind === undefined || kind === "navigation" || kind === "advertisement") return false;
  return !(kind === "related" && measure.endsSentence && measure.words > 6);
}

const MOST_WORDS = 30;
const MOST_CHARACTERS = 300;

// A sentence that ends inside the line, a web address, a handle, or a place line ("LISBON, PORTUGAL").
const NO_TITLE = /\p{Ll}{3}[.]\s+\p{Lu}|\bwww\.|https?:|^@|^\p{Lu}{3,}, \p{Lu}{2,}$/u;

/** Whether a block has the form of a headline: short, without a full stop, and without another role. */
function isTitleShaped(block: TextBlock): boolean {
  const { kind, text, measure } = block;
  const { words } = measure;
  if (kind === "item" || words < 1 || words > MOST_WORDS || text.length > MOST_CHARACTERS)
    return false;
  if (/[.:,;。…]["”’»]?$/u.test(text) && !/\p{Lu}\.\p{Lu}\.$/u.test(text)) return false;
  return !NO_TITLE.test(text) && !isFileName(text) && !saysOtherThanTitle(block);
}

/** Whether a line is a file name, which remains of a picture when a page is copied. */
function isFileName(text: string): boolean {
  return /^\S{1,100}\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34])$/i.test(text);
}

/**
 * The index of a page's headline, given the start of its story; -1 if there is none. It prefers the nearest line of
 * the blocks above that the page repeats (in its title or breadcrumbs), then the nearest of four words or
 * more. Shorter lines are names and section titles.
 */
function titleAbove(blocks: readonly TextBlock[], storyStart: number): number {
  const from = Math.max(0, storyStart - REACH_BLOCKS);
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
