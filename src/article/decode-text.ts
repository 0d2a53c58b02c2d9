import { BroadsheetError } from "../errors.ts";
import { decodeByLetters } from "./decode-by-letters.ts";

/** The most that is read as one article, in bytes. A novel has about 1 MB. */
export const MAX_ARTICLE_BYTES = 10 * 1024 * 1024;

/**
 * The text in a file's bytes: UTF-8 or UTF-16 where a byte order mark says so, else UTF-8 where it is
 * valid, or has but a stray byte (which becomes U+FFFD), else `charset` where that is declared and they
 * are valid in it, else the code page that their letters are likely in.
 * @throws BroadsheetError CONTENT_TOO_LARGE, CONTENT_BINARY, CONTENT_EMPTY, or CONTENT_UNSUPPORTED for
 * an encoding that can't be told
 */
export function decodeText(bytes: Uint8Array, location: string, charset?: string): string {
  if (bytes.length > MAX_ARTICLE_BYTES) throw tooLarge(location, bytes.length);
  const magic = MAGIC.find(({ bytes: signature, at = 0 }) =>
    signature.every((byte, index) => bytes[at + index] === byte),
  );
  if (magic) throw binary(location, magic.name);
  const text = decode(bytes, location, charset);
  if (text.trim() === "") throw isEmpty(location);
  return text;
}

/** What is said of an article that has no words. */
export function isEmpty(location: string): BroadsheetError {
  return new BroadsheetError("CONTENT_EMPTY", `${location} has no text in it`, {
    where: { file: location },
    fix: "write something in it, or leave it out",
  });
}

/** What is said of an article over MAX_ARTICLE_BYTES. */
export function tooLarge(location: string, bytes: number): BroadsheetError {
  const size = (bytes / 1024 / 1024).toFixed(1);
  return new BroadsheetError(
    "CONTENT_TOO_LARGE",
    `${location} is ${size} MB; an article has 10 MB at most`,
    {
      where: { file: location },
      fix: "give it one article at a time",
    },
  );
}

function decode(bytes: Uint8Array, location: string, charset: string | undefined): string {
  const encoding = markedEncoding(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  if (isBinary(bytes)) throw binary(location, "a binary file");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return decodeDamaged(bytes) ?? decodeDeclared(bytes, charset) ?? decodeOldPage(bytes, location);
  }
}

// Characters of several bytes hardly ever come about by chance, so a few of them outweigh a byte that a
// careless program has cut or put in.
function decodeDamaged(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder("utf-8").decode(bytes);
  const bad = text.match(/\ufffd/g)?.length ?? 0;
  const valid = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  return valid >= bad * 4 ? text : undefined;
}

function decodeDeclared(bytes: Uint8Array, charset: string | undefined): string | undefined {
  if (charset === undefined) return undefined;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return unmarkedUtf16(bytes);
}

// Windows programs also write UTF-16 without a mark. In Western text every second byte is then 0.
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 2048);
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even++;
    else odd++;
  }
  const pairs = sample.length / 2;
  if (even === 0 && odd > pairs * 0.8) return "utf-16le";
  if (odd === 0 && even > pairs * 0.8) return "utf-16be";
  return undefined;
}

// Text has tabs and line breaks, now and then an escape or a page break; never a NUL.
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  const sample = bytes.subarray(0, 65_536);
  const controls = sample.filter((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d)).length;
  return controls > sample.length / 100;
}

function decodeOldPage(bytes: Uint8Array, location: string): string {
  const text = decodeByLetters(bytes);
  if (text !== undefined) return text;
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${location} is not UTF-8, and does not say in which code page it is`,
    { where: { file: location }, fix: "save it as UTF-8" },
  );
}

function binary(location: string, name: string): BroadsheetError {
  return new BroadsheetError("CONTENT_BINARY", `${location} seems to be ${name}, not text`, {
    where: { file: location },
    fix: "export it as plain text or Markdown first",
  });
}

interface Magic {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly at?: number;
}

// The first bytes of what people drop into a content folder by mistake.
const MAGIC: readonly Magic[] = [
  { name: "a PDF", bytes: ascii("%PDF-") },
  { name: "a PNG picture", bytes: [0x89, ...ascii("PNG")] },
  { name: "a JPEG picture", bytes: [0xff, 0xd8, 0xff] },
  { name: "a GIF picture", bytes: ascii("GIF8") },
  { name: "a WebP picture", bytes: ascii("WEBP"), at: 8 },
  { name: "a TIFF picture", bytes: [...ascii("II*"), 0] },
  { name: "a TIFF picture", bytes: [...ascii("MM"), 0, 0x2a] },
  {
    name: "a ZIP archive (Word, OpenDocument and EPUB files are ZIPs too)",
    bytes: [0x50, 0x4b, 3, 4],
  },
  { name: "an old Word or Excel document", bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: "an RTF document", bytes: ascii("{\\rtf") },
  { name: "a PostScript document", bytes: ascii("%!PS") },
  { name: "a gzip archive", bytes: [0x1f, 0x8b, 8] },
  { name: "a bzip2 archive", bytes: ascii("BZh9") },
  { name: "an xz archive", bytes: [0xfd, ...ascii("7zXZ")] },
  { name: "a 7-Zip archive", bytes: [...ascii("7z"), 0xbc, 0xaf] },
  { name: "a RAR archive", bytes: ascii("Rar!") },
  { name: "a video or HEIC picture", bytes: ascii("ftyp"), at: 4 },
  { name: "an audio file", bytes: ascii("ID3") },
  { name: "an Ogg audio file", bytes: ascii("OggS") },
  { name: "an SQLite database", bytes: ascii("SQLite format 3") },
  { name: "a web archive", bytes: ascii("bplist00") },
  { name: "a program", bytes: [0x7f, ...ascii("ELF")] },
];

function ascii(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
