import type { PictureLook } from "../../../article/article.ts";
import type { ErrorCode } from "../../../errors.ts";
import { type Converted, MAX_PIXELS, type OnlySeen } from "./convert-picture.ts";
import type { Conversion, Converter, Undecoded } from "./converter.ts";
import { MAIL_FIT, type Objection, megabytes, objectionsTo } from "./mail-fit.ts";
import { type PictureFacts, pictureFacts } from "./picture-facts.ts";
import type { Grounds, Seen } from "../look-at-pixels.ts";
import { PICTURE_TYPES, type PictureType, pictureTypeOf } from "../../../platform/picture.ts";

/** A picture for an issue. The size is absent if it can't be measured. */
export interface MailPicture {
  readonly type: PictureType;
  readonly content: Buffer;
  readonly size?: PictureSize;
  /** Its visual features; absent if sharp is missing, and for a logo. */
  readonly look?: Omit<PictureLook, "src" | "widthPx" | "heightPx">;
}

interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The result of preparing a file. `why`, `note` and `fix` continue "the picture horn.png …". */
export type Prepared =
  | { readonly kind: "ready"; readonly picture: MailPicture; readonly note?: string }
  /** It needs conversion, and sharp is missing. */
  | { readonly kind: "original"; readonly picture: MailPicture; readonly why: string }
  | Unusable;

interface Unusable {
  /** "givenUp" is caused by other pictures: for another article this one may be decoded. */
  readonly kind: "unusable" | "givenUp";
  readonly code: ErrorCode;
  readonly why: string;
  readonly fix: string;
}

/** The maximum size of an unconverted picture in a message. */
const MAX_CARRIED_BYTES = 5_000_000;

/**
 * Prepares a picture for mail programs: unchanged if nothing speaks against it, otherwise converted. With `grounds` it is
 * analysed, and put on one of them if its background is transparent.
 */
export async function preparePicture(
  { content, ...shown }: Omit<Undecoded, "type">,
  converter: Converter,
  grounds?: Grounds,
): Promise<Prepared> {
  const type = pictureTypeOf(content);
  if (!type) return unusable(notAPicture(content));
  const facts = pictureFacts(content, type);
  if (facts && facts.widthPx * facts.heightPx > MAX_PIXELS) return tooManyPixels(facts);
  if (facts && isSliver(facts)) return sliver(facts);
  const objections = objectionsTo(content, type, facts);
  const original = { type, content, ...(facts && { size: sizeOf(facts) }) };
  const isFit = objections.length === 0;
  if (isFit && !grounds) return { kind: "ready", picture: original };
  const result = await converter.convert(
    { content, type: type.name, ...shown },
    { grounds, isFit },
  );
  if (result.kind === "seen")
    return { kind: "ready", picture: { ...original, look: lookFrom(result.seen, facts) } };
  return isFit && result.kind === "missing"
    ? { kind: "ready", picture: original }
    : afterConversion(result, original, objections);
}

/** Selects the features of a picture that an issue stores. */
export function lookFrom({ ground: _ground, edge: _edge, ...look }: Seen, facts?: PictureFacts) {
  return { ...look, ...(facts?.isAnimated && { moves: true as const }) };
}

function afterConversion(
  result: Exclude<Conversion, OnlySeen>,
  original: MailPicture,
  objections: readonly Objection[],
): Prepared {
  switch (result.kind) {
    case "converted":
      return converted(result, original, objections);
    case "missing":
      return withoutSharp(original, objections);
    case "tooLarge":
      return tooManyPixels(original.size);
    case "tooSlow":
      return unusable(`took longer than ${result.longestMs / 1000} seconds to decode`);
    case "givenUp":
      return givenUp(result.slow);
    default:
      return unusable(
        original.type.name === "heic"
          ? "is HEIC, which can't be read here"
          : `is cut off or damaged, or no ${original.type.noun} that can be read here`,
      );
  }
}

function converted(
  { type, content, isFirstFrame, seen, ...size }: Converted,
  original: MailPicture,
  objections: readonly Objection[],
): Prepared {
  const look = seen && lookFrom(seen);
  const isLaid = seen !== undefined && seen.clear > 0;
  const isOnlyHeavy = objections.every(({ against }) => against === "bytes");
  if (isOnlyHeavy && !isLaid && content.length >= original.content.length)
    return { kind: "ready", picture: { ...original, ...(look && { look }) } };
  const picture = {
    type: PICTURE_TYPES[type],
    content,
    size: sizeOf(size),
    ...(look && { look: { ...look, ...(isLaid && { ground: seen.ground }) } }),
  };
  const note = `${saying(objections)}: only its first frame goes out`;
  return { kind: "ready", picture, ...(isFirstFrame && { note }) };
}

function withoutSharp(original: MailPicture, objections: readonly Objection[]): Prepared {
  const { length } = original.content;
  if (objections.some(({ against }) => against === "end")) return unusable("is cut off or damaged");
  if (length <= MAX_CARRIED_BYTES)
    return { kind: "original", picture: original, why: saying(objections) };
  return {
    kind: "unusable",
    code: "CONTENT_TOO_LARGE",
    why: `weighs ${megabytes(length)}, and a message carries ${megabytes(MAX_CARRIED_BYTES)} at most`,
    fix: "save it 1200 px wide, or have that done: npm install sharp",
  };
}

function notAPicture(content: Buffer): string {
  if (content.length === 0) return "is empty";
  const start = content.subarray(0, 1000).toString("latin1");
  return /^\s*<(?:!doctype html|html|head|body)\b/i.test(start)
    ? "is a web page and not a picture"
    : "is no picture of a kind that can be read here";
}

function tooManyPixels(size?: PictureSize): Unusable {
  const pixels = size ? `${size.widthPx} × ${size.heightPx} px` : "more than that";
  const why = `would take ${pixels} to decode, and ${MAX_PIXELS / 1e6} million pixels are the most`;
  return { ...unusable(why), code: "CONTENT_TOO_LARGE" };
}

/** A smaller picture is a tracking pixel or a divider. */
const LEAST_PX = 8;

/** Whether a picture is practically invisible at the width of a mail. */
function isSliver({ widthPx, heightPx }: PictureSize): boolean {
  const scale = Math.min(1, MAIL_FIT.widthPx / widthPx, MAIL_FIT.heightPx / heightPx);
  return Math.min(widthPx, heightPx) * scale < LEAST_PX;
}

function sliver({ widthPx, heightPx }: PictureSize): Unusable {
  const why = `is ${widthPx} × ${heightPx} px large, of which a reader sees nothing`;
  return { ...unusable(why), fix: "take another picture" };
}

/** The picture itself may be good, so the fix concerns the slow ones. */
function givenUp(slow: readonly string[]): Unusable {
  const why = `was not decoded, since other pictures of its source took too long: ${slow.join(", ")}`;
  const fix = "take those out, or save them as PNG or JPEG";
  return { kind: "givenUp", code: "CONTENT_UNSUPPORTED", why, fix };
}

function unusable(why: string): Unusable {
  const fix = "save it again as PNG or JPEG";
  return { kind: "unusable", code: "CONTENT_UNSUPPORTED", why, fix };
}

function saying(objections: readonly Objection[]): string {
  return objections.map(({ says }) => says).join(" and ");
}

function sizeOf({ widthPx, heightPx }: PictureSize): PictureSize {
  return { widthPx, heightPx };
}
