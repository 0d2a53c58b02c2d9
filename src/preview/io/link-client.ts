import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
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
  return { script: linkScript(folder), style: styleSheet(folder) };
}

/** The script alone. */
export function linkScript(folder: URL): string {
  const scopes = new Map<string, string>();
  link(new URL("main.js", folder).href, scopes);
  return [...scopes.values()].join("");
}

const IMPORT = /^import \{([^}]*)\} from ["']([^"']+)["'];\n/gm;
const EXPORT = /^export ((?:async )?function|const|class|var) (\w+)/gm;

/** Adds a module after all that it imports; the name of its scope. */
function link(href: string, scopes: Map<string, string>): string {
  const known = [...scopes.keys()].indexOf(href);
  if (known >= 0) return `module${known}`;
  const source = readFileSync(fileURLToPath(href), "utf8");
  const body = source.replace(IMPORT, (_import, names: string, from: string) => {
    const target = from.startsWith(".") ? new URL(from, href).href : import.meta.resolve(from);
    return `const {${names.replaceAll(" as ", ": ")}} = ${link(target, scopes)};\n`;
  });
  const licence = licenceOf(href, scopes);
  const exported = [...source.matchAll(EXPORT)].map(([, , name]) => name).join(", ");
  const name = `module${scopes.size}`;
  const code = withoutComments(body.replace(EXPORT, "$1 $2"));
  scopes.set(href, `${licence}const ${name} = (() => {\n${code}return { ${exported} };\n})();\n`);
  return name;
}

/** A page that is passed on takes the library along, and so what the authors of the library ask to go with it, once. */
function licenceOf(href: string, scopes: ReadonlyMap<string, string>): string {
  const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(href) ?? [];
  if (folder === undefined || [...scopes.keys()].some((known) => known.startsWith(folder)))
    return "";
  const [file = "LICENSE"] = globSync("LICENSE*", { cwd: fileURLToPath(folder) });
  return `/*!\n${readFileSync(fileURLToPath(new URL(file, folder)), "utf8").trim()}\n*/\n`;
}

/** Comments are for those who read the modules. Only such as have their lines to themselves are taken. */
function withoutComments(source: string): string {
  return source
    .replace(/^\s*\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n/gm, "")
    .replace(/^\s*\/\/.*\n/gm, "")
    .replace(/^\s*\n/gm, "");
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
    ? linkScript(new URL(`${room}/client/`, CODE_FOLDER))
    : read(`${room}/client.js`);
}

function read(name: string): string {
  return readFileSync(new URL(name, CODE_FOLDER), "utf8");
}
