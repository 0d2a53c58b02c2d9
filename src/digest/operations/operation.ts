import * as z from "zod";
import { remembering } from "../../platform/remembering.ts";

/*
 * An editor's changes to an issue are operations, one line of JSON each, in the order in which they were made. A build applies
 * them to the digest that the articles give at that time. So they name stories by id and key points by their words, never
 * by position.
 */

const ids = z.array(z.string()).readonly();

/** What an editor did, before it has a line of its own. */
const changeSchema = z
  .strictObject({
    op: z.enum(["set", "add", "remove", "move", "hide", "join", "part", "accept"]),
    /** The story, or the article that is joined or parted. Absent where the issue itself is changed. */
    id: z.string().exactOptional(),
    /** What is changed: `subject`, `article.title`, `summary.gist`, `keyPoint`, `heading`, `layout` and so on. */
    field: z.string().exactOptional(),
    /** The words of the key point, as they were built or as they were shown. */
    sentence: z.string().exactOptional(),
    /** The words of the key points before it, the nearest first. */
    after: ids.exactOptional(),
    /** The new value. Absent where the field is removed. `join` and `part` name the story that holds the article. */
    value: z.json().exactOptional(),
    /** The value that it replaced. */
    was: z.json().exactOptional(),
    /** The stories that follow the one that is moved or added, the nearest first. Empty for the last story. */
    before: ids.exactOptional(),
    /** The key of the section that a story is added to. */
    section: z.string().exactOptional(),
    /** The hash of the article's text at that time. */
    of: z.string().exactOptional(),
    /** The headline of the story at that time. */
    title: z.string().exactOptional(),
    /** The version of digest.json in which it was made by hand. */
    from: z.string().exactOptional(),
    /** Why it can't be applied: it is a part of a digest.json that could not be read. */
    why: z.string().exactOptional(),
  })
  .readonly();

export type Change = z.output<typeof changeSchema>;

/** What a digest holds is JSON. */
export function isJson(value: unknown): value is NonNullable<Change["value"]> {
  return value !== undefined;
}

/** The value of a field of a digest, by its path. */
export function fieldIn(value: unknown, [name, ...others]: readonly string[]): unknown {
  if (name === undefined) return value;
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return isThere ? fieldIn(Reflect.get(value, name), others) : undefined;
}

/** No file has more lines. A larger number would leave none for the next line. */
const MOST_LINES = 1e9;

const numbered = {
  /** The number of the line, unique in its file. */
  n: z.int().positive().max(MOST_LINES),
  /** The number of the first line that was made in the same step; undo takes a whole step back. */
  step: z.int().positive(),
};
const at = z.iso.datetime();

const editSchema = z.strictObject({ ...numbered, ...changeSchema.unwrap().shape, at }).readonly();

/** Takes lines back: `undo` the last step, or an earlier undo; `drop` any changes, as a step of its own. */
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

/** A line of the file that is not applied, and why. It stays in the file. */
export interface UnreadLine {
  readonly line: number;
  readonly why: string;
}

export interface ParsedOperations {
  readonly operations: readonly Operation[];
  readonly unread: readonly UnreadLine[];
  /** Whether the last line has its end. If not, it was cut while it was written. */
  readonly isWhole: boolean;
}

/** The operations of a file. Lines of a later version and damaged lines are named and left out. */
export function parseOperations(text: string): ParsedOperations {
  const operations: Operation[] = [];
  const unread: UnreadLine[] = [];
  // Some editors begin a file with a byte order mark.
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

/** The most lines, about as many as an editor writes in a day. All are read at each edit. */
const REMEMBERED = 2_000;

const parseLine = remembering(REMEMBERED, (line: string) => line, operationIn);

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

/** A line before it has its number. */
export const newLineSchema = z.union([changeSchema, z.strictObject(takenBack).readonly()]);

export type NewLine = z.output<typeof newLineSchema>;

/** The lines of one step, numbered after those that are there. They are the same as when they are read again. */
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
