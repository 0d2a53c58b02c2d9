import type { PictureType } from "../../../platform/picture.ts";

/** The properties in the header of a PNG, JPEG or GIF, read without decoding pixels. */
export interface PictureFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether the file ends correctly. A truncated file does not, and neither does one with an attached video. */
  readonly isWhole: boolean;
  /** Whether the camera or the editor stored author, place, time or orientation in it. */
  readonly hasMetadata: boolean;
  readonly isAnimated: boolean;
  /** Whether it has print colours (CMYK), which mail programs show wrongly or not at all. */
  readonly isForPrint: boolean;
}

/**
 * Returns the properties of a picture in a format that every mail program shows; undefined for other formats and for invalid
 * headers.
 */
export function pictureFacts(content: Buffer, { name }: PictureType): PictureFacts | undefined {
  try {
    if (name === "png") return pngFacts(content);
    if (name === "jpeg") return jpegFacts(content);
    return name === "gif" ? gifFacts(content) : undefined;
  } catch (error) {
    // The header ends before the expected data.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const PNG_TEXT = new Set(["tEXt", "zTXt", "iTXt"]);

/** W3C PNG §5.3: chunks of length, type, data and checksum. */
function pngFacts(content: Buffer): PictureFacts | undefined {
  let [hasMetadata, isAnimated, isWhole] = [false, false, false];
  for (let at = 8; at + 12 <= content.length && !isWhole; at += 12 + content.readUInt32BE(at)) {
    const type = content.toString("latin1", at + 4, at + 8);
    isWhole = type === "IEND";
    isAnimated ||= type === "acTL";
    hasMetadata ||= type === "eXIf" || (PNG_TEXT.has(type) && isTelling(content, at + 8));
  }
  const [widthPx, heightPx] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (widthPx === 0 || heightPx === 0) return undefined;
  return { widthPx, heightPx, isWhole, hasMetadata, isAnimated, isForPrint: false };
}

/** Whether a text chunk may describe a person or a place. Cameras write certain keywords. The name of a program is harmless. */
function isTelling(content: Buffer, at: number): boolean {
  return /^(?:exif|xmp|iptc|raw profile|XML:com\.adobe\.xmp|.*gps)/i.test(
    content.toString("latin1", at, at + 32),
  );
}

/** ITU-T T.81 annex B: segments of marker, length and data, up to the first scan. */
function jpegFacts(content: Buffer): PictureFacts | undefined {
  let frame: Pick<PictureFacts, "widthPx" | "heightPx" | "isForPrint"> | undefined;
  let hasMetadata = false;
  for (let at = 2; content[at] === 0xff; at += 2 + content.readUInt16BE(at + 2)) {
    while (content[at + 1] === 0xff) at++;
    const marker = content.readUInt8(at + 1);
    if (marker === 0xda) break;
    if (isFrame(marker)) {
      const [heightPx, widthPx] = [content.readUInt16BE(at + 5), content.readUInt16BE(at + 7)];
      frame = { widthPx, heightPx, isForPrint: content.readUInt8(at + 9) === 4 };
    }
    hasMetadata ||= isMetadata(marker, content.toString("latin1", at + 4, at + 8));
  }
  if (!frame || frame.widthPx === 0 || frame.heightPx === 0) return undefined;
  const end = endOf(content);
  const isWhole = content[end - 2] === 0xff && content[end - 1] === 0xd9;
  return { ...frame, isWhole, hasMetadata, isAnimated: false };
}

/** SOF0 to SOF15, except DHT, JPG and DAC, which are in the same range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Exif and XMP (APP1), IPTC (APP13), and the list of further pictures in the file (APP2 "MPF"). */
function isMetadata(marker: number, start: string): boolean {
  return marker === 0xe1 || marker === 0xed || (marker === 0xe2 && start === "MPF\0");
}

/** GIF89a §18–27. A file with the loop extension or a second frame is animated. */
function gifFacts(content: Buffer): PictureFacts | undefined {
  const [widthPx, heightPx] = [content.readUInt16LE(6), content.readUInt16LE(8)];
  if (widthPx === 0 || heightPx === 0) return undefined;
  const isLooped = content.includes("NETSCAPE2.0");
  const control = Buffer.of(0x21, 0xf9, 0x04);
  const isAnimated = isLooped || content.indexOf(control) !== content.lastIndexOf(control);
  const isWhole = content[endOf(content) - 1] === 0x3b;
  return { widthPx, heightPx, isWhole, hasMetadata: false, isAnimated, isForPrint: false };
}

/** Some servers and cameras add zeros at the end. */
function endOf(content: Buffer): number {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end--;
  return end;
}
