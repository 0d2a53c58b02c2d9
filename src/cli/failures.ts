import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import type { Progress } from "./progress.ts";
import type { Reading } from "../sources/article-reader.ts";
import { table } from "./table.ts";
import { paintOnStderr, type Terminal } from "./terminal.ts";

export type Failure = Extract<Reading, { readonly error: BroadsheetError }>;

/** Of the room that a table has, the names of sources take so much. */
const SOURCE_SHARE = 0.36;
const GAP = 3;

/** sysexits(3): an issue was made, but not of everything; run again when the rest can be read. */
const EX_TEMPFAIL = 75;

/** What `--json` says of each. */
export function failureJson({ name, error }: Failure): object {
  const { code, message, fix } = error;
  return { source: name, code, temporary: ERROR_CODES[code].temporary, message, fix };
}

/** Among many sources one that fails is told in a line as it does; what to do comes in the table at the end. */
export function failureLine(
  { name, error }: Failure,
  progress: Progress,
  terminal: Terminal,
): void {
  if (!progress.isShown) return;
  const reason = `${name}: ${withoutName(error.message, name)}`;
  terminal.warn(`${paintOnStderr("fix", `error ${error.code}`)}: ${reason}`, EX_TEMPFAIL);
}

/** What an issue had to go without: one in full, several in a table. */
export function reportFailures(failures: readonly Failure[], of: number, terminal: Terminal): void {
  const [first, second] = failures;
  if (!first) return;
  if (!second) terminal.report(first.error, EX_TEMPFAIL);
  else {
    terminal.warn(failureTable(failures, of, terminal), EX_TEMPFAIL);
    // A table has no room for a stack, and a bug of ours is not mended without.
    const bug = failures.find(({ error }) => error.code === "INTERNAL");
    if (bug) terminal.report(bug.error, EX_TEMPFAIL);
  }
}

/**
 * What nothing can be made without: the error of the only failure, or one that sums up the table of
 * several, with the code of the first.
 */
export function failedWhole(
  failures: readonly [Failure, ...Failure[]],
  of: number,
  { isStrict, terminal }: { readonly isStrict: boolean; readonly terminal: Terminal },
): BroadsheetError {
  const [{ error }] = failures;
  if (failures.length === 1) return error;
  terminal.warn(failureTable(failures, of, terminal), ERROR_CODES[error.code].exit);
  return new BroadsheetError(error.code, "nothing was written: the table above says why", {
    fix: isStrict
      ? "mend what it lists, or build without --strict of what can be read"
      : "mend what it lists, and build again",
  });
}

function failureTable(failures: readonly Failure[], of: number, terminal: Terminal): string {
  const { isUtf8, columns: most } = terminal;
  const rows = [...byReason(failures)].flatMap(([, alike]) => rowsOf(alike, most));
  const columns = [
    { heading: "Source", align: "left" },
    { heading: "What is wrong, and what to do", align: "left" },
  ] as const;
  const heading = `${failures.length} of ${of} could not be read`;
  return `\n${paintOnStderr("bold", heading)}\n\n${table(columns, rows, { paint: paintOnStderr, isUtf8, rowColumns: most })}\n`;
}

/** A server that is down fails for each of its pages, and says why once. */
function byReason(failures: readonly Failure[]): Map<string, [Failure, ...Failure[]]> {
  const groups = new Map<string, [Failure, ...Failure[]]>();
  for (const failure of failures) {
    const { name, error } = failure;
    const reason = JSON.stringify([withoutName(error.message, name), error.fix]);
    const group = groups.get(reason);
    if (group) group.push(failure);
    else groups.set(reason, [failure]);
  }
  return groups;
}

/** A cell that is too wide goes on in the next row; the reason first, then what to do about it. */
function rowsOf(alike: readonly [Failure, ...Failure[]], most: number): string[][] {
  const sourceWidth = Math.floor(SOURCE_SHARE * most);
  const reasonWidth = most - sourceWidth - GAP - 1;
  const [{ name, error }] = alike;
  const reasons = [
    ...wrapped(withoutName(error.message, name), reasonWidth),
    ...wrapped(error.fix ?? "", reasonWidth).map((line) => paintOnStderr("dim", line)),
  ];
  const sources = alike.flatMap(({ name }) => broken(name, sourceWidth));
  return Array.from({ length: Math.max(sources.length, reasons.length) }, (_, index) => [
    sources[index] ?? "",
    reasons[index] ?? "",
  ]);
}

/** The name stands beside it already. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(name) ? message.slice(name.length).replace(/^[:,]?\s+/, "") : message;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((word) => broken(word, width))) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}

/** An address has no spaces to break at. */
function broken(word: string, width: number): string[] {
  return word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [];
}
