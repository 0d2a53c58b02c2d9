import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { readLocalText } from "../platform/files/local-file.ts";
import type { Trouble } from "../preview/page-data.ts";
import { placeText } from "../platform/file-error.ts";

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

async function linesAround(file: string, line: number): Promise<NonNullable<Trouble["lines"]>> {
  const text = await readLocalText(file, { within: undefined }).catch(() => "");
  if (text === "") return [];
  return text
    .split("\n")
    .map((words, index) => ({ number: index + 1, text: words.slice(0, 300) }))
    .slice(Math.max(0, line - 1 - AROUND), line + AROUND);
}
