import { isSameSecret } from "../platform/http/same-secret.ts";
import type { MiddlewareHandler } from "hono";

export interface Access {
  /** Allows a browser to read, edit and send. It is in the address that the terminal prints. */
  readonly key: string;
  readonly port: () => number;
  /** Called for each request with the key. */
  readonly onEntered: () => void;
}

/** The path prefix of all routes. */
export function rootOf(key: string): string {
  return `/k/${key}`;
}

/**
 * Admits only the browser of the user who started the desk.
 *
 * Other accounts of this machine can connect too, but lack the key. The key is a part of every path and never a cookie,
 * because a browser sends a cookie to all ports of a host (RFC 6265 §8.5), and so also to a server of another account. A
 * page of another site may know the port. The Host header reveals a name that such a site resolves to this machine (DNS
 * rebinding). The Origin header, and the key in a header that no form or link can set, prevent changes from there.
 */
export function requireKey(access: Access): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const port = access.port();
    // Browsers omit the default port (RFC 9110 §4.2.1).
    const suffix = port === 80 ? "" : `:${port}`;
    const names = ["127.0.0.1", "localhost", "[::1]"].map((name) => name + suffix);
    const host = req.header("host") ?? "";
    if (!names.includes(host)) return context.text("This page is for this machine only.\n", 403);
    const [, given = ""] = /^\/k\/([^/]*)/.exec(req.path) ?? [];
    if (!isSameSecret(given, access.key)) return context.text(KEYLESS, 403);
    const origin = req.header("origin") ?? "";
    const isOwnPage =
      names.some((name) => origin === `http://${name}`) &&
      isSameSecret(req.header("broadsheet-key") ?? "", access.key);
    if (req.method !== "GET" && req.method !== "HEAD" && !isOwnPage)
      return context.text("Only the page of the desk itself may change anything.\n", 403);
    access.onEntered();
    await next();
    return undefined;
  };
}

const KEYLESS = `Open the address that "broadsheet desk" printed in its terminal.

The address contains a key. Without --port the key is new each time the desk is started.
`;
