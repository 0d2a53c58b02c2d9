/**
 * Builds the package into dist/: our code and what it needs in few files, the types of the library, the preview page's
 * code, and the licences of all that is in it.
 *
 *     npm run build
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { linkExpression, linkScript } from "../src/platform/link-script.ts";
import { linkClient } from "../src/preview/io/link-client.ts";
import { bundle } from "./build/bundle.ts";
import { noticesOf } from "./build/notices.ts";
import { pruneTypes } from "./build/prune-types.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const DIST = path.join(PROJECT, "dist");

rmSync(DIST, { recursive: true, force: true });
const tsc = path.join(PROJECT, "node_modules/.bin/tsc");
// What the types are is checked by `npm run check:types`; here they are written, in a third of the time.
const declarations = ["-p", "tsconfig.build.json", "--noCheck"];
execFileSync(tsc, declarations, { cwd: PROJECT, stdio: "inherit" });
pruneTypes(DIST, "index.d.ts");

const files = await bundle(DIST);
chmodSync(path.join(DIST, "cli/main.js"), 0o755);

const { script, style } = linkClient(new URL("../src/preview/client/", import.meta.url));
mkdirSync(path.join(DIST, "preview"), { recursive: true });
writeFileSync(path.join(DIST, "preview/client.js"), script);
writeFileSync(path.join(DIST, "preview/client.css"), style);
mkdirSync(path.join(DIST, "serve"), { recursive: true });
const doorScript = linkScript(new URL("../src/serve/client/main.js", import.meta.url));
writeFileSync(path.join(DIST, "serve/client.js"), doorScript);
const webmail = linkExpression(new URL("../src/platform/css/webmail.js", import.meta.url));
mkdirSync(path.join(DIST, "platform/css"), { recursive: true });
writeFileSync(path.join(DIST, "platform/css/webmail.js"), webmail);

writeFileSync(path.join(DIST, "THIRD-PARTY-NOTICES.txt"), noticesOf(files));
