import type { Dropped, Caption, Image } from "../article.ts";
import { AROUND, HEADLINE, toRoles, type Role } from "./block-roles.ts";
import type { BoundedMarkup } from "./bound-markup.ts";
import type { Metadata } from "./metadata/read-metadata.ts";
import { findStoryThing } from "./metadata/survey.ts";
import { type PageDocument, type PageElement, elementsIn, isWithin } from "../page/page-dom.ts";
import { dropHidden, prune } from "./prune.ts";
import { fold } from "../clean-text.ts";
import { labelsOf, textBlocksIn, type TextBlock, toStoryLines } from "./text-blocks.ts";
import { captionIn } from "./notices.ts";
import { toImage } from "./story-pictures.ts";
import { chooseStory, type StoryChoice } from "../page/choose-story.ts";
import { toldOf, type Told } from "./chosen-roles.ts";

/** The story as it was found on a page, and what stood around it. */
export interface TakenStory {
  /** The element that holds it. */
  readonly content: PageElement;
  /** The page's blocks, in order. */
  readonly told: readonly Told[];
  /** What was taken out before the story was looked for. */
  readonly pruned: readonly Dropped[];
  /** The blocks that no label and no words give to the page around the story. */
  readonly page: readonly TextBlock[];
  /** The figures that stand with the story, but not in `content`. */
  readonly figures: readonly Figure[];
  /** Whether an element, a picture say, stands among the story's blocks. */
  readonly isAmong: (element: PageElement) => boolean;
  /** How sure it is that this is the story; undefined where nothing else could be. */
  readonly agreement: number | undefined;
}

/** Reads the story out of a document, which is not the same afterwards. */
export function takeStory(
  document: PageDocument,
  metadata: Metadata,
  { jsonLd, isFragment }: BoundedMarkup,
): TakenStory {
  if (isFragment) return takeAll(document.body, prune(document.body), metadata, true);
  const pruned = dropHidden(document.body);
  // Readability leaves nothing of the document that it reads.
  const body = document.body.cloneNode(true);
  const { titles, descriptions, base } = metadata;
  const declaredBody = declaredBodyIn(jsonLd);
  const choice = chooseStory(body, document, { titles, descriptions, declaredBody });
  // What is known of stories is known of pages: of a few lines anything may be one.
  if (isTiny(choice)) return takeAll(body, [...pruned, ...prune(body)], metadata, false);
  const all = toldOf(body, choice, metadata);
  const story = all.flatMap(({ block, role }) => (isKept(role) ? [block.element] : []));
  const content = boxAround(story, body);
  const figures = figuresOn(body, base).filter(({ element }) => !isWithin(element, content));
  const boxes = new Set(figures.map(({ element }) => element));
  const told = all.filter(
    ({ block, role }) =>
      !(role.is === "caption" || role === AROUND) ||
      !outwards(block.element).some((element) => boxes.has(element)),
  );
  const inStory = new Set(story.flatMap(outwards));
  const teasers = new Set(
    told.flatMap(({ block, role }) =>
      role.is === "dropped" && block.linked > 0 ? outwards(block.element) : [],
    ),
  );
  return {
    content,
    told,
    pruned,
    page: told.flatMap(({ block, role }) => (isOfPage(role) ? [block] : [])),
    figures,
    isAmong: (element) => !teasers.has(branchOf(element, inStory)),
    agreement: choice.confidence,
  };
}

/** All of a small piece of markup is the story, but for what its markup and its words say is not. */
function takeAll(
  body: PageElement,
  pruned: readonly Dropped[],
  metadata: Metadata,
  isFragment: boolean,
): TakenStory {
  const page = textBlocksIn(body);
  const authors = [...metadata.authors, ...metadata.shownAuthors];
  const titles = new Set(metadata.titles.map(fold));
  const roles = toRoles(page, { titles, authors, labels: labelsOf(page), isFragment });
  const told = page.flatMap((block, index): Told[] => {
    const role = roles[index];
    return role ? [{ block, role }] : [];
  });
  const texts = page.map(({ text }) => text);
  const figures = isFragment ? [] : figuresBeside(figuresOn(body, metadata.base), texts);
  return { content: body, told, pruned, page, figures, isAmong: () => true, agreement: undefined };
}

const FEW_BLOCKS = 8;
const FEW_WORDS = 120;

function isTiny({ blocks }: StoryChoice): boolean {
  const words = blocks.reduce((sum, { block }) => sum + block.measure.words, 0);
  return blocks.length < FEW_BLOCKS || words < FEW_WORDS || !blocks.some(({ isStory }) => isStory);
}

function declaredBodyIn(jsonLd: readonly string[]): string | undefined {
  const body = findStoryThing(jsonLd)?.story["articleBody"];
  return typeof body === "string" ? body : undefined;
}

function isKept({ is }: Role): boolean {
  return is === "story" || is === "code";
}

/** Whether no label and no words give a block to the page around the story. */
export function isOfPage(role: Role): boolean {
  return role.is !== "dropped" || role === AROUND || role === HEADLINE;
}

/** An element and those around it, the innermost first. */
function outwards(element: PageElement): PageElement[] {
  const path: PageElement[] = [];
  for (let at: PageElement | null = element; at; at = at.parentElement) path.push(at);
  return path;
}

/** The outermost element around one that has nothing of the story inside. */
function branchOf(element: PageElement, inStory: ReadonlySet<PageElement>): PageElement {
  let branch = element;
  for (let at: PageElement | null = element; at && !inStory.has(at); at = at.parentElement)
    branch = at;
  return branch;
}

const TEXT_MARKUP =
  /^(?:p|h[1-6]|[uod]l|li|d[td]|blockquote|pre|table|thead|tbody|tr|t[dh]|a|span)$/;

/** The innermost element around all of some, of those that only hold others. */
function boxAround(elements: readonly PageElement[], body: PageElement): PageElement {
  let [box = body] = elements;
  for (const element of elements) while (!isWithin(element, box)) box = box.parentElement ?? body;
  while (TEXT_MARKUP.test(box.localName)) box = box.parentElement ?? body;
  return box;
}

/** A picture with its caption, as a page sets it. */
interface Figure {
  readonly picture: Image | undefined;
  readonly caption: Caption;
  /** The caption as it is written. */
  readonly text: string;
  readonly element: PageElement;
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
    return [
      {
        picture: pictureIn(figure, full, base),
        caption: full,
        text: lines[0]?.text ?? "",
        element: figure,
      },
    ];
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
