import type { Page, Wanted } from "./fetch-outcome.ts";

/** A cached page, with the validators by which the server recognises its version. */
export type KeptPage = Omit<Page, "redirects">;

/** Keeps pages from one run to the next. */
export interface PageCache {
  /** The cached page of an address and a kind of request; undefined if it is missing or damaged. */
  load(url: string, as: Wanted): Promise<KeptPage | undefined>;
  /** Replaces the cached page. A failure is ignored. */
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

/** The header fields that ask for a page only if it has changed (RFC 9110 §13.1.2–3). */
export function conditions({ etag, lastModified }: Partial<KeptPage>): Record<string, string> {
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(lastModified !== undefined && { "if-modified-since": lastModified }),
  };
}
