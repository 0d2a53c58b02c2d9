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

/** What Broadsheet says to the person or program that runs it: results on stdout, all else on stderr. */
export class Terminal {
  /** What the process leaves with: that of the first error reported. */
  exitCode = 0;
  /** Whether notes are kept back, and results that are not JSON. */
  isQuiet = false;
  /** Whether an error that the user can mend is one line, as for cron. */
  isTerse = false;
  readonly cwd = workingFolder();
  /** Whether a person is there to answer a question. */
  readonly isInteractive = isatty(0) && isatty(2);
  readonly isUtf8 = isUtf8Locale(process.env, process.platform);
  /** Whether a line on stderr can be drawn over; not in a log, nor where NO_COLOR asks for plain text. */
  readonly canRedraw = isatty(2) && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  /** The width of the terminal in columns, at most 100. */
  readonly columns = Math.min(MOST_COLUMNS, process.stdout.columns || MOST_COLUMNS);
  /** How wide a row of a table may be: in a pipe as wide as it is, since programs take one for each line. */
  readonly rowColumns = process.stdout.columns ? this.columns : Infinity;
  /** The line drawn last, which stands until something else is written. */
  #status = "";
  #log: Log | undefined;

  /** Writes all that isn't a result into a log for programs, from now on. */
  logTo(log: Log): void {
    this.#log = log;
  }

  get hasLog(): boolean {
    return this.#log !== undefined;
  }

  /** A line for a program that reads the log; for people there are other words. */
  event(message: string, facts?: LogFacts): void {
    this.#log?.("info", message, facts);
  }

  /** Lines of a result. */
  print(text: string): void {
    if (!this.isQuiet) this.#write(process.stdout, harmless(text));
  }

  /** A result without which a command is of no use: `--quiet` doesn't keep it back. */
  insist(text: string): void {
    this.#write(process.stdout, harmless(text));
  }

  /** A result for a program: one line. */
  printJson(value: unknown): void {
    this.#write(process.stdout, JSON.stringify(value).replace(/[\u007F-\u009F]/g, escaped));
  }

  /** What is no result: one line. */
  note(text: string): void {
    if (this.isQuiet) return;
    if (this.#log) this.#log("info", text);
    else this.#write(process.stderr, harmless(text.replace(/\s*\n\s*/g, " ")));
  }

  /** An error. The first one reported decides the exit code: its own, or `exit` where work went on. */
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

  /** What failed while work went on, in lines that `--quiet` doesn't keep back; `exit` as for an error. */
  warn(text: string, exit: number, facts: LogFacts = {}): void {
    if (this.#log) this.#log("warn", text, { ...facts, exit });
    else this.#write(process.stderr, harmless(this.isUtf8 ? text : inAscii(text)));
    this.exitCode ||= exit;
  }

  /** Draws a line on stderr over the one drawn before; nothing takes it away. */
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

  /** A line across so many columns. */
  rule(columns = this.columns): string {
    return this.paint("dim", (this.isUtf8 ? "─" : "-").repeat(columns));
  }

  /** A path as it is shortest from here, to be read or copied. */
  shown(file: string): string {
    const inside = path.relative(this.cwd, file);
    if (inside === "") return ".";
    return inside.startsWith("..") ? file : inside;
  }
}

/**
 * Our own colours carry it until they are printed; a text by others can't have it. Of four digits a
 * number, which is what `stripVTControlCharacters` takes for one.
 */
const OURS = Array.from({ length: 3 }, () => randomInt(1000, 10_000)).join(";");

/** `styleText` asks the stream, NO_COLOR and FORCE_COLOR. */
function painted(style: Style, text: string, stream: NodeJS.WriteStream): string {
  const [open = "", close = ""] = styleText(FORMATS[style], "\0", { stream })
    .replaceAll("m", `;${OURS}m`)
    .split("\0");
  return open + text + close;
}

/** ECMA-48 §8.3.41: from the cursor to the end of the line. */
const ERASE_LINE = "\u001B[K";

/** A line that is wrapped can't be drawn over; one that is too wide loses its end, and its colours. */
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

/**
 * A control character with what it begins: our colour, another control sequence, or an operating system
 * command (ECMA-48 §5.4, §8.3.89).
 */
const CONTROL =
  /\u009B[0-?]*[ -/]*[@-~]|(?![\n\t])\p{Cc}(?:\[(\d+);((?:\d{4};){2}\d{4})m|\[[0-?]*[ -/]*[@-~]|\]\P{Cc}*(?!\n)\p{Cc}\\?)?/gu;

/**
 * Without what would steer a terminal, or colour it: titles, file names and servers' answers come from
 * others.
 */
function harmless(text: string): string {
  return text.replace(CONTROL, (_sequence, colour?: string, mark?: string) =>
    mark === OURS ? `\u001B[${colour}m` : "\uFFFD",
  );
}

/** JSON leaves the control characters beyond ASCII as they are, and a terminal obeys them. */
function escaped(sign: string): string {
  return `\\u00${sign.charCodeAt(0).toString(16)}`;
}

/** The folder that the shell is in may have been removed. */
function workingFolder(): string {
  return attempt(() => process.cwd()) ?? process.env["PWD"] ?? path.sep;
}

/** POSIX: the first of these that is set decides. Windows has none of them and draws everything. */
function isUtf8Locale(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return platform === "win32" || /utf-?8/i.test(locale);
}

interface Options {
  /** Files in it are named from there. */
  readonly cwd: string;
  /** Whether the stack is wanted even where the user can mend it. */
  readonly isDebug: boolean;
  /** Whether what the user can mend is one line: cron mails each, and a log has one an event. */
  readonly isOneLine?: boolean;
  readonly paint: Paint;
}

/**
 * An error as the terminal shows it: what, where, what to do now. A stack comes only with a bug of
 * ours, or on request.
 */
function errorText(error: unknown, options: Options): string {
  return error instanceof BroadsheetError ? forPeople(error, options) : forUs(error, options);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same for a program that reads a log. */
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

/** The frames of an error and of what caused it, without the message that was already given. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  if (!(error.cause instanceof Error)) return frames.join("\n");
  return [...frames, `  caused by ${error.cause.message}`, stackOf(error.cause)].join("\n");
}

/** The few styles there are. What one says is also said in words. */
export type Style = "bold" | "dim" | "fix" | "look" | "ready";

/** A text in a style, or as it is where colour isn't wanted. */
export type Paint = (style: Style, text: string) => string;

/** Ctrl-C at a question. The process leaves as a shell expects of SIGINT: 128 + 2. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  static readonly exitCode = 130;
}
