import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CODE_FOLDER, IS_SOURCE } from "./own-files.ts";

/** A module and all that it imports as one script for a page, each in a scope of its own, imports first. */
export function linkScript(file: URL): string {
  const scopes = new Map<string, string>();
  link(file.href, scopes);
  return [...scopes.values()].join("");
}

/** The same as an expression, which is the object of what the module exports. */
export function linkExpression(file: URL): string {
  const scopes = new Map<string, string>();
  const name = link(file.href, scopes);
  return `(() => {\n${[...scopes.values()].join("")}return ${name};\n})()`;
}

/** The expression of one of our modules, by its path in src: linked when the package is built. */
export function expressionOf(name: string): string {
  const file = new URL(name, CODE_FOLDER);
  return IS_SOURCE ? linkExpression(file) : readFileSync(file, "utf8");
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
