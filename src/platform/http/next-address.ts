import type { Head } from "./exchange.ts";
import type { FetchFailure } from "./fetch-outcome.ts";
import { shownUrl, webAddress } from "./web-address.ts";

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Where an answer sends its reader (RFC 9110 §15.4), checked like an address given by hand; a failure
 * where it may not be followed, undefined where it sends nowhere. `redirects` are the addresses that
 * led to this one.
 */
export function nextAddress(
  head: Head,
  at: URL,
  redirects: readonly string[],
): URL | FetchFailure | undefined {
  const location = head.field("location");
  if (location === undefined || !REDIRECTS.has(head.status)) return undefined;
  const next = webAddress(location, at);
  if (!(next instanceof URL)) return astray(at, `redirects, but ${next.why}`);
  if (next.href === at.href || redirects.includes(next.href)) {
    return astray(at, "sends its readers round in a circle, as a page that wants a cookie does");
  }
  if (redirects.length >= MOST_REDIRECTS) {
    return astray(at, `redirects once more, after ${MOST_REDIRECTS} times`);
  }
  return next;
}

function astray(at: URL, why: string): FetchFailure {
  return {
    kind: "redirects",
    url: at.href,
    why: `${shownUrl(at)} ${why}`,
    fix: "open it in a browser and give the address that it ends at",
    isTemporary: false,
  };
}
