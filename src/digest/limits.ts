import type * as z from "zod";
import { many } from "../platform/counted.ts";
import { countCharacters } from "./one-line.ts";

/** The most stories of an issue. A longer one is no digest, and takes minutes to render. */
export const MOST_STORIES = 200;

/** The most characters of a text, by its name, or by its name and the one around it. */
const LONGEST: ReadonlyMap<string, number> = new Map([
  ...["title", "subject", "preheader", "heading", "kicker"].map((name) => [name, 1000] as const),
  ["article.text", 20_000_000],
  ["article.html", 100_000_000],
  ["letter.text", 100_000],
]);
const LONGEST_OTHER = 10_000;
/** The most values of a list that has no limit of its own. */
const MOST_VALUES = 1000;

interface Sections {
  readonly sections: readonly { readonly entries: readonly unknown[] }[];
}

interface Excess {
  readonly path: readonly (string | number)[];
  /** What there is too much of. It goes on from the name of the field. */
  readonly message: string;
}

/** The first text or list of a digest that is longer than it may be. */
export function firstExcess(digest: Sections): Excess | undefined {
  return excessIn(digest, []) ?? tooManyStories(digest);
}

/** The same digest, with each text and list that is too long cut at its limit. */
export function cutToLimits(value: unknown, path: Excess["path"] = []): unknown {
  if (typeof value === "string") return cutText(value, longestText(path));
  if (Array.isArray(value))
    return value.slice(0, longestList(path)).map((inner, at) => cutToLimits(inner, [...path, at]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, cutToLimits(inner, [...path, key])]),
  );
}

/** Adds the limits to the JSON Schema of a field. */
export function describeLimits(
  jsonSchema: z.core.JSONSchema.BaseSchema,
  path: Excess["path"],
): void {
  const names = path.filter((_, at) => path[at - 1] === "properties");
  const isFree = jsonSchema.enum === undefined && jsonSchema.const === undefined;
  if (jsonSchema.type === "string" && isFree) jsonSchema.maxLength = longestText(names);
  if (jsonSchema.type === "array" && !jsonSchema.prefixItems)
    jsonSchema.maxItems = longestList(names);
}

function excessIn(value: unknown, path: Excess["path"]): Excess | undefined {
  if (typeof value === "string") {
    const most = longestText(path);
    return fits(value, most) ? undefined : excess(path, value.length, most, "character");
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && value.length > longestList(path))
    return excess(path, value.length, longestList(path), "value");
  for (const [key, inner] of Object.entries(value)) {
    const found = excessIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

function tooManyStories({ sections }: Sections): Excess | undefined {
  const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
  return count > MOST_STORIES
    ? excess(["sections"], count, MOST_STORIES, "story", "stories")
    : undefined;
}

function excess(
  path: Excess["path"],
  count: number,
  most: number,
  ...noun: [string, string?]
): Excess {
  return {
    path,
    message: `has ${many(count, ...noun)}, and ${most.toLocaleString("en")} are the most`,
  };
}

/** Characters as people count them. One may be several units long, and a million accents are one. */
function fits(text: string, most: number): boolean {
  return text.length <= most || (text.length <= most * 10 && countCharacters(text) <= most);
}

function cutText(text: string, most: number): string {
  return fits(text, most) ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

function longestText(path: Excess["path"]): number {
  const [outer = "", name = ""] = path.filter((key) => typeof key === "string").slice(-2);
  return LONGEST.get(`${outer}.${name}`) ?? LONGEST.get(name || outer) ?? LONGEST_OTHER;
}

function longestList(path: Excess["path"]): number {
  return path.at(-1) === "entries" ? MOST_STORIES : MOST_VALUES;
}
