import type { Article, Image, ImageFile, PictureLook } from "../../article/article.ts";
import { placedName } from "../../platform/picture.ts";

/** The places for a picture: in the lead, in one of a pair, and in a row. */
export type PicturePlace = "lead" | "pair" | "row";

/** The width of a picture in its place: half of the text column for a pair, and a square beside the text for a row. */
export const THUMBNAIL_PX = { pair: 236, row: 136 } as const;
/** A narrower picture is blurred in its place on high-resolution screens. */
const LEAST_PX = { lead: 600, pair: 480, row: 272 } as const;
/** A banner or a very tall picture does not suit a place made for pictures. */
const RATIO = { least: 1 / 1.2, most: 2.4 } as const;
/** The aspect ratio of pictures in a pair, which have the same height. */
const PAIR_RATIO = 1.6;

type Illustrated = Pick<Article, "images">;

/**
 * Returns the places that an article's picture is suitable for, by the features found when it was decoded. For a linked
 * picture, the size stated on its page decides. Without a stated size it is suitable for a row, and so is a small one,
 * because many pages state the size of a thumbnail.
 */
export function picturePlaces({ images: [image] }: Illustrated): PicturePlace[] {
  if (!image) return [];
  const look = lookOf(image);
  const { widthPx, heightPx } = sizeOf(image);
  if (look && (look.kind === "logo" || isBlank(look))) return [];
  if (widthPx === undefined || heightPx === undefined) return ["row"];
  const ratio = widthPx / heightPx;
  if (ratio < RATIO.least || ratio > RATIO.most) return [];
  // An animation can't be cropped to the height of its neighbour.
  const isLevel = !look?.moves || Math.abs(Math.log(ratio / PAIR_RATIO)) < 0.01;
  const places = (["lead", "pair", "row"] as const).filter(
    (place) => widthPx >= LEAST_PX[place] && (place !== "pair" || isLevel),
  );
  return places.length > 0 || placedName(image.src) !== undefined ? places : ["row"];
}

/** The features of a picture; undefined if it was not decoded, or was replaced by another file. */
export function lookOf({ src, look }: Image): PictureLook | undefined {
  return look?.src === src ? look : undefined;
}

/** The size of a picture, if it is known. */
export function sizeOf(image: Image): Partial<Pick<ImageFile, "widthPx" | "heightPx">> {
  return lookOf(image) ?? image;
}

/** A picture that is completely white, black or transparent shows nothing. */
function isBlank({ colours, tone, clear }: PictureLook): boolean {
  return colours < 2 && (tone < 0.1 || tone > 0.9 || clear > 0.9);
}

/** The hashes of the same picture differ in a smaller share of their set bits. */
const LEAST_DIFFERENCE = 0.15;

/** Whether two articles show the same picture, even in another size or quality. */
export function showSamePicture(a: Illustrated, b: Illustrated): boolean {
  const [one, other] = [a.images[0], b.images[0]];
  if (!one || !other) return false;
  if (one.src === other.src) return true;
  const [first, second] = [lookOf(one), lookOf(other)];
  return first !== undefined && second !== undefined && areAlike(first.hash, second.hash);
}

function areAlike(a: string, b: string): boolean {
  const [one, other] = [bitsOf(a), bitsOf(b)];
  return countBits(one ^ other) <= countBits(one | other) * LEAST_DIFFERENCE;
}

function bitsOf(hash: string): bigint {
  return BigInt(`0x${hash}`);
}

function countBits(bits: bigint): number {
  return bits.toString(2).replaceAll("0", "").length;
}
