import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { matchedRoutes } from "hono/route";
import { getPath } from "hono/utils/url";
import { BroadsheetError } from "../errors.ts";
import { archivePages } from "./archive-pages.ts";
import { joinPages } from "./join-pages.ts";
import { hookPages } from "./hooks.ts";
import { lead, pageParts, type PageParts } from "./pages.ts";
import type { Ports } from "./ports.ts";
import { readerPages } from "./reader-pages.ts";
import { type DoorSettings, wantedLanguage } from "./request.ts";

/** The longest body in bytes. Our forms are shorter. */
const MOST_BYTES = 64 * 1024;

/** The readers' pages for subscribing, unsubscribing and preferences. GET, HEAD and OPTIONS change nothing. */
export function doorApp(ports: Ports, settings: DoorSettings): Hono {
  const { site, clock, onServed } = settings;
  const usual = settings.language ?? "en";
  const known = new Map([[usual, pageParts(usual, settings)]]);
  const partsFor = (context: Context): PageParts => {
    const language = settings.language ?? wantedLanguage(context);
    const parts = known.get(language) ?? pageParts(language, settings);
    known.set(language, parts);
    return parts;
  };
  const notFound = (context: Context) => {
    const { words, page } = partsFor(context);
    return context.html(page(words.notFound.title, [lead(words.notFound.text)]), 404);
  };
  const door = { ...settings, ...ports, partsFor, notFound };
  const base = getPath(new Request(site)).replace(/\/$/, "");
  const app = new Hono({ getPath: (request) => withoutBase(getPath(request), base) });
  app.use(async (context, next) => {
    const since = clock().getTime();
    await next();
    const { method } = context.req;
    const served = { method, route: routeOf(context), status: context.res.status };
    onServed?.({ ...served, ms: clock().getTime() - since, error: context.error });
  });
  app.use(safeHeaders);
  if (settings.hooks) app.route("/hooks", hookPages(door));
  app.use(bodyLimit({ maxSize: MOST_BYTES }));
  app.get("/health", (context) => context.text("ok\n"));
  app.route("/", readerPages(door));
  app.route("/", joinPages(door));
  if (ports.archive) app.route("/", archivePages(ports.archive));
  app.get("/", (context) => context.redirect(`${site}/subscribe`));
  app.notFound(notFound);
  app.onError((error, context) => failure(error, context, partsFor(context)));
  return app;
}

const ANY = "/*";

/** The first route for this path, even if the request did not reach it. */
function routeOf(context: Context): string {
  return matchedRoutes(context).find(({ path }) => path !== ANY)?.path ?? ANY;
}

/** The path without the path of the site, which a proxy may or may not remove, and without a slash at its end. */
function withoutBase(path: string, base: string): string {
  const own = path === base || path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  return own.replace(/\/$/, "") || "/";
}

const RETRY_SECONDS = "10";

/** The answer after an error. A fault of the store is temporary, so the browser may try again. */
function failure(
  error: Error,
  context: Context,
  { words, page }: PageParts,
): Response | Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  const isMendable = error instanceof BroadsheetError;
  if (isMendable) context.header("Retry-After", RETRY_SECONDS);
  return context.html(page(words.busy.title, [lead(words.busy.text)]), isMendable ? 503 : 500);
}

/** No page runs a script or may be in a frame. No other server learns the address of the page. */
const HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Adds the headers. A route may set other values before. */
const safeHeaders = async (context: Context, next: () => Promise<void>): Promise<void> => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!context.res.headers.has(name)) context.header(name, value);
  }
};
