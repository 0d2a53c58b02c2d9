import { timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { setCookie } from "hono/cookie";
import { escapeHtml } from "../platform/escape-html.ts";

export interface Access {
  /** A browser with this key may look and send. It is in the address that the terminal prints, and new in each run. */
  readonly key: string;
  readonly port: () => number;
  /** Called when a browser has brought the key. */
  readonly onEntered: () => void;
}

/** The name of the key's parameter in the address. */
const KEY = "key";

/**
 * Lets in only the browser of the user who started the preview.
 *
 * Another account of this machine can connect as well, and lacks the key. A browser brings it once, in the address,
 * and from then on in a cookie, which goes with the event stream too.
 *
 * Another site's page may know the port: by a name of its own that it lets resolve to this machine (DNS rebinding)
 * it would read what is here, which the Host header gives away; and by plain requests across origins it would change
 * what is here, which the Origin header does. To the cookie all ports of a machine are one site.
 */
export function requireKey(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const port = access.port();
    // Browsers leave out the port that every address has (RFC 9110 §4.2.1).
    const suffix = port === 80 ? "" : `:${port}`;
    const names = ["127.0.0.1", "localhost", "[::1]"].map((name) => name + suffix);
    const host = req.header("host") ?? "";
    if (!names.includes(host)) return context.text("This page is for this machine only.\n", 403);
    const isReading = req.method === "GET" || req.method === "HEAD";
    if (isReading && isSame(req.query(KEY) ?? "", access.key))
      return entryPage(context, host, access);
    const given = cookies(req.header("cookie") ?? "", cookieName(access));
    if (!given.some((value) => isSame(value, access.key))) return context.text(KEYLESS, 403);
    const origin = req.header("origin") ?? "";
    if (!isReading && !names.some((name) => origin === `http://${name}`))
      return context.text("Only the preview page itself may change anything.\n", 403);
    await next();
    return undefined;
  };
}

const KEYLESS = `Open the address that "broadsheet preview" printed in its terminal.

It has a key in it, which is another one each time the preview is started, and which the browser keeps in a cookie
for 127.0.0.1. Without it the newsletter can be neither seen here nor sent.
`;

/**
 * Puts the key into a cookie and goes on to the address without it, so that it isn't in the browser's history. Not by
 * a 3xx: where the browser comes from a file or another site, it would follow that without a `Strict` cookie.
 */
function entryPage(context: Context, host: string, access: Access): Response {
  const { pathname, searchParams } = new URL(context.req.url);
  searchParams.delete(KEY);
  const search = searchParams.size > 0 ? `?${searchParams.toString()}` : "";
  // Whole, as a path may begin with two slashes.
  const address = escapeHtml(`http://${host}${pathname}${search}`);
  setCookie(context, cookieName(access), access.key, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
  });
  context.header("Content-Security-Policy", "default-src 'none'");
  access.onEntered();
  return context.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Broadsheet preview</title>` +
      `<meta http-equiv="refresh" content="0;url=${address}"><p><a href="${address}">Go on to the preview</a></p></html>\n`,
  );
}

/** Cookies are of a host and know no ports: each preview of a machine has one of its own. */
function cookieName({ port }: Access): string {
  return `broadsheet-preview-${port()}`;
}

/** All of that name: another server on this machine may have set one for a deeper path, which comes first. */
function cookies(header: string, name: string): string[] {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** In a time that doesn't tell how much of it was right. */
function isSame(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}
