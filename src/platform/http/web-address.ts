import type { FetchFailure } from "./fetch-outcome.ts";

/** No more than a sitemap may hold: matching longer ones against a site's rules costs time. */
const LONGEST = 2048;
const LONGEST_SHOWN = 120;

/** Below this port only 80 and 443 are allowed, because mail, SSH and DNS are not pages. */
const LOWEST_FREE_PORT = 1024;
/** The higher ports that the Fetch standard (§2.9, "bad port") closes: other protocols' servers. */
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

/**
 * An address of the web that may be asked, without its fragment; or why it may not be. `base` is
 * what a relative one (a `Location`, RFC 9110 §10.2.2) is relative to. A host in odd notation
 * (`0x7f.1`, `2130706433`) comes out as the IP address that it is; who may be connected to is
 * decided when it is connected to.
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
      "has a user name or password in it, and is not asked with it",
      "remove the part before the @ from the address",
    );
  }
  if (isOtherPort(url)) {
    return badUrl(shown, `is at port ${url.port}, where no web server is`, "check the port");
  }
  if (url.href.length > LONGEST) {
    return badUrl(shown, `has more than ${LONGEST} characters`, "shorten the address");
  }
  url.hash = "";
  return url;
}

/**
 * An address as messages show it: short, and without user name, password, query and fragment, which
 * may hold a key to someone's private feed.
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
 * Whether an address may be inside a network, or on this machine: where the user named it. It is asked of each address
 * that is asked for something, since a page may send its reader anywhere.
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

/** Whether what is said to this host stays on this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) ||
    /^::ffff:(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|7f[\da-f]{2}:[\da-f]{1,4})$/.test(host)
  );
}
