import { mkdir, open, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { isErrno, syncFolder } from "./swap-folder.ts";

/**
 * Writes files into a folder, which it is the first to write to, and waits until they are on the
 * disk. Names may have folders in them.
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => path.dirname(path.join(folder, name))));
  for (const inner of folders) await mkdir(inner, { recursive: true });
  // All of them end before the first failure is told: whoever hears it removes the folder.
  const written = await Promise.allSettled(
    [...files].map(async ([name, content]) => writeSynced(path.join(folder, name), content)),
  );
  const failed = written.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  for (const inner of new Set([...folders, folder])) await syncFolder(inner);
}

async function writeSynced(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

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
  await mkdir(folder);
  return [...around, folder];
}

/** The folders that were made for an issue that did not come, unless somebody uses them by now. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders.toReversed()) await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}
