import type { Article, Image, ImageFile, PictureLook } from "../../article/article.ts";
import { placedName } from "../../platform/picture.ts";

/** The places for a picture: that of a lead, of one of a pair, and of a row. */
export type PicturePlace = "lead" | "pair" | "row";

/** The width of a picture in its place: half of the text, and a square beside it. */
export const THUMBNAIL_PX = { pair: 236, row: 136 } as const;
/** A narrower picture is soft in its place. Screens show two pixels where others show one. */
const LEAST_PX = { lead: 600, pair: 480, row: 272 } as const;
/** A banner, or a tower, carries nothing in a place made for a picture. */
const RATIO = { least: 1 / 1.2, most: 2.4 } as const;
/** The shape of a picture in a pair, where both have one height. */
const PAIR_RATIO = 1.6;

type Illustrated = Pick<Article, "images">;

/**
 * The places that the picture of an article passes for, by what was seen of it when it was decoded. A picture that is linked
 * goes by the size that its page states. Without one it passes for a row, and also if it is small, as many pages state the
 * size of a thumbnail.
 */
export function picturePlaces({ images: [image] }: Illustrated): PicturePlace[] {
  if (!image) return [];
  const look = lookOf(image);
  const { widthPx, heightPx } = sizeOf(image);
  if (look && (look.kind === "logo" || isBlank(look))) return [];
  if (widthPx === undefined || heightPx === undefined) return ["row"];
  const ratio = widthPx / heightPx;
  if (ratio < RATIO.least || ratio > RATIO.most) return [];
  // An animation can't be cut to the height of its neighbour.
  const isLevel = !look?.moves || Math.abs(Math.log(ratio / PAIR_RATIO)) < 0.01;
  const places = (["lead", "pair", "row"] as const).filter(
    (place) => widthPx >= LEAST_PX[place] && (place !== "pair" || isLevel),
  );
  return places.length > 0 || placedName(image.src) !== undefined ? places : ["row"];
}

/** What was seen of a picture; undefined if it was not decoded, or if another file stands in its place. */
export function lookOf({ src, look }: Image): PictureLook | undefined {
  return look?.src === src ? look : undefined;
}

/** The size of a picture, as far as it is known. */
export function sizeOf(image: Image): Partial<Pick<ImageFile, "widthPx" | "heightPx">> {
  return lookOf(image) ?? image;
}

/** Nothing can be seen of a picture that is all white, all black or all clear. */
function isBlank({ colours, tone, clear }: PictureLook): boolean {
  return colours < 2 && (tone < 0.1 || tone > 0.9 || clear > 0.9);
}

/** Hashes of one picture differ in a smaller share of the bits that either has. */
const LEAST_DIFFERENCE = 0.15;

/** Whether two articles show one picture, perhaps in another size or quality. */
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
