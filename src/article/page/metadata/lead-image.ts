import type { Image } from "../../article.ts";
import { withCaption } from "../../caption.ts";
import { isThing, listOf, type Thing, plainValue } from "./structured-data.ts";
import type { Survey } from "./survey.ts";
import { httpAddress } from "../../field-values.ts";
import { fold } from "../../clean-text.ts";
import type { Offer, Place } from "./field-choice.ts";
import { labelOf } from "../element-labels.ts";
import type { PageElement } from "../page-dom.ts";

/** Returns all pictures that a page declares for its story, with their captions and sizes. */
export function pictureOffers(
  survey: Survey,
  story: Thing | undefined,
  base: string | undefined,
): Offer<Image>[] {
  const offers = (place: Place, image: Image | undefined): Offer<Image>[] => {
    const src = httpAddress(image?.src, base);
    return image && src !== undefined ? pictureOffer(place, { ...image, src }) : [];
  };
  return [
    ...offers("json-ld", fromStory(story)),
    ...offers("open graph", fromMetas(survey, "og:image")),
    ...offers("twitter", fromMetas(survey, "twitter:image")),
  ];
}

/** Returns a picture as an offer. The same picture in two sizes agrees. */
export function pictureOffer(place: Place, value: Image, at = -1): Offer<Image>[] {
  const name = nameOf(value.src);
  if (PLACEHOLDER.test(name)) return [];
  return [{ value, place, words: fold(name) || value.src, traits: [at] }];
}

function fromStory(story: Thing | undefined): Image | undefined {
  for (const image of listOf(story?.["image"])) {
    if (typeof image === "string") return { src: image, alt: "" };
    if (!isThing(image)) continue;
    const src = [image["url"], image["contentUrl"]]
      .flatMap(listOf)
      .find((value) => typeof value === "string");
    if (src === undefined) continue;
    const text = plainValue(image["caption"]) ?? plainValue(image["description"]) ?? "";
    const credit = plainValue(image["creditText"]) ?? plainValue(image["copyrightNotice"]);
    const alt = plainValue(image["alternateName"]) ?? "";
    const picture = { src, alt, ...sizeOf(image["width"], image["height"]) };
    return withCaption(picture, { text, credit });
  }
  return undefined;
}

function fromMetas({ metas }: Survey, name: string): Image | undefined {
  const value = (suffix: string): string | undefined => metas.get(`${name}${suffix}`)?.[0];
  const src = value(":secure_url") ?? value("") ?? value(":url") ?? value(":src");
  if (src === undefined) return undefined;
  return { src, alt: value(":alt") ?? "", ...sizeOf(value(":width"), value(":height")) };
}

function sizeOf(width: unknown, height: unknown): { widthPx?: number; heightPx?: number } {
  const [widthPx, heightPx] = [pixels(width), pixels(height)];
  return widthPx && heightPx ? { widthPx, heightPx } : {};
}

function pixels(value: unknown): number {
  const written = isThing(value) ? value["value"] : value;
  const number = Number.parseInt(String(written), 10);
  return number > 0 && number < 20_000 ? number : 0;
}

// The file name of a site's placeholder for a missing picture.
const PLACEHOLDER =
  /(?:^|[-_.])(?:logo|default|placeholder|fallback|favicon|avatar|blank|spacer|no-?image|og-?image-default)(?=[-_.\d]|$)/;

/** Whether two addresses are of the same picture, in any size. */
export function isSamePicture(a: string, b: string): boolean {
  return a === b || (nameOf(a).length > 6 && nameOf(a) === nameOf(b));
}

// Returns the file name without size: "/w640/harbour-1024x683.jpg?q=80" and "/w1280/harbour.jpg" have the same.
function nameOf(src: string): string {
  const file =
    src
      .replace(/[?#].*$/s, "")
      .split("/")
      .at(-1) ?? "";
  return file
    .toLowerCase()
    .replace(/\.\w+$/, "")
    .replace(/[-_@](?:\d+x\d+|\d{2,4}w?|scaled|\dx)$/, "");
}

/**
 * Returns the base address of a page's links: its `base` element, the address where it was read, or the address that it
 * declares. Undefined for a saved page without any of them.
 */
export function baseAddress(survey: Survey, location: string): string | undefined {
  const own = httpAddress(location, undefined) ?? declaredAddress(survey, undefined);
  return httpAddress(survey.baseHref, own) ?? own;
}

/** Returns the feed that a page names (rssboard.org/rss-autodiscovery): the first one, which usually has all stories. */
export function feedAddress({ links }: Survey, base: string | undefined): string | undefined {
  const found = links.find(
    ({ rel, type }) =>
      /\balternate\b/.test(rel) &&
      /^application\/(?:rss\+xml|atom\+xml|feed\+json)/.test(type.trim()),
  );
  return httpAddress(found?.href, base);
}

export function canonicalAddress(
  survey: Survey,
  story: Thing | undefined,
  location: string,
): string | undefined {
  const own = httpAddress(location, undefined);
  const page = story?.["mainEntityOfPage"];
  const candidates = [
    declaredAddress(survey, own),
    typeof story?.["url"] === "string" ? story["url"] : undefined,
    typeof page === "string"
      ? page
      : isThing(page) && typeof page["@id"] === "string"
        ? page["@id"]
        : undefined,
  ];
  const declared = candidates
    .map((href) => httpAddress(href, own))
    .find((href) => href !== undefined && !isFrontPage(href, own));
  return declared ?? own;
}

function declaredAddress(
  { links, metas, formats }: Survey,
  base: string | undefined,
): string | undefined {
  const canonical = links.find(({ rel }) => rel.split(/\s+/).includes("canonical"))?.href;
  const format = formats.get("u-canonical")?.[0] ?? formats.get("p-canonical")?.[0];
  return [canonical, metas.get("og:url")?.[0], format?.getAttribute("href") ?? undefined]
    .map((href) => httpAddress(href, base))
    .find((href) => href !== undefined && !isFrontPage(href, base));
}

// Broken templates declare the front page's address for every page.
function isFrontPage(href: string, own: string | undefined): boolean {
  const { pathname, search } = new URL(href);
  if (pathname !== "/" || search !== "") return false;
  return own === undefined || new URL(own).pathname !== "/";
}

const SMALLEST_PX = 80;

/** Returns the picture of an `img`. Undefined for icons, portraits and counters, which are not part of the story. */
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
  // Systems fill in the file name, which does not describe the picture.
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
