import type { Browser, Page, Route } from "playwright-core";
import { join } from "node:path";
import { readLocalFile } from "../../../platform/files/local-file.ts";
import { attempt } from "../../../platform/attempt.ts";

/** The time limit for a single call of the browser. */
const CALL_MS = 20_000;

/** A host name that can't exist (RFC 2606 §2). Requests of a page to it are answered locally. */
export const ORIGIN = "http://email.invalid/";

/** Scripts do not run, as in a mail program. axe-core needs eval to compile its messages, and the email has no access to it. */
const POLICY = "script-src 'unsafe-eval'; object-src 'none'";

export interface Opening {
  readonly widthPx: number;
  readonly heightPx?: number | undefined;
  readonly colorScheme?: "light" | "dark" | undefined;
  /** Screen pixels per CSS pixel. */
  readonly scale?: number | undefined;
  /** The folder with the `images/` of the email. */
  readonly folder?: string | undefined;
}

/** A request of the page that was blocked. */
export interface Attempt {
  readonly url: string;
  /** The kind of resource in Chromium: "image", "stylesheet", "font". */
  readonly kind: string;
}

export interface EmailPage {
  readonly page: Page;
  readonly attempts: readonly Attempt[];
  /** Loads the HTML of another email, or this one again, with the pictures of this folder. */
  readonly load: (html: string, folder?: string) => Promise<void>;
}

/**
 * Opens an email in its own page. The network is blocked, and only the pictures of the folder are loaded. The caller
 * closes the page.
 */
export async function openEmail(
  browser: Browser,
  html: string,
  { widthPx, heightPx = 900, colorScheme = "light", scale = 1, folder }: Opening,
): Promise<EmailPage> {
  const page = await browser.newPage({
    viewport: { width: widthPx, height: heightPx },
    colorScheme,
    deviceScaleFactor: scale,
    serviceWorkers: "block",
    acceptDownloads: false,
  });
  page.setDefaultTimeout(CALL_MS);
  const attempts: Attempt[] = [];
  let loaded = { html, folder };
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (url === ORIGIN) return route.fulfill(pageOf(loaded.html));
    if (await fulfilPicture(route, loaded.folder)) return;
    attempts.push({ url, kind: route.request().resourceType() });
    await route.abort();
  });
  const load: EmailPage["load"] = async (html, folder) => {
    loaded = { html, folder };
    await page.goto(ORIGIN, { waitUntil: "load" });
  };
  try {
    await load(html, folder);
  } catch (error) {
    await page.close();
    throw error;
  }
  return { page, attempts, load };
}

function pageOf(html: string): Parameters<Route["fulfill"]>[0] {
  return {
    body: withoutRefresh(html),
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": POLICY },
  };
}

/** A page that redirects to another one can't be measured, and no mail program follows a redirect. */
function withoutRefresh(html: string): string {
  return html.replace(/http-equiv\s*=\s*["']?refresh/gi, 'data-equiv="refresh');
}

async function fulfilPicture(route: Route, folder: string | undefined): Promise<boolean> {
  const name = pictureName(route.request().url());
  if (folder === undefined || name === undefined) return false;
  const file = join(folder, "images", name);
  const body = await readLocalFile(file, { within: folder }).catch(() => undefined);
  if (body === undefined) return false;
  await route.fulfill({ body });
  return true;
}

/** The name of a file in `images/`; undefined for a path outside of it. */
function pictureName(url: string): string | undefined {
  const [, written = ""] = /^http:\/\/email\.invalid\/images\/([^/?#]+)$/.exec(url) ?? [];
  const name = attempt(() => decodeURIComponent(written)) ?? "";
  return name === "" || /[/\\\0]/.test(name) ? undefined : name;
}
