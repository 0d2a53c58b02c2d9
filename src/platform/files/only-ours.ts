import { mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { attempt } from "../attempt.ts";

/** The fields of `stat` that show who can change a file or a folder. */
interface Ownership {
  readonly uid: number | bigint;
  readonly mode: number | bigint;
}

/**
 * Whether a file or a folder belongs to this user or to root, and no other account can write it. Windows shows neither:
 * there it is always true.
 */
export function isOnlyOurs({ uid, mode }: Ownership): boolean {
  const own = process.geteuid?.();
  if (own === undefined) return true;
  return [0, own].includes(Number(uid)) && (Number(mode) & 0o022) === 0;
}

/** Whether no other account can change a folder or put another one in its place. */
export function isPrivatePath(folder: string): boolean {
  const paths = [path.resolve(folder), realpathSync(folder)];
  return isOnlyOurs(statSync(folder)) && paths.every(isFixed);
}

/**
 * Whether no other account can rename a folder or one around it. In a sticky folder, such as /tmp, an account can rename
 * only its own files. The check ends at the home folder and at a project: its config runs code already.
 */
function isFixed(folder: string): boolean {
  const parent = path.dirname(folder);
  const isEnd = folder === homedir() || path.basename(folder) === ".broadsheet";
  if (isEnd || parent === folder) return true;
  const { uid, mode } = statSync(parent);
  return isOnlyOurs({ uid, mode: mode & 0o1000 ? 0 : mode }) && isFixed(parent);
}

/** The folder, created if it is missing; undefined if it can't be created or another account can change it. */
export function privateFolder(folder: string): string | undefined {
  return attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isPrivatePath(folder) ? folder : undefined;
  });
}

/** A folder of Broadsheet in the user's cache folder (XDG Base Directory). */
export function userCacheFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "broadsheet", name);
}
