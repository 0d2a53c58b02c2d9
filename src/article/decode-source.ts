import { decodeText, MAX_ARTICLE_BYTES } from "./decode-text.ts";
import { decodeFeed } from "./feed/decode-feed.ts";
import { looksLikeFeed } from "./feed/looks-like-feed.ts";
import { declaredCharset } from "./html/declared-charset.ts";

const LATIN_1 = new TextDecoder("latin1");
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The text in a source's bytes, by what it is: feeds as XML declares them, pages that are not UTF-8 as
 * they declare, all else as `decodeText` has it. `charset` is the label in the header it came with, if any.
 * @throws what `decodeText` throws.
 */
export function decodeSource(bytes: Uint8Array, location: string, charset?: string): string {
  if (bytes.length > MAX_ARTICLE_BYTES) return decodeText(bytes, location);
  const head = LATIN_1.decode(bytes.subarray(0, 5000));
  if (looksLikeFeed(head)) return decodeFeed(bytes, charset);
  const isPage = /<(?:html|head|meta|body|!doctype)\b/i.test(head);
  const written = isPage ? withoutNul(bytes) : bytes;
  if (isUtf8(written)) return decodeText(written, location);
  const declared = declaredCharset(written, charset);
  return isPage && declared !== undefined
    ? new TextDecoder(declared).decode(written)
    : decodeText(written, location, declared);
}

// Browsers pass over them (HTML standard §13.2.5.1); elsewhere they are the mark of what is no text.
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.filter((byte) => byte !== 0) : bytes;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    UTF_8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
