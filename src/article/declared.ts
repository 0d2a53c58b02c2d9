import type { Dropped, Image, Source } from "./article.ts";
import { cleanText } from "./clean-text.ts";
import {
  splitFrontMatter,
  byPlainKey,
  entriesOf,
  isRecord,
  plainKey,
  type Fields,
} from "./front-matter.ts";
import {
  asWritten,
  httpUrl,
  imageAddress,
  languageTag,
  list,
  names,
  text,
  truth,
} from "./field-values.ts";
import { withCaption } from "./caption.ts";
import { parseDate } from "./dates.ts";

/** The fields that a source declares in its front matter. */
export interface Declared {
  readonly title?: string | undefined;
  readonly authors: readonly string[];
  readonly publishedAt?: string | undefined;
  readonly language?: string | undefined;
  readonly url?: string | undefined;
  readonly site?: string | undefined;
  readonly description?: string | undefined;
  readonly tags: readonly string[];
  readonly kicker?: string | undefined;
  readonly priority?: number | undefined;
  readonly images: readonly Image[];
  readonly kind: "story" | "letter";
  readonly isDraft: boolean;
  /** Fields that could not be read or that an Article does not have. */
  readonly dropped: readonly Dropped[];
  /** Reasons to doubt the file, as phrases for the editor. */
  readonly doubts: readonly string[];
}

/** The declarations of a source without front matter. */
export const UNDECLARED: Declared = {
  authors: [],
  tags: [],
  images: [],
  kind: "story",
  isDraft: false,
  dropped: [],
  doubts: [],
};

/** The content decides the format. A text with one of these names may be a failed download or conversion. */
const DOCUMENT_ENDING = /\.(?:docx?|docm|odt|rtf|epub|pdf|zip)$/i;

/**
 * The declarations in the front matter of a source, and its cleaned text without them.
 * @throws BroadsheetError CONTENT_UNSUPPORTED
 */
export function readDeclared(source: Source): { declared: Declared; body: string } {
  const { location } = source;
  const { fields, body, dropped, unpaired } = splitFrontMatter(cleanText(source.body), location);
  const declared = declare(withTaxonomies(fields));
  const [ending] = DOCUMENT_ENDING.exec(location) ?? [];
  const doubts = [
    ...(ending === undefined ? [] : [`the file is plain text, but its name ends in ${ending}`]),
    ...unpaired.map((line) => `a quotation mark is never closed in line ${line} of ${location}`),
  ];
  return { declared: { ...declared, dropped: [...dropped, ...declared.dropped], doubts }, body };
}

// Zola keeps tags and categories in a table of their own.
function withTaxonomies(fields: Fields): Fields {
  const taxonomies = fields.get("taxonomies");
  if (!isRecord(taxonomies)) return fields;
  return new Map([
    ...entriesOf(taxonomies),
    ...[...fields].filter(([key]) => key !== "taxonomies"),
  ]);
}

const NO_USE = "front matter that Broadsheet does not use";
const DATES =
  "date published publishdate pubdate publishedat datepublished updated lastmod modified updatedat";

function declare(written: Fields): Omit<Declared, "doubts"> {
  const fields = byPlainKey(written);
  const used = new Set<string>();
  const faults = new Map<string, string>();
  // Reads the first of the keys that has a readable value. An unreadable key is recorded as a fault.
  function first<T>(
    keys: string,
    read: (value: unknown) => T | undefined,
    fault = NO_USE,
  ): T | undefined {
    for (const key of keys.split(" ").filter((name) => fields.has(name))) {
      const value = read(fields.get(key));
      if (value === undefined) faults.set(key, fault);
      else {
        used.add(key);
        return value;
      }
    }
    return undefined;
  }
  const image = first(
    IMAGE_KEYS,
    (value) => readImage(value, fields, used),
    "not the address of a picture",
  );
  const tags = ["tags", "categories", "category", "keywords"].flatMap(
    (key) => first(key, list) ?? [],
  );
  const declared = {
    title: first("title headline", text),
    authors: first("authors author byline creator", names) ?? [],
    publishedAt: first(DATES, date, "not a date that can be read for certain"),
    language: first("lang language locale", languageTag, "not a language tag (en, de, pt-BR)"),
    url: first(
      "url canonicalurl canonical link source permalink",
      httpUrl,
      "not an http(s) address",
    ),
    site: first("site source publication publisher sitename", siteName),
    description: first("summary description excerpt subtitle", text),
    kicker: first("kicker", text),
    priority: first("priority", priorityOf, "not a priority (a number from 0.1 to 10)"),
    tags: eachOnce(tags),
    images: image ? [image] : [],
    kind: first("kind", kindOf, "neither story nor letter") ?? "story",
    isDraft:
      first("draft", truth) ??
      first("published", isUnpublished) ??
      first("status", isDraftStatus) ??
      false,
  };
  return { ...declared, dropped: leftOver(written, used, faults) };
}

function leftOver(
  fields: Fields,
  used: ReadonlySet<string>,
  faults: ReadonlyMap<string, string>,
): Dropped[] {
  return [...fields].flatMap(([key, value]): Dropped[] => {
    const written = asWritten(value);
    if (used.has(plainKey(key)) || written === "") return [];
    return [{ text: `${key}: ${written}`, reason: faults.get(plainKey(key)) ?? NO_USE }];
  });
}

function date(value: unknown): string | undefined {
  if (value instanceof Date) return parseDate(value.toISOString());
  return parseDate(text(value) ?? "");
}

function siteName(value: unknown): string | undefined {
  return httpUrl(value) === undefined ? text(value) : undefined;
}

/** Reads a priority: a number, or its digits. */
function priorityOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number >= 0.1 && number <= 10 ? number : undefined;
}

function kindOf(value: unknown): "story" | "letter" | undefined {
  const kind = text(value)?.toLowerCase();
  return kind === "story" || kind === "letter" ? kind : undefined;
}

// Jekyll marks a draft with `published: false`. Elsewhere `published` is a date.
function isUnpublished(value: unknown): boolean | undefined {
  const published = truth(value);
  return published === undefined ? undefined : !published;
}

function isDraftStatus(value: unknown): boolean | undefined {
  return text(value)?.toLowerCase() === "draft" ? true : undefined;
}

/** Removes tags that differ from an earlier one only in case. */
function eachOnce(tags: readonly string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => {
    const { size } = seen;
    return seen.add(tag.toLowerCase()).size > size;
  });
}

/** The keys that hold an article's picture, best first. */
const IMAGE_KEYS = "image cover featuredimage featureimage coverimage ogimage hero thumbnail";

/**
 * The picture in a front matter value: an address, or a record with `src`, `alt`, `caption`, `credit` and `focus`.
 * Fields such as `image_alt` may give its details too. Their keys are added to `used`.
 */
function readImage(value: unknown, fields: Fields, used: Set<string>): Image | undefined {
  const own: Fields = isRecord(value) ? byPlainKey(entriesOf(value)) : new Map([["src", value]]);
  const src = imageAddress(
    text(["src", "url", "path", "image", "file"].map((key) => own.get(key)).find(Boolean)),
  );
  if (src === undefined) return undefined;
  const detail = (name: string): string | undefined =>
    text(own.get(name)) ?? beside(name, fields, used);
  const caption = detail("caption") ?? text(own.get("title")) ?? "";
  const credit = detail("credit");
  const focus = focusOf(own.get("focus"));
  const image = { src, alt: detail("alt") ?? "", ...(focus && { focus }) };
  return withCaption(image, { text: caption, credit });
}

/** A focus, as shares of the width from the left and of the height from the top. */
function focusOf(value: unknown): Image["focus"] {
  const shares = Array.isArray(value)
    ? value.map((share: unknown) => Number(text(share) ?? NaN))
    : [];
  const [x, y] = shares;
  const isPoint = shares.length === 2 && shares.every((share) => share >= 0 && share <= 1);
  return isPoint && x !== undefined && y !== undefined ? [x, y] : undefined;
}

function beside(name: string, fields: Fields, used: Set<string>): string | undefined {
  const key = IMAGE_KEYS.split(" ")
    .map((image) => `${image}${name}`)
    .find((candidate) => fields.has(candidate));
  if (key === undefined) return undefined;
  used.add(key);
  return text(fields.get(key));
}
