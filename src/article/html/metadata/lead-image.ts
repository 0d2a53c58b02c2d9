import type { Image } from "../../article.ts";
import { absoluteUrl } from "./addresses.ts";
import { isThing, listOf, type Thing } from "./json-ld.ts";
import { plainValue } from "./plain-value.ts";
import type { Survey } from "./survey.ts";

/** The picture that a page puts in front of its story, with what is declared of it. */
export function leadImage(
  survey: Survey,
  story: Thing | undefined,
  base: string | undefined,
): Image | undefined {
  const declared = [
    fromStory(story),
    fromMetas(survey, "og:image"),
    fromMetas(survey, "twitter:image"),
  ];
  for (const image of declared) {
    const src = absoluteUrl(image?.src, base);
    if (image && src !== undefined && !isPlaceholder(src)) return { ...image, src };
  }
  return undefined;
}

function fromStory(story: Thing | undefined): Image | undefined {
  for (const image of listOf(story?.["image"])) {
    if (typeof image === "string") return { src: image, alt: "" };
    if (!isThing(image)) continue;
    const src = [image["url"], image["contentUrl"]]
      .flatMap(listOf)
      .find((value) => typeof value === "string");
    if (src === undefined) continue;
    const caption = plainValue(image["caption"]) ?? plainValue(image["description"]);
    const credit = plainValue(image["creditText"]) ?? plainValue(image["copyrightNotice"]);
    return {
      src,
      alt: plainValue(image["alternateName"]) ?? "",
      ...(caption === undefined ? {} : { caption }),
      ...(credit === undefined ? {} : { credit }),
      ...sizeOf(image["width"], image["height"]),
    };
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

// What sites show where a story has no picture of its own.
function isPlaceholder(src: string): boolean {
  const file = new URL(src).pathname.split("/").at(-1) ?? "";
  return /(?:^|[-_.])(?:logo|default|placeholder|fallback|favicon|avatar|blank|spacer|no-?image|og-?image-default)(?=[-_.\d])/i.test(
    file,
  );
}

/** Whether two addresses are of one picture, at whatever size. */
export function isSamePicture(a: string, b: string): boolean {
  return a === b || (nameOf(a).length > 6 && nameOf(a) === nameOf(b));
}

// "/w640/harbour-1024x683.jpg?q=80" and "/w1280/harbour.jpg"
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
