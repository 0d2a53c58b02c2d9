import { globSync, readFileSync } from "node:fs";
import { linkScript } from "../../platform/link-script.ts";
import { CODE_FOLDER, IS_SOURCE } from "../../platform/own-files.ts";

/** What makes the page work and look as it does, for a page that must stand alone. */
interface ClientCode {
  /** One ES module that imports nothing. */
  readonly script: string;
  readonly style: string;
}

/**
 * The modules of a folder and the library they use as one script, each in a scope of its own, imports
 * first; so there is nothing to build while one works on them, and what one reads there is what runs in the
 * page. Imports and exports are by name, and no two modules import each other.
 */
export function linkClient(folder: URL): ClientCode {
  return { script: linkScript(new URL("main.js", folder)), style: styleSheet(folder) };
}

/** In the order of their names. */
function styleSheet(folder: URL): string {
  const files = globSync("*.css", { cwd: folder }).sort();
  return files.map((file) => readFileSync(new URL(file, folder), "utf8")).join("");
}

let code: ClientCode | undefined;

/** The page's own code: linked when the package is built, and from its modules in a checkout. */
export function clientCode(): ClientCode {
  return (code ??= IS_SOURCE
    ? linkClient(new URL("preview/client/", CODE_FOLDER))
    : { script: read("preview/client.js"), style: read("preview/client.css") });
}

/** The script of a room's pages that have nothing else. */
export function clientScript(room: string): string {
  return IS_SOURCE
    ? linkScript(new URL(`${room}/client/main.js`, CODE_FOLDER))
    : read(`${room}/client.js`);
}

function read(name: string): string {
  return readFileSync(new URL(name, CODE_FOLDER), "utf8");
}
