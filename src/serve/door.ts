import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { getPath } from "hono/utils/url";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";

export interface DoorSettings {
  /** Without the slash at its end. Links are made from it, never from the Host header. */
  readonly site: string;
}

/** No form of ours is longer. */
const MOST_BYTES = 64 * 1024;

/** The pages by which readers leave, join and change what they get. */
export function doorApp(settings: DoorSettings): Hono {
  const base = getPath(new Request(settings.site)).replace(/\/$/, "");
  const app = new Hono({ getPath: (request) => withoutBase(getPath(request), base) });
  app.use(safeHeaders, bodyLimit({ maxSize: MOST_BYTES }));
  app.get("/", (context) => context.redirect(`${settings.site}/subscribe`));
  app.get("/health", (context) => context.text("ok\n"));
  app.notFound((context) => context.text("There is no such page.\n", 404));
  app.onError(failure);
  return app;
}

/** A proxy may take the path of the site away or leave it. A slash at the end of a path says nothing. */
function withoutBase(path: string, base: string): string {
  const own = path === base || path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  return own.replace(/\/$/, "") || "/";
}

const RETRY_SECONDS = "10";

/** What is temporary, such as a store in use, can be asked again. */
function failure(error: Error, context: Context): Response {
  if (error instanceof HTTPException) return error.getResponse();
  const isTemporary = error instanceof BroadsheetError && ERROR_CODES[error.code].temporary;
  if (isTemporary) context.header("Retry-After", RETRY_SECONDS);
  return context.text("Try again in a moment.\n", isTemporary ? 503 : 500);
}

const safeHeaders = async (context: Context, next: () => Promise<void>): Promise<void> => {
  await next();
  context.header("Cache-Control", "no-store");
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Referrer-Policy", "no-referrer");
};
