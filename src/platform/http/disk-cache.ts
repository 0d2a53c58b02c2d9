import { createHash } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../clock.ts";
import { CacheFolder } from "../files/cache-folder.ts";
import type { KeptPage, Wanted } from "./fetch-outcome.ts";

const KEPT_DAYS = 30;

/** A valid value of a header field (RFC 9110 §5.5), so that a damaged file can't break a request. */
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

/** Keeps pages from one run to the next. */
export type DiskCache = ReturnType<typeof diskCache>;

/**
 * Pages in a folder, usually `.broadsheet/http`: `<hash of address>.json` has the facts of a
 * page, `<hash of body>.body` is the body, which pages may share. A body that does not match its name counts as missing.
 * `tidy` removes files that were not used for 30 days.
 */
export function diskCache(folder: string, clock: Clock) {
  const files = new CacheFolder(folder);
  return {
    /** The cached page of an address and a kind of request; undefined if it is missing or damaged. */
    load: async (url: string, as: Wanted): Promise<KeptPage | undefined> => {
      try {
        const facts = await files.read(nameOf(url, as), clock());
        const { body, ...page } = entrySchema.parse(JSON.parse(String(facts)));
        const bytes = await files.read(`${body}.body`, clock());
        const isWhole = page.url === url && bytes && hash(bytes) === body;
        return isWhole ? { ...page, bytes } : undefined;
      } catch {
        // A missing or damaged page is fetched again.
        return undefined;
      }
    },
    save: async (as: Wanted, { bytes, ...page }: KeptPage): Promise<void> => {
      const body = hash(bytes);
      // The body is written first, so that no entry ever names a missing one.
      await files.write(`${body}.body`, bytes);
      await files.write(nameOf(page.url, as), JSON.stringify({ ...page, body }));
    },
    tidy: async () => files.tidy(clock(), KEPT_DAYS),
  };
}

function nameOf(url: string, as: Wanted): string {
  return `${hash(`${as} ${url}`)}.json`;
}

function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
