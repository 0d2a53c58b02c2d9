import type { Caption, Image } from "../article.ts";
import { elementsIn, type PageElement } from "../page/page-dom.ts";
import { isSamePicture, toImage } from "./metadata/lead-image.ts";

// A mail has a handful; looking for doubles takes time with the square of their number.
const MOST = 100;

/** The element that holds a story, and what in it belongs to the story. */
interface StoryBox {
  readonly content: PageElement;
  readonly isAmong: (element: PageElement) => boolean;
}

/** The pictures in a story, each with the caption that stands in or under it. */
export function picturesIn(
  { content, isAmong }: StoryBox,
  captions: ReadonlyMap<PageElement, Caption>,
  base: string | undefined,
): Image[] {
  const pictures: Image[] = [];
  let isOpen = false;
  for (const element of elementsIn(content)) {
    const isWanted = element.localName === "img" && pictures.length < MOST && isAmong(element);
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

function withCaption(picture: Image, { text, credit }: Caption): Image {
  return {
    ...picture,
    ...(text === "" ? {} : { caption: text }),
    ...(credit === undefined ? {} : { credit }),
  };
}

/**
 * The picture that a page declares as its lead, with what the story's own copy of it says, before
 * the others.
 */
export function withLead(lead: Image | undefined, pictures: readonly Image[]): Image[] {
  if (!lead) return [...pictures];
  const own = pictures.find(({ src }) => isSamePicture(src, lead.src));
  const others = pictures.filter((picture) => picture !== own);
  if (!own) return [lead, ...others];
  const { alt, caption, credit } = own;
  const full = {
    ...lead,
    alt: alt || lead.alt,
    ...(caption ? { caption } : {}),
    ...(credit ? { credit } : {}),
  };
  return [full, ...others];
}
