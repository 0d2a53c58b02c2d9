import type * as Sharp from "sharp";
import { MAIL_FIT } from "./mail-fit.ts";
import type { PictureType } from "../../../platform/picture.ts";

type OpenSharp = typeof Sharp.default;

/** A picture made for mail: JPEG, or PNG where it is see-through or drawn. */
export interface Converted {
  readonly kind: "converted";
  readonly type: "jpeg" | "png";
  readonly content: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether there were more frames. */
  readonly isFirstFrame: boolean;
}

/** What a picture is cut to: its shape, and the most pixels that it has. */
export interface Crop {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What a picture is made to fit. */
export interface Fit {
  /** Narrower than a mail could hold, for the place where it stands. */
  readonly widthPx?: number | undefined;
  readonly crop?: Crop | undefined;
}

/** More is an attack: a very good phone takes 50 million. */
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
 * animation it is the first frame. With a `crop` it is cut to that shape round what catches the eye, and never larger
 * than it was. The same bytes give the same bytes.
 */
export async function convertPicture(
  content: Buffer,
  type: PictureType["name"],
  { widthPx = MAIL_FIT.widthPx, crop }: Fit = {},
): Promise<Converted | Unconverted> {
  const sharp = await loadSharp();
  if (!sharp) return { kind: "missing" };
  try {
    return await convertWith(sharp, content, { type, widthPx, crop });
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    return { kind: TOO_LARGE.test(said) ? "tooLarge" : "unreadable" };
  }
}

async function convertWith(
  sharp: OpenSharp,
  content: Buffer,
  {
    type,
    widthPx,
    crop,
  }: { readonly type: PictureType["name"]; readonly widthPx: number } & Pick<Fit, "crop">,
): Promise<Converted> {
  // Damage that a browser shows as grey is damage; what a decoder only wonders at is not.
  const limits = { failOn: "error", limitInputPixels: MAX_PIXELS } as const;
  const metadata = await sharp(content, limits).metadata();
  const isDrawn = type === "svg";
  const input = sharp(content, { ...limits, ...(isDrawn && { density: densityFor(metadata) }) });
  const { data, raw } = await (crop
    ? croppedPixels(input, crop)
    : pixelsOf(input, isDrawn, widthPx));
  const picture = sharp(data, { raw });
  const isSeeThrough = raw.channels % 2 === 0 && !(await picture.stats()).isOpaque;
  return {
    kind: "converted",
    ...(await encode(picture, isSeeThrough, type === "jpeg")),
    widthPx: raw.width,
    heightPx: raw.height,
    isFirstFrame: (metadata.pages ?? 1) > 1,
  };
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

interface Pixels {
  readonly data: Buffer;
  readonly raw: {
    readonly width: number;
    readonly height: number;
    readonly channels: 1 | 2 | 3 | 4;
  };
}

/** The picture decoded and made to fit; the Exif orientation is applied as it says which way is up. */
async function pixelsOf(picture: Sharp.Sharp, isDrawn: boolean, widthPx: number): Promise<Pixels> {
  const { data, info } = await picture
    .autoOrient()
    .resize({
      width: widthPx,
      height: MAIL_FIT.heightPx,
      fit: "inside",
      withoutEnlargement: !isDrawn,
    })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data, raw: { width, height, channels } };
}

async function croppedPixels(picture: Sharp.Sharp, crop: Crop): Promise<Pixels> {
  const upright = picture.autoOrient();
  const { autoOrient } = await upright.metadata();
  const scale = Math.min(1, autoOrient.width / crop.widthPx, autoOrient.height / crop.heightPx);
  const { data, info } = await upright
    .resize({
      width: Math.max(1, Math.round(crop.widthPx * scale)),
      height: Math.max(1, Math.round(crop.heightPx * scale)),
      fit: "cover",
      position: "attention",
    })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data, raw: { width, height, channels } };
}

/** The density (72 is the size as written) at which a drawing comes out as large as it may be. */
function densityFor({ width, height }: Sharp.Metadata): number {
  const scale = Math.min(MAIL_FIT.widthPx / width, MAIL_FIT.heightPx / height);
  return Math.min(100_000, Math.max(1, 72 * scale));
}

/** So light that nothing is gained by making it lighter. */
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
