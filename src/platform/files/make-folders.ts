import { isErrno } from "../file-error.ts";
import { mkdirSync, statSync } from "node:fs";
import { mkdir, rmdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Makes a folder and those around it; what was made, the outermost first. Node's own recursive mkdir
 * tries for ever where a file system says ENOENT to a folder whose parent is there, as /proc does.
 */
export async function makeFolders(folder: string, mode = PRIVATE_FOLDER): Promise<string[]> {
  try {
    await mkdir(folder, mode);
    return [folder];
  } catch (error) {
    if (isErrno(error, "EEXIST") && (await stat(folder)).isDirectory()) return [];
    if (!isErrno(error, "ENOENT") || path.dirname(folder) === folder) throw error;
  }
  const around = await makeFolders(path.dirname(folder), mode);
  try {
    await mkdir(folder, mode);
    return [...around, folder];
  } catch (error) {
    // Another process has made it meanwhile.
    if (isErrno(error, "EEXIST") && (await stat(folder)).isDirectory()) return around;
    await removeEmpty(around);
    throw error;
  }
}

/** The same, synchronously. */
export function makeFoldersSync(folder: string): void {
  if (isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFoldersSync(parent);
  try {
    mkdirSync(folder, PRIVATE_FOLDER);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Removes folders that were made for something that did not come, unless they are in use by now. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders.toReversed()) await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}

/*
 * The modes of what a newsletter keeps: who reads it, and what it is going to say, is no business of other accounts on
 * the machine. The umask takes more away, never less.
 */

export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;

/** The mode of files that users have written where they say: the umask decides who may read them. */
export const USERS_OWN_FOLDER = 0o777;
