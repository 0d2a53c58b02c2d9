import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { Clock } from "../clock.ts";
import { makeFolders, PRIVATE_FILE } from "../files/make-folders.ts";
import type { Wanted } from "./fetch-outcome.ts";
import type { PageCache } from "./page-cache.ts";

const KEPT_DAYS = 30;

/** What goes into a header field (RFC 9110 §5.5), so that a damaged file can't break a request. */
const field = z
  .string()
  .regex(/^[\t\x20-\x7e\x80-\xff]+$/)
  .exactOptional();

const entrySchema = z.strictObject({
  url: z.string(),
  status: z.int(),
  contentType: z.string(),
  charset: z.string().exactOptional(),
  etag: field,
  lastModified: field,
  body: z.hash("sha256"),
});

/**
 * Pages in a folder, usually `.broadsheet/http`: `<hash of address>.json` has the facts of a
 * page, `<hash of body>.body` is the body, which pages may share. A body that is not what its name
 * says is not there. Files that were not used for 30 days go when it is tidied.
 */
export function diskCache(folder: string, clock: Clock): PageCache {
  const use = async (name: string): Promise<Buffer> => {
    const file = path.join(folder, name);
    const content = await readFile(file);
    await utimes(file, clock(), clock());
    return content;
  };
  return {
    load: async (url, as) => {
      try {
        const { body, ...page } = entrySchema.parse(JSON.parse(String(await use(nameOf(url, as)))));
        const bytes = await use(`${body}.body`);
        return page.url === url && hash(bytes) === body ? { ...page, bytes } : undefined;
      } catch {
        // Not there, half there or not ours to read: it is fetched anew, and nothing is lost.
        return undefined;
      }
    },
    save: async (as, { bytes, ...page }) => {
      await makeFolders(folder);
      const body = hash(bytes);
      // First the body, so that no entry ever names one that is not there.
      await write(folder, `${body}.body`, bytes);
      await write(folder, nameOf(page.url, as), JSON.stringify({ ...page, body }));
    },
    tidy: async () => {
      const oldest = clock().getTime() - KEPT_DAYS * 86_400_000;
      for (const name of await readdir(folder).catch(() => [])) {
        const file = path.join(folder, name);
        const found = await stat(file).catch(() => undefined);
        if (found && found.mtimeMs < oldest) await rm(file, { force: true });
      }
    },
  };
}

function nameOf(url: string, as: Wanted): string {
  return `${hash(`${as} ${url}`)}.json`;
}

function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Not synced: after a power cut the hash doesn't match, and the page is fetched again. */
async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const draft = path.join(folder, `${randomUUID()}.tmp`);
  try {
    await writeFile(draft, content, { mode: PRIVATE_FILE });
    await rename(draft, path.join(folder, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
