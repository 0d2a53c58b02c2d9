import { isErrno, unlessMissing } from "../file-error.ts";
import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "./make-folders.ts";

/*
 * A folder is replaced as a whole without a lock. The new one is written beside the old one under a
 * name of its own; then the old one is renamed away and the new one takes its place. Each rename is
 * atomic, and renaming onto a folder that is not empty fails. So however many writers meet, and
 * wherever one dies, the name shows one whole folder, or for a moment none. `healFolder` brings back
 * what a writer set aside and did not live to replace. Linux could exchange two folders in one step
 * (renameat2), but Node cannot call it; a lock would have to be taken from the dead.
 *
 * The names: `.<folder>.new-<host>-<process>-<n>` is being written or removed, `.<folder>.old-…` was set aside.
 */

/** Folders that survive when the one around them is replaced: what sending wrote, and what an editor did. */
const KEPT = ["messages", "edited"];

/** The limit of attempts. Other processes cannot win the rename this often, so the fault is elsewhere. */
const MAX_ATTEMPTS = 1_000;

/** Another machine's leftovers cannot be asked for their process; no build takes an hour. */
const ABANDONED_AFTER_MS = 3_600_000;

const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const SET_ASIDE = /^\.(.+)\.(new|old)-([0-9a-f]{8})-(\d+)-\d+$/;

let serial = 0;

/**
 * Puts what `fill` writes in the place of `<parent>/<name>`, whole or not at all. Where it fails the
 * earlier folder is as it was, and nothing is left beside it. `replaced` is called with each folder that was in its place,
 * before the new one is there: until then the earlier one comes back if this process dies.
 * @throws what the file system says, or what `fill` or `replaced` throws.
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
 * Clears up what writers set aside: it goes where something took its place, and comes back where
 * nothing did, if its writer is dead; what a dead one left unfinished goes too. `isImpatient` brings
 * it back even when its writer lives and is between its two renames, which that writer can bear.
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

/** The folder that an entry of its parent was set aside from; undefined for any other entry. */
export function setAsideFrom(entry: string): string | undefined {
  const [, name, kind] = SET_ASIDE.exec(entry) ?? [];
  return kind === "old" ? name : undefined;
}

/** Writes a file that only its owner may read, and waits until it is on the disk. */
export async function writeSynced(
  file: string,
  content: string | Uint8Array,
  flag: "w" | "wx" = "wx",
): Promise<void> {
  await writeFile(file, content, { flag, mode: PRIVATE_FILE, flush: true });
}

/** Waits until a folder's entries are on the disk. Not every file system can: then it need not. */
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
  /** The folder it was to become, or was. */
  readonly name: string;
  readonly kind: "new" | "old";
  readonly host: string;
  readonly pid: number;
  readonly changedMs: number;
}

/** The newest first, so that of several set aside the newest comes back. */
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
      // Left by an earlier process of the same number: the next one is free.
      if (!isErrno(error, "EEXIST")) throw error;
    }
  }
}

function ownName(name: string, kind: Leftover["kind"]): string {
  return `.${name}.${kind}-${HOST}-${process.pid}-${++serial}`;
}

/** Sets aside each folder that is in its place, and calls `replaced` with it. */
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

/** Saves what must survive from a folder that was set aside, and then removes it. */
async function retire(former: string, place: string): Promise<void> {
  for (const folder of KEPT) {
    // Another writer is between its two renames: the next repair finds both folders.
    if (!(await saveFolder(path.join(former, folder), path.join(place, folder)))) return;
  }
  // Half of it may be gone if this process dies: under this name it is never restored.
  const doomed = path.join(path.dirname(place), ownName(path.basename(place), "new"));
  if (await renameIfFree(former, doomed)) await rm(doomed, { recursive: true, force: true });
}

/** Whether all that is in a folder is in the other one too, which had another file of the name or has this one now. */
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

/** Whether it was renamed: not where there is nothing to rename, or its new name is taken. */
async function renameIfFree(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    return false;
  }
}
