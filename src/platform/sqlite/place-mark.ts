import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeFoldersSync } from "../files/make-folders.ts";
import { PRIVATE_FILE } from "../files/modes.ts";
import { HighWater, type Mark } from "./high-water.ts";

/*
 * The mark away from a store goes by its uid, which is gone with it. A file beside that mark, named after a hash of
 * where the store is, keeps the uid: so that a new store isn't begun in the place of one whose whole folder is gone.
 */

/** Notes that the store in this place is the one with this uid. */
export function notePlace(state: string, store: string, uid: string): void {
  const file = placeFile(state, store);
  if (uidIn(file) === uid) return;
  makeFoldersSync(state);
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${uid}\n`, { mode: PRIVATE_FILE });
  renameSync(fresh, file);
}

/** The mark of the store that was last noted in this place; undefined where none was. */
export function markOfPlace(state: string, store: string): Mark | undefined {
  const uid = uidIn(placeFile(state, store));
  return uid === undefined ? undefined : new HighWater(path.join(state, `${uid}.mark`)).read();
}

function placeFile(state: string, store: string): string {
  const hash = createHash("sha256").update(path.resolve(store)).digest("hex");
  return path.join(state, `${hash.slice(0, 32)}.store`);
}

function uidIn(file: string): string | undefined {
  try {
    return /^([0-9a-f]{16})\n$/.exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
