import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { BroadsheetError } from "../errors.ts";

const INSTALL = "npm install --save-dev playwright-core axe-core @sparticuz/chromium";

/** The path of Chromium on Debian and Ubuntu. */
export const SYSTEM_CHROMIUM = "/usr/bin/chromium";

/** Unpacking takes two seconds, and on a busy machine ten times as long. */
const LONGEST_UNPACKING_MS = 60_000;
const TRY_EVERY_MS = 250;

/**
 * Starts the Chromium that `CHROMIUM_PATH` names, or that of the system, or that of the package `@sparticuz/chromium`. The
 * caller closes it.
 * @throws BroadsheetError BROWSER_MISSING with the packages to install.
 */
export async function launchBrowser(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const { chromium } = await installed(() => import("playwright-core"), "playwright-core");
  let executablePath = "Chromium";
  try {
    return await whenUnpacked(async () => {
      executablePath = await chromiumPath(env);
      // The arguments of @sparticuz/chromium are left out: --single-process crashes a second context, and
      // --disable-web-security is unsafe.
      return chromium.launch({ executablePath, args: ["--no-sandbox"], env: { ...env } });
    });
  } catch (cause) {
    if (cause instanceof BroadsheetError) throw cause;
    throw new BroadsheetError("BROWSER_MISSING", `${executablePath} does not start`, {
      fix: "set CHROMIUM_PATH to a Chromium or Chrome that runs on this machine",
      cause,
    });
  }
}

/**
 * `@sparticuz/chromium` uses an existing file even if another process is still unpacking it. Linux does not run a program
 * that is open for writing, nor open a running program for writing (execve(2) and open(2), ETXTBSY).
 */
async function whenUnpacked(launch: () => Promise<Browser>): Promise<Browser> {
  for (let waitedMs = 0; ; waitedMs += TRY_EVERY_MS) {
    try {
      return await launch();
    } catch (cause) {
      if (!String(cause).includes("ETXTBSY") || waitedMs >= LONGEST_UNPACKING_MS) throw cause;
      await sleep(TRY_EVERY_MS);
    }
  }
}

/**
 * Loads an optional package.
 * @throws BroadsheetError BROWSER_MISSING if it is not installed.
 */
export async function installed<Package>(
  load: () => Promise<Package>,
  name: string,
): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    throw new BroadsheetError("BROWSER_MISSING", `${name} is not installed`, {
      fix: `for checks in a browser: ${INSTALL}`,
      cause,
    });
  }
}

async function chromiumPath(env: NodeJS.ProcessEnv): Promise<string> {
  const named = env["CHROMIUM_PATH"];
  if (named) {
    if (existsSync(named)) return named;
    throw new BroadsheetError(
      "BROWSER_MISSING",
      `CHROMIUM_PATH is ${named}, which does not exist`,
      {
        fix: "set it to the file of a Chromium or Chrome, or unset it",
      },
    );
  }
  if (existsSync(SYSTEM_CHROMIUM)) return SYSTEM_CHROMIUM;
  const { default: packaged } = await installed(
    () => import("@sparticuz/chromium"),
    "no Chromium is at /usr/bin/chromium, and @sparticuz/chromium",
  );
  return packaged.executablePath();
}
