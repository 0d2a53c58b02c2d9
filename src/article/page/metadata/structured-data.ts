import { cleanText, oneLine } from "../../clean-text.ts";
import { decodeReferences } from "../../../platform/references.ts";
import { parseJson } from "../../../platform/attempt.ts";

/** An object that a page describes in JSON-LD (schema.org): its fields by name. */
export type Thing = Readonly<Record<string, unknown>>;

const MOST_THINGS = 2000;
const STORY = /(?:Article|Posting|Report|Review|Recipe|Column)$/;

/** Returns the description of the story in a page's JSON-LD scripts. Undefined if they describe other things. */
export function findStoryThing(
  scripts: readonly string[],
): { story: Thing; byId: ReadonlyMap<string, Thing> } | undefined {
  const things = scripts.flatMap((script) => thingsIn(parse(script))).slice(0, MOST_THINGS);
  const story = things.find(
    (thing) => isStory(thing) && text(thing["headline"] ?? thing["name"]) !== undefined,
  );
  if (!story) return undefined;
  const byId = new Map(
    things.flatMap((thing): [string, Thing][] =>
      typeof thing["@id"] === "string" ? [[thing["@id"], thing]] : [],
    ),
  );
  return { story, byId };
}

function isStory(thing: Thing): boolean {
  return typesOf(thing).some((type) => STORY.test(type));
}

export function typesOf(thing: Thing): string[] {
  return listOf(thing["@type"]).filter((type) => typeof type === "string");
}

// Parses JSON. Templates leave line breaks in strings, comments around the whole, and superfluous commas.
function parse(script: string): unknown {
  const bare = unwrapped(script);
  return parseJson(bare) ?? parseJson(bare.replace(/\p{Cc}+/gu, " ").replace(/,\s*([}\]])/g, "$1"));
}

const BEFORE = /^(?:\/\*.*?\*\/\s*)?(?:<!--|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)?/;
const AFTER = /(?:-->|\/\/\s*\]\]>|\]\]>)?\s*;?$/;
const LONGEST_AFTER = 40;

// Removes comments around JSON. The end is searched only in its last characters, so that a long run of white space is not
// searched repeatedly.
function unwrapped(script: string): string {
  const whole = script.trim().replace(BEFORE, "");
  const end = whole.length - LONGEST_AFTER;
  return end > 0
    ? whole.slice(0, end) + whole.slice(end).replace(AFTER, "")
    : whole.replace(AFTER, "");
}

// Returns the objects in a graph, a list, or an object that contains the story.
function thingsIn(value: unknown, depth = 0): Thing[] {
  if (depth > 6) return [];
  if (Array.isArray(value))
    return (value as unknown[]).flatMap((entry) => thingsIn(entry, depth + 1));
  if (!isThing(value)) return [];
  const inner = ["@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"].flatMap(
    (key) => thingsIn(value[key], depth + 1),
  );
  const people = ["author", "creator", "publisher"].flatMap((key) =>
    thingsIn(value[key], depth + 1),
  );
  return [value, ...inner, ...people];
}

export function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a list. A single value becomes a list of one. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** A metadata value as one line of plain text, or undefined. Many sites put HTML there, escaped once too often. */
export function plainValue(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const decoded = decodeReferences(decodeReferences(value.slice(0, LONGEST_VALUE)));
  const line = oneLine(cleanText(decoded.replace(IN_WORDS, "").replace(TAG, " ")));
  return line === "" || line === "null" || line === "undefined" ? undefined : line;
}

const LONGEST_VALUE = 20_000;

// Tags that may be inside a word. All other tags separate words.
const IN_WORDS = /<\/?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]{0,200})?>/gi;
const TAG = /<\/?[a-z][^<>]{0,200}>/gi;
