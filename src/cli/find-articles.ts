import { BroadsheetError } from "../errors.ts";
import type { FoundFiles } from "../io/read-sources.ts";
import { findFiles } from "../io/read-sources.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The files behind one argument; what a folder holds beside articles is named on stderr.
 * @throws BroadsheetError CONTENT_NO_STORY for a folder without any, and what `findFiles` throws.
 */
export async function findArticles(name: string, terminal: Terminal): Promise<FoundFiles["files"]> {
  const { files, skipped } = await findFiles(name, terminal.cwd);
  for (const { file, why } of skipped) terminal.note(`Skipped ${file}: ${why}`);
  if (files.length > 0) return files;
  throw new BroadsheetError("CONTENT_NO_STORY", `there is no article in ${name}`, {
    fix: "put a .txt or .md file there, or name one",
  });
}
