/**
 * Builds the package into dist/: our code and what it needs in few files, the types of the library, the preview page's
 * code, and the licences and the bill of materials of all that is in it.
 *
 *     npm run build
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { clientStyle } from "../src/preview/io/client-code.ts";
import { BROWSER_CODE, bundleForBrowser } from "./build/browser-code.ts";
import { billOf } from "./build/bill.ts";
import { bundle } from "./build/bundle.ts";
import { noticesOf } from "./build/notices.ts";
import { pruneTypes } from "./build/prune-types.ts";
import { configTypes } from "./config-reference.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const DIST = path.join(PROJECT, "dist");

rmSync(DIST, { recursive: true, force: true });
const tsc = path.join(PROJECT, "node_modules/.bin/tsc");
// What the types are is checked by `npm run check:types`; here they are written, in a third of the time.
const declarations = ["-p", "tsconfig.build.json", "--noCheck"];
execFileSync(tsc, declarations, { cwd: PROJECT, stdio: "inherit" });
write("config/user-config.d.ts", await configTypes());
pruneTypes(DIST, "index.d.ts");

const files = await bundle(DIST);
chmodSync(path.join(DIST, "cli/main.js"), 0o755);

const forBrowsers = Object.entries(BROWSER_CODE).map(async ([name, wanted]) => {
  const { code, files: used } = await bundleForBrowser(wanted);
  write(name, code);
  return used;
});
const browserFiles = (await Promise.all(forBrowsers)).flat();
write("preview/client.css", clientStyle());

const bundled = [...files, ...browserFiles];
write("THIRD-PARTY-NOTICES.txt", noticesOf(bundled));
write("sbom.cdx.json", billOf(bundled, PROJECT));

function write(name: string, text: string): void {
  const file = path.join(DIST, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
