import type { Reporter, Failure, Progress as ReportedProgress } from "../platform/reporter.ts";
import { type Terminal, paintOnStderr } from "./terminal.ts";
import { ERROR_CODES } from "../errors.ts";
import { meterBar, textWidth } from "./table.ts";
import { sayNotices } from "./notices-view.ts";
import { missingOf } from "../sources/left-out.ts";
import { noticesOf } from "../schedule/notices.ts";
import { systemClock } from "../platform/clock.ts";
import { counted } from "../platform/text.ts";

/** Prints the messages and the progress of a procedure on a terminal. */
export function reporterOn(terminal: Terminal): Reporter {
  return {
    note: (text) => terminal.note(text),
    warn: (text) => terminal.warn(text, 0),
    unread: (failures, isFatal = false) => reportFailures(failures, { terminal, isFatal }),
    progress: (label, total) => new Progress(terminal, label, total),
  };
}

/** sysexits(3): an issue was made, but some of its input was unavailable. A later run may succeed. */
const EX_TEMPFAIL = 75;

export function failureJson({ name, error }: Failure): object {
  const { code, message, fix } = error;
  return { source: name, code, temporary: ERROR_CODES[code].temporary, message, fix };
}

/**
 * Omissions of an issue are in its notices, so only bugs are reported here, with the stack that is needed to fix them. If
 * there is no issue, a single failure is the error of the command, and several are printed before it.
 */
function reportFailures(
  failures: readonly Failure[],
  { terminal, isFatal }: { readonly terminal: Terminal; readonly isFatal: boolean },
): void {
  const [first, second] = failures;
  if (!first) return;
  if (isFatal) {
    const leftOut = failures.map((failure) => missingOf(failure));
    const issues = [{ slot: "", report: { findings: [], leftOut } }];
    if (second) sayNotices(noticesOf({ issues }, systemClock()), terminal);
    return;
  }
  const bug = failures.find(({ error }) => error.code === "INTERNAL");
  if (bug) terminal.report(bug.error, EX_TEMPFAIL);
  else terminal.exitCode ||= EX_TEMPFAIL;
}

/** For fewer steps no progress is shown. */
const MANY_STEPS = 10;
/** Nothing is shown before this time, because a line that disappears at once is useless. */
const PATIENCE_MS = 400;
const REDRAW_MS = 100;
const LONG_BAR = 24;
const SHORT_BAR = 8;

/**
 * The progress of many steps, in one line on stderr. A terminal redraws the line; elsewhere it is printed at each tenth. Few
 * steps have no progress. The caller closes it.
 */
export class Progress implements ReportedProgress {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #startedAt = performance.now();
  /** More information, at the end of the line. */
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

  /** Whether there are enough steps to show progress. */
  get isShown(): boolean {
    return this.#total >= MANY_STEPS;
  }

  get total(): number {
    return this.#total;
  }

  /** Increases the number of steps, for example for the pages in a feed. */
  expect(count: number): void {
    this.#total += count;
  }

  /** Counts steps that are done, including failed ones. */
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

  /** Label, bar, percentage, count, rate, remaining time. In a narrow terminal the bar is omitted, then the rate. */
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

  /** A log has no limit. */
  get #room(): number {
    return this.#terminal.canRedraw ? (process.stderr.columns || 80) - 1 : Infinity;
  }
}

function rateText(rate: number): string {
  return rate >= 10 ? `${counted(Math.round(rate))}/s` : `${rate.toFixed(1)}/s`;
}

/** A duration for people: `12 s`, `1 min 2 s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
