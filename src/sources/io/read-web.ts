import type { Source } from "../../article/article.ts";
import { sourceOf } from "../../article/decode-source.ts";
import { systemClock } from "../../platform/clock.ts";
import { projectCache } from "../../platform/files/cache-folder.ts";
import { diskCache } from "../../platform/http/disk-cache.ts";
import { fetchError, isFailure } from "../../platform/http/fetch-outcome.ts";
import { FetchSession, type SessionOptions } from "../../platform/http/fetch-session.ts";
import type { Trust } from "../../platform/http/web-address.ts";

/** Reads pages and feeds of the web for one run. The caller closes it. */
export interface Web {
  /**
   * The page or feed at an address, after redirects. In a private network, only trusted servers are asked.
   * @throws BroadsheetError FETCH_REFUSED, FETCH_DEFERRED, INPUT_MISSING, CONTENT_TOO_LARGE,
   * CONTENT_UNSUPPORTED, USAGE; the errors of `sourceOf`.
   */
  read(address: string, trust?: Trust): Promise<Source>;
  close(): Promise<void>;
}

/** Opens the web for a project. Pages are cached in its `.broadsheet/http`. */
export function openWeb(
  options: { readonly folder: string } & Pick<SessionOptions, "version" | "note" | "limits">,
): Web {
  const { folder, ...own } = options;
  const cache = diskCache(projectCache(folder, "http"), systemClock);
  const session = new FetchSession({ ...own, cache, clock: systemClock });
  return {
    async read(address, trust) {
      const outcome = await session.fetch(address, "page", trust);
      if (isFailure(outcome)) throw fetchError(outcome);
      return sourceOf(outcome.bytes, outcome.url, outcome.charset);
    },
    close: () => session.close(),
  };
}
