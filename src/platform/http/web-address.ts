import type { FetchFailure } from "./fetch-outcome.ts";

/** The limit of sitemaps. Matching longer addresses against a robots.txt costs time. */
const LONGEST_CHARACTERS = 2048;
const LONGEST_SHOWN = 120;

/** Below this port only 80 and 443 are allowed, because mail, SSH and DNS are not pages. */
const LOWEST_FREE_PORT = 1024;
/** The higher ports that the Fetch standard (§2.9, "bad port") blocks, because they belong to other protocols. */
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

/**
 * Parses an address on the web, without its fragment; a failure if it must not be requested. A relative address (a
 * `Location`, RFC 9110 §10.2.2) is relative to `base`. A host in an unusual notation (`0x7f.1`, `2130706433`) becomes its
 * IP address. The agent decides later whether it may connect.
 */
export function webAddress(text: string, base?: URL): URL | FetchFailure {
  const url = URL.parse(text.trim(), base?.href);
  if (!url) return badUrl(shownText(text), "is not an address", "check its spelling");
  const shown = shownUrl(url);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return badUrl(
      shown,
      "is not on the web",
      "give an address that starts with https:// or http://",
    );
  }
  if (url.username || url.password) {
    return badUrl(
      shown,
      "contains a user name or password, and is therefore not requested",
      "remove the part before the @ from the address",
    );
  }
  if (isOtherPort(url)) {
    return badUrl(
      shown,
      `has port ${url.port}, which is not a port of web servers`,
      "check the port",
    );
  }
  if (url.href.length > LONGEST_CHARACTERS) {
    return badUrl(shown, `has more than ${LONGEST_CHARACTERS} characters`, "shorten the address");
  }
  url.hash = "";
  return url;
}

/**
 * Shortens an address for messages. User name, password, query and fragment are left out, because they may contain the key
 * of a private feed.
 */
export function shownUrl(url: URL): string {
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  const start = isWeb ? url.origin : url.protocol;
  const path = isWeb ? url.pathname : "…";
  const whole = start + path + (url.search ? "?…" : "");
  return whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN)}…` : whole;
}

/** Shows an address without its password. If the password can't be located, only the scheme is shown. */
function shownText(text: string): string {
  const line = text.trim().replace(/[\p{Cc}\p{Cf}\s]+/gu, " ");
  if (line.includes("@")) return `"${/^[a-z]+:/i.exec(line)?.[0] ?? ""}…"`;
  const bare = line.replace(/[?#].*/, "?…");
  return `"${bare.length > LONGEST_SHOWN ? `${bare.slice(0, LONGEST_SHOWN)}…` : bare}"`;
}

function isOtherPort({ port }: URL): boolean {
  if (port === "" || port === "80" || port === "443") return false;
  return Number(port) < LOWEST_FREE_PORT || OTHER_PROTOCOLS.has(Number(port));
}

function badUrl(shown: string, why: string, fix: string): FetchFailure {
  return { kind: "badUrl", url: shown, why: `${shown} ${why}`, fix, isTemporary: false };
}

/**
 * Whether an address may be on this machine or in a private network, because the user named it. It is called for each
 * request, because a page may redirect anywhere.
 */
export type Trust = (url: URL) => boolean;

export const NOTHING: Trust = () => false;

/** Trust in one server: its scheme, host and port. */
export function sameServer({ origin }: URL): Trust {
  return (url) => url.origin === origin;
}

/** Whether an address is on this machine. */
export function isOnThisMachine(url: URL | null): boolean {
  return isLoopback(url?.hostname.replace(/^\[|\]$/g, "") ?? "");
}

/** Whether a connection to this host stays on this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) ||
    /^::ffff:(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|7f[\da-f]{2}:[\da-f]{1,4})$/.test(host)
  );
}
