import { mkdir, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { isErrno } from "./outbox/swap-folder.ts";

/**
 * Makes a folder and those around it; what was made, the outermost first. Node's own recursive mkdir
 * tries for ever where a file system says ENOENT to a folder whose parent is there, as /proc does.
 */
export async function makeFolders(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (error) {
    if (isErrno(error, "EEXIST") && (await stat(folder)).isDirectory()) return [];
    if (!isErrno(error, "ENOENT") || path.dirname(folder) === folder) throw error;
  }
  const around = await makeFolders(path.dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    await removeEmpty(around);
    throw error;
  });
  return [...around, folder];
}

/** Removes folders that were made for something that did not come, unless somebody uses them by now. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders.toReversed()) await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}
