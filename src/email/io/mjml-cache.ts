import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolders, PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import type { MjmlCache } from "../render-email.ts";

/**
 * What MJML made of the shapes seen so far, one file each under the user's cache folder
 * (XDG Base Directory). Nothing depends on it: an entry that cannot be read or written is done
 * without, and the folder may be deleted at any time.
 */
export function openMjmlCache(env: NodeJS.ProcessEnv = process.env): MjmlCache {
  const root = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(root, "broadsheet", "mjml");
  const file = (key: string) => join(folder, `${key}.html`);
  return {
    async get(key) {
      const html = await readFile(file(key), "utf8").catch(() => undefined);
      // A file cut short by a full disk must not become an email that ends in the middle.
      return html?.trimEnd().endsWith("</html>") ? html : undefined;
    },
    async set(key, html) {
      const written = `${file(key)}.${process.pid}`;
      try {
        await makeFolders(folder);
        await writeFile(written, html, { mode: PRIVATE_FILE });
        await rename(written, file(key));
      } catch {
        await rm(written, { force: true }).catch(() => undefined);
      }
    },
  };
}
