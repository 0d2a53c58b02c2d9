import { isSameSecret } from "../platform/http/same-secret.ts";
import type { MiddlewareHandler } from "hono";

export interface Access {
  /** Lets a browser look, edit and send. It is in the address that the terminal prints. */
  readonly key: string;
  readonly port: () => number;
  /** Called for each request that has the key. */
  readonly onEntered: () => void;
}

/** The path under which the preview serves everything. */
export function rootOf(key: string): string {
  return `/k/${key}`;
}

/**
 * Lets in only the browser of the user who started the desk.
 *
 * Another account of this machine can connect too, but it lacks the key. The key is a part of every path and never a
 * cookie: a browser sends a cookie to all ports of a host (RFC 6265 §8.5), so also to a server of another account.
 * A page of another site may know the port. The Host header gives away a name that such a site resolves to this
 * machine (DNS rebinding). The Origin header and the key in a header of its own, which no form and no link can set,
 * keep it from changing anything.
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
