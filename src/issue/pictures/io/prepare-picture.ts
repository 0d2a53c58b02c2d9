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

/** A file that is ready for an issue. `unconverted` and `note` continue "the picture horn.png …". */
export interface Prepared {
  readonly picture: MailPicture;
  /** The reason why it needs conversion, if sharp is missing. */
  readonly unconverted?: string;
  readonly note?: string;
}

/** A file that can't be shown. `why` and `fix` continue "the picture horn.png …". */
interface Unusable {
  readonly code: ErrorCode;
  readonly why: string;
  readonly fix: string;
  /** Whether other pictures are the cause: for another article this one may be decoded. */
  readonly isGivenUp?: true;
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
): Promise<Prepared | Unusable> {
  const type = pictureTypeOf(content);
  if (!type) return unusable(notAPicture(content));
  const facts = pictureFacts(content, type);
  if (facts && facts.widthPx * facts.heightPx > MAX_PIXELS) return tooManyPixels(facts);
  if (facts && isSliver(facts)) return sliver(facts);
  const objections = objectionsTo(content, type, facts);
  const original = { type, content, ...(facts && { size: sizeOf(facts) }) };
  const isFit = objections.length === 0;
  if (isFit && !grounds) return { picture: original };
  const result = await converter.convert(
    { content, type: type.name, ...shown },
    { grounds, isFit },
  );
  if (result.kind === "seen")
    return { picture: { ...original, look: lookFrom(result.seen, facts) } };
  return isFit && result.kind === "missing"
    ? { picture: original }
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
): Prepared | Unusable {
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
    return { picture: { ...original, ...(look && { look }) } };
  const picture = {
    type: PICTURE_TYPES[type],
    content,
    size: sizeOf(size),
    ...(look && { look: { ...look, ...(isLaid && { ground: seen.ground }) } }),
  };
  const note = `${saying(objections)}: only its first frame goes out`;
  return { picture, ...(isFirstFrame && { note }) };
}

function withoutSharp(
  original: MailPicture,
  objections: readonly Objection[],
): Prepared | Unusable {
  const { length } = original.content;
  if (objections.some(({ against }) => against === "end")) return unusable("is cut off or damaged");
  if (length <= MAX_CARRIED_BYTES) return { picture: original, unconverted: saying(objections) };
  return {
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
  return { code: "CONTENT_UNSUPPORTED", why, fix, isGivenUp: true };
}

function unusable(why: string): Unusable {
  const fix = "save it again as PNG or JPEG";
  return { code: "CONTENT_UNSUPPORTED", why, fix };
}

function saying(objections: readonly Objection[]): string {
  return objections.map(({ says }) => says).join(" and ");
}

function sizeOf({ widthPx, heightPx }: PictureSize): PictureSize {
  return { widthPx, heightPx };
}
