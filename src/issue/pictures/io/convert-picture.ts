import type * as Sharp from "sharp";
import { MAIL_FIT } from "./mail-fit.ts";
import {
  type Colour,
  type Grounds,
  lookAtPixels,
  type Pixels,
  type Seen,
} from "../look-at-pixels.ts";
import type { PictureType } from "../../../platform/picture.ts";

type OpenSharp = typeof Sharp.default;

/** A picture made for mail: JPEG, or PNG where it is see-through or drawn. */
export interface Converted {
  readonly kind: "converted";
  readonly type: "jpeg" | "png";
  readonly content: Buffer;
  /** What was seen of it before it was laid onto a ground or cut, if grounds were given. */
  readonly seen?: Seen;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether there were more frames. */
  readonly isFirstFrame: boolean;
}

/** A picture as it was found. */
export interface Encoded {
  readonly content: Buffer;
  readonly type: PictureType["name"];
  /** The name of the picture in messages, and a sign of what it shows. */
  readonly name: string;
}

/** What was seen of a picture that stays as it is. */
export interface OnlySeen {
  readonly kind: "seen";
  readonly seen: Seen;
}

/** What a picture is cut to: its shape, and the most pixels that it has. */
export interface Crop {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The point that stays in view, as shares of width and height. By default it is what catches the eye. */
  readonly focus?: readonly [x: number, y: number] | undefined;
  /** Whether nothing is cut off. By default that is so for a drawing: one that is too tall is widened by its own ground. */
  readonly isWhole?: boolean | undefined;
  /** Whether a whole one that is too wide is made taller in the same way. */
  readonly isExact?: boolean;
}

/** What a picture is made to fit. */
export interface Fit {
  /** Clear ground is laid onto one of these. Without them it stays clear. */
  readonly grounds?: Grounds | undefined;
  readonly crop?: Crop | undefined;
  /** Whether it is good for mail as it is, unless a ground is clear. */
  readonly isFit?: boolean;
}

/** A picture with more pixels is an attack: a very good phone takes 50 million. */
export const MAX_PIXELS = 100_000_000;

/** libvips is the library behind sharp; its words for these are the only way to tell them apart. */
const TOO_LARGE = /exceeds pixel limit|too large|maximum allowed/i;

export type Unconverted =
  /** sharp isn't there, or has no part for this machine. */
  | { readonly kind: "missing" }
  | { readonly kind: "tooLarge" }
  /** Cut off, damaged, or written in a way that sharp can't read. */
  | { readonly kind: "unreadable" };

/**
 * A picture of any of those types as mail programs show it: upright, in sRGB, without metadata, at most
 * 1200 × 2400 px and never larger than it was, apart from SVG, which has no pixels to run out of. Of an
 * animation it is the first frame. With a `crop` it is cut to that shape. The same bytes give the same bytes.
 */
export async function convertPicture(
  picture: Encoded,
  fit: Fit = {},
): Promise<Converted | OnlySeen | Unconverted> {
  const sharp = await loadSharp();
  if (!sharp) return { kind: "missing" };
  try {
    return await convertWith(sharp, picture, fit);
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    return { kind: TOO_LARGE.test(said) ? "tooLarge" : "unreadable" };
  }
}

async function convertWith(
  sharp: OpenSharp,
  { content, type, name }: Encoded,
  { grounds, crop, isFit = false }: Fit,
): Promise<Converted | OnlySeen> {
  // Damage that a browser shows as grey is damage; what a decoder only wonders at is not.
  const limits = { failOn: "error", limitInputPixels: MAX_PIXELS } as const;
  const metadata = await sharp(content, limits).metadata();
  const isDrawn = type === "svg";
  const input = sharp(content, { ...limits, ...(isDrawn && { density: densityFor(metadata) }) });
  const isFirstFrame = (metadata.pages ?? 1) > 1;
  // A photograph that was looked at is decoded no larger than its crop needs.
  if (crop?.isWhole === false) {
    const { autoOrient } = metadata;
    const cut = await pixelsOf(cropped(input.autoOrient(), autoOrient, crop).toColourspace("srgb"));
    return { kind: "converted", ...(await encoded(sharp, cut, type)), isFirstFrame };
  }
  const whole = await fittedPixels(input.autoOrient(), isDrawn);
  const seen = grounds && lookAtPixels(whole, name, grounds);
  if (isFit && seen && (isFirstFrame || seen.clear === 0)) return { kind: "seen", seen };
  const opened = sharp(whole.data, { raw: whole.raw });
  const laid = seen ? opened.flatten({ background: named(grounds[seen.ground]) }) : opened;
  const { isWhole = seen !== undefined && seen.kind !== "photograph" } = crop ?? {};
  const cut = crop && cropped(laid, whole.raw, { ...crop, isWhole }, seen?.edge);
  const pixels = await pixelsOf(cut ?? laid);
  const made = await encoded(sharp, pixels, type);
  return { kind: "converted", ...made, ...(seen && { seen }), isFirstFrame };
}

async function encoded(sharp: OpenSharp, { data, raw }: Pixels, type: PictureType["name"]) {
  const picture = sharp(data, { raw });
  const isSeeThrough = raw.channels % 2 === 0 && !(await picture.stats()).isOpaque;
  const made = await encode(picture, isSeeThrough, type === "jpeg");
  return { ...made, widthPx: raw.width, heightPx: raw.height };
}

/** The only place that knows of sharp, which `npm install --omit=optional` leaves out. */
async function loadSharp(): Promise<OpenSharp | undefined> {
  try {
    const { default: sharp } = await import("sharp");
    // What has no such function is some other version, or what a packager put in its place.
    return typeof sharp === "function" ? sharp : undefined;
  } catch {
    return undefined;
  }
}

/** The picture decoded and made to fit. It stands upright, as its Exif orientation says. */
async function fittedPixels(upright: Sharp.Sharp, isDrawn: boolean): Promise<Pixels> {
  const { widthPx: width, heightPx: height } = MAIL_FIT;
  const fitted = upright.resize({ width, height, fit: "inside", withoutEnlargement: !isDrawn });
  return pixelsOf(fitted.toColourspace("srgb"));
}

async function pixelsOf(picture: Sharp.Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data, raw: { width, height, channels } };
}

function named([r, g, b]: Colour): { r: number; g: number; b: number } {
  return { r, g, b };
}

/** The picture in the shape of its place, and never larger than it was. */
function cropped(
  picture: Sharp.Sharp,
  whole: Pick<Pixels["raw"], "width" | "height">,
  crop: Crop,
  edge?: Colour,
): Sharp.Sharp {
  if (crop.isWhole) return widened(picture, whole, crop, edge);
  const { width, height } = whole;
  const shape = Math.min(width / crop.widthPx, height / crop.heightPx);
  const scale = Math.min(1, shape);
  const size = sizeOf(crop.widthPx * scale, crop.heightPx * scale);
  if (!crop.focus) return picture.resize({ ...size, fit: "cover", position: "attention" });
  const part = sizeOf(crop.widthPx * shape, crop.heightPx * shape);
  const [x, y] = crop.focus;
  const [left, top] = [startOf(x, width, part.width), startOf(y, height, part.height)];
  return picture.extract({ ...part, left, top }).resize(size);
}

/** The beginning of a part with a point in its middle, as far as the whole allows. */
function startOf(share: number, all: number, part: number): number {
  return Math.round(Math.min(Math.max(share * all - part / 2, 0), all - part));
}

/** A drawing that is too tall for its place with its own ground at its sides, and above and below one that is too wide. */
function widened(
  picture: Sharp.Sharp,
  { width, height }: Pick<Pixels["raw"], "width" | "height">,
  { widthPx, heightPx, isExact = false }: Crop,
  edge: Colour | undefined,
): Sharp.Sharp {
  const place = widthPx / heightPx;
  const ratio = isExact ? place : Math.max(place, width / height);
  const wide = Math.min(widthPx, Math.max(width, height * ratio));
  const background = edge && named(edge);
  return picture.resize({
    ...sizeOf(wide, wide / ratio),
    fit: "contain",
    ...(background && { background }),
  });
}

function sizeOf(width: number, height: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

/** The density (72 is the size as written) at which a drawing comes out as large as it may be. */
function densityFor({ width, height }: Sharp.Metadata): number {
  const scale = Math.min(MAIL_FIT.widthPx / width, MAIL_FIT.heightPx / height);
  return Math.min(100_000, Math.max(1, 72 * scale));
}

/** A picture of so few bytes is not made lighter. */
const LIGHT_BYTES = 50_000;

/** See-through is PNG and a JPEG stays one; of the rest whichever suits it. */
async function encode(
  picture: Sharp.Sharp,
  isSeeThrough: boolean,
  wasJpeg: boolean,
): Promise<Pick<Converted, "type" | "content">> {
  if (isSeeThrough) return { type: "png", content: await lightPng(picture) };
  const opaque = picture.removeAlpha();
  const jpeg = await opaque.clone().jpeg({ quality: 80, mozjpeg: true }).toBuffer();
  if (wasJpeg) return { type: "jpeg", content: jpeg };
  const png = await opaque.clone().png({ compressionLevel: 9 }).toBuffer();
  // Lines and lettering are crisper as PNG, and light; a photograph is five times as heavy as its JPEG.
  return png.length <= Math.max(LIGHT_BYTES, jpeg.length * 1.5)
    ? { type: "png", content: png }
    : { type: "jpeg", content: jpeg };
}

/** All its colours where that is light enough, else 256 of them. */
async function lightPng(picture: Sharp.Sharp): Promise<Buffer> {
  const full = await picture.clone().png({ compressionLevel: 9 }).toBuffer();
  if (full.length <= MAIL_FIT.bytes) return full;
  return picture.clone().png({ compressionLevel: 9, palette: true }).toBuffer();
}
