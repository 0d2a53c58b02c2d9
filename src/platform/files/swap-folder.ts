import { isErrno, unlessMissing } from "../file-error.ts";
import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "./make-folders.ts";

/*
 * A folder is replaced as a whole without a lock. The new folder is written beside the old one under a temporary name. Then
 * the old folder is renamed (set aside), and the new one gets its name. Each rename is atomic, and renaming to a folder that
 * is not empty fails. So for any number of writers, and even if one crashes, the name means one complete folder, or none for
 * a moment. `healFolder` restores a folder that a crashed writer has set aside. Linux could exchange two folders in one step
 * (renameat2), but Node cannot call it. A lock of a crashed process would have to be broken.
 *
 * Temporary names: `.<folder>.new-<host>-<process>-<n>` is being written or removed, `.<folder>.old-…` was set aside.
 */

/** Subfolders that are kept when their folder is replaced. They are written by sending and by the editor. */
const KEPT = ["messages", "edited"];

/** The maximum number of attempts. Other processes cannot win the rename this often, so there is another fault. */
const MAX_ATTEMPTS = 1_000;

/** The age at which a temporary folder of another machine is abandoned. No build takes an hour. */
const ABANDONED_AFTER_MS = 3_600_000;

const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const SET_ASIDE = /^\.(.+)\.(new|old)-([0-9a-f]{8})-(\d+)-\d+$/;

let serial = 0;

/**
 * Replaces `<parent>/<name>` by a folder that `fill` writes. If this fails, the earlier folder is unchanged, and no
 * temporary folder remains. `replaced` is called with each earlier folder after it is set aside and before the new one has
 * its name. If this process crashes before that, the earlier folder is restored.
 * @throws the errors of the file system, of `fill` and of `replaced`.
 */
export async function swapFolder(
  parent: string,
  name: string,
  fill: (folder: string) => Promise<void>,
  replaced?: (folder: string) => Promise<void>,
): Promise<void> {
  await healFolder(parent);
  const fresh = await makeOwnFolder(parent, name);
  try {
    await fill(fresh);
    await takePlace(fresh, parent, name, replaced);
    await syncFolder(parent);
    await healFolder(parent);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    await healFolder(parent, true);
    throw error;
  }
}

/**
 * Cleans up temporary folders. A folder that was set aside is removed if a new one has its name. Otherwise it is restored if
 * its writer has ended. Unfinished folders of ended writers are removed. `isImpatient` also restores a folder whose writer
 * is between its two renames; the writer then tries again.
 */
export async function healFolder(parent: string, isImpatient = false): Promise<void> {
  for (const leftover of await leftoversIn(parent)) {
    const place = path.join(parent, leftover.name);
    const isGap = leftover.kind === "old" && !(await unlessMissing(lstat(place)));
    const mayAct = isImpatient || !isAlive(leftover);
    if (leftover.kind === "new") await removeIfDead(leftover);
    else if (!isGap) await retire(leftover.path, place);
    else if (mayAct) await renameIfFree(leftover.path, place);
  }
}

/** Returns the original name of a folder that was set aside. Undefined for any other entry of its parent. */
export function setAsideFrom(entry: string): string | undefined {
  const [, name, kind] = SET_ASIDE.exec(entry) ?? [];
  return kind === "old" ? name : undefined;
}

/** Writes a file that only its owner can read, and waits until it is on the disk. */
export async function writeSynced(
  file: string,
  content: string | Uint8Array,
  flag: "w" | "wx" = "wx",
): Promise<void> {
  await writeFile(file, content, { flag, mode: PRIVATE_FILE, flush: true });
}

/** Waits until a folder's entries are on the disk, if the file system supports that. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!isErrno(error, "EINVAL", "EPERM", "ENOTSUP", "EISDIR")) throw error;
  } finally {
    await handle.close();
  }
}

interface Leftover {
  readonly path: string;
  /** The name that the folder had before, or will have. */
  readonly name: string;
  readonly kind: "new" | "old";
  readonly host: string;
  readonly pid: number;
  readonly changedMs: number;
}

/** Returns the temporary folders. The newest is first, so that it is the one that is restored. */
async function leftoversIn(parent: string): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const entry of await readdir(parent)) {
    const [, name = "", kind, host = "", pid] = SET_ASIDE.exec(entry) ?? [];
    const file = path.join(parent, entry);
    const looked = kind === undefined ? undefined : await unlessMissing(lstat(file));
    if (!looked || (kind !== "new" && kind !== "old")) continue;
    found.push({ path: file, name, kind, host, pid: Number(pid), changedMs: looked.mtimeMs });
  }
  return found.sort((a, b) => b.changedMs - a.changedMs);
}

async function removeIfDead(leftover: Leftover): Promise<void> {
  if (!isAlive(leftover)) await rm(leftover.path, { recursive: true, force: true });
}

function isAlive({ host, pid, changedMs }: Leftover): boolean {
  if (host !== HOST) return Date.now() - changedMs < ABANDONED_AFTER_MS;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isErrno(error, "ESRCH");
  }
}

async function makeOwnFolder(parent: string, name: string): Promise<string> {
  for (;;) {
    const folder = path.join(parent, ownName(name, "new"));
    try {
      await mkdir(folder, PRIVATE_FOLDER);
      return folder;
    } catch (error) {
      // An earlier process with the same number has left this folder. The next name may be free.
      if (!isErrno(error, "EEXIST")) throw error;
    }
  }
}

function ownName(name: string, kind: Leftover["kind"]): string {
  return `.${name}.${kind}-${HOST}-${process.pid}-${++serial}`;
}

/** Renames the new folder. Each folder that has the name is set aside, and `replaced` is called with it. */
async function takePlace(
  fresh: string,
  parent: string,
  name: string,
  replaced?: (folder: string) => Promise<void>,
): Promise<void> {
  const place = path.join(parent, name);
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(fresh, place);
      return;
    } catch (error) {
      if (!isErrno(error, "ENOTEMPTY", "EEXIST") || attempt === MAX_ATTEMPTS) throw error;
    }
    const former = path.join(parent, ownName(name, "old"));
    if (await renameIfFree(place, former)) await replaced?.(former);
  }
}

/** Moves the kept subfolders out of a folder that was set aside, and then removes it. */
async function retire(former: string, place: string): Promise<void> {
  for (const folder of KEPT) {
    // Another writer is between its two renames. The next cleanup finds both folders.
    if (!(await saveFolder(path.join(former, folder), path.join(place, folder)))) return;
  }
  // If this process crashes, half of the folder may be missing. Under this name it is never restored.
  const doomed = path.join(path.dirname(place), ownName(path.basename(place), "new"));
  if (await renameIfFree(former, doomed)) await rm(doomed, { recursive: true, force: true });
}

/** Moves files into the current folder, unless it has a file of the name. Returns whether no file is lost. */
async function saveFolder(former: string, place: string): Promise<boolean> {
  await renameIfFree(former, place);
  for (const name of (await unlessMissing(readdir(former))) ?? []) {
    const kept = path.join(place, name);
    const isSafe =
      (await unlessMissing(lstat(kept))) !== undefined ||
      (await renameIfFree(path.join(former, name), kept));
    if (!isSafe) return false;
  }
  return true;
}

/** Renames a folder or file. Returns false if it is missing, or if its new name is taken. */
async function renameIfFree(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    return false;
  }
}
