import { chmod, open, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import sparticuz from "@sparticuz/chromium";
import { expect, onTestFinished, test } from "vitest";
import { launchBrowser } from "../../src/platform/launch-browser.ts";
import { folderWith } from "../cli/broadsheet.ts";

test("a Chromium that another process is still unpacking is waited for", async () => {
  const folder = await folderWith();
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = path.join(folder, "chromium");
  const installed = process.env["CHROMIUM_PATH"] ?? (await sparticuz.executablePath());
  await writeFile(program, `#!/bin/sh\nexec "${installed}" "$@"\n`);
  await chmod(program, 0o755);
  // So that nothing has to be loaded before it is tried.
  await import("playwright-core");
  const unpacking = await open(program, "r+");
  const launching = launchBrowser({ ...process.env, CHROMIUM_PATH: program });
  const isFirst = await Promise.race([launching.then(() => "browser"), sleep(600, "time")]);
  await unpacking.close();
  const browser = await launching;
  await browser.close();
  expect(isFirst).toBe("time");
});
