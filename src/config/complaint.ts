import * as z from "zod";
import { BroadsheetError, nearest } from "../errors.ts";

/** What is wrong with a value, as the end of a sentence that its key begins, and what to do now. */
export type Complaint = readonly [says: string, fix: string];

/** A text that `accept` turns into a setting, or a complaint about it. */
export function checked<Setting>(
  accept: (value: string) => Setting | undefined,
  complain: (value: string) => Complaint,
) {
  return z.string().transform((value, context): Setting => {
    const setting = accept(value);
    if (setting !== undefined) return setting;
    const [message, fix] = complain(value);
    context.addIssue({ code: "custom", message, params: { fix } });
    return z.NEVER;
  });
}

/** A text that `complain` has nothing against, as `settle` puts it down. */
export function withoutComplaint(
  complain: (value: string) => Complaint | undefined,
  settle = (value: string) => value,
) {
  return checked(
    (value) => (complain(value) ? undefined : settle(value)),
    (value) => complain(value) ?? ["", ""],
  );
}

/** One problem of a config: the key it is at, what is wrong, what to do. */
interface Problem {
  readonly path: readonly string[];
  readonly says: string;
  readonly fix: string;
}

type ZodIssue = z.core.$ZodIssue;
type Keys = ReadonlyMap<string, readonly string[]>;

/** The error that lists every problem zod found. `keys` are the keys each object may have. */
export function invalidConfig(
  issues: readonly ZodIssue[],
  keys: Keys,
  source: { readonly file: string; readonly text: string },
): BroadsheetError {
  const { file, text } = source;
  const problems = issues
    .flatMap((issue) => problemsOf(issue, keys))
    .map(({ path, says, fix }) => ({ path, says, fix, line: lineOf(path, text) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const [first] = problems;
  if (first && problems.length === 1) {
    const where = { file, ...(first.line && { line: first.line }) };
    return new BroadsheetError("CONFIG_INVALID", sentence(first), { where, fix: first.fix });
  }
  const list = problems.map(
    (problem) =>
      `\n  ${problem.line ? `line ${problem.line}: ` : ""}${sentence(problem)}; ${problem.fix}`,
  );
  return new BroadsheetError("CONFIG_INVALID", `${problems.length} problems:${list.join("")}`, {
    where: { file },
    fix: "mend these, then run the command again",
  });
}

function sentence({ path, says }: Problem): string {
  return `${path.length > 0 ? `"${path.join(".")}"` : "the config"} ${says}`;
}

function problemsOf(issue: ZodIssue, keys: Keys): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(path, key, keys));
  if (issue.code === "invalid_union") {
    const branch =
      issue.errors.find(([first]) => !isWrongTypeOfAll(first)) ?? issue.errors[0] ?? [];
    return branch.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, keys),
    );
  }
  const fix: unknown = issue.code === "custom" ? issue.params?.["fix"] : undefined;
  const says = issue.message;
  if (issue.code === "invalid_value") {
    return [{ path, says, fix: `write ${issue.values.map(String).map(quote).join(" or ")}` }];
  }
  if (typeof fix === "string") return [{ path, says, fix }];
  if (path.length === 0) {
    return [{ path, says, fix: 'begin it with: export default { name: "Your newsletter" }' }];
  }
  return [{ path, says, fix: says.endsWith("left out") ? "add it" : "change it, or remove it" }];
}

/** The branch of a union that wanted another kind of value altogether has nothing to say about this one. */
function isWrongTypeOfAll(issue: ZodIssue | undefined): boolean {
  return issue?.code === "invalid_type" && issue.path.length === 0;
}

const SECRET = /passw|secret|smtp_?url|database_?url|token|api_?key|^key$/i;
const SECRET_FIX =
  "set it in the environment, or in a file .env beside the config: SMTP_URL=smtps://USER:PASSWORD@HOST";

const MODEL_KEY_FIX =
  "set BROADSHEET_MODEL_KEY in the environment, or in a file .env beside the config";

function unknownKey(parent: readonly string[], key: string, keys: Keys): Problem {
  const path = [...parent, key];
  // What is in a list has its place in it for a key.
  const known = keys.get(parent.filter((part) => !/^\d+$/.test(part)).join(".")) ?? [];
  const near = didYouMean(key, known, parent);
  if (near) return { path, says: "is not a setting", fix: near };
  if (SECRET.test(key)) {
    const fix = parent[0] === "summary" ? MODEL_KEY_FIX : SECRET_FIX;
    return { path, says: "is a secret, which a config never holds", fix };
  }
  if (parent[0] === "smtp") {
    return {
      path,
      says: "is not a setting: SMTP_URL names the server and the login",
      fix: SECRET_FIX,
    };
  }
  const names = known.map((name) => [...parent, name].join("."));
  return { path, says: "is not a setting", fix: `the settings are ${names.join(", ")}` };
}

/** "did you mean …?", where one of the candidates is near. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  parent: readonly string[] = [],
): string | undefined {
  const near = nearest(word, candidates);
  return near && `did you mean "${[...parent, near].join(".")}"?`;
}

/** A value as the user wrote it, cut where it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "a text in quotes"],
  ["int", "a whole number"],
  ["number", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list in [ ]"],
  ["object", "an object in { }"],
]);

/** zod's own findings in our words: what was expected, and what is there. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  const found = describe(issue.input);
  if (issue.code === "too_small")
    return `must be ${boundOf(issue.minimum, issue.inclusive, 1)} or more, not ${found}`;
  if (issue.code === "too_big")
    return `must be ${boundOf(issue.maximum, issue.inclusive, -1)} or less, not ${found}`;
  if (issue.code !== "invalid_type") return `can't be ${found}`;
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

/**
 * The line where a key path is written, counted from 1; undefined where it can't be found. It looks
 * for the keys one after the other, comments left out: a config is short, and a place to look is what
 * is wanted.
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
