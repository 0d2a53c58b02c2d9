import type { Dropped, Caption, Image } from "../article.ts";
import { blocksIn, type PageBlock, isLink, placesAround } from "./blocks.ts";
import { chooseInFragment, chooseStory, type JudgedBlock } from "./choose-story.ts";
import {
  type PageDocument,
  type PageElement,
  elementsIn,
  findElement,
  isWithin,
  outwards,
  parentOf,
  removeHidden,
} from "./page-dom.ts";
import type { BoundedMarkup } from "./bound-markup.ts";
import type { Metadata } from "./metadata/read-metadata.ts";
import { withCaption } from "../caption.ts";
import { captionIn } from "./captions.ts";
import { toRoles, type PageBlockWithRole } from "./roles.ts";
import type { Role } from "../block.ts";
import { toImage, isSamePicture } from "./metadata/lead-image.ts";

/** The story that was found on a page, and the text around it. */
export interface TakenStory {
  /** The element that contains it. */
  readonly content: PageElement;
  /** The page's blocks, in order. */
  readonly blocks: readonly PageBlockWithRole[];
  /** The hidden text of the page. */
  readonly hidden: readonly Dropped[];
  /** The blocks that are not boilerplate by words or markup. */
  readonly page: readonly PageBlock[];
  /** The figures that belong to the story but are outside `content`. */
  readonly figures: readonly Figure[];
  /** Whether an element, such as a picture, is among the story's blocks. */
  readonly isAmong: (element: PageElement) => boolean;
  /** The page's blocks as they were judged. */
  readonly judged: readonly JudgedBlock[];
}

/** Finds the story of a page. Hidden elements are removed from the document. */
export function takeStory(
  { body }: PageDocument,
  metadata: Metadata,
  markup: BoundedMarkup,
  parse: (html: string) => PageDocument,
): TakenStory {
  const hidden = dropHidden(body);
  const copied = (): PageDocument => {
    const copy = parse(markup.html);
    removeHidden(copy.body);
    return copy;
  };
  const judged = markup.isFragment
    ? chooseInFragment(body, metadata)
    : chooseStory(body, copied(), metadata);
  const all = toRoles(judged);
  const story = all.flatMap(({ block, role }) => (isKept(role) ? [block.place.element] : []));
  const content = boxAround(story, body);
  const figures = figuresOn(body, all, metadata.base).filter(
    ({ element }) => !isWithin(element, content),
  );
  const boxes = new Set(figures.map(({ element }) => element));
  const assigned = all.filter(
    ({ block, role }) =>
      !(role.is === "caption" || role.is === "around") ||
      !outwards(block.place.element).some((element) => boxes.has(element)),
  );
  const inStory = new Set(story.flatMap((element) => outwards(element)));
  const teasers = new Set(
    assigned.flatMap(({ block, role }) =>
      isApart(role) && block.linked > 0 ? outwards(block.place.element) : [],
    ),
  );
  return {
    content,
    blocks: assigned,
    hidden,
    page: assigned.flatMap(({ block, role }) => (role.is === "boilerplate" ? [] : [block])),
    figures,
    isAmong: (element) => !teasers.has(branchOf(element, inStory)),
    judged,
  };
}

/** Removes hidden elements from a page and returns their text, in order. */
function dropHidden(body: PageElement): Dropped[] {
  return removeHidden(body).flatMap((element): Dropped[] => {
    for (const inner of elementsIn(element)) inner.removeAttribute("hidden");
    const lines = blocksIn(element).blocks.map(({ text }) => text);
    if (lines.length === 0) return [];
    return [{ text: lines.join("\n"), reason: element.getAttribute("hidden") ?? "" }];
  });
}

function isKept({ is }: Role): boolean {
  return is === "story" || is === "markup";
}

function isApart({ is }: Role): boolean {
  return is === "boilerplate" || is === "around" || is === "title";
}

/** Returns the outermost ancestor of an element that contains nothing of the story. */
function branchOf(element: PageElement, inStory: ReadonlySet<PageElement>): PageElement {
  let branch = element;
  for (const at of outwards(element)) {
    if (inStory.has(at)) break;
    branch = at;
  }
  return branch;
}

const TEXT_MARKUP =
  /^(?:p|h[1-6]|[uod]l|li|d[td]|blockquote|pre|table|thead|tbody|tr|t[dh]|a|span)$/;

/** Returns the innermost container that contains all the elements. */
function boxAround(elements: readonly PageElement[], body: PageElement): PageElement {
  let [box = body] = elements;
  for (const element of elements) while (!isWithin(element, box)) box = parentOf(box) ?? body;
  while (TEXT_MARKUP.test(box.localName)) box = parentOf(box) ?? body;
  return box;
}

interface Figure {
  readonly picture: Image;
  readonly caption: Caption;
  readonly element: PageElement;
}

/**
 * Returns the figures in the part of a page with the headline. A figure between headline and story is often outside the
 * story element, but belongs to it.
 */
function figuresOn(
  body: PageElement,
  assigned: readonly PageBlockWithRole[],
  base: string | undefined,
): Figure[] {
  const article = articleWithHeadline(body);
  if (!article) return [];
  const blocks = assigned.map(({ block }) => block);
  return [...Map.groupBy(blocks, figureAround)].flatMap(([figure, lines]): Figure[] => {
    if (!figure || lines.length > 3 || !isWithin(figure, article)) return [];
    const captions = lines.flatMap((line) => (isLink(line) ? [] : (captionIn(line) ?? [])));
    const [caption] = captions;
    if (!caption) return [];
    const credit = caption.credit ?? captions[1]?.credit;
    const full = { ...caption, ...(credit ? { credit } : {}) };
    const picture = pictureIn(figure, full, base);
    return picture ? [{ picture, caption: full, element: figure }] : [];
  });
}

function figureAround({ place }: PageBlock): PageElement | undefined {
  return placesAround(place).find(({ name }) => name === "figure")?.element;
}

function articleWithHeadline(body: PageElement): PageElement | undefined {
  const holdsHeadline = (name: string): PageElement | undefined =>
    findElement(body, (part) => part.localName === name && findElement(part, isTop) !== undefined);
  return holdsHeadline("article") ?? holdsHeadline("main");
}

function isTop({ localName }: PageElement): boolean {
  return localName === "h1";
}

function pictureIn(
  figure: PageElement,
  caption: Caption,
  base: string | undefined,
): Image | undefined {
  for (const element of elementsIn(figure)) {
    const picture = element.localName === "img" ? toImage(element, base) : undefined;
    if (picture) return withCaption(picture, caption);
  }
  return undefined;
}

// In a mail only a handful are used. The search for duplicates takes quadratic time.
const MOST_PICTURES = 100;

/** Returns the pictures in a story, each with the caption in it or under it. */
export function picturesIn(
  { content, isAmong }: TakenStory,
  captions: ReadonlyMap<PageElement, Caption>,
  base: string | undefined,
): Image[] {
  const pictures: Image[] = [];
  let isOpen = false;
  for (const element of elementsIn(content)) {
    const isWanted =
      element.localName === "img" && pictures.length < MOST_PICTURES && isAmong(element);
    const picture = isWanted ? toImage(element, base) : undefined;
    if (picture && !pictures.some(({ src }) => isSamePicture(src, picture.src))) {
      pictures.push(picture);
      isOpen = true;
    }
    const caption = captions.get(element);
    const last = pictures.at(-1);
    if (!caption || !isOpen || !last) continue;
    pictures[pictures.length - 1] = withCaption(last, caption);
    isOpen = false;
  }
  return pictures;
}

/** Puts the declared lead picture before the others, with the alt text and caption of the story's own copy. */
export function withLead(lead: Image | undefined, pictures: readonly Image[]): Image[] {
  if (!lead) return [...pictures];
  const own = pictures.find(({ src }) => isSamePicture(src, lead.src));
  const others = pictures.filter((picture) => picture !== own);
  if (!own) return [lead, ...others];
  const { alt, caption = "", credit } = own;
  return [withCaption({ ...lead, alt: alt || lead.alt }, { text: caption, credit }), ...others];
}
