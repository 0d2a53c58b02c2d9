import { BroadsheetError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { projectCache } from "../../../platform/files/cache-folder.ts";
import { diskCache } from "../../../platform/http/disk-cache.ts";
import { fetchError, type FetchFailure, isFailure } from "../../../platform/http/fetch-outcome.ts";
import { FetchSession, type SessionOptions } from "../../../platform/http/fetch-session.ts";
import { type Trust, shownUrl } from "../../../platform/http/web-address.ts";

/** A picture's bytes, or the reason why there are none. */
type Fetched = { readonly content: Buffer } | { readonly error: BroadsheetError };

/** Fetches pictures from the web during one run. The caller closes it. */
export interface PictureWeb {
  /** The number of addresses requested so far. */
  readonly fetched: number;
  fetch(address: string, trust?: Trust): Promise<Fetched>;
  close(): Promise<void>;
}

/** A picture gets less time than a page, because its story can be sent without it. */
const PATIENCE_MS = 10_000;
const LIMITS = { waitMs: 60_000, maxBytes: 15 * 1024 * 1024 };
/** After this many slow pictures, no more are fetched from their server. Otherwise a newsletter could wait for hours. */
const MOST_SLOW = 2;

interface PictureWebOptions {
  readonly folder: string;
  /** The timeout for a picture; 10 seconds by default. */
  readonly patienceMs?: number;
}

/** Opens a connection to the web for a project's pictures. Cacheable pictures are kept in its `.broadsheet/http`. */
export function openPictureWeb(
  options: PictureWebOptions & Pick<SessionOptions, "version" | "note">,
): PictureWeb {
  const { folder, patienceMs: totalMs = PATIENCE_MS, ...session } = options;
  const cache = diskCache(projectCache(folder, "http"), systemClock);
  const web = new FetchSession({
    ...session,
    cache,
    clock: systemClock,
    limits: { ...LIMITS, totalMs },
  });
  let fetched = 0;
  const slow = new Map<string, number>();
  return {
    get fetched() {
      return fetched;
    },
    async fetch(address, trust) {
      const host = URL.parse(address)?.host ?? "";
      const lost = slow.get(host) ?? 0;
      if (lost >= MOST_SLOW) return { error: givenUp(address) };
      fetched++;
      const outcome = await web.fetch(address, "picture", trust);
      if (!isFailure(outcome)) return { content: Buffer.from(outcome.bytes) };
      if (outcome.kind === "timedOut") slow.set(host, (slow.get(host) ?? 0) + 1);
      return { error: errorOf(outcome) };
    },
    close: () => web.close(),
  };
}

/** Most remedies for an unreadable page are useless for a picture, because its story can be sent without it. */
function errorOf(failure: FetchFailure): BroadsheetError {
  const error = fetchError(failure);
  const fix = failure.kind === "private" ? error.fix : undefined;
  return new BroadsheetError(error.code, error.message, { fix });
}

function givenUp(address: string): BroadsheetError {
  const shown = shownUrl(new URL(address));
  const why = `${shown} was not fetched: ${MOST_SLOW} pictures of its server took too long`;
  return new BroadsheetError("FETCH_DEFERRED", why);
}
