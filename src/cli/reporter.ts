import type { Reporter, Failure, Progress as ReportedProgress } from "../platform/reporter.ts";
import { type Terminal, paintOnStderr } from "./terminal.ts";
import { ERROR_CODES } from "../errors.ts";
import { table, meterBar, textWidth, wrapped } from "./table.ts";
import { counted } from "../platform/counted.ts";

/** Says on a terminal what a procedure has to say while it works. */
export function reporterOn(terminal: Terminal): Reporter {
  return {
    note: (text) => terminal.note(text),
    warn: (text) => terminal.warn(text, 0),
    unread: (failures, of, isFatal = false) => {
      reportFailures(failures, of, { terminal, isFatal });
    },
    progress: (label, total) => new Progress(terminal, label, total),
  };
}

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

/**
 * What an issue had to go without is in its notices, and only a bug is reported here, since it is not mended without its
 * stack. Where nothing came of it, one failure is the error that ends the command, and several are the table that this
 * error points to.
 */
function reportFailures(
  failures: readonly Failure[],
  of: number,
  { terminal, isFatal }: { readonly terminal: Terminal; readonly isFatal: boolean },
): void {
  const [first, second] = failures;
  if (!first) return;
  if (isFatal) {
    if (second)
      terminal.warn(failureTable(failures, of, terminal), ERROR_CODES[first.error.code].exit);
    return;
  }
  const bug = failures.find(({ error }) => error.code === "INTERNAL");
  if (bug) terminal.report(bug.error, EX_TEMPFAIL);
  else terminal.exitCode ||= EX_TEMPFAIL;
}

function failureTable(failures: readonly Failure[], of: number, terminal: Terminal): string {
  const { isUtf8, columns: most } = terminal;
  const rows = [...byReason(failures)].flatMap(([, alike]) => rowsOf(alike, most));
  const columns = ["Source", "What is wrong, and what to do"];
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
    ...wrappedReason(withoutName(error.message, name), reasonWidth),
    ...wrappedReason(error.fix ?? "", reasonWidth).map((line) => paintOnStderr("dim", line)),
  ];
  const sources = alike.flatMap((failure) => broken(placeOf(failure), sourceWidth));
  return Array.from({ length: Math.max(sources.length, reasons.length) }, (_, index) => [
    sources[index] ?? "",
    reasons[index] ?? "",
  ]);
}

/** A file with the line of its fault. */
function placeOf({ name, error: { where } }: Failure): string {
  return where?.file === name && where.line !== undefined ? `${name}:${where.line}` : name;
}

/** The name stands beside it already. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(name) ? message.slice(name.length).replace(/^[:,]?\s+/, "") : message;
}

function wrappedReason(text: string, width: number): string[] {
  const words = text.split(/\s+/).flatMap((word) => broken(word, width));
  return words.length > 0 ? wrapped(words.join(" "), width) : [];
}

/** An address has no spaces to break at. */
function broken(word: string, width: number): string[] {
  return word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [];
}

/** Of fewer no progress is shown. */
const MANY = 10;
/** Before that nothing is drawn: a line that flashes by says nothing. */
const PATIENCE_MS = 400;
const REDRAW_MS = 100;
const LONG_BAR = 24;
const SHORT_BAR = 8;

/**
 * How far work on many things has come, in one line on stderr: drawn in place on a terminal, and printed
 * at each tenth elsewhere, where nothing can be redrawn. Few things have no such line. The caller closes it.
 */
export class Progress implements ReportedProgress {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #startedAt = performance.now();
  /** What else there is to say, at the end of the line. */
  detail = "";
  readonly #timer: NodeJS.Timeout | undefined;
  #total: number;
  #done = 0;
  #printedTenth = 0;

  constructor(terminal: Terminal, label: string, total: number) {
    this.#terminal = terminal;
    this.#label = label;
    this.#total = total;
    if (terminal.canRedraw) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
  }

  /** Whether there is so much to do that it is shown how far it is. */
  get isShown(): boolean {
    return this.#total >= MANY;
  }

  get total(): number {
    return this.#total;
  }

  /** More to do than was counted at first: a feed named the pages that it stands for. */
  expect(count: number): void {
    this.#total += count;
  }

  /** One thing is done, or several are, well or not. */
  step(count = 1): void {
    this.#done += count;
    if (this.#terminal.canRedraw || !this.isShown) return;
    const tenth = Math.floor((this.#done / this.#total) * 10);
    if (tenth <= this.#printedTenth) return;
    this.#printedTenth = tenth;
    this.#terminal.note(this.#line());
  }

  close(): void {
    clearInterval(this.#timer);
    this.#terminal.status("");
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #draw(): void {
    const isEarly = performance.now() - this.#startedAt < PATIENCE_MS;
    if (this.isShown && !isEarly) this.#terminal.status(this.#line());
  }

  /** Label, bar, percent, count, rate, time left; in little room the bar gives way, and then the rate. */
  #line(): string {
    const share = Math.min(1, this.#done / this.#total);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rate = this.#done / seconds;
    const left = `${durationText((this.#total - this.#done) / rate)} left`;
    const parts = [
      `${Math.floor(share * 100)}%`.padStart(4),
      `${counted(this.#done)} of ${counted(this.#total)}`,
      ...(this.#done > 0 ? [rateText(rate)] : []),
      ...(this.#done > 0 && share < 1 ? [left] : []),
      ...(this.detail === "" ? [] : [this.detail]),
    ];
    const fewer = parts.filter((part) => part !== rateText(rate));
    const fillings = [[this.#bar(share, LONG_BAR)], [this.#bar(share, SHORT_BAR)], []];
    const lines = [...fillings.map((bar) => bar.concat(parts)), fewer].map((words) =>
      [this.#label].concat(words).join("   "),
    );
    return lines.find((line) => textWidth(line) <= this.#room) ?? lines.at(-1) ?? "";
  }

  #bar(share: number, width: number): string {
    return meterBar(share, width, { paint: paintOnStderr, isUtf8: this.#terminal.isUtf8 });
  }

  /** A log has as much as it takes. */
  get #room(): number {
    return this.#terminal.canRedraw ? (process.stderr.columns || 80) - 1 : Infinity;
  }
}

function rateText(rate: number): string {
  return rate >= 10 ? `${counted(Math.round(rate))}/s` : `${rate.toFixed(1)}/s`;
}

/** As people say it: `12 s`, `1 min 2 s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
