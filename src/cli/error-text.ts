import path from "node:path";
import { BroadsheetError, unbroken, type Where } from "../errors.ts";
import type { Paint } from "./paint.ts";

interface Options {
  /** Files in it are named from there. */
  readonly cwd: string;
  /** Whether the stack is wanted even where the user can mend it. */
  readonly isDebug: boolean;
  /** Whether what the user can mend is told in one line: cron mails each, and a log has one an event. */
  readonly isOneLine?: boolean;
  readonly paint: Paint;
}

/**
 * An error as the terminal shows it: what, where, what to do now. A stack comes only with a bug of
 * ours, or on request.
 */
export function errorText(error: unknown, options: Options): string {
  return error instanceof BroadsheetError ? forPeople(error, options) : forUs(error, options);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same for a program that reads a log. */
export function errorFacts(error: unknown, cwd: string): Record<string, unknown> {
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

function placeText({ file, line, column }: Where, cwd: string): string {
  const inside = path.relative(cwd, path.resolve(cwd, file));
  const shown = inside.startsWith("..") || /^https?:/i.test(file) ? file : inside;
  return [shown, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
}

/** The frames of an error and of what caused it, without the message that was already given. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  if (!(error.cause instanceof Error)) return frames.join("\n");
  return [...frames, `  caused by ${error.cause.message}`, stackOf(error.cause)].join("\n");
}
