import path from "node:path";
import { BroadsheetError } from "../../../errors.ts";
import { systemClock } from "../../../platform/clock.ts";
import { diskCache } from "../../../platform/http/disk-cache.ts";
import { fetchError, type FetchFailure, isFailure } from "../../../platform/http/fetch-outcome.ts";
import { FetchSession } from "../../../platform/http/fetch-session.ts";
import type { Trust } from "../../../platform/http/trust.ts";
import { shownUrl } from "../../../platform/http/web-address.ts";

/** A picture's bytes, or why there are none and whether readers may have more luck with its address. */
type Fetched =
  | { readonly content: Buffer }
  | { readonly error: BroadsheetError; readonly isWorthALink: boolean };

/** Fetches pictures of the web for one run. Whoever opens it closes it. */
export interface PictureWeb {
  /** How many addresses were asked so far. */
  readonly asked: number;
  fetch(address: string, trust?: Trust): Promise<Fetched>;
  close(): Promise<void>;
}

/** A picture is waited for less long than a page: its story goes out all the same. */
const LIMITS = { totalMs: 10_000, maxBytes: 15 * 1024 * 1024 };
/** Then no more are fetched: a newsletter is not to wait for hours, picture by picture. */
const MOST_SLOW = 3;

/** What readers can't get either, or should not be sent to. */
const HOPELESS = new Set<FetchFailure["kind"]>([
  "gone",
  "wrongType",
  "private",
  "redirects",
  "badUrl",
]);

/** Opens the web for a project's pictures; what servers let us keep is kept in its `.broadsheet/http`. */
export function openPictureWeb(options: {
  readonly folder: string;
  readonly version: string;
}): PictureWeb {
  const { folder, ...session } = options;
  const cache = diskCache(path.join(folder, ".broadsheet", "http"), systemClock);
  const web = new FetchSession({ ...session, cache, clock: systemClock, limits: LIMITS });
  let asked = 0;
  let slow = 0;
  return {
    get asked() {
      return asked;
    },
    async fetch(address, trust) {
      asked++;
      const outcome = await web.fetch(address, "picture", trust);
      if (!isFailure(outcome)) return { content: Buffer.from(outcome.bytes) };
      if (outcome.kind === "timedOut" && ++slow === MOST_SLOW) await web.close();
      const error = outcome.kind === "calledOff" ? givenUp(outcome) : errorOf(outcome);
      return { error, isWorthALink: !HOPELESS.has(outcome.kind) };
    },
    close: () => web.close(),
  };
}

/** Most of what helps with a page does not with a picture, which goes out as a link. */
function errorOf(failure: FetchFailure): BroadsheetError {
  const error = fetchError(failure);
  const fix = failure.kind === "private" ? error.fix : undefined;
  return new BroadsheetError(error.code, error.message, { fix });
}

function givenUp({ url }: FetchFailure): BroadsheetError {
  const shown = shownUrl(new URL(url));
  const why = `${shown} was not fetched: ${MOST_SLOW} pictures before it took too long`;
  return new BroadsheetError("FETCH_DEFERRED", why);
}
