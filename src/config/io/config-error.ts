import path from "node:path";
import { fileURLToPath } from "node:url";

interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What was thrown while a config was read, in one sentence. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error))
    return `the config threw ${JSON.stringify(thrown) ?? String(thrown)}`;
  const message = thrown.message
    .replace(/ imported from .*$/s, "")
    .replace(/ in JSON at position \d+.*$/s, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  if (thrown instanceof SyntaxError) return message;
  return hasCode(thrown, "ERR_MODULE_NOT_FOUND")
    ? message
    : `the config threw: ${message || thrown.name}`;
}

/** Where it went wrong, as far as the error tells: JSON.parse says it in words, Node in its stack. */
export function placeOfThrown(thrown: unknown): Place {
  if (!(thrown instanceof Error)) return {};
  const spoken = /\(line (\d+) column (\d+)\)/.exec(thrown.message);
  if (spoken) return { line: Number(spoken[1]), column: Number(spoken[2]) };
  const [innermost] = frames(thrown.stack ?? "");
  return innermost && !isOurs(innermost.file) ? innermost : {};
}

/** The places a V8 stack names outside packages, the innermost first. */
function frames(stack: string): { file: string; line: number; column?: number }[] {
  const places = stack.matchAll(/(file:\/\/\/[^\s()]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g);
  return Array.from(places, ([, url = "", line, column]) => ({
    file: fileURLToPath(url),
    line: Number(line),
    ...(column && { column: Number(column) }),
  })).filter(({ file }) => !file.includes("node_modules"));
}

/** Broadsheet's own folder, src or dist. */
function isOurs(file: string): boolean {
  return !path.relative(path.resolve(import.meta.dirname, "../.."), file).startsWith("..");
}

function hasCode(error: Error, code: string): boolean {
  return "code" in error && error.code === code;
}
