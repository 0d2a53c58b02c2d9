import type { Dropped, Caption, Image } from "../article.ts";
import { toRoles, type Role } from "./block-roles.ts";
import type { BoundedMarkup } from "./bound-markup.ts";
import type { Metadata } from "./metadata/read-metadata.ts";
import { type PageDocument, type PageElement, elementsIn } from "./page-dom.ts";
import { prune } from "./prune.ts";
import { fold } from "../clean-text.ts";
import {
  labelsOf,
  textBlocksIn,
  type TextBlock,
  toStoryLines,
  isProse,
  toStoryLine,
} from "./text-blocks.ts";
import { captionIn, noticeIn } from "./notices.ts";
import { toImage } from "./story-pictures.ts";
import { createRequire } from "node:module";

/** A block and what it is. */
export interface Told {
  readonly block: TextBlock;
  readonly role: Role;
}

/** The story as it was found on a page, and what stood around it. */
export interface TakenStory {
  /** The element that holds it. */
  readonly content: PageElement;
  /** Its blocks, the recovered opening first. */
  readonly told: readonly Told[];
  /** The paragraphs of the opening that are not in `content`. */
  readonly opening: readonly TextBlock[];
  /** What was taken out before the story was looked for. */
  readonly pruned: readonly Dropped[];
  /** All blocks that were on the page then. */
  readonly page: readonly TextBlock[];
  /** The figures that stand with the story, but not in `content`. */
  readonly figures: readonly Figure[];
}

/**
 * Reads the story out of a document, which is not the same afterwards. `parse` makes documents like
 * it.
 */
export function takeStory(
  document: PageDocument,
  metadata: Metadata,
  { html, isFragment }: BoundedMarkup,
  parse: (html: string) => PageDocument,
): TakenStory {
  const pruned = prune(document.body);
  const page = textBlocksIn(document.body);
  // Readability takes the names off many an element.
  const labels = labelsOf(page);
  const figures = isFragment ? [] : figuresOn(document.body, metadata.base);
  const again = (): PageDocument => {
    const fresh = parse(html);
    prune(fresh.body);
    return fresh;
  };
  const content = isFragment ? document.body : findContent(document, again);
  const found = textBlocksIn(content);
  const opening = isFragment ? [] : lostOpening(found, page, metadata.descriptions);
  const blocks = [...opening, ...found];
  const authors = [...metadata.authors, ...metadata.shownAuthors];
  const titles = new Set(metadata.titles.map(fold));
  const roles = toRoles(blocks, { titles, authors, labels, isFragment });
  const told = blocks.flatMap((block, index): Told[] => {
    const role = roles[index];
    return role ? [{ block, role }] : [];
  });
  const texts = blocks.map(({ text }) => text);
  return { content, told, opening, pruned, page, figures: figuresBeside(figures, texts) };
}

/** A picture with its caption, as a page sets it. */
interface Figure {
  readonly picture: Image | undefined;
  readonly caption: Caption;
  /** The caption as it is written. */
  readonly text: string;
}

/**
 * The figures in the part of a page that its headline is in. The one between a headline and a story
 * is often left out of the story, and belongs to it all the same.
 */
function figuresOn(body: PageElement, base: string | undefined): Figure[] {
  const article = body.querySelector("h1") ? articleWithHeadline(body) : undefined;
  if (!article) return [];
  return [...article.querySelectorAll("figure")].flatMap((figure): Figure[] => {
    const lines = toStoryLines(textBlocksIn(figure));
    const captions = lines.flatMap((line) => (line.isLink ? [] : (captionIn(line) ?? [])));
    const [caption] = captions;
    if (!caption || lines.length > 3) return [];
    const credit = caption.credit ?? captions[1]?.credit;
    const full = { ...caption, ...(credit ? { credit } : {}) };
    return [{ picture: pictureIn(figure, full, base), caption: full, text: lines[0]?.text ?? "" }];
  });
}

/** Those figures whose captions are not among some texts. */
function figuresBeside(figures: readonly Figure[], texts: readonly string[]): Figure[] {
  const told = new Set(texts.map(fold));
  return figures.filter(({ text }) => !told.has(fold(text)));
}

function articleWithHeadline(body: PageElement): PageElement | undefined {
  const parts = [...body.querySelectorAll("article"), ...body.querySelectorAll("main")];
  return parts.find((part) => part.querySelector("h1") !== null);
}

function pictureIn(
  figure: PageElement,
  { text, credit }: Caption,
  base: string | undefined,
): Image | undefined {
  for (const element of elementsIn(figure)) {
    const picture = element.localName === "img" ? toImage(element, base) : undefined;
    if (!picture) continue;
    return { ...picture, ...(text ? { caption: text } : {}), ...(credit ? { credit } : {}) };
  }
  return undefined;
}

/**
 * The part of a page that holds its story. Where the page marks that part, and Readability found
 * something else, the page is believed. `again` gives the same document anew, for Readability
 * leaves nothing of the one that it reads.
 */
export function findContent(document: PageDocument, again: () => PageDocument): PageElement {
  const marked = markedStory(document);
  const paragraphs = marked ? paragraphsIn(marked) : [];
  const found = findStory(document);
  if (found && !misses(found, paragraphs)) return found;
  const fresh = again();
  return markedStory(fresh) ?? fresh.body;
}

// schema.org's articleBody, or the one article of a page.
function markedStory(document: PageDocument): PageElement | undefined {
  const [body, second] = document.querySelectorAll("[itemprop=articleBody]");
  if (body) return second ? undefined : body;
  const [article, other] = document.querySelectorAll("article");
  return other ? undefined : article;
}

function paragraphsIn(element: PageElement): string[] {
  return toStoryLines(textBlocksIn(element))
    .filter((line) => isProse(line) && line.words >= 12)
    .map(({ text }) => fold(text));
}

const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;

function misses(found: PageElement, paragraphs: readonly string[]): boolean {
  const all = lengthOf(paragraphs);
  if (all < LEAST_CHARACTERS) return false;
  const story = fold(found.textContent);
  return (
    lengthOf(paragraphs.filter((text) => story.includes(text.slice(0, 60)))) < all * LEAST_SHARE
  );
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

interface Module {
  readonly Readability: new (
    document: PageDocument,
    options: {
      readonly serializer: (content: PageElement) => PageElement;
      readonly keepClasses: boolean;
      readonly disableJSONLD: boolean;
    },
  ) => { parse(): { readonly content: PageElement | null; readonly title: string | null } | null };
}

let module: Module | undefined;

/**
 * The part of a page that Readability takes for its story, or undefined where it finds none. It
 * changes the document: read from it first what is wanted of it.
 */
function findStory(document: PageDocument): PageElement | undefined {
  module ??= load();
  nameAuthor(document);
  // Classes tell the rules that come after what a block is for. The metadata is read elsewhere.
  const options = {
    serializer: (content: PageElement) => content,
    keepClasses: true,
    disableJSONLD: true,
    charThreshold: 300,
  };
  return new module.Readability(document, options).parse()?.content ?? undefined;
}

// Where a page's metadata names no author, Readability takes the first element that is called one
// out of the story, even in the middle of a sentence.
function nameAuthor(document: PageDocument): void {
  const author = document.createElement("meta");
  author.setAttribute("name", "author");
  author.setAttribute("content", "-");
  document.head.append(author);
}

function load(): Module {
  return createRequire(import.meta.url)("@mozilla/readability");
}

// How much of a description has to be found in a text: systems cut them off anywhere after that.
const BEGINNING = 50;
const MOST_BETWEEN = 6;

/**
 * The paragraphs of a page's opening that are missing in what was found of its story. A description
 * that a system cut from the story's first words shows where it begins; Readability loses that
 * paragraph where it is set apart from the others. Empty where nothing is missing, or where the
 * page does not say.
 */
export function lostOpening(
  found: readonly TextBlock[],
  page: readonly TextBlock[],
  descriptions: readonly string[],
): TextBlock[] {
  const story = ` ${found.map(({ text }) => fold(text)).join(" ")} `;
  const beginnings = descriptions.map(fold).filter(({ length }) => length >= BEGINNING);
  if (beginnings.some((beginning) => story.includes(` ${beginning.slice(0, BEGINNING)}`)))
    return [];
  const first = indexOfFirst(found, page);
  const start = page.findIndex(
    (block) => beginnings.some((beginning) => isCutFrom(beginning, block)) && isParagraph(block),
  );
  if (start === -1 || first === -1 || start >= first || first - start > MOST_BETWEEN) return [];
  return page.slice(start, first).filter(isParagraph);
}

// A description that is all of a line is a standfirst: somebody wrote it to stand above the story.
function isCutFrom(beginning: string, { text }: TextBlock): boolean {
  const whole = fold(text);
  return whole.length > beginning.length + 20 && whole.startsWith(beginning);
}

// Where the story that was found begins on the page.
function indexOfFirst(found: readonly TextBlock[], page: readonly TextBlock[]): number {
  const lengths = new Map<PageElement, number>();
  const first = found.find((block) => isProse(toStoryLine(block, lengths)));
  if (!first) return -1;
  const text = fold(first.text);
  return page.findIndex((block) => fold(block.text) === text);
}

function isParagraph(block: TextBlock): boolean {
  const line = toStoryLine(block, new Map());
  return (
    isProse(line) &&
    !line.isHeading &&
    noticeIn(line) === undefined &&
    captionIn(line) === undefined
  );
}
