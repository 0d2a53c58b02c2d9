import * as z from "zod";
import { BroadsheetError, nearest } from "../errors.ts";
import { didYouMean, quote } from "../platform/setting.ts";
import RELATED_SETTINGS from "./related-settings.json" with { type: "json" };

/** A problem of a config: its key, the fault and the remedy. */
interface Problem {
  readonly path: readonly string[];
  readonly says: string;
  readonly fix: string;
}

type ZodIssue = z.core.$ZodIssue;

/** The source text of a config. */
export interface Written {
  /** Finds the position of a key in it, if possible. */
  readonly placeOf: (path: readonly string[]) => Position | undefined;
  /** An example of how a config in this format begins. */
  readonly beginning: string;
}

/** Both are counted from 1. */
export interface Position {
  readonly line: number;
  readonly column?: number;
}

/** The maximum number of problems listed at once. */
const MOST_PROBLEMS = 50;

/** The error that lists all problems that zod found in a config with `schema`. */
export function invalidConfig(
  issues: readonly ZodIssue[],
  schema: z.core.$ZodType,
  { file, placeOf, beginning }: Written & { readonly file: string },
): BroadsheetError {
  const all = issues.flatMap((issue) => problemsOf(issue, schema));
  const problems = all
    .slice(0, MOST_PROBLEMS)
    .map((problem) => problem())
    .map(({ path, says, fix }) => ({ path, says, fix, place: placeOf(path) }))
    .sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  const [first] = problems;
  if (first && problems.length === 1) {
    const fix = first.path.length > 0 ? first.fix : `begin it with: ${beginning}`;
    return new BroadsheetError("CONFIG_INVALID", sentence(first), {
      where: { file, ...first.place },
      fix,
    });
  }
  const list = problems.map(
    (problem) =>
      `\n  ${problem.place ? `line ${problem.place.line}: ` : ""}${sentence(problem)}; ${problem.fix}`,
  );
  const more = all.length - problems.length;
  if (more > 0) list.push(`\n  and ${more} more`);
  return new BroadsheetError("CONFIG_INVALID", `${all.length} problems:${list.join("")}`, {
    where: { file },
    fix: "fix these, then run the command again",
  });
}

function sentence({ path, says }: Problem): string {
  return `${path.length > 0 ? `"${path.join(".")}"` : "the config"} ${says}`;
}

/** Computes problems only when they are shown, because finding similar keys is slow and there may be thousands of problems. */
function problemsOf(issue: ZodIssue, schema: z.core.$ZodType): (() => Problem)[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const keys = [...new Set(schemasAt(schema, path).flatMap(keysOf))];
    return issue.keys.map((key) => () => unknownKey(path, key, keys));
  }
  if (issue.code === "invalid_union") {
    const branch =
      issue.errors.find(([first]) => !isWrongTypeOfAll(first)) ?? issue.errors[0] ?? [];
    return branch.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema),
    );
  }
  return [() => problemOf(issue, path, schema)];
}

function problemOf(issue: ZodIssue, path: readonly string[], schema: z.core.$ZodType): Problem {
  const fix: unknown = issue.code === "custom" ? issue.params?.["fix"] : undefined;
  const says = issue.message;
  if (issue.code === "invalid_value") {
    return { path, says, fix: `write ${issue.values.map(String).map(quote).join(" or ")}` };
  }
  if (typeof fix === "string") return { path, says, fix };
  if (issue.code === "invalid_type" && OBJECTS.has(issue.expected)) {
    const example = firstExample(schemasAt(schema, path));
    if (example !== undefined)
      return { path, says, fix: `write, for example, ${settingText(path, example)}` };
  }
  if (says.endsWith(NO_VALUE)) return { path, says, fix: NO_VALUE_FIX };
  return { path, says, fix: says.endsWith("left out") ? "add it" : "change it, or remove it" };
}

/** zod's names for values with keys. */
const OBJECTS: ReadonlySet<string> = new Set(["object", "record"]);

/** A branch of a union that expects a completely different type contributes no useful message. */
function isWrongTypeOfAll(issue: ZodIssue | undefined): boolean {
  return issue?.code === "invalid_type" && issue.path.length === 0;
}

const SECRET = /passw|secret|smtp_?url|database_?url|token|api_?key|^key$/i;
const SECRET_FIX =
  "set it in the environment, or in a file .env beside the config: SMTP_URL=smtps://USER:PASSWORD@HOST";

const MODEL_KEY_FIX =
  "set BROADSHEET_MODEL_KEY in the environment, or in a file .env beside the config";

function unknownKey(parent: readonly string[], key: string, keys: readonly string[]): Problem {
  const path = [...parent, key];
  const near = didYouMean(key, keys, parent);
  if (near) return { path, says: "is not a setting", fix: near };
  if (SECRET.test(key)) {
    const fix = parent[0] === "summary" ? MODEL_KEY_FIX : SECRET_FIX;
    return { path, says: "is a secret, which must not be in a config", fix };
  }
  if (parent[0] === "smtp") {
    return {
      path,
      says: "is not a setting: SMTP_URL names the server and the login",
      fix: SECRET_FIX,
    };
  }
  const meant = parent.length === 0 ? relatedTo(key) : undefined;
  if (meant) return { path, says: "is not a setting", fix: `did you mean ${meant}?` };
  const names = keys.map((name) => [...parent, name].join("."));
  const fix =
    names.length > MOST_NAMES
      ? "docs/config.md has the settings, each with an example"
      : `the settings are ${names.join(", ")}`;
  return { path, says: "is not a setting", fix };
}

/** The maximum number of settings listed in a message. */
const MOST_NAMES = 12;

/** The settings related to a word that other programs use, quoted. */
function relatedTo(word: string): string | undefined {
  const near = nearest(word.toLowerCase(), Object.keys(RELATED_SETTINGS));
  const settings = Object.entries(RELATED_SETTINGS).find(([one]) => one === near)?.[1];
  return settings?.split(" ").map(quote).join(" or ");
}

/** The schemas of the value at a path. The key of a list entry is its position. */
function schemasAt(schema: z.core.$ZodType, path: readonly string[]): readonly z.core.$ZodType[] {
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject))
    return innerOf(schema).flatMap((inner) => schemasAt(inner, path));
  const inner = schema.shape[key];
  return inner === undefined ? [] : schemasAt(inner, rest);
}

/** The keys that a value may have. */
function keysOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return innerOf(schema).flatMap(keysOf);
}

/** An example of a value: its own, one of its required keys, or its first key. */
function exampleOf(schema: z.core.$ZodType): unknown {
  const own = z.globalRegistry.get(schema)?.["example"];
  if (own !== undefined || !(schema instanceof z.ZodObject))
    return own ?? firstExample(innerOf(schema));
  const shown = Object.entries(schema.shape)
    .map(([key, inner]) => ({ key, inner, example: exampleOf(inner) }))
    .filter(({ example }) => example !== undefined);
  const required = shown.filter(({ inner }) => !z.core.safeParse(inner, undefined).success);
  const chosen = required.length > 0 ? required : shown.slice(0, 1);
  return Object.fromEntries(chosen.map(({ key, example }) => [key, example]));
}

function firstExample(schemas: readonly z.core.$ZodType[]): unknown {
  return schemas.map(exampleOf).find((example) => example !== undefined);
}

/** A setting on one line, in a form that is valid in both YAML and TypeScript. */
function settingText(path: readonly string[], value: unknown): string {
  const key = path.at(-1) ?? "";
  const json = JSON.stringify(value, undefined, 1).replace(/\n\s*/g, " ");
  const text = json.replace(/"(\w+)": /g, "$1: ");
  return /^\d+$/.test(key) ? text : `${key}: ${text}`;
}

/** The schemas inside a union, a pipe or a wrapper. */
function innerOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options;
  if (schema instanceof z.ZodPipe) return [schema.in];
  return isWrapper(schema) ? [schema.unwrap()] : [];
}

function isWrapper(schema: z.core.$ZodType) {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  );
}

const NO_VALUE = ", and has no value";
const NO_VALUE_FIX = 'write one, in quotes where it begins with "#"; or remove the line';

const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "a text in quotes"],
  ["int", "a whole number"],
  ["number", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list in [ ]"],
  ["object", "an object in { }"],
  ["record", "an object in { }"],
]);

/** Words zod's own findings in our style: the expected value and the actual one. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  const found = describe(issue.input);
  if (issue.code === "too_small")
    return `must be ${boundOf(issue.minimum, issue.inclusive, 1)} or more, not ${found}`;
  if (issue.code === "too_big")
    return `must be ${boundOf(issue.maximum, issue.inclusive, -1)} or less, not ${found}`;
  if (issue.code !== "invalid_type") return `can't be ${found}`;
  if (issue.input === null)
    return `must be ${KINDS.get(issue.expected) ?? issue.expected}${NO_VALUE}`;
  return `must be ${KINDS.get(issue.expected) ?? issue.expected}, not ${found}`;
}

/** The nearest whole number that is allowed. */
function boundOf(bound: number | bigint, isInclusive: boolean | undefined, step: number): number {
  return Number(bound) + (isInclusive === true ? 0 : step);
}

function describe(value: unknown): string {
  if (value === undefined) return "left out";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** The positions in a config in TypeScript or JSON. */
export function inScript(
  text: string,
  beginning = 'export default { name: "Your newsletter" }',
): Written {
  return {
    beginning,
    placeOf(path) {
      const line = lineOf(path, text);
      return line === undefined ? undefined : { line };
    },
  };
}

/**
 * The line of a key path, counted from 1; undefined if it can't be found. The search ignores comments and looks for one key
 * after the other. That is sufficient, because a config is short and the result is only a hint.
 */
function lineOf(path: readonly string[], text: string): number | undefined {
  const code = text.replace(/\/\*[^]*?\*\/|(?<=^|[\s,{}])\/\/.*/gm, (comment) =>
    comment.replace(/[^\n]/g, " "),
  );
  let at = -1;
  for (const key of path) {
    const escaped = key.replace(
      /[^\p{L}\p{N}_]/gu,
      (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
    );
    const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_$])["']?${escaped}["']?\s*:`, "gu");
    pattern.lastIndex = at + 1;
    at = pattern.exec(code)?.index ?? code.length;
  }
  return at < 0 || at >= code.length ? undefined : code.slice(0, at).split("\n").length;
}
