import type { Reporter, Failure, Progress as ReportedProgress } from "../platform/reporter.ts";
import { type Terminal, paintOnStderr } from "./terminal.ts";
import { ERROR_CODES } from "../errors.ts";
import { meterBar, textWidth } from "./table.ts";
import { sayNotices } from "./notices-view.ts";
import { missingOf } from "../sources/left-out.ts";
import { noticesOf } from "../schedule/notices.ts";
import { systemClock } from "../platform/clock.ts";
import { counted } from "../platform/text.ts";

/** Says on a terminal what a procedure has to say while it works. */
export function reporterOn(terminal: Terminal): Reporter {
  return {
    note: (text) => terminal.note(text),
    warn: (text) => terminal.warn(text, 0),
    unread: (failures, isFatal = false) => reportFailures(failures, { terminal, isFatal }),
    progress: (label, total) => new Progress(terminal, label, total),
  };
}

/** sysexits(3): an issue was made, but not of everything; run again when the rest can be read. */
const EX_TEMPFAIL = 75;

/** What `--json` says of each. */
export function failureJson({ name, error }: Failure): object {
  const { code, message, fix } = error;
  return { source: name, code, temporary: ERROR_CODES[code].temporary, message, fix };
}

/**
 * What an issue had to go without is in its notices, and only a bug is reported here, since it is not mended without its
 * stack. Where nothing came of it, one failure is the error that ends the command, and several are the notices above it.
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

/** No progress is shown for fewer things. */
const MANY = 10;
/** Nothing is drawn before this time, because a line that flashes by says nothing. */
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

  /** Raises the number of things to do: a feed named the pages that it stands for. */
  expect(count: number): void {
    this.#total += count;
  }

  /** Counts things that are done, also those that failed. */
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

/** A duration for people: `12 s`, `1 min 2 s`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
