import { decodeByLetters } from "../decode-by-letters.ts";

/**
 * The text in a feed's bytes. A byte order mark wins; then UTF-8, where the bytes are valid UTF-8; then
 * what the HTTP header (`charset`) or the XML declaration names, where the bytes are valid in it; then the
 * code page that its letters are likely in; last windows-1252, in which all bytes are valid. Declarations come after UTF-8 because one in ten of those that disagree is wrong.
 * XML 1.0 appendix F, RFC 7303 §3.
 */
export function decodeFeed(bytes: Uint8Array, charset?: string): string {
  const wide = wideEncoding(bytes);
  if (wide === "utf-32le" || wide === "utf-32be") return decodeUtf32(bytes, wide === "utf-32le");
  if (wide) return new TextDecoder(wide).decode(bytes);
  const declared = [charset, declaredInXml(bytes)].filter((label) => label !== undefined);
  // ISO-2022-JP says with escapes what UTF-8 says with high bytes, so it is valid UTF-8, and gibberish in it.
  const candidates = bytes.includes(0x1b) ? [...declared, "utf-8"] : ["utf-8", ...declared];
  for (const label of candidates) {
    const text = decodeStrictly(bytes, label);
    if (text !== undefined) return text;
  }
  const damaged = mostlyUtf8(bytes);
  if (damaged !== undefined) return damaged;
  const named = declared.map(usable).find(isNotUtf8);
  const guessed = named === undefined ? decodeByLetters(bytes) : undefined;
  return guessed ?? new TextDecoder(named ?? "windows-1252").decode(bytes);
}

// One broken character, or a feed cut inside one, does not make the thousand others windows-1252.
function mostlyUtf8(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  return whole > broken ? text : undefined;
}

function isNotUtf8(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding !== "utf-8";
}

function wideEncoding([a = 1, b = 1, c = 1, d = 1]: Uint8Array): string | undefined {
  const start = [a, b, c, d].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (/^(?:0000feff|0000003c)/.test(start)) return "utf-32be";
  if (/^(?:fffe0000|3c000000)/.test(start)) return "utf-32le";
  if (/^(?:feff|003c00)/.test(start)) return "utf-16be";
  if (/^(?:fffe|3c00..00)/.test(start)) return "utf-16le";
  return undefined;
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

function declaredInXml(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  return /<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
}

function decodeStrictly(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(known(label), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function usable(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(known(label)).encoding;
  } catch {
    return undefined;
  }
}

// TextDecoder knows the names that pages use. What says UTF-16 here has been found to be no such thing.
function known(label: string): string {
  const plain = label
    .toLowerCase()
    .replace(/^cp-?(\d{4})$/, "windows-$1")
    .replace(/^(?:cp|ms)949$/, "euc-kr");
  if (/^(?:utf-?16|ucs-?2|iso-10646-ucs-2)/.test(plain)) return "utf-8";
  return plain
    .replace(/^(?:gb-?2312.*|hz-gb.*|cp936|ms936)$/, "gb18030")
    .replace(/^(?:cp|ms)950$/, "big5")
    .replace(/^(?:cp|ms)932$/, "shift_jis");
}
