import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { readLocalFile } from "./local-file.ts";
import { makeFolders, PRIVATE_FILE } from "./make-folders.ts";
import { isPrivatePath } from "./only-ours.ts";

const DAY_MS = 86_400_000;

/** The caches of a project. */
export function projectCache(project: string, name: "http" | "model" | "import"): string {
  return path.join(project, ".broadsheet", name);
}

/**
 * A folder of cached files. An entry is used only if it belongs to this user and no other account can write it, the folder
 * or the folders around it; otherwise it counts as missing.
 */
export class CacheFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads an entry; undefined if there is none that can be trusted. `usedAt` becomes its time of last use, for `tidy`. */
  async read(name: string, usedAt?: Date): Promise<Buffer | undefined> {
    if (isForeign(this.#folder)) return undefined;
    const file = path.join(this.#folder, name);
    const bounds = { within: this.#folder, isPrivate: true };
    const content = await readLocalFile(file, bounds).catch(() => undefined);
    if (content && usedAt) await utimes(file, usedAt, usedAt).catch(() => undefined);
    return content;
  }

  /** Replaces an entry atomically. The file is not synced, so a power cut may damage it. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    await makeFolders(this.#folder);
    if (isForeign(this.#folder)) return;
    const draft = path.join(this.#folder, `${randomUUID()}.tmp`);
    try {
      await writeFile(draft, content, { mode: PRIVATE_FILE, flag: "wx" });
      await rename(draft, path.join(this.#folder, name));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Removes entries that were not used for some days. */
  async tidy(now: Date, keptDays: number): Promise<void> {
    if (isForeign(this.#folder)) return;
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found && found.mtimeMs < now.getTime() - keptDays * DAY_MS)
        await rm(file, { force: true }).catch(() => undefined);
    }
  }
}

function isForeign(folder: string): boolean {
  return existsSync(folder) && !isPrivatePath(folder);
}

/** The notice about cache folders that are not used because another account can change them; undefined without any. */
export function foreignCachesNotice(folders: readonly string[]): string | undefined {
  const foreign = folders.filter(isForeign);
  if (foreign.length === 0) return undefined;
  return `Not used: ${foreign.join(", ")}, since another account owns or can write that cache or a folder around it. Remove it, or make them yours alone (chmod 700)`;
}
