import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import type { Progress } from "./progress.ts";
import type { Reading } from "./article-reader.ts";
import { table } from "./table.ts";
import { paintOnStderr, type Terminal } from "./terminal.ts";

export type Failure = Extract<Reading, { readonly error: BroadsheetError }>;

/** A table is at most 100 wide; the columns before the last take their part of it. */
const SOURCE_WIDTH = 36;
const REASON_WIDTH = 60;

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
  else terminal.warn(failureTable(failures, of, terminal), EX_TEMPFAIL);
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
  terminal.warn(`${failureTable(failures, of, terminal)}\n`, ERROR_CODES[error.code].exit);
  return new BroadsheetError(error.code, "nothing was written: the table above says why", {
    fix: isStrict
      ? "mend what it lists, or build without --strict of what can be read"
      : "mend what it lists, and build again",
  });
}

function failureTable(failures: readonly Failure[], of: number, { isUtf8 }: Terminal): string {
  const rows = [...byReason(failures)].flatMap(([, alike]) => rowsOf(alike));
  const columns = [
    { heading: "Source", align: "left" },
    { heading: "What is wrong, and what to do", align: "left" },
  ] as const;
  const heading = `${failures.length} of ${of} could not be read`;
  return `\n${paintOnStderr("bold", heading)}\n\n${table(columns, rows, { paint: paintOnStderr, isUtf8 })}`;
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
function rowsOf(alike: readonly [Failure, ...Failure[]]): string[][] {
  const [{ name, error }] = alike;
  const reasons = [
    ...wrapped(withoutName(error.message, name), REASON_WIDTH),
    ...wrapped(error.fix ?? "", REASON_WIDTH).map((line) => paintOnStderr("dim", line)),
  ];
  const sources = alike.flatMap(({ name }) => broken(name, SOURCE_WIDTH));
  return Array.from({ length: Math.max(sources.length, reasons.length) }, (_, index) => [
    sources[index] ?? "",
    reasons[index] ?? "",
  ]);
}

/** The name stands beside it already. */
function withoutName(message: string, name: string): string {
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
