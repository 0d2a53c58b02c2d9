import type { Dropped } from "./article.ts";
import { parseFields, type Fields, type FrontMatterFormat } from "./front-matter-fields.ts";

export interface FrontMatter {
  /** Empty where the text has no front matter. */
  readonly fields: Fields;
  readonly body: string;
  readonly dropped: readonly Dropped[];
}

// Front matter is a few lines; a fence that closes further down is a rule in a long text.
const LONGEST = 65_536;

/**
 * A cleaned text parted into its front matter and its body. Nothing in it is ever run, and nothing that is
 * wrong with it loses the body: what could not be read is in `dropped`.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const start = text.replace(/^\s*\n/, "");
  return fenced(start) ?? bareJson(start) ?? { fields: new Map(), body: text, dropped: [] };
}

const FENCES: ReadonlyMap<string, { format: FrontMatterFormat; close: RegExp }> = new Map([
  ["---", { format: "yaml", close: /^(?:---|\.\.\.)[ \t]*$/m }],
  ["+++", { format: "toml", close: /^\+\+\+[ \t]*$/m }],
  [";;;", { format: "json", close: /^;;;[ \t]*$/m }],
]);

function fenced(text: string): FrontMatter | undefined {
  const opening = /^(---|\+\+\+|;;;)[ \t]*([a-z]*)[ \t]*(?:\n|$)/i.exec(text);
  const fence = FENCES.get(opening?.[1] ?? "");
  if (!opening || !fence) return undefined;
  const rest = text.slice(opening[0].length);
  const closing = fence.close.exec(rest.slice(0, LONGEST));
  if (!closing) return unclosed(rest, opening[0].trim(), fence.format);
  const inside = dedent(rest.slice(0, closing.index));
  const body = rest.slice(closing.index + closing[0].length).replace(/^\n/, "");
  const format = formatNamed(opening[2] ?? "", fence.format);
  if (format === "code") return { fields: new Map(), body, dropped: [asCode(inside)] };
  if (!looksLikeFields(inside)) return undefined;
  return { ...parseFields(inside, format), body };
}

// Fields that are all indented by the same amount are fields as well.
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

// Two rules with a paragraph between them look like a fence. Front matter has a field on every line that is
// neither indented, a list entry, a comment nor a bracket, or at least one field that everybody uses.
function looksLikeFields(inside: string): boolean {
  const lines = inside.split("\n").filter((line) => /^[^\s#\-[\]{}]/.test(line));
  if (KNOWN_LINE.test(inside)) return true;
  if (lines.length === 0) return inside.trim() === "" || inside.trim().startsWith("{");
  return !inside.startsWith("\n") && lines.every((line) => FIELD_LINE.test(line));
}

// Without a closing fence the fields end where the first blank line, or the first line of prose, is.
function unclosed(rest: string, fence: string, format: FrontMatterFormat): FrontMatter | undefined {
  const lines = rest.slice(0, LONGEST).split("\n");
  const end = lines.findIndex((line) => !FIELD_LINE.test(line) && !/^(?:\s+\S|- )/.test(line));
  const written = lines.slice(0, end === -1 ? lines.length : end).join("\n");
  const inside = dedent(written);
  if (!KNOWN_LINE.test(inside)) return undefined;
  const { fields, dropped } = parseFields(inside, format);
  const note = {
    text: fence,
    reason:
      "the front matter is never closed; its lines were read up to the first that is no field",
  };
  return {
    fields,
    body: rest.slice(written.length).replace(/^\n/, ""),
    dropped: [note, ...dropped],
  };
}

// Hugo also takes a JSON object without a fence, as the first thing in the file.
function bareJson(text: string): FrontMatter | undefined {
  if (!/^\{\s*"/.test(text)) return undefined;
  const end = endOfObject(text.slice(0, LONGEST));
  if (end === -1 || !/^[ \t]*(?:\n|$)/.test(text.slice(end))) return undefined;
  const inside = text.slice(0, end);
  if (!/"\s*:/.test(inside)) return undefined;
  return { ...parseFields(inside, "json"), body: text.slice(end).replace(/^[ \t]*\n/, "") };
}

function endOfObject(text: string): number {
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}]/g)) {
    if (token[0] === "{") depth++;
    else if (token[0] === "}" && --depth === 0) return token.index + 1;
  }
  return -1;
}
