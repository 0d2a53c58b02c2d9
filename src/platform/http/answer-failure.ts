import { many } from "../text.ts";
import type { Head } from "./exchange.ts";
import type { FetchFailure } from "./fetch-outcome.ts";
import { shownUrl } from "./web-address.ts";

const SAVE_IT = "open it in a browser, save the page and give that file";
export const TRY_LATER = "try again later";
const SOON = "try again in some minutes";
const CHECK = "check the address, or take it out";
const LOOK = "open it in a browser and see what it says";

const REASONS: Readonly<Record<number, readonly [why: string, fix: string]>> = {
  401: ["requires a login", SAVE_IT],
  402: ["requires a payment", SAVE_IT],
  403: ["may not be read by programs, or not from here", SAVE_IT],
  406: ["comes in no form that can be read", "look for another address of it"],
  451: ["is withheld for legal reasons", "look for another source"],
};

/** The failure of an answer without a page, by its status; undefined if it has a page (RFC 9110 §15.3). */
export function answerFailure(url: URL, head: Head, now: Date): FetchFailure | undefined {
  const { status } = head;
  const page = shownUrl(url);
  const failed = (kind: Kind, why: string, fix: string): FetchFailure => {
    const isTemporary = fix === TRY_LATER || kind === "notReady";
    return { kind, url: url.href, why: `${why} (${status})`, fix, isTemporary, status };
  };
  // A success without a page, or an answer to another kind of request (RFC 9110 §15.3.5–7, §15.4).
  const odd = () => failed("failing", `${page} gives an answer without a page`, LOOK);
  if (status === 202) return failed("notReady", `${page} is accepted but not ready yet`, SOON);
  if (status === 204 || status === 205 || status === 206) return odd();
  if (status >= 200 && status < 300) return undefined;
  const asked = retryAfterSeconds(head.field("retry-after"), now);
  // "Retry-After: 0" is no reason to ask at once.
  const seconds = asked === 0 ? 1 : asked;
  if (status === 429 || (status === 503 && seconds !== undefined))
    return later(url, status, seconds);
  if (status === 404) return failed("gone", `${page} is not there`, CHECK);
  if (status === 410) return failed("gone", `${page} was taken down for good`, CHECK);
  if (status === 408 || status === 425 || (status >= 500 && status < 600))
    return failed("failing", `${url.host} has an internal error`, TRY_LATER);
  if (status < 400) return odd();
  const [why, fix] = REASONS[status] ?? ["is refused", LOOK];
  return failed("refused", `${page} ${why}`, fix);
}

type Kind = "notReady" | "refused" | "gone" | "failing";

/** The failure names no address, because it holds for the whole host. */
function later(url: URL, status: number, seconds: number | undefined): FetchFailure {
  const wait = seconds === undefined ? "" : ` for ${shownWait(seconds)}`;
  const why = status === 429 ? "got too many requests" : "is not available now";
  return {
    kind: "later",
    url: url.href,
    why: `${url.host} ${why} (${status}) and accepts no more requests${wait}`,
    fix: seconds === undefined ? TRY_LATER : `try again in ${shownWait(seconds)}`,
    isTemporary: true,
    status,
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  };
}

/** The wait that a server asks for, in whole seconds (RFC 9110 §10.2.3: a number, or a date); undefined if missing or invalid. */
export function retryAfterSeconds(field: string | undefined, now: Date): number | undefined {
  const text = field?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse accepts much more than the dates of HTTP, such as bare numbers.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** "90 seconds", "5 minutes", "3 hours", "2 days": rounded up, so that it is never too early. */
export function shownWait(seconds: number): string {
  if (seconds <= 120) return many(Math.ceil(seconds), "second");
  if (seconds <= 2 * 3600) return many(Math.ceil(seconds / 60), "minute");
  if (seconds <= 2 * 86_400) return many(Math.ceil(seconds / 3600), "hour");
  const days = Math.ceil(seconds / 86_400);
  return days <= 30 ? many(days, "day") : "more than 30 days";
}
