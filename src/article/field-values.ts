import { cleanEntities, oneLine } from "./clean-text.ts";
import { decodeStrayReferences } from "../platform/references.ts";
import { byPlainKey, entriesOf, isRecord } from "./front-matter.ts";
import { attempt } from "../platform/attempt.ts";
import { once } from "../platform/remembering.ts";

/** A value as one line of text; undefined if it is empty or not text. */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return undefined;
  // YAML and JSON escapes ("\\u202e") can bring back characters that were cleaned from the source. Blogs moved out of
  // a database have HTML in plain text fields, escaped once or twice.
  const plain = decodeStrayReferences(decodeStrayReferences(value));
  const line = oneLine(cleanEntities(plain));
  return line === "" || line === "null" || line === "~" ? undefined : line;
}

/** Yes or no, in the common spellings. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = text(value)?.toLowerCase() ?? "";
  if (["true", "yes", "on", "1"].includes(word)) return true;
  return ["false", "no", "off", "0"].includes(word) ? false : undefined;
}

/** A list, or a text separated by commas; undefined if there are no entries. */
export function list(value: unknown): string[] | undefined {
  const entries = Array.isArray(value)
    ? (value as unknown[])
    : (text(value) ?? "").split(/[,;、，]/);
  const lines = entries.flatMap((entry) => text(isRecord(entry) ? nameOf(entry) : entry) ?? []);
  const words = lines.map((line) => line.trim().replace(/^#(?=\p{L})/u, "")).filter(Boolean);
  return words.length > 0 ? words : undefined;
}

/** Names of people: one name, several in one line, a list, or records with a `name`. */
export function names(value: unknown): string[] | undefined {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  const found = entries.flatMap((entry) => {
    const line = text(isRecord(entry) ? nameOf(entry) : entry);
    return line === undefined
      ? []
      : splitNames(line.replace(/^by\s+/i, "").replace(/\s*<[^<>@]*@[^<>]*>$/, ""));
  });
  return found.length > 0 ? found : undefined;
}

function nameOf(record: object): unknown {
  const fields = byPlainKey(entriesOf(record));
  return fields.get("name") ?? fields.get("title") ?? fields.get("label");
}

// "Ana Ruiz, Tom Lee and Eva Roth" are three; "Ruiz, Ana" and "Tom Lee, PhD" are one.
function splitNames(line: string): string[] {
  const parts = line
    .split(/\s*(?:[,;、，]\s*(?:and\s+|und\s+|et\s+|y\s+)?|\s(?:and|und|et|y|&)\s)\s*/u)
    .filter(Boolean);
  const isEveryWhole = parts.every(
    (part) => /\s/.test(part) || /[^\p{Script=Latin}\p{Script=Cyrillic}]/u.test(part),
  );
  return isEveryWhole ? parts : [line];
}

/** Browsers and mail programs cut off longer addresses. A longer value is data in place of an address. */
const LONGEST_ADDRESS = 4000;

/** An absolute http or https address, normalised. */
export function httpUrl(value: unknown): string | undefined {
  const line = text(value);
  return line !== undefined && /^https?:\/\//i.test(line) ? httpAddress(line) : undefined;
}

/** An absolute http(s) address; undefined for other schemes, and for a relative address without a base. */
export function httpAddress(written: string | undefined, base?: string): string | undefined {
  const plain = written?.trim() ?? "";
  if (plain === "" || plain.length > LONGEST_ADDRESS || !URL.canParse(plain, base))
    return undefined;
  const { href, protocol } = new URL(plain, base);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}

/**
 * The address of a picture that mail can show: http(s), or a path beside the article, percent-decoded to the file's
 * name. Undefined for `data:`, `javascript:` and all other addresses.
 */
export function imageAddress(address: string | undefined): string | undefined {
  const plain = address?.trim() ?? "";
  if (plain.length > LONGEST_ADDRESS) return undefined;
  if (/^(?:https?:)?\/\//i.test(plain)) return webAddress(plain);
  const path = decoded(plain);
  const isPath = path !== "" && !/[<>"\\\p{Cc}]|^\/\/|^[a-z][a-z\d+.-]*:/iu.test(path);
  return isPath ? path : undefined;
}

function webAddress(written: string): string | undefined {
  const full = written.startsWith("//") ? `https:${written}` : written;
  return /[\s<>"\\]/.test(full) || !URL.canParse(full) ? undefined : full;
}

// "100%.png" can't be decoded and is a valid name.
function decoded(path: string): string {
  return attempt(() => decodeURIComponent(path).trim()) ?? path;
}

// Created with the first tag, because it takes a millisecond.
const languageNames = once(
  () => new Intl.DisplayNames("en", { type: "language", fallback: "none" }),
);

/** A BCP 47 tag in canonical form ("zh_tw" becomes zh-TW); undefined for an unknown language. */
export function languageTag(value: unknown): string | undefined {
  const tag = text(value)?.replace(/\..*$/, "").replace(/_/g, "-") ?? "";
  if (tag === "") return undefined;
  const [canonical] = attempt(() => Intl.getCanonicalLocales(tag)) ?? [];
  const base = canonical?.split("-")[0] ?? "und";
  // Any five letters make a well-formed tag ("klaus"), so the language must also have a name.
  const isKnown = base !== "und" && languageNames().of(base) !== undefined;
  return isKnown ? canonical : undefined;
}

/** A value as its author wrote it, shortened for a message. */
export function asWritten(value: unknown): string {
  const line =
    text(value) ??
    (typeof value === "object" && value !== null ? JSON.stringify(value, plainMap) : "");
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

function plainMap(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
