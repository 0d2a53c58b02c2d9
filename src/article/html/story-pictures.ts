import type { Caption, Image } from "../article.ts";
import { labelOf, elementsIn, type PageElement } from "../page/page-dom.ts";
import { httpAddress } from "../field-values.ts";
import { isSamePicture } from "./metadata/lead-image.ts";
import { plainValue } from "./metadata/survey.ts";

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

const SMALLEST_PX = 80;

/**
 * The picture that an `img` shows; undefined for icons, faces and counters, which are the page's
 * and not the story's.
 */
export function toImage(element: PageElement, base: string | undefined): Image | undefined {
  const src = addressOf(element, base);
  if (
    src === undefined ||
    /\.svg(?:$|[?#])|\/(?:pixel|spacer|blank|beacon)\b|gravatar\.com|\bemoji\b/i.test(src)
  )
    return undefined;
  if (/ (?:avatar|emoji|icon|logo|author|smiley|wp smiley) /.test(labelOf(element)))
    return undefined;
  const [widthPx, heightPx] = ["width", "height"].map((name) =>
    Number.parseInt(element.getAttribute(name) ?? "", 10),
  );
  const sizes = [widthPx, heightPx].filter((size) => size !== undefined && size >= 0);
  if (sizes.some((size) => (size ?? 0) < SMALLEST_PX)) return undefined;
  const written = plainValue(element.getAttribute("alt")) ?? "";
  // Systems fill in the file's name, which tells nobody what the picture shows.
  const alt = /^\S+\.(?:jpe?g|png|gif|webp|avif)$/i.test(written) ? "" : written;
  return { src, alt, ...(widthPx && heightPx ? { widthPx, heightPx } : {}) };
}

function addressOf(element: PageElement, base: string | undefined): string | undefined {
  const candidates = ["src", "data-src", "data-original", "data-lazy-src"].map((name) =>
    element.getAttribute(name),
  );
  const srcset = element.getAttribute("srcset") ?? element.getAttribute("data-srcset");
  return [...candidates, srcset?.trim().split(/\s/)[0]]
    .map((href) => (href ? (httpAddress(href, base) ?? relativePath(href, base)) : undefined))
    .find((src) => src !== undefined);
}

// A page saved with its pictures has them in a folder beside it.
function relativePath(href: string, base: string | undefined): string | undefined {
  const path = href.trim();
  return base !== undefined || /^[a-z][a-z\d+.-]*:|^\/\/|[\s<>"\\]/i.test(path) ? undefined : path;
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
