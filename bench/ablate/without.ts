import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { changed, type Change } from "./change.ts";

const PROJECT = new URL("../../", import.meta.url).href;
const versions = new Map<string, readonly Change[]>();

/**
 * Loads a module of the project with some declarations of src/ replaced. It loads a copy of the module and all its
 * imports, so the program is measured as it is wired, without any code for the measurement.
 *
 * @param module its path in the project
 */
export async function loadWithout<Module>(
  module: string,
  name: string,
  changes: readonly Change[],
): Promise<Module> {
  if (versions.size === 0) hook();
  versions.set(name, changes);
  const loaded: Module = await import(`${PROJECT}${module}?without=${encodeURIComponent(name)}`);
  return loaded;
}

// A version's name is in the address of its modules, and is passed on to their imports.
function hook(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const name = nameIn(context.parentURL);
      if (name === undefined || !isOwn(found.url)) return found;
      // Data without changes is shared by all versions.
      if (found.url.endsWith(".json") && changesOf(found.url, name).length === 0) return found;
      return { ...found, url: `${found.url}?without=${name}` };
    },
    load(url, context, next) {
      const name = nameIn(url);
      const [address = ""] = url.split("?");
      const changes = name === undefined ? [] : changesOf(address, name);
      if (changes.length === 0) return next(url, context);
      const source = changed(readFileSync(fileURLToPath(address), "utf8"), changes);
      const format = address.endsWith(".json") ? "json" : "module-typescript";
      return { format, source, shortCircuit: true };
    },
  });
}

function isOwn(url: string): boolean {
  return url.startsWith(PROJECT) && !url.includes("/node_modules/");
}

function nameIn(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /\?without=(.*)$/.exec(url)?.[1];
}

function changesOf(address: string, name: string): readonly Change[] {
  const file = address.slice(`${PROJECT}src/`.length);
  return versions.get(decodeURIComponent(name))?.filter((change) => change.file === file) ?? [];
}
