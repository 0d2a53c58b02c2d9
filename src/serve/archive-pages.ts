import { type Context, Hono, type Next } from "hono";
import { etag } from "hono/etag";
import { tryDecodeURIComponent } from "hono/utils/url";
import { archiveOf } from "../archive/archive.ts";
import { CONTENT_SECURITY_POLICY } from "../archive/look.ts";
import type { Archive } from "./ports.ts";

/** Serves the sent issues: exactly the files of the archive. */
export function archivePages({ sent, site }: Archive): Hono {
  const show = async (context: Context, next: Next): Promise<Response | void> => {
    const files = await archiveOf(sent, site);
    const name = tryDecodeURIComponent(context.req.path).slice(1);
    const page = name === "" ? "index.html" : `${name}/index.html`;
    // Links of a page are relative to its folder.
    if (files.has(page) && !new URL(context.req.url).pathname.endsWith("/"))
      return context.redirect(`${site.url}/${name}${name && "/"}`, 301);
    const file = await (files.get(page) ?? files.get(name))?.();
    if (!file) return next();
    context.header("Content-Type", file.type);
    context.header("Cache-Control", "no-cache");
    context.header("Content-Security-Policy", `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`);
    return context.body(
      typeof file.content === "string" ? file.content : Buffer.from(file.content),
    );
  };
  return new Hono().use(etag()).get("/", show).get("/:page", show).get("/:page/:file{.+}", show);
}
