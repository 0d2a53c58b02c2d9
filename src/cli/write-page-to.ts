import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { writePage } from "../platform/files/write-page.ts";
import type { Terminal } from "./terminal.ts";

/** A file that a page is written to, or true where it goes to stdout. */
export type PageFlag = string | true;

/**
 * Writes a page into a file, or to stdout. A page that has the same mark in it is replaced.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writePageTo(
  to: PageFlag,
  { html, mark }: { readonly html: string; readonly mark: string },
  terminal: Terminal,
): Promise<void> {
  if (to === true) return terminal.print(html.trimEnd());
  const file = path.resolve(terminal.cwd, to);
  await writePage(file, html, mark);
  terminal.note(`Written: ${terminal.shown(file)}`);
}

/** `--html article.txt` would write over the article, so a page has to be named as one. */
export function parsePageName(file: string): string {
  if (/\.html?$/i.test(file)) return file;
  throw new BroadsheetError("USAGE", `--html ${JSON.stringify(file)} is not the name of a page`, {
    fix: "name a file that ends in .html, or put --html last to have the page on stdout",
  });
}
