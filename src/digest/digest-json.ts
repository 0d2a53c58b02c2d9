import * as z from "zod";
import { BroadsheetError, nearest } from "../errors.ts";
import {
  type BuiltDigest,
  type Digest,
  digestSchema,
  describeLimits,
  flatEntries,
  withEntries,
} from "./digest.ts";
import { remembering, once } from "../platform/remembering.ts";
import { hashId } from "../article/identity.ts";
import { entrySchema } from "./schema.ts";

/**
 * Parses and validates the text of a `digest.json`.
 * @throws BroadsheetError DIGEST_INVALID with the first invalid field and its line.
 */
export function parseDigest(json: string, file: string): Digest {
  const parsed = digestSchema.safeParse(parseJson(json, file), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw notADigest(parsed.error.issues[0], { json, file });
}

/** @throws BroadsheetError DIGEST_INVALID */
export function parseJson(json: string, file: string): unknown {
  let raw: unknown;
  try {
    // Some text editors begin a file with a byte order mark.
    raw = JSON.parse(json.replace(BYTE_ORDER_MARK, ""));
  } catch (cause) {
    throw notJson(cause, { json, file });
  }
  refuseDepth(json, file);
  return raw;
}

/**
 * Parses the built digest; undefined if it is invalid. That happens if a link in the config is no web address, which the
 * check reports.
 */
export const parseBuiltDigest = remembering(2, (json: string) => json, builtIn);

function builtIn(json: string): BuiltDigest | undefined {
  try {
    const { merged, isEdited, ...digest } = builtSchema.parse(
      JSON.parse(json.replace(BYTE_ORDER_MARK, "")),
    );
    const entries = mergedSchema.safeParse(merged);
    const parsed = withStoryIds(parseDigest(JSON.stringify(digest), "digest.built.json"));
    return {
      ...parsed,
      ...(isEdited && { isEdited }),
      ...(entries.success && { merged: entries.data }),
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

/**
 * Gives the stories of an older digest the ids that a build gives them: by the file of an article that is recognised by its
 * text, otherwise by its article.
 */
export function withStoryIds<D extends BuiltDigest>(digest: D): D {
  const entries = flatEntries(digest);
  if (entries.every(({ id }) => id !== undefined)) return digest;
  const taken = new Set<string>();
  return withEntries(digest, (entry) => {
    const { id, url, source } = entry.article;
    const byFile = url === undefined ? hashId(source.replaceAll("\\", "/")) : id;
    const own = entry.id ?? (taken.has(byFile) ? id : byFile);
    taken.add(own);
    return { ...entry, id: own };
  });
}

const builtSchema = z.looseObject({
  merged: z.unknown().optional(),
  isEdited: z.literal(true).optional(),
});
const mergedSchema = z.array(entrySchema).readonly();
const BYTE_ORDER_MARK = /^\uFEFF/;

/** The JSON Schema (draft 2020-12) of `digest.json`. */
export const digestJsonSchema = once((): object => ({
  title: "Broadsheet digest",
  ...z.toJSONSchema(digestSchema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema, path }) => {
      describeLimits(jsonSchema, path);
      // The config has this key too, but its version is no part of the schema.
      delete jsonSchema["since"];
    },
  }),
}));

/** All field names of digest.json, for "did you mean". */
const FIELDS: ReadonlySet<string> = new Set(
  JSON.stringify(digestJsonSchema()).match(/(?<=")[A-Za-z]+(?=":\{)/g),
);

const FIX =
  "see digest.schema.json beside it, or build the issue without its edits: --discard-edits";

/** The error for a digest.json that is not valid JSON, with the line of the fault. */
function notJson(
  cause: unknown,
  { json, file }: { readonly json: string; readonly file: string },
): BroadsheetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const where = { file, ...placeIn(json, reason) };
  const what = reason.replace(/ in JSON at position.*$/s, "").replace(/\s+/g, " ");
  return new BroadsheetError("DIGEST_INVALID", `this is not JSON: ${what}`, {
    where,
    fix: "look for a comma or a quotation mark too many or too few",
    cause,
  });
}

/** No digest is nested deeper. Later steps become much slower with each level. */
const DEEPEST = 50;

function refuseDepth(json: string, file: string): void {
  for (const { offset, at } of values(json)) {
    if (at.length <= DEEPEST) continue;
    const name = at.slice(0, 6).join(".");
    const line = json.slice(0, offset).split("\n").length;
    throw new BroadsheetError("DIGEST_INVALID", `${name} is more than ${DEEPEST} levels deep`, {
      where: { file, line },
      fix: FIX,
    });
  }
}

/** V8 reports either the line and column, or ten characters around the unexpected one. */
function placeIn(json: string, reason: string): { line?: number; column?: number } {
  const [, line, column] = /line (\d+) column (\d+)/.exec(reason) ?? [];
  if (line !== undefined) return { line: Number(line), column: Number(column) };
  const [, before, excerpt] =
    /(\.\.\.)?"([\s\S]+)"(?:\.\.\.)? is not valid JSON/.exec(reason) ?? [];
  const found = excerpt === undefined ? -1 : json.indexOf(excerpt);
  if (found < 0) return {};
  const above = json.slice(0, found + (before === undefined ? 0 : 10)).split("\n");
  return { line: above.length, column: (above.at(-1)?.length ?? 0) + 1 };
}

/** The error for a field that violates the schema, with its line. */
export function notADigest(
  issue: z.core.$ZodIssue | undefined,
  { json, file }: { readonly json: string; readonly file: string },
): BroadsheetError {
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = pathOf(issue);
  const near = unknown === undefined ? nearestKind(issue) : nearestField(unknown);
  const name = path.length === 0 ? "the digest" : path.join(".");
  return new BroadsheetError("DIGEST_INVALID", `${name} ${complaintOf(issue)}`, {
    where: { file, line: findInJson(json, path) },
    fix: near === undefined ? FIX : `did you mean ${near}?`,
  });
}

/** The field that was probably meant; undefined if the name exists in another part of a digest. */
function nearestField(unknown: string): string | undefined {
  return FIELDS.has(unknown) ? undefined : nearest(unknown, FIELDS);
}

/** The kind of block that was probably meant; undefined for an issue about something else. */
function nearestKind(issue: z.core.$ZodIssue | undefined): string | undefined {
  const options = kindsIn(issue);
  const given = String(Object(issue?.input)["kind"] ?? "");
  return options && nearest(given, options);
}

function kindsIn(issue: z.core.$ZodIssue | undefined): readonly string[] | undefined {
  if (issue?.code !== "invalid_union" || !("discriminator" in issue)) return undefined;
  const options: unknown = Reflect.get(issue, "options");
  return Array.isArray(options) ? options.map(String) : undefined;
}

/** The path of the invalid value; for an unknown field, the field itself. */
export function pathOf(issue: z.core.$ZodIssue | undefined): string[] {
  const keys = issue?.code === "unrecognized_keys" ? issue.keys.slice(-1) : [];
  return [...(issue?.path ?? []).map(String), ...keys];
}

function complaintOf(issue: z.core.$ZodIssue | undefined): string {
  // A field with this name may exist in another part of a digest.
  if (issue?.code === "unrecognized_keys")
    return FIELDS.has(issue.keys[0] ?? "") ? "is not a field here" : "is not a field";
  if (issue?.code === "custom") return issue.message;
  if (issue?.code === "invalid_type") {
    return issue.input === undefined ? "is missing" : `should be ${aOrAn(issue.expected)}`;
  }
  const kinds = kindsIn(issue);
  if (kinds) return `should be one of ${kinds.join(", ")}`;
  if (issue?.code === "too_small") return "is empty or too small";
  if (issue?.code === "invalid_value") return `should be one of ${issue.values.join(", ")}`;
  return "is not in the form that it should have";
}

function aOrAn(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** The line, from 1, of the value at a path in a JSON text, or of its nearest existing parent. The text must be valid JSON. */
export function findInJson(json: string, path: readonly string[]): number {
  const wanted = path.join("\0");
  let best = { depth: 0, offset: 0 };
  for (const { offset, at } of values(json)) {
    const here = at.join("\0");
    const isOnTheWay = here === wanted || wanted.startsWith(`${here}\0`);
    if (isOnTheWay && at.length >= best.depth) best = { depth: at.length, offset };
  }
  return json.slice(0, best.offset).split("\n").length;
}

/** All values of a JSON text with their paths: object keys and array indexes. */
function* values(json: string): Generator<{ offset: number; at: readonly string[] }> {
  const at: string[] = [];
  const isArray: boolean[] = [];
  let key: string | undefined;
  for (const { token, index } of tokens(json)) {
    const inArray = isArray.at(-1) === true;
    if (token === "," && inArray) at.push(String(Number(at.pop()) + 1));
    else if (token === ",") at.pop();
    else if (token === "}" || token === "]") {
      if (isArray.pop() === true || at.length > isArray.length) at.pop();
      key = undefined;
    } else if (token === ":" && key !== undefined) at.push(key);
    else if (token !== ":" && isKey(token, json, index, inArray)) key = String(JSON.parse(token));
    else if (token !== ":") {
      yield { offset: index, at: [...at] };
      if (token === "[") at.push("0");
      if (token === "[" || token === "{") isArray.push(token === "[");
    }
  }
}

/**
 * The tokens of a JSON text with their offsets. A pattern for whole strings would store each character, and V8 fails at some
 * millions.
 */
function* tokens(json: string): Generator<{ readonly token: string; readonly index: number }> {
  const next = /["[\]{},:]|[^\s[\]{},:"]+/g;
  for (let found = next.exec(json); found; found = next.exec(json)) {
    const { index } = found;
    if (found[0] === '"') next.lastIndex = endOfString(json, index);
    yield { token: json.slice(index, next.lastIndex), index };
  }
}

/** The offset after a string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end > 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? json.length : end + 1;
}

/** Whether an odd number of backslashes precedes a character. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

function isKey(token: string, json: string, index: number, inArray: boolean): boolean {
  return (
    !inArray &&
    token.startsWith('"') &&
    /^\s*:/.test(json.slice(index + token.length, index + token.length + 20))
  );
}
