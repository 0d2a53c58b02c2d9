import path from "node:path";
import { BroadsheetError, type Where } from "../errors.ts";
import { readLocalText } from "../platform/files/local-file.ts";
import type { Trouble } from "../preview/page-data.ts";

const AROUND = 3;

/** An error as the page shows it, where its user can do something about it; file names are relative to `cwd`. */
export async function troubleOf(error: unknown, cwd: string): Promise<Trouble> {
  if (!(error instanceof BroadsheetError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: "INTERNAL", message, fix: "this is a bug in Broadsheet: please report it" };
  }
  const { code, message, fix, where } = error;
  const said = { code, message, ...(fix !== undefined && { fix }) };
  if (!where) return said;
  const { file, line } = where;
  const at = placeText(where, cwd);
  if (line === undefined) return { ...said, at };
  return { ...said, at, line, lines: await linesAround(path.resolve(cwd, file), line) };
}

/** A place as it is shortest from a folder, to be read or copied: `templates/digest/html.mjml.hbs:12:5`. */
export function placeText({ file, line, column }: Where, cwd: string): string {
  const inside = path.relative(cwd, path.resolve(cwd, file));
  const shown = inside.startsWith("..") || /^https?:/i.test(file) ? file : inside;
  return [shown, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
}

async function linesAround(file: string, line: number): Promise<NonNullable<Trouble["lines"]>> {
  const text = await readLocalText(file, { within: undefined }).catch(() => "");
  if (text === "") return [];
  return text
    .split("\n")
    .map((words, index) => ({ number: index + 1, text: words.slice(0, 300) }))
    .slice(Math.max(0, line - 1 - AROUND), line + AROUND);
}
