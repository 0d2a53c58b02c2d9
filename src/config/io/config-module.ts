import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What a config was made of when it was last run. */
interface Made {
  readonly version: number;
  /** Its own text and that of the files it imports, theirs too, by path; undefined for one that wasn't there. */
  readonly texts: Map<string, string | undefined>;
}

const made = new Map<string, Made>();

/** CommonJS modules are kept by their path alone. */
const { cache: commonJs } = createRequire(import.meta.url);

/**
 * The module in a config's file. Node runs a module once for each address, so where the file or one that it
 * imports has changed meanwhile, all of them get another address.
 */
export async function importConfigModule(file: string): Promise<{ readonly default?: unknown }> {
  const last = made.get(file);
  if (last && [...last.texts].every(([path, text]) => textOf(path) === text))
    return import(addressOf(file, last.version));
  for (const path of last?.texts.keys() ?? []) Reflect.deleteProperty(commonJs, path);
  const version = (last?.version ?? 0) + 1;
  const texts: Made["texts"] = new Map([[file, textOf(file)]]);
  made.set(file, { version, texts });
  const hooks = hooksFor(addressOf(file, version), texts);
  try {
    return await import(addressOf(file, version));
  } finally {
    hooks.deregister();
  }
}

/** The files that a config imported when it was last run, theirs too: absolute, packages apart. */
export function importedBy(file: string): string[] {
  return [...(made.get(file)?.texts.keys() ?? [])].filter((path) => path !== file);
}

function addressOf(file: string, version: number): string {
  return `${pathToFileURL(file).href}?${version}`;
}

/**
 * A config is an ES module whatever the nearest package.json says, and so is what it imports in TypeScript: `npm
 * init` writes one that says CommonJS, and without any Node would warn that it had to guess.
 */
function hooksFor(config: string, texts: Made["texts"]): ReturnType<typeof registerHooks> {
  const { search } = new URL(config);
  const own = new Set<string>();
  return registerHooks({
    resolve(specifier, context, next) {
      const { parentURL = "" } = context;
      const isImported = own.has(parentURL) && /^(?:\.{0,2}\/|file:)/.test(specifier);
      if (specifier !== config && !isImported) return next(specifier, context);
      // Before Node reads it, so that no change in between is missed; one that isn't there may come.
      if (isImported) note(fileURLToPath(new URL(specifier, parentURL)), texts);
      const found = next(specifier, context);
      if (found.url.includes("/node_modules/")) return found;
      note(fileURLToPath(found.url), texts);
      const { href } = Object.assign(new URL(found.url), { search });
      own.add(href).add(found.url);
      return context.conditions.includes("require") ? found : { ...found, url: href };
    },
    load: (url, context, next) =>
      next(
        url,
        own.has(url) && /\.ts\?\d+$/.test(url)
          ? { ...context, format: "module-typescript" }
          : context,
      ),
  });
}

function note(file: string, texts: Made["texts"]): void {
  if (!texts.has(file)) texts.set(file, textOf(file));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
