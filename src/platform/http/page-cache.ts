import type { Page, Wanted } from "./fetch-outcome.ts";

/** A page as it came last time, with the validators that name its version to the server. */
export type KeptPage = Omit<Page, "redirects">;

/** Keeps pages from one run to the next. The implementation decides how. */
export interface PageCache {
  /** The page last kept for exactly this address, fetched as this; undefined where there is none or it was damaged. */
  load(url: string, as: Wanted): Promise<KeptPage | undefined>;
  /** Takes the place of the page kept before. May fail: the session then goes on without. */
  save(as: Wanted, page: KeptPage): Promise<void>;
  /** Removes pages that haven't been used for a long time. */
  tidy(): Promise<void>;
}

/** Keeps nothing. */
export const noCache: PageCache = {
  load: async () => undefined,
  save: async () => undefined,
  tidy: async () => undefined,
};

/** What a request says so that only a changed page is sent again (RFC 9110 §13.1.2–3). */
export function conditions({ etag, lastModified }: Partial<KeptPage>): Record<string, string> {
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(lastModified !== undefined && { "if-modified-since": lastModified }),
  };
}
