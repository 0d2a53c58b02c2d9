import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/** The header that shows that a request comes from a page of this run. */
const TOKEN_HEADER = "x-broadsheet-token";

/**
 * Lets only this machine's own browser in. Another site's page may know the port: by a name of its own that
 * it lets resolve to this machine (DNS rebinding) it would read what is here, which the Host header gives
 * away; and by plain requests across origins it would change what is here, for which it lacks the token.
 */
export function guard(port: () => number, token: string): MiddlewareHandler {
  return async (context, next) => {
    // Browsers leave out the port that every address has (RFC 9110 §4.2.1).
    const suffix = port() === 80 ? "" : `:${port()}`;
    const names = ["127.0.0.1", "localhost", "[::1]"].map((name) => name + suffix);
    const host = context.req.header("host") ?? "";
    if (!names.includes(host)) return context.text("This page is for this machine only.\n", 403);
    if (context.req.method !== "GET" && context.req.method !== "HEAD") {
      const origin = context.req.header("origin") ?? "";
      const isOwn = names.some((name) => origin === `http://${name}`);
      if (!isOwn || !isSame(context.req.header(TOKEN_HEADER) ?? "", token))
        return context.text("Only the preview page itself may change anything.\n", 403);
    }
    await next();
    return undefined;
  };
}

/** In a time that doesn't tell how much of it was right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
