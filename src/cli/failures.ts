import { ERROR_CODES } from "../errors.ts";
import type { Failure } from "../platform/reporter.ts";
import { table } from "./table.ts";
import { paintOnStderr, type Terminal } from "./terminal.ts";

/** Of the room that a table has, the names of sources take so much. */
const SOURCE_SHARE = 0.36;
const GAP = 3;

/** sysexits(3): an issue was made, but not of everything; run again when the rest can be read. */
export const EX_TEMPFAIL = 75;

/** What `--json` says of each. */
export function failureJson({ name, error }: Failure): object {
  const { code, message, fix } = error;
  return { source: name, code, temporary: ERROR_CODES[code].temporary, message, fix };
}

/** Among many sources one that fails is told in a line as it does; what to do comes in the table at the end. */
export function failureLine({ name, error }: Failure): string {
  const reason = `${name}: ${withoutName(error.message, name)}`;
  return `${paintOnStderr("fix", `error ${error.code}`)}: ${reason}`;
}

/**
 * What an issue had to go without: one in full, several in a table. Where nothing came of it, one is the error that
 * ends the command, and several are the table that this error points to.
 */
export function reportFailures(
  failures: readonly Failure[],
  of: number,
  { terminal, isFatal }: { readonly terminal: Terminal; readonly isFatal: boolean },
): void {
  const [first, second] = failures;
  if (!first) return;
  if (second) {
    const exit = isFatal ? ERROR_CODES[first.error.code].exit : EX_TEMPFAIL;
    terminal.warn(failureTable(failures, of, terminal), exit);
    // A table has no room for a stack, and a bug of ours is not mended without.
    const bug = failures.find(({ error }) => error.code === "INTERNAL");
    if (bug && !isFatal) terminal.report(bug.error, EX_TEMPFAIL);
  } else if (!isFatal) terminal.report(first.error, EX_TEMPFAIL);
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
