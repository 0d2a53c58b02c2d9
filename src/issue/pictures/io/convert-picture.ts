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

/** A picture for mail: a PNG if it is transparent or drawn, otherwise a JPEG. */
export interface Converted {
  readonly kind: "converted";
  readonly type: "jpeg" | "png";
  readonly content: Buffer;
  /** Its features before it was put on a background or cropped. Present if backgrounds were given. */
  readonly seen?: Seen;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether the original is an animation, of which only the first frame is kept. */
  readonly isFirstFrame: boolean;
}

export interface Encoded {
  readonly content: Buffer;
  readonly type: PictureType["name"];
  /** The name of the picture in messages. It also hints at the content. */
  readonly name: string;
}

/** The features of a picture that stays unchanged. */
export interface OnlySeen {
  readonly kind: "seen";
  readonly seen: Seen;
}

/** The crop of a picture: its aspect ratio, and its maximum number of pixels. */
export interface Crop {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The point that stays visible, as fractions of width and height. By default it is the most conspicuous point. */
  readonly focus?: readonly [x: number, y: number] | undefined;
  /**
   * Whether nothing is cut off. This is the default for drawings: a drawing that is too tall gets a margin in its own
   * background colour.
   */
  readonly isWhole?: boolean | undefined;
  /** Whether a complete drawing that is too wide also gets a margin. */
  readonly isExact?: boolean;
}

/** The constraints for a converted picture. */
export interface Fit {
  /** A transparent background is replaced by one of these. Without them it stays transparent. */
  readonly grounds?: Grounds | undefined;
  readonly crop?: Crop | undefined;
  /** Whether the picture can be sent unchanged unless its background is transparent. */
  readonly isFit?: boolean;
}

/** A picture with more pixels is an attack: very good phones take 50 million. */
export const MAX_PIXELS = 100_000_000;

/** sharp uses the library libvips. Only the wording of its errors distinguishes these cases. */
const TOO_LARGE = /exceeds pixel limit|too large|maximum allowed/i;

export type Unconverted =
  /** sharp is not installed, or does not support this machine. */
  | { readonly kind: "missing" }
  | { readonly kind: "tooLarge" }
  /** Truncated, damaged, or in an encoding that sharp can't read. */
  | { readonly kind: "unreadable" };

/**
 * Converts a picture of any supported type for mail programs: upright, in sRGB, without metadata, at most 1200 × 2400 px and
 * never enlarged, except SVG, which has no pixels. Only the first frame of an animation is kept. With a `crop` it gets that
 * aspect ratio. The same bytes give the same bytes.
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
  // Damage that a browser shows as grey areas is an error. Mere warnings of a decoder are not.
  const limits = { failOn: "error", limitInputPixels: MAX_PIXELS } as const;
  const metadata = await sharp(content, limits).metadata();
  const isDrawn = type === "svg";
  const input = sharp(content, { ...limits, ...(isDrawn && { density: densityFor(metadata) }) });
  const isFirstFrame = (metadata.pages ?? 1) > 1;
  // A photograph with known features is decoded no larger than its crop.
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

/** The only function that loads sharp, which `npm install --omit=optional` leaves out. */
async function loadSharp(): Promise<OpenSharp | undefined> {
  try {
    const { default: sharp } = await import("sharp");
    // A module without this function is another version, or a packager's substitute.
    return typeof sharp === "function" ? sharp : undefined;
  } catch {
    return undefined;
  }
}

/** Decodes a picture and applies the constraints. The Exif orientation makes it upright. */
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

/** The picture with the aspect ratio of its place, never enlarged. */
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

/** The start of a section centred on a point, limited to the whole. */
function startOf(share: number, all: number, part: number): number {
  return Math.round(Math.min(Math.max(share * all - part / 2, 0), all - part));
}

/**
 * Adds margins in the drawing's own background colour: at the sides if it is too tall for its place, above and below if it is
 * too wide.
 */
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

/** The density at which a drawing is rendered at its maximum size; 72 is the size as written. */
function densityFor({ width, height }: Sharp.Metadata): number {
  const scale = Math.min(MAIL_FIT.widthPx / width, MAIL_FIT.heightPx / height);
  return Math.min(100_000, Math.max(1, 72 * scale));
}

/** Smaller files are not compressed further. */
const LIGHT_BYTES = 50_000;
/** A PNG made at level 1 takes a fifth of the time of level 9, and is at most two and a half times as large. */
const QUICK_EXCESS = 3;

/** A transparent picture becomes a PNG, and a JPEG stays one. For others the better of the two is chosen. */
async function encode(
  picture: Sharp.Sharp,
  isSeeThrough: boolean,
  wasJpeg: boolean,
): Promise<Pick<Converted, "type" | "content">> {
  if (isSeeThrough) return { type: "png", content: await lightPng(picture) };
  const opaque = picture.removeAlpha();
  const jpeg = await opaque.clone().jpeg({ quality: 80, mozjpeg: true }).toBuffer();
  if (wasJpeg) return { type: "jpeg", content: jpeg };
  const asPng = async (compressionLevel: number) =>
    opaque.clone().png({ compressionLevel }).toBuffer();
  // Lines and lettering are sharper as PNG, and small. As PNG, a photograph is five times as large as its JPEG.
  const most = Math.max(LIGHT_BYTES, jpeg.length * 1.5);
  const png = (await asPng(1)).length <= most * QUICK_EXCESS ? await asPng(9) : undefined;
  return png && png.length <= most
    ? { type: "png", content: png }
    : { type: "jpeg", content: jpeg };
}

/** Keeps all colours if the file is small enough, otherwise 256. */
async function lightPng(picture: Sharp.Sharp): Promise<Buffer> {
  const full = await picture.clone().png({ compressionLevel: 9 }).toBuffer();
  if (full.length <= MAIL_FIT.bytes) return full;
  return picture.clone().png({ compressionLevel: 9, palette: true }).toBuffer();
}
