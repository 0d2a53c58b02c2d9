import * as z from "zod";
import { remembering } from "../../platform/remembering.ts";

/*
 * An editor's changes to an issue are operations, one line of JSON each, in chronological order. Each build applies them to
 * its own digest of the articles. Therefore they identify stories by id and key points by their words, never by position.
 */

const ids = z.array(z.string()).readonly();

/** An editor's change without a line number. */
const changeSchema = z
  .strictObject({
    op: z.enum(["set", "add", "remove", "move", "hide", "join", "part", "accept"]),
    /** The story, or the article that is joined or parted. Absent for a change of the issue itself. */
    id: z.string().exactOptional(),
    /** The changed field: `subject`, `article.title`, `summary.gist`, `keyPoint`, `heading`, `layout` and so on. */
    field: z.string().exactOptional(),
    /** The words of the key point, as built or as shown. */
    sentence: z.string().exactOptional(),
    /** The words of the key points before it, the nearest first. */
    after: ids.exactOptional(),
    /** The new value; absent if the field is removed. For `join` and `part`, the story that contains the article. */
    value: z.json().exactOptional(),
    /** The value that it replaced. */
    was: z.json().exactOptional(),
    /** The stories after the moved or added one, the nearest first. Empty for the last story. */
    before: ids.exactOptional(),
    /** The key of the section of an added story. */
    section: z.string().exactOptional(),
    /** The hash of the article's text at that time. */
    of: z.string().exactOptional(),
    /** The headline of the story at that time. */
    title: z.string().exactOptional(),
    /** The version of digest.json in which the change was made by hand. */
    from: z.string().exactOptional(),
    /** The reason why it can't be applied: it is an unreadable part of a digest.json. */
    why: z.string().exactOptional(),
  })
  .readonly();

export type Change = z.output<typeof changeSchema>;

/** The values in a digest are JSON. */
export function isJson(value: unknown): value is NonNullable<Change["value"]> {
  return value !== undefined;
}

/** The value of a field of a digest, by path. */
export function fieldIn(value: unknown, [name, ...others]: readonly string[]): unknown {
  if (name === undefined) return value;
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return isThere ? fieldIn(Reflect.get(value, name), others) : undefined;
}

/** No file has more lines. A larger number would leave no room for the next line. */
const MOST_LINES = 1e9;

const numbered = {
  /** The number of the line, unique in its file. */
  n: z.int().positive().max(MOST_LINES),
  /** The number of the first line of the same step. Undo affects a whole step. */
  step: z.int().positive(),
};
const at = z.iso.datetime();

const editSchema = z.strictObject({ ...numbered, ...changeSchema.unwrap().shape, at }).readonly();

/** Undoes lines: `undo` the last step or an earlier undo, `drop` any changes as a step of its own. */
const takenBack = { op: z.enum(["undo", "drop"]), undoes: z.array(z.int()).readonly() };
const undoSchema = z.strictObject({ ...numbered, ...takenBack, at }).readonly();

const operationSchema = z.union([editSchema, undoSchema]);

/** A change with its line in the file. */
export type EditOperation = z.output<typeof editSchema>;
type UndoOperation = z.output<typeof undoSchema>;
export type Operation = EditOperation | UndoOperation;

export function isUndo<T extends NewLine>(
  operation: T,
): operation is Extract<T, { undoes: unknown }> {
  return "undoes" in operation;
}

/** A line of the file that is not applied, and the reason. It stays in the file. */
export interface UnreadLine {
  readonly line: number;
  readonly why: string;
}

export interface ParsedOperations {
  readonly operations: readonly Operation[];
  readonly unread: readonly UnreadLine[];
  /** Whether the last line is complete. An interrupted write leaves an incomplete one. */
  readonly isWhole: boolean;
}

/** Parses the operations of a file. Lines of a later version and damaged lines are listed and not applied. */
export function parseOperations(text: string): ParsedOperations {
  const operations: Operation[] = [];
  const unread: UnreadLine[] = [];
  // Some text editors begin a file with a byte order mark.
  for (const [at, line] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line);
    if (typeof parsed === "string") unread.push({ line: at + 1, why: parsed });
    else operations.push(parsed);
  }
  return { operations, unread, isWhole: text === "" || text.endsWith("\n") };
}

/** The maximum number of cached lines, about as many as an editor writes in a day. Each edit reads all of them. */
const LINES_CACHED = 2_000;

const parseLine = remembering(LINES_CACHED, (line: string) => line, operationIn);

function operationIn(line: string): Operation | string {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return "is no whole line of JSON";
  }
  const parsed = operationSchema.safeParse(raw);
  return parsed.success ? parsed.data : `is no operation of this version${namedIn(raw)}`;
}

function namedIn(raw: unknown): string {
  const op = typeof raw === "object" && raw !== null && "op" in raw ? raw.op : undefined;
  return typeof op === "string" ? `: ${op.slice(0, 40)}` : "";
}

/** A line without its number, before it is written. */
export const newLineSchema = z.union([changeSchema, z.strictObject(takenBack).readonly()]);

export type NewLine = z.output<typeof newLineSchema>;

/** Numbers the lines of one step after the existing ones. Reading them again gives the same values. */
export function linesOf(
  changes: readonly NewLine[],
  before: readonly Operation[],
  at: Date,
): readonly Operation[] {
  const step = before.reduce((most, { n }) => Math.max(most, n), 0) + 1;
  return changes.map((change, index) => {
    const line = { n: step + index, step, ...change, at: at.toISOString() };
    const read = parseLine(JSON.stringify(line));
    return typeof read === "string" ? line : read;
  });
}

export function operationsText(operations: readonly Operation[]): string {
  return operations.map((operation) => `${JSON.stringify(operation)}\n`).join("");
}
