import { randomInt } from "node:crypto";
import { isatty } from "node:tty";
import { stripVTControlCharacters, styleText } from "node:util";
import path from "node:path";
import { BroadsheetError, ERROR_CODES, unbroken } from "../errors.ts";
import type { Log, LogFacts } from "../platform/json-log.ts";
import { placeText } from "../platform/file-error.ts";
import { attempt } from "../platform/attempt.ts";

type Format = Parameters<typeof styleText>[0];

const FORMATS: Readonly<Record<Style, Format>> = {
  bold: "bold",
  dim: "dim",
  fix: ["bold", "red"],
  look: ["bold", "yellow"],
  ready: "green",
};

const MOST_COLUMNS = 100;

/** The output of Broadsheet: results go to stdout, everything else to stderr. */
export class Terminal {
  /** The exit code of the process: that of the first error reported. */
  exitCode = 0;
  /** Whether notes, and results that are not JSON, are suppressed. */
  isQuiet = false;
  /** Whether an error that the user can fix is shown in one line, as for cron. */
  isTerse = false;
  readonly cwd = workingFolder();
  /** Whether a person can answer a question. */
  readonly isInteractive = isatty(0) && isatty(2);
  readonly isUtf8 = isUtf8Locale(process.env, process.platform);
  /** Whether a line on stderr can be redrawn; not in a log, and not if NO_COLOR requests plain text. */
  readonly canRedraw = isatty(2) && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  /** The width of the terminal in columns, at most 100. */
  readonly columns = Math.min(MOST_COLUMNS, process.stdout.columns || MOST_COLUMNS);
  /** The maximum width of a table row. In a pipe it is unlimited, because programs expect each row on one line. */
  readonly rowColumns = process.stdout.columns ? this.columns : Infinity;
  /** The line drawn last, which stays until other output. */
  #status = "";
  #log: Log | undefined;

  /** From now on, writes everything except results to a log for programs. */
  logTo(log: Log): void {
    this.#log = log;
  }

  get hasLog(): boolean {
    return this.#log !== undefined;
  }

  /** Writes a line for a program that reads the log. People get other messages. */
  event(message: string, facts?: LogFacts): void {
    this.#log?.("info", message, facts);
  }

  /** Prints lines of a result. */
  print(text: string): void {
    if (!this.isQuiet) this.#write(process.stdout, harmless(text));
  }

  /** Prints a result that is essential for a command, even with `--quiet`. */
  insist(text: string): void {
    this.#write(process.stdout, harmless(text));
  }

  /** Prints a result for a program in one line. */
  printJson(value: unknown): void {
    this.#write(process.stdout, JSON.stringify(value).replace(/[\u007F-\u009F]/g, escaped));
  }

  /** Prints a line that is no result. */
  note(text: string): void {
    if (this.isQuiet) return;
    if (this.#log) this.#log("info", text);
    else this.#write(process.stderr, harmless(text.replace(/\s*\n\s*/g, " ")));
  }

  /** Reports an error. The first one determines the exit code: its own, or `exit` if the work continued. */
  report(error: unknown, exit?: number): void {
    const code = error instanceof BroadsheetError ? error.code : "INTERNAL";
    this.exitCode ||= exit ?? ERROR_CODES[code].exit;
    if (this.#log) {
      this.#log("error", messageOf(error), errorFacts(error, this.cwd));
      return;
    }
    const isDebug = process.argv.includes("--debug");
    const { cwd, isTerse: isOneLine } = this;
    const text = errorText(error, { cwd, isDebug, isOneLine, paint: paintOnStderr });
    this.#write(process.stderr, harmless(this.isUtf8 ? text : inAscii(text)));
  }

  /** Reports failures during work that continued, even with `--quiet`; `exit` as for an error. */
  warn(text: string, exit: number, facts: LogFacts = {}): void {
    if (this.#log) this.#log("warn", text, { ...facts, exit });
    else this.#write(process.stderr, harmless(this.isUtf8 ? text : inAscii(text)));
    this.exitCode ||= exit;
  }

  /** Draws a line on stderr over the previous one. */
  status(line: string): void {
    if (this.isQuiet || this.#log || line === this.#status) return;
    const shown = truncatedTo(process.stderr.columns || 80, harmless(line));
    process.stderr.write(`\r${ERASE_LINE}${shown}`);
    this.#status = line;
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (this.#status) this.status("");
    stream.write(`${text}\n`);
  }

  readonly paint: Paint = (style, text) => painted(style, text, process.stdout);

  /** A horizontal line of this many columns. */
  rule(columns = this.columns): string {
    return this.paint("dim", (this.isUtf8 ? "─" : "-").repeat(columns));
  }

  /** The shortest form of a path relative to the working directory, for reading or copying. */
  shown(file: string): string {
    const inside = path.relative(this.cwd, file);
    if (inside === "") return ".";
    return inside.startsWith("..") ? file : inside;
  }
}

/**
 * Marks our own colour codes until they are printed. A text of others can't contain this random mark. Numbers have four
 * digits, as `stripVTControlCharacters` expects.
 */
const OURS = Array.from({ length: 3 }, () => randomInt(1000, 10_000)).join(";");

/** `styleText` respects the stream, NO_COLOR and FORCE_COLOR. */
function painted(style: Style, text: string, stream: NodeJS.WriteStream): string {
  const [open = "", close = ""] = styleText(FORMATS[style], "\0", { stream })
    .replaceAll("m", `;${OURS}m`)
    .split("\0");
  return open + text + close;
}

/** ECMA-48 §8.3.41: from the cursor to the end of the line. */
const ERASE_LINE = "\u001B[K";

/** A wrapped line can't be redrawn, so a line that is too wide is cut and loses its colours. */
function truncatedTo(columns: number, line: string): string {
  const plain = stripVTControlCharacters(line);
  return plain.length < columns ? line : plain.slice(0, columns - 1);
}

export const paintOnStderr: Paint = (style, text) => painted(style, text, process.stderr);

const ASCII: ReadonlyMap<string, string> = new Map([
  ["“", '"'],
  ["”", '"'],
  ["‘", "'"],
  ["’", "'"],
  ["…", "..."],
]);

function inAscii(text: string): string {
  return text.replace(/[“”‘’…]/g, (sign) => ASCII.get(sign) ?? sign);
}

/** A control sequence: our colour, another control sequence, or an operating system command (ECMA-48 §5.4, §8.3.89). */
const CONTROL =
  /\u009B[0-?]*[ -/]*[@-~]|(?![\n\t])\p{Cc}(?:\[(\d+);((?:\d{4};){2}\d{4})m|\[[0-?]*[ -/]*[@-~]|\]\P{Cc}*(?!\n)\p{Cc}\\?)?/gu;

/** Removes control sequences from titles, file names and servers' answers, which others have written. */
function harmless(text: string): string {
  return text.replace(CONTROL, (_sequence, colour?: string, mark?: string) =>
    mark === OURS ? `\u001B[${colour}m` : "\uFFFD",
  );
}

/** JSON does not escape control characters beyond ASCII, but terminals obey them. */
function escaped(sign: string): string {
  return `\\u00${sign.charCodeAt(0).toString(16)}`;
}

/** The current folder of the shell may have been removed. */
function workingFolder(): string {
  return attempt(() => process.cwd()) ?? process.env["PWD"] ?? path.sep;
}

/** POSIX: the first of these that is set decides. Windows sets none of them and supports everything. */
function isUtf8Locale(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return platform === "win32" || /utf-?8/i.test(locale);
}

interface Options {
  /** File names are relative to this folder. */
  readonly cwd: string;
  /** Whether the stack is shown even for an error that the user can fix. */
  readonly isDebug: boolean;
  /** Whether an error that the user can fix is shown in one line: cron sends each line, and a log has one line per event. */
  readonly isOneLine?: boolean;
  readonly paint: Paint;
}

/** An error for the terminal: the fact, the place and the fix. A stack is shown only for a bug, or on request. */
function errorText(error: unknown, options: Options): string {
  return error instanceof BroadsheetError ? forPeople(error, options) : forUs(error, options);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The fields of an error for a log: code, place, fix, and a stack for a bug. */
function errorFacts(error: unknown, cwd: string): Record<string, unknown> {
  if (!(error instanceof BroadsheetError)) return { code: "INTERNAL", stack: stackOf(error) };
  const { code, where, fix } = error;
  const stack = code === "INTERNAL" && { stack: stackOf(error.cause ?? error) };
  return { code, ...stack, ...(where && { at: placeText(where, cwd) }), fix };
}

function forPeople(error: BroadsheetError, options: Options): string {
  const { cwd, isDebug, isOneLine = false, paint } = options;
  if (isOneLine && !isDebug) return inOneLine(error, options);
  const lines = [`${paint("fix", `error ${error.code}`)}: ${error.message}`];
  if (error.where) lines.push(`   at ${placeText(error.where, cwd)}`);
  if (error.code === "INTERNAL") lines.push(stackOf(error.cause ?? error));
  if (error.fix) lines.push(`  ${paint("bold", "fix")} ${error.fix}`);
  if (isDebug && error.code !== "INTERNAL") lines.push(stackOf(error));
  return lines.join("\n");
}

function inOneLine(error: BroadsheetError, { cwd, paint }: Options): string {
  const place = error.where ? [`at ${placeText(error.where, cwd)}`] : [];
  return `${paint("fix", `error ${error.code}`)}: ${unbroken(error, place)}`;
}

function forUs(error: unknown, { paint }: Options): string {
  return [
    `${paint("fix", "error INTERNAL")}: ${messageOf(error)}`,
    stackOf(error),
    `  ${paint("bold", "fix")} this is a bug in Broadsheet: please report it with the lines above`,
  ].join("\n");
}

/** The stacks of an error and its causes, without the message that was already shown. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  if (!(error.cause instanceof Error)) return frames.join("\n");
  return [...frames, `  caused by ${error.cause.message}`, stackOf(error.cause)].join("\n");
}

/** The styles of text in a terminal. No style carries information that the words lack (WCAG 2.2 §1.4.1). */
export type Style = "bold" | "dim" | "fix" | "look" | "ready";

/** Applies a style to a text, unless colour is switched off. */
export type Paint = (style: Style, text: string) => string;

/** Ctrl-C at a question. The exit code is that of SIGINT in a shell: 128 + 2. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  static readonly exitCode = 130;
}
