import { createRequire } from "node:module";
import type { BroadsheetError } from "../errors.ts";
import type { Source } from "./article.ts";
import { refusal } from "./refusal.ts";
import { documentKind, looksLikeFeed, sniffFormat } from "./sniff-format.ts";
import { attempt } from "../platform/attempt.ts";

/** The most bytes that are read as one article. A novel has about 1 MB. */
export const MAX_ARTICLE_BYTES = 10 * 1024 * 1024;

const LATIN_1 = new TextDecoder("latin1");

/**
 * Decodes a source: a feed by its XML declaration, a page that is not UTF-8 by its own declaration, and all other
 * text with `decodeText`. `charset` is the label in the HTTP header.
 * @throws what `decodeText` throws.
 */
export function decodeSource(bytes: Uint8Array, location: string, charset?: string): string {
  if (bytes.length > MAX_ARTICLE_BYTES) return decodeText(bytes, location);
  const head = LATIN_1.decode(bytes.subarray(0, 5000));
  if (looksLikeFeed(head)) return decodeFeed(bytes, charset);
  const isPage = /<(?:html|head|meta|body|!doctype)\b/i.test(head);
  const written = isPage ? withoutNul(bytes) : bytes;
  if (decodeStrictly(written, "utf-8") !== undefined) return decodeText(written, location);
  const declared = declaredCharset(written, charset);
  return isPage && declared !== undefined
    ? new TextDecoder(declared).decode(written)
    : decodeText(written, location, declared);
}

// Browsers skip NUL bytes (HTML standard §13.2.5.1). Outside pages they mark a binary file.
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.filter((byte) => byte !== 0) : bytes;
}

function decodeStrictly(bytes: Uint8Array, label: string): string | undefined {
  return attempt(() => new TextDecoder(label, { fatal: true }).decode(bytes));
}

/**
 * Decodes a file by its byte order mark, otherwise as UTF-8 if it is valid apart from a few stray bytes (which become
 * U+FFFD). Otherwise it uses `charset` if the bytes are valid in it, and last the code page that fits the letters.
 * @throws BroadsheetError CONTENT_TOO_LARGE, CONTENT_BINARY, CONTENT_EMPTY, or CONTENT_UNSUPPORTED for an encoding
 * that cannot be determined
 */
export function decodeText(bytes: Uint8Array, location: string, charset?: string): string {
  if (bytes.length > MAX_ARTICLE_BYTES) throw tooLarge(location, bytes.length);
  const kind = binaryKind(Buffer.from(bytes.subarray(0, LONGEST_SIGNATURE)).toString("latin1"));
  if (kind) throw binary(location, kind);
  const text = decode(bytes, location, charset);
  if (text.trim() === "") throw noText(location);
  return text;
}

function decode(bytes: Uint8Array, location: string, charset: string | undefined): string {
  const wide = decodeMarked(bytes, markedEncoding(bytes) ?? unmarkedUtf16(bytes));
  if (wide !== undefined) return wide;
  if (isBinary(bytes)) throw binary(location, "a binary file");
  return (
    decodeStrictly(bytes, "utf-8") ??
    decodeDamaged(bytes, WHOLE_A_STRAY) ??
    (charset === undefined ? undefined : decodeStrictly(bytes, charset)) ??
    decodeOldPage(bytes, location)
  );
}

/** The number of valid characters of several bytes that must be found for each stray byte. They rarely occur by chance. */
const WHOLE_A_STRAY = 4;

/**
 * Decodes UTF-8 in which a program has lost or inserted single bytes. Undefined if there are fewer than `wholeAStray`
 * valid characters beyond ASCII for each stray byte.
 */
function decodeDamaged(bytes: Uint8Array, wholeAStray: number): string | undefined {
  const text = new TextDecoder("utf-8").decode(bytes);
  const stray = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  return whole >= stray * wholeAStray ? text : undefined;
}

// Windows programs also write UTF-16 without a byte order mark. In Western text every second byte is then 0.
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

// Text has tabs and line breaks, and sometimes an escape or a form feed. It never has a NUL.
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  const sample = bytes.subarray(0, 65_536);
  const controls = sample.filter((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d)).length;
  return controls > sample.length / 100;
}

function decodeOldPage(bytes: Uint8Array, location: string): string {
  const text = decodeByLetters(bytes);
  if (text !== undefined) return text;
  throw refusal(location, "is not UTF-8 and does not declare its code page", "save it as UTF-8");
}

function binary(location: string, name: string): BroadsheetError {
  const fix = /^an? \w+ picture$/.test(name)
    ? pictureFix(location)
    : "export it as plain text or Markdown first";
  return refusal(location, `seems to be ${name}, not text`, fix, { code: "CONTENT_BINARY" });
}

/** How to show a picture in an issue when it was given as an article. */
export function pictureFix(location: string): string {
  const isLocal = URL.parse(location) === null;
  const address = isLocal ? encodeURI(location.split("/").at(-1) ?? "") : location;
  return `write its text into a .md file, and show the picture there: ![what it shows](${address})`;
}

const LONGEST_SIGNATURE = 32;

// The first bytes of files that people put into a content folder, or give as a page, by mistake. The variants are the
// same bytes decoded as windows-1252 or UTF-8.
const SIGNATURES: readonly (readonly [name: string, starts: readonly string[], at?: number])[] = [
  ["a PDF", ["%PDF-"]],
  ["a PNG picture", ["\u0089PNG", "‰PNG", "\ufffdPNG"]],
  ["a JPEG picture", ["\u00ff\u00d8\u00ff", "\ufffd\ufffd\ufffd"]],
  ["a GIF picture", ["GIF8"]],
  ["a WebP picture", ["WEBP"], 8],
  ["a TIFF picture", ["II*\u0000", "MM\u0000*"]],
  ["a ZIP archive (Word, OpenDocument and EPUB files are ZIPs too)", ["PK\u0003\u0004"]],
  ["an old Word or Excel document", ["\u00d0\u00cf\u0011\u00e0", "\ufffd\ufffd\u0011\ufffd"]],
  ["an RTF document", ["{\\rtf"]],
  ["a PostScript document", ["%!PS"]],
  ["a gzip archive", ["\u001f\u008b\u0008", "\u001f‹\u0008", "\u001f\ufffd\u0008"]],
  ["a bzip2 archive", ["BZh9"]],
  ["an xz archive", ["\u00fd7zXZ", "\ufffd7zXZ"]],
  ["a 7-Zip archive", ["7z\u00bc\u00af", "7z\ufffd\ufffd"]],
  ["a RAR archive", ["Rar!"]],
  ["a video or HEIC picture", ["ftyp"], 4],
  ["an audio file", ["ID3"]],
  ["an Ogg audio file", ["OggS"]],
  ["an SQLite database", ["SQLite format 3"]],
  ["a web archive", ["bplist00"]],
  ["a program", ["\u007fELF"]],
];

function binaryKind(start: string): string | undefined {
  const found = SIGNATURES.find(([, starts, at = 0]) =>
    starts.some((signature) => start.startsWith(signature, at)),
  );
  return found?.[0];
}

const XML_ENCODING = /<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w:.-]+)/i;

// The standard lets browsers look at 1,024 bytes, but many pages have scripts first.
const HEAD_BYTES = 8192;

/**
 * The encoding that a page declares, as the name of a TextDecoder ("gbk" for `gb2312`, "windows-1252" for `latin1`).
 * The order is: the Content-Type header (`charset`), the XML declaration, a `meta` element. Undefined if the page
 * declares none, or one that is unknown or implausible. Only for bytes that are not valid UTF-8: a declaration that
 * contradicts valid UTF-8 is wrong (HTML standard §13.2.3.2, in the order measured to be right).
 */
export function declaredCharset(bytes: Uint8Array, charset?: string): string | undefined {
  const head = LATIN_1.decode(bytes.subarray(0, HEAD_BYTES));
  const labels = [
    charset,
    XML_ENCODING.exec(head)?.[1],
    /<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1],
  ];
  return labels
    .map((label) => encodingOf(label))
    .find((encoding) => encoding !== undefined && isPlausible(encoding, bytes));
}

/** The TextDecoder name for a label; undefined for an unknown label. */
function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  // These are names that pages and feeds use but the Encoding standard lacks. A declaration that was read as single
  // bytes is never UTF-16 (HTML standard §13.2.3.2, step 12).
  const plain = label
    .toLowerCase()
    .replace(/^(?:utf-?16|ucs-?2|iso-10646-ucs-2).*/, "utf-8")
    .replace(/^(?:gb-2312.*|gb2312.+|hz-gb.*|(?:cp|ms)936)$/, "gbk")
    .replace(/^(?:cp|ms)949$/, "euc-kr")
    .replace(/^(?:cp|ms)950$/, "big5")
    .replace(/^(?:cp|ms)932$/, "shift_jis")
    .replace(/^cp-?(\d{4})$/, "windows-$1");
  const encoding = attempt(() => new TextDecoder(plain).encoding);
  return encoding?.startsWith("utf-16") ? "utf-8" : encoding;
}

// A UTF-8 page that is cut off or has one comment in another encoding is still UTF-8. If almost nothing decodes, the
// declaration comes from a template and is wrong.
function isPlausible(encoding: string, bytes: Uint8Array): boolean {
  return encoding !== "utf-8" || decodeDamaged(bytes, 1) !== undefined;
}

/**
 * Decodes a feed. The order is: a byte order mark, valid UTF-8, the HTTP header (`charset`) or XML declaration if the
 * bytes are valid in it, the code page that fits the letters, and windows-1252, in which all bytes are valid.
 * Declarations come after UTF-8: of ten declarations that contradict it, one is wrong. XML 1.0 appendix F, RFC 7303 §3.
 */
export function decodeFeed(bytes: Uint8Array, charset?: string): string {
  const marked = decodeMarked(bytes, markedEncoding(bytes));
  if (marked !== undefined) return marked;
  const head = LATIN_1.decode(bytes.subarray(0, HEAD_BYTES));
  const declared = [charset, XML_ENCODING.exec(head)?.[1]]
    .map(encodingOf)
    .filter((encoding) => encoding !== undefined);
  // ISO-2022-JP uses escape sequences instead of high bytes, so it passes as valid UTF-8 and reads as gibberish.
  const candidates = bytes.includes(0x1b) ? [...declared, "utf-8"] : ["utf-8", ...declared];
  for (const encoding of candidates) {
    const text = decodeStrictly(bytes, encoding);
    if (text !== undefined) return text;
  }
  const damaged = decodeDamaged(bytes, 1);
  if (damaged !== undefined) return damaged;
  const named = declared.find((encoding) => encoding !== "utf-8");
  const guessed = named === undefined ? decodeByLetters(bytes) : undefined;
  return guessed ?? new TextDecoder(named ?? "windows-1252").decode(bytes);
}

/** The encoding of a byte order mark, or of the width of the `<` at the start of a feed (XML 1.0 appendix F). */
function markedEncoding([a = 1, b = 1, c = 1, d = 1]: Uint8Array): string | undefined {
  const start = [a, b, c, d].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (/^(?:0000feff|0000003c)/.test(start)) return "utf-32be";
  if (/^(?:fffe0000|3c000000)/.test(start)) return "utf-32le";
  if (/^(?:feff|003c00)/.test(start)) return "utf-16be";
  if (/^(?:fffe|3c00..00)/.test(start)) return "utf-16le";
  return start.startsWith("efbbbf") ? "utf-8" : undefined;
}

function decodeMarked(bytes: Uint8Array, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return undefined;
  if (encoding.startsWith("utf-32")) return decodeUtf32(bytes, encoding === "utf-32le");
  return new TextDecoder(encoding).decode(bytes);
}

function decodeUtf32(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const characters: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, isLittle);
    characters.push(point > 0x10_ff_ff ? "\ufffd" : String.fromCodePoint(point));
  }
  return characters.join("").replace(/^\ufeff/, "");
}

/** The least confidence of chardet, 0 to 100, for an encoding. A lower guess is only the least bad one. */
const LIKELY_CONFIDENCE = 30;
const SURE_CONFIDENCE = 50;

/** Code pages that whole languages used and that TextDecoder also knows. */
const GUESSED =
  /^(?:Shift_JIS|EUC-JP|EUC-KR|GB18030|Big5|KOI8-R|windows-125[01345-6]|ISO-8859-[25-9])$/i;
/** Alphabets of Central Europe and Turkey. They share most letters with windows-1252. */
const NEAR_WESTERN = /^(?:windows-125[04]|ISO-8859-[29])$/i;

/**
 * Decodes bytes that are not UTF-8 and declare nothing: windows-1252 if its letters make sense, otherwise the code
 * page that chardet finds likely by letter frequency. Undefined if none is likely.
 */
export function decodeByLetters(bytes: Uint8Array): string | undefined {
  const western = new TextDecoder("windows-1252").decode(bytes);
  const isWestern = looksWestern(western);
  if (isWestern && !/[^\p{ASCII}\u2010-\u2026]/u.test(western)) return western;
  const charset = guessCharset(bytes, isWestern);
  if (charset !== undefined) return new TextDecoder(charset).decode(bytes);
  return isWestern ? western : undefined;
}

// All bytes are valid windows-1252, so Russian or Japanese would pass as mojibake. In the languages of windows-1252,
// less than one letter in five is beyond ASCII.
function looksWestern(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const beyondAscii = text.match(/[^\p{ASCII}\u2010-\u2026]/gu)?.length ?? 0;
  return beyondAscii <= 3 || beyondAscii < letters * 0.3;
}

/** With `isWestern`, only a near neighbour of windows-1252 is considered, at a higher confidence. */
function guessCharset(bytes: Uint8Array, isWestern: boolean): string | undefined {
  // Loaded only when needed: nearly all text is UTF-8.
  const chardet: { analyse(bytes: Uint8Array): { name: string; confidence: number }[] } =
    createRequire(import.meta.url)("chardet");
  const guesses = chardet.analyse(bytes);
  // For Western text only the best guess counts, even if it is not one of the neighbours.
  const best = isWestern
    ? guesses
        .slice(0, 1)
        .find(({ name, confidence }) => confidence >= SURE_CONFIDENCE && NEAR_WESTERN.test(name))
    : guesses.find(
        ({ name, confidence }) =>
          confidence >= LIKELY_CONFIDENCE &&
          GUESSED.test(name) &&
          decodeStrictly(bytes, name) !== undefined,
      );
  return best?.name;
}

/**
 * Refuses a source that is longer than any article, has nothing to read, or is not text.
 * @throws BroadsheetError CONTENT_TOO_LARGE, CONTENT_EMPTY, CONTENT_BINARY
 */
export function refuseUnreadable({ body, location }: Source): void {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_ARTICLE_BYTES) throw tooLarge(location, bytes);
  if (!/[^\s\p{Cc}\p{Cf}]/u.test(body)) throw noText(location);
  const kind = binaryKind(body.slice(0, LONGEST_SIGNATURE));
  if (kind) throw binary(location, kind);
}

/**
 * Decodes bytes and decides their format. The code that opens documents is loaded with the first document.
 * @throws BroadsheetError what `decodeSource`, `sniffFormat` and `openDocument` throw
 */
export async function sourceOf(
  bytes: Uint8Array,
  location: string,
  charset?: string,
): Promise<Source> {
  const kind = documentKind(bytes, location);
  if (kind) {
    const { openDocument } = await import("./documents/open-document.ts");
    return openDocument(kind, bytes, location);
  }
  const body = decodeSource(bytes, location, charset);
  return { format: sniffFormat(body, location), location, body };
}

/** Syntax of Notion and Obsidian that other Markdown hardly ever has. */
const OF_NOTES = /\[\[|==\S|\s\^[a-z\d-]+[ \t]*$|^(?:Created|Status|Tags|Last edited)[ \w]*: /im;

/**
 * Converts the additions of Notion and Obsidian to standard Markdown. `noteOf` returns the text of an embedded note
 * by its name. The code for these formats is loaded with the first such note.
 */
export async function standardMarkdown(
  source: Source,
  noteOf: (name: string) => Promise<string>,
): Promise<Source> {
  if (source.format !== "markdown") return source;
  if (!OF_NOTES.test(source.body) && !/[\da-f]{32}\.md$/i.test(source.location)) return source;
  const { embedsIn, fromNotion, fromObsidian } = await import("./documents/vault.ts");
  const notes = new Map<string, string>();
  const waiting = embedsIn(source.body);
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (notes.has(name) || notes.size >= MOST_NOTES) continue;
    const note = await noteOf(name);
    notes.set(name, note);
    waiting.push(...embedsIn(note));
  }
  const body = fromNotion(source.body, source.location);
  return { ...source, body: fromObsidian(body, (name) => notes.get(name)) };
}

const MOST_NOTES = 100;

/** The error for an article without words. */
export function noText(location: string): BroadsheetError {
  const fix = "write something in it, or leave it out";
  return refusal(location, "has no text in it", fix, { code: "CONTENT_EMPTY" });
}

/** The error for an article or document that is too large. */
export function tooLarge(
  location: string,
  bytes: number,
  most = MAX_ARTICLE_BYTES,
): BroadsheetError {
  const size = (bytes / 1024 / 1024).toFixed(1);
  const what = most === MAX_ARTICLE_BYTES ? "an article" : "a document";
  const sizes = `is ${size} MB; ${what} has ${most / 1024 / 1024} MB at most`;
  return refusal(location, sizes, "give it one article at a time", { code: "CONTENT_TOO_LARGE" });
}
