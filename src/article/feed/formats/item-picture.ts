import type { Image } from "../../article.ts";
import { oneLine } from "../../clean-text.ts";
import { imageAddress } from "../../field-values.ts";
import type { Media, MediaContent } from "./feedsmith.ts";

interface Enclosure {
  readonly url?: string;
  readonly type?: string;
}

/** An item's own picture: of Media RSS the widest, else an enclosed one. */
export function itemPicture(
  media: Media | undefined,
  enclosures: readonly Enclosure[] = [],
): Image | undefined {
  return mediaPicture(media) ?? enclosedPicture(enclosures);
}

/** A picture from an address alone; undefined where mail cannot show it. */
export function pictureAt(address: string | undefined): Image | undefined {
  const src = imageAddress(address);
  return src === undefined ? undefined : { src, alt: "" };
}

function enclosedPicture(enclosures: readonly Enclosure[]): Image | undefined {
  return pictureAt(enclosures.find(({ type }) => type?.toLowerCase().startsWith("image/"))?.url);
}

function mediaPicture(media: Media | undefined): Image | undefined {
  if (!media) return undefined;
  const places = [media, ...(media.groups ?? [])];
  const contents = places.flatMap((place) => place.contents ?? []);
  const widest = contents.filter(isPicture).sort((a, b) => (b.width ?? 0) - (a.width ?? 0))[0];
  const thumbnail = [...places, ...contents].flatMap((place) => place.thumbnails ?? [])[0];
  const picture = pictureAt(widest?.url ?? thumbnail?.url);
  if (!picture || !widest) return picture;
  const caption = oneLine(widest.description?.value ?? "");
  const credit = oneLine(widest.credits?.[0]?.value ?? media.credits?.[0]?.value ?? "");
  return {
    ...picture,
    ...(caption === "" || caption.includes("<") ? {} : { caption }),
    ...(credit === "" ? {} : { credit }),
  };
}

function isPicture({ medium, type, url }: MediaContent): boolean {
  if (medium !== undefined || type !== undefined)
    return medium === "image" || type?.startsWith("image/") === true;
  return /\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)/i.test(url ?? "");
}
