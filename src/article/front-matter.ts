import type { Dropped } from "./article.ts";
import { createRequire } from "node:module";
import { BroadsheetError } from "../errors.ts";
import { ALIAS_FIX, aliasFault } from "../platform/yaml-aliases.ts";
import type * as SmolToml from "smol-toml";
import type * as Yaml from "yaml";

interface FrontMatter {
  /** The fields; empty if the text has no front matter. */
  readonly fields: Fields;
  readonly body: string;
  readonly dropped: readonly Dropped[];
  /** The numbers of the lines with an open quote. Their values may be wrong. */
  readonly unpaired: readonly number[];
}

// Front matter has a few lines. A fence that closes further down is a horizontal rule in a long text.
const LONGEST_CHARACTERS = 65_536;

/**
 * Splits a cleaned text into front matter and body. Code in front matter is never run. Unreadable parts are in
 * `dropped`, and the body is kept.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for an endless alias, with its line. `file` is the name in the error.
 */
export function splitFrontMatter(text: string, file: string): FrontMatter {
  const start = text.replace(/^\s*\n/, "");
  const place = { file, line: linesIn(text.slice(0, text.length - start.length)) };
  return fenced(start, place) ?? bareJson(start, place) ?? { ...NO_FIELDS, body: text };
}

/** The file and the line of the fence, after which the fields begin. */
interface Place {
  readonly file: string;
  readonly line: number;
}

const NO_FIELDS: ParsedFields = { fields: new Map(), dropped: [], unpaired: [] };

function linesIn(text: string): number {
  return text.split("\n").length;
}

const FENCES: ReadonlyMap<string, { format: FrontMatterFormat; close: RegExp }> = new Map([
  ["---", { format: "yaml", close: /^(?:---|\.\.\.)[ \t]*$/m }],
  ["+++", { format: "toml", close: /^\+\+\+[ \t]*$/m }],
  [";;;", { format: "json", close: /^;;;[ \t]*$/m }],
]);

function fenced(text: string, place: Place): FrontMatter | undefined {
  const opening = /^(---|\+\+\+|;;;)[ \t]*([a-z]*)[ \t]*(?:\n|$)/i.exec(text);
  const fence = FENCES.get(opening?.[1] ?? "");
  if (!opening || !fence) return undefined;
  const rest = text.slice(opening[0].length);
  const closing = fence.close.exec(rest.slice(0, LONGEST_CHARACTERS));
  if (!closing) {
    const split = unclosed(rest, fence.format, place);
    const note = { text: opening[0].trim(), reason: UNCLOSED };
    return split && { ...split, dropped: [note, ...split.dropped] };
  }
  const inside = dedent(rest.slice(0, closing.index));
  const body = rest.slice(closing.index + closing[0].length).replace(/^\n/, "");
  const format = formatNamed(opening[2] ?? "", fence.format);
  if (format === "code") return { ...NO_FIELDS, body, dropped: [asCode(inside)] };
  if (!looksLikeFields(inside)) return undefined;
  return { ...parseFields(inside, format, place), body };
}

// Fields may all be indented by the same amount.
function dedent(inside: string): string {
  const indents = inside
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const common = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  if (common === 0 || common === Infinity) return inside;
  return inside.replace(/^[ \t]+/gm, (indent) => indent.slice(common));
}

function formatNamed(name: string, usual: FrontMatterFormat): FrontMatterFormat | "code" {
  const lower = name.toLowerCase();
  if (lower === "") return usual;
  if (lower === "yaml" || lower === "yml") return "yaml";
  return lower === "toml" || lower === "json" ? lower : "code";
}

function asCode(inside: string): Dropped {
  return { text: inside.trim(), reason: "front matter written as a program is not run" };
}

const FIELD_LINE = /^["']?[\p{L}\p{N}_$@.-]{1,60}["']?\s?[:=](?:\s|$)/u;
const KNOWN_LINE =
  /^["']?(?:title|headline|date|published|author|authors|lang|language|draft|tags|slug|layout|permalink|description|summary|kind)["']?\s?[:=]/im;

// Two horizontal rules around a paragraph look like fences. In front matter every line is a field, an indented line,
// a list entry, a comment or a bracket. One common field name is enough too.
function looksLikeFields(inside: string): boolean {
  const lines = inside.split("\n").filter((line) => /^[^\s#\-[\]{}]/.test(line));
  if (KNOWN_LINE.test(inside)) return true;
  if (lines.length === 0) return inside.trim() === "" || inside.trim().startsWith("{");
  return !inside.startsWith("\n") && lines.every((line) => FIELD_LINE.test(line));
}

const UNCLOSED =
  "the front matter is never closed; its lines were read up to the first one that is not a field";

// If there is no closing fence, the fields end at the first blank line or line of prose.
function unclosed(rest: string, format: FrontMatterFormat, place: Place): FrontMatter | undefined {
  const lines = rest.slice(0, LONGEST_CHARACTERS).split("\n");
  const end = lines.findIndex((line) => !FIELD_LINE.test(line) && !/^(?:\s+\S|- )/.test(line));
  const written = lines.slice(0, end === -1 ? lines.length : end).join("\n");
  const inside = dedent(written);
  if (!KNOWN_LINE.test(inside)) return undefined;
  return {
    ...parseFields(inside, format, place),
    body: rest.slice(written.length).replace(/^\n/, ""),
  };
}

// Hugo also accepts a JSON object without a fence at the beginning of a file.
function bareJson(text: string, place: Place): FrontMatter | undefined {
  if (!/^\{\s*"/.test(text)) return undefined;
  const end = endOfObject(text.slice(0, LONGEST_CHARACTERS));
  if (end === -1 || !/^[ \t]*(?:\n|$)/.test(text.slice(end))) return undefined;
  const inside = text.slice(0, end);
  if (!/"\s*:/.test(inside)) return undefined;
  // There is no fence: the fields begin in the first line.
  const fields = parseFields(inside, "json", { ...place, line: place.line - 1 });
  return { ...fields, body: text.slice(end).replace(/^[ \t]*\n/, "") };
}

function endOfObject(text: string): number {
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}]/g)) {
    if (token[0] === "{") depth++;
    else if (token[0] === "}" && --depth === 0) return token.index + 1;
  }
  return -1;
}

type FrontMatterFormat = "yaml" | "toml" | "json";

/** Fields by key. A Map, because "constructor" and "__proto__" are ordinary keys in it. */
export type Fields = ReadonlyMap<string, unknown>;

type ParsedFields = Omit<FrontMatter, "body">;

/**
 * The fields between two fences. If a parser refuses the whole (`title: Foo: bar`, a duplicate key, an open quote),
 * each line is read by itself, and only unreadable lines are lost.
 */
function parseFields(inside: string, format: FrontMatterFormat, place: Place): ParsedFields {
  const parsed = attempt(() => PARSERS[format](inside, place));
  if (isRecord(parsed)) return { ...NO_FIELDS, fields: new Map(entriesOf(parsed)) };
  if (inside.trim() === "") return NO_FIELDS;
  return byLines(inside, place);
}

// A parser throws a RangeError for brackets nested ten thousand deep.
function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    return undefined;
  }
}

// Each parser is loaded when needed: yaml takes 15 ms.
const PARSERS: Readonly<Record<FrontMatterFormat, (inside: string, place: Place) => unknown>> = {
  yaml: (inside, { file, line }) => {
    const yaml: typeof Yaml = createRequire(import.meta.url)("yaml");
    // The failsafe schema keeps each value as written: a title of 1.10 does not become 1.1, and NO does not become
    // false.
    const document = yaml.parseDocument(inside, { schema: "failsafe", logLevel: "silent" });
    if (document.errors.length > 0) return undefined;
    const fault = aliasFault(yaml, document);
    if (fault)
      throw new BroadsheetError("CONTENT_UNSUPPORTED", `in the front matter ${fault.message}`, {
        where: { file, line: line + linesIn(inside.slice(0, fault.offset)) },
        fix: ALIAS_FIX,
      });
    return document.toJS({ mapAsMap: true, maxAliasCount: -1 });
  },
  toml: (inside) => {
    const { parse }: typeof SmolToml = createRequire(import.meta.url)("smol-toml");
    return parse(inside);
  },
  json: (inside) => JSON.parse(inside.trim().startsWith("{") ? inside : `{${inside}}`),
};

/** Whether a value has fields of its own. */
export function isRecord(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

/** The fields of a record from any of the parsers. */
export function entriesOf(value: object): [string, unknown][] {
  if (!(value instanceof Map)) return Object.entries(value);
  return [...value].map(([key, entry]: [unknown, unknown]) => [String(key), entry]);
}

/** "canonicalUrl", "canonical-url" and "Canonical_URL" are one key. */
export function plainKey(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}

/** Fields by plain key. The first of duplicate keys wins. */
export function byPlainKey(entries: Iterable<readonly [string, unknown]>): Fields {
  const fields = new Map<string, unknown>();
  for (const [key, value] of entries) {
    const name = plainKey(key);
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

const LINE = /^\s{0,3}["']?([\p{L}\p{N}_$@.-]{1,60})["']?\s*[:=]\s*(.*)$/u;

function byLines(inside: string, place: Place): ParsedFields {
  const entries: [string, unknown][] = [];
  const dropped: Dropped[] = [];
  const unpaired: number[] = [];
  for (const [index, line] of inside.split("\n").entries()) {
    const last = entries.at(-1);
    const [, key, value = ""] = LINE.exec(line) ?? [];
    const item = /^\s*-\s+(.+)$/.exec(line)?.[1];
    if (/^\s*(?:#.*|[{}[\],]*)$/.test(line)) continue;
    if (hasOpenQuote(item ?? value)) unpaired.push(place.line + index + 1);
    if (item !== undefined && last && (last[1] === "" || Array.isArray(last[1]))) {
      last[1] = [...(Array.isArray(last[1]) ? (last[1] as unknown[]) : []), unquote(item)];
    } else if (key === undefined || item !== undefined) {
      dropped.push({ text: line.trim(), reason: "front matter that could not be read" });
    } else if (entries.some(([other]) => other.toLowerCase() === key.toLowerCase())) {
      dropped.push({
        text: line.trim(),
        reason: "a front matter field that is given twice; the first one is kept",
      });
    } else entries.push([key, lineValue(value)]);
  }
  return { fields: new Map(entries), dropped, unpaired };
}

/** Whether a value begins with a quote that has no partner: `"Open”`, but not `"Salt" and "Sons"`. */
function hasOpenQuote(value: string): boolean {
  const written = value.trim().replace(/,$/, "");
  const [quote] = /^["']/.exec(written) ?? [];
  if (quote === undefined || (written.length > 1 && written.endsWith(quote))) return false;
  return written.split(quote).length % 2 === 0;
}

function lineValue(value: string): unknown {
  const list = /^\[(.*)\],?$/.exec(value.trim())?.[1];
  if (list !== undefined) return list.split(",").map(unquote).filter(Boolean);
  return unquote(value);
}

// A quote without a partner was meant as part of a pair.
function unquote(value: string): string {
  return value
    .trim()
    .replace(/(["'}\]]),$/, "$1")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .replace(/^["'](?=[^"']*$)/, "")
    .trim();
}
