import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../temporary.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const WEBMAIL = "src/platform/css/webmail.js";

/** A checkout with what it takes to bundle one script. */
async function checkout(): Promise<string> {
  const folder = await newFolder();
  for (const file of [
    "package.json",
    WEBMAIL,
    "src/platform/attempt.ts",
    "src/platform/browser-code.ts",
    "src/platform/own-files.ts",
    "scripts/build/browser-code.ts",
    "scripts/build/notices.ts",
  ]) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(PROJECT, file), join(folder, file));
  }
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(PROJECT, "node_modules")).filter((one) => one !== ".cache"))
    symlinkSync(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  return folder;
}

/** The script as a new process of the checkout gets it. */
function scriptOf(folder: string): string {
  const program = `import { browserCode } from "./src/platform/browser-code.ts";
    process.stdout.write(browserCode("platform/css/webmail.js"));`;
  const args = ["--input-type=module", "--eval", program];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

test("a checkout bundles the code for browsers by itself, and anew only when a file of it has changed", async () => {
  const folder = await checkout();
  const first = scriptOf(folder);
  expect(first).toContain("asInWebmail");
  // Without the bundler only the kept script can come.
  rmSync(join(folder, "node_modules/rolldown"));
  expect(scriptOf(folder)).toBe(first);
  symlinkSync(join(PROJECT, "node_modules/rolldown"), join(folder, "node_modules/rolldown"));
  appendFileSync(join(folder, WEBMAIL), "\nexport const added = 1;\n");
  expect(scriptOf(folder)).toContain("added");
});
