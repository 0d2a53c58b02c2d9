import type { Browser, Page, Route } from "playwright-core";
import { join } from "node:path";
import { readLocalFile } from "../../../platform/files/local-file.ts";
import { attempt } from "../../../platform/attempt.ts";

/** A single call of the browser is given up after this. */
const CALL_MS = 20_000;

/** A host that no server can have (RFC 2606 §2): what a page asks of it is answered from here. */
export const ORIGIN = "http://email.invalid/";

/**
 * Scripts do not run, as in a mail client. eval is for axe-core, which compiles its messages with it;
 * nothing of the email can get at it.
 */
const POLICY = "script-src 'unsafe-eval'; object-src 'none'";

export interface Opening {
  readonly widthPx: number;
  readonly heightPx?: number | undefined;
  readonly colorScheme?: "light" | "dark" | undefined;
  /** Pixels of the screen to one of the page. */
  readonly scale?: number | undefined;
  /** The folder, whose `images/` the email shows. */
  readonly folder?: string | undefined;
}

/** A request that the page made, and that was not let out. */
export interface Attempt {
  readonly url: string;
  /** The kind of resource as Chromium names it: "image", "stylesheet", "font". */
  readonly kind: string;
}

export interface EmailPage {
  readonly page: Page;
  readonly attempts: readonly Attempt[];
}

/**
 * An email opened in a page of its own, with all network blocked: nothing is loaded but the pictures of
 * the folder. The caller closes the page.
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
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (url === ORIGIN) return route.fulfill(pageOf(html));
    if (await fulfilPicture(route, folder)) return;
    attempts.push({ url, kind: route.request().resourceType() });
    await route.abort();
  });
  try {
    await page.goto(ORIGIN, { waitUntil: "load" });
  } catch (error) {
    await page.close();
    throw error;
  }
  return { page, attempts };
}

function pageOf(html: string): Parameters<Route["fulfill"]>[0] {
  return {
    body: withoutRefresh(html),
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": POLICY },
  };
}

/** A page that leaves for another cannot be measured, and no mail client follows one. */
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

/** The name of a file in `images/`; whatever leads out of there has none. */
function pictureName(url: string): string | undefined {
  const [, written = ""] = /^http:\/\/email\.invalid\/images\/([^/?#]+)$/.exec(url) ?? [];
  const name = attempt(() => decodeURIComponent(written)) ?? "";
  return name === "" || /[/\\\0]/.test(name) ? undefined : name;
}
