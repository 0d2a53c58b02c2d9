import type { Image } from "./article.ts";
import { byPlainKey, entriesOf, isRecord, type Fields } from "./front-matter-fields.ts";
import { text } from "./field-values.ts";

/** The keys that hold an article's picture, best first. */
export const IMAGE_KEYS =
  "image cover featuredimage featureimage coverimage ogimage hero thumbnail";

/**
 * The picture that a front matter value is: an address, or a record with `src`, `alt`, `caption` and
 * `credit`, which may also stand beside it as `image_alt` and so on. The keys that it took go to `used`.
 */
export function readImage(value: unknown, fields: Fields, used: Set<string>): Image | undefined {
  const own: Fields = isRecord(value) ? byPlainKey(entriesOf(value)) : new Map([["src", value]]);
  const src = imageAddress(
    text(["src", "url", "path", "image", "file"].map((key) => own.get(key)).find(Boolean)),
  );
  if (src === undefined) return undefined;
  const detail = (name: string): string | undefined =>
    text(own.get(name)) ?? beside(name, fields, used);
  const caption = detail("caption") ?? text(own.get("title"));
  const credit = detail("credit");
  return {
    src,
    alt: detail("alt") ?? "",
    ...(caption === undefined ? {} : { caption }),
    ...(credit === undefined ? {} : { credit }),
  };
}

function beside(name: string, fields: Fields, used: Set<string>): string | undefined {
  const key = IMAGE_KEYS.split(" ")
    .map((image) => `${image}${name}`)
    .find((candidate) => fields.has(candidate));
  if (key === undefined) return undefined;
  used.add(key);
  return text(fields.get(key));
}

/**
 * The address of a picture that a mail can show: http(s), or a path beside the article, percent-decoded to the
 * name that the file has. Undefined for `data:`, `javascript:` and everything else.
 */
export function imageAddress(address: string | undefined): string | undefined {
  const plain = address?.trim() ?? "";
  if (/^(?:https?:)?\/\//i.test(plain)) return webAddress(plain);
  const path = decoded(plain);
  const isPath = path !== "" && !/[<>"\\\p{Cc}]|^\/\/|^[a-z][a-z\d+.-]*:/iu.test(path);
  return isPath ? path : undefined;
}

function webAddress(written: string): string | undefined {
  const full = written.startsWith("//") ? `https:${written}` : written;
  return /[\s<>"\\]/.test(full) || !URL.canParse(full) ? undefined : full;
}

// "100%.png" is a name as it is.
function decoded(path: string): string {
  try {
    return decodeURIComponent(path).trim();
  } catch {
    return path;
  }
}
