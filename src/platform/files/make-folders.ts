import { isErrno } from "../file-error.ts";
import { mkdirSync, statSync } from "node:fs";
import { mkdir, rmdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Creates a folder and the missing folders around it, and returns the created ones, the outermost first. Node's recursive
 * mkdir never ends if a file system answers ENOENT although the parent exists, as /proc does.
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

/** Removes folders that are still empty, because the files for which they were created could not be written. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders.toReversed()) await rmdir(folder);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}

/*
 * The modes of a newsletter's files. Other accounts must not read the list or an unsent issue. The umask can only remove
 * more rights.
 */

export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;

/** The mode of folders for files that the user asked for at a named place. The umask decides who may read them. */
export const USERS_OWN_FOLDER = 0o777;
