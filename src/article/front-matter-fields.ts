import { createRequire } from "node:module";
import type * as SmolToml from "smol-toml";
import type * as Yaml from "yaml";
import type { Dropped } from "./article.ts";

export type FrontMatterFormat = "yaml" | "toml" | "json";

/** Fields by key. A Map, because keys like "constructor" and "__proto__" mean nothing to it. */
export type Fields = ReadonlyMap<string, unknown>;

export interface ParsedFields {
  readonly fields: Fields;
  readonly dropped: readonly Dropped[];
}

/**
 * The fields of what stands between two fences. Where a parser refuses it as a whole (`title: Foo: bar`, a key
 * given twice, a quote left open), it is read line by line, and only the lines that are no field are lost.
 */
export function parseFields(inside: string, format: FrontMatterFormat): ParsedFields {
  const parsed = attempt(() => PARSERS[format](inside));
  if (isRecord(parsed)) return { fields: new Map(entriesOf(parsed)), dropped: [] };
  if (inside.trim() === "") return { fields: new Map(), dropped: [] };
  return byLines(inside);
}

// A parser also gives up by throwing a RangeError, where brackets are nested ten thousand deep.
function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

// Loaded when front matter needs them: yaml takes 15 ms.
const load = createRequire(import.meta.url);

const PARSERS: Readonly<Record<FrontMatterFormat, (inside: string) => unknown>> = {
  yaml: (inside) => {
    const { parseDocument }: typeof Yaml = load("yaml");
    // The failsafe schema leaves every value as it is written: a title of 1.10 is not 1.1, and NO is not false.
    const document = parseDocument(inside, { schema: "failsafe", logLevel: "silent" });
    if (document.errors.length > 0) return undefined;
    return document.toJS({ mapAsMap: true, maxAliasCount: 50 });
  },
  toml: (inside) => {
    const { parse }: typeof SmolToml = load("smol-toml");
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

/** The fields of a value that has some, whatever parser it comes from. */
export function entriesOf(value: object): [string, unknown][] {
  if (!(value instanceof Map)) return Object.entries(value);
  return [...value].map(([key, entry]: [unknown, unknown]) => [String(key), entry]);
}

/** "canonicalUrl", "canonical-url" and "Canonical_URL" are one key. */
export function plainKey(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}

/** Fields by plain key; of a key that is given twice, the first. */
export function byPlainKey(entries: Iterable<readonly [string, unknown]>): Fields {
  const fields = new Map<string, unknown>();
  for (const [key, value] of entries) {
    const name = plainKey(key);
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

const LINE = /^\s{0,3}["']?([\p{L}\p{N}_$@.-]{1,60})["']?\s*[:=]\s*(.*)$/u;

function byLines(inside: string): ParsedFields {
  const entries: [string, unknown][] = [];
  const dropped: Dropped[] = [];
  for (const line of inside.split("\n")) {
    const last = entries.at(-1);
    const [, key, value = ""] = LINE.exec(line) ?? [];
    const item = /^\s*-\s+(.+)$/.exec(line)?.[1];
    if (/^\s*(?:#.*|[{}[\],]*)$/.test(line)) continue;
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
  return { fields: new Map(entries), dropped };
}

function lineValue(value: string): unknown {
  const list = /^\[(.*)\],?$/.exec(value.trim())?.[1];
  if (list !== undefined) return list.split(",").map(unquote).filter(Boolean);
  return unquote(value);
}

// A quote without its partner was meant to be one.
function unquote(value: string): string {
  return value
    .trim()
    .replace(/(["'}\]]),$/, "$1")
    .replace(/^(["'])(.*)\1$/s, "$2")
    .replace(/^["'](?=[^"']*$)/, "")
    .trim();
}
