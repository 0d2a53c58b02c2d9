import { CacheFolder } from "../../platform/files/cache-folder.ts";
import { userCacheFolder } from "../../platform/files/only-ours.ts";
import type { MjmlCache } from "../render-email.ts";

/**
 * What MJML made of the shapes seen so far, one file each under the user's cache folder. Nothing depends on it: an entry
 * that cannot be read or written is done without, and the folder may be deleted at any time.
 */
export function openMjmlCache(env: NodeJS.ProcessEnv = process.env): MjmlCache {
  const files = new CacheFolder(userCacheFolder("mjml", env));
  return {
    async get(key) {
      const html = (await files.read(`${key}.html`))?.toString("utf8");
      // A file cut short by a full disk must not become an email that ends in the middle.
      return html?.trimEnd().endsWith("</html>") ? html : undefined;
    },
    async set(key, html) {
      await files.write(`${key}.html`, html).catch(() => undefined);
    },
  };
}
