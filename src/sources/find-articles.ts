import { BroadsheetError } from "../errors.ts";
import type { FoundFiles } from "./io/read-sources.ts";
import { findFiles } from "./io/read-sources.ts";
import type { Reporter } from "../platform/reporter.ts";

/** So many names stand in a note; who wants the others looks into the folder. */
const NAMED = 3;

/** Where files are named from, and who is told of what is left out. */
export interface Surroundings {
  readonly cwd: string;
  readonly reporter: Reporter;
}

/**
 * The files behind one argument; what a folder holds beside articles is reported in a line.
 * @throws BroadsheetError CONTENT_NO_STORY for a folder without any, and what `findFiles` throws.
 */
export async function findArticles(
  name: string,
  { cwd, reporter }: Surroundings,
): Promise<FoundFiles["files"]> {
  const { files, others, folders } = await findFiles(name, cwd);
  if (others.length > 0) reporter.note(othersNote(others));
  if (folders.length > 0) reporter.note(foldersNote(folders));
  if (files.length > 0) return files;
  throw new BroadsheetError("CONTENT_NO_STORY", `there is no article in ${name}`, {
    fix: "put a .txt or .md file there, or name one",
  });
}

function othersNote(others: readonly string[]): string {
  if (others.length === 1) return `Left out ${others[0]}: not an article by its name`;
  return `Left out ${others.length} files that are not articles: ${someOf(others)}`;
}

function foldersNote(folders: readonly string[]): string {
  if (folders.length === 1)
    return `Left out the folder ${folders[0]}: name it to read what is in it`;
  return `Left out ${folders.length} folders, which are read where they are named: ${someOf(folders)}`;
}

function someOf(names: readonly string[]): string {
  return names.slice(0, NAMED).join(", ") + (names.length > NAMED ? " …" : "");
}
