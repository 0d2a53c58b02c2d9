import { lstat, readFile, stat } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { parseEnv } from "node:util";
import { fileURLToPath, pathToFileURL } from "node:url";
import path from "node:path";
import type { Environment } from "../../platform/environment.ts";
import { type Config, parseConfig } from "../config.ts";
import { inScript, type Written } from "../invalid-config.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError, isErrno } from "../../platform/file-error.ts";
import { CODE_FOLDER } from "../../platform/own-files.ts";
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { attempt } from "../../platform/attempt.ts";

/** The file names that are tried if no config is named. */
export const CONFIG_FILES: readonly string[] = [
  "broadsheet.yaml",
  "broadsheet.yml",
  "broadsheet.config.ts",
  "broadsheet.config.json",
];

export interface LoadOptions {
  /** The working directory, absolute. */
  readonly cwd: string;
  /** The config to read, relative to `cwd`. By default the existing file among `CONFIG_FILES`. */
  readonly file?: string | undefined;
  readonly env: Environment;
}

/**
 * Loads the newsletter's config and `.env` beside it. Without a config file the defaults apply, so that an article can be
 * built in any folder. Output of a config's code goes to stderr.
 * @throws BroadsheetError CONFIG_MISSING if `file` does not exist; CONFIG_INVALID, with the line if it is known, if the file
 * can't be read, run or parsed, or if two configs exist.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const file = await findConfig(options);
  const env = await environmentFor(file.path, options.env);
  if (!file.found) return parseConfig({}, env, file.path);
  const { raw, written } = await readConfig(file.path);
  return parseConfig(raw, env, file.path, written);
}

/** The environment, with the additional variables of `.env` beside a config. */
export async function environmentFor(file: string, env: Environment): Promise<Environment> {
  return { ...(await readEnvFile(path.join(path.dirname(file), ".env"))), ...set(env) };
}

/**
 * Reads a config.
 * @throws BroadsheetError CONFIG_INVALID.
 */
export async function readConfig(file: string): Promise<{ raw: unknown; written: Written }> {
  const text = (await readText(file)).replace(/^\uFEFF/, "");
  if (/\.ya?ml$/i.test(file)) {
    return readYamlConfig(text, file);
  }
  if (!file.endsWith(".json")) return { raw: await importConfig(file), written: inScript(text) };
  const written = inScript(text, '{ "name": "Your newsletter" }');
  return { raw: withoutSchema(parseJson(text, file)), written };
}

/**
 * Parses the text of a YAML config.
 * @throws BroadsheetError CONFIG_INVALID.
 */
export async function readYamlConfig(text: string, file: string) {
  const { readYaml } = await import("../yaml-config.ts");
  const { raw, written } = readYaml(text, file);
  return { raw: withoutSchema(raw), written };
}

/** `$schema` is for text editors. */
function withoutSchema(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !("$schema" in raw)) return raw;
  const { $schema, ...rest } = raw;
  return typeof $schema === "string" ? rest : raw;
}

/**
 * Finds the config, or the place for a new one.
 * @throws BroadsheetError CONFIG_MISSING, CONFIG_INVALID.
 */
export async function findConfig({
  cwd,
  file,
}: Omit<LoadOptions, "env">): Promise<{ path: string; found: boolean }> {
  if (file !== undefined) {
    const given = path.resolve(cwd, file);
    if (await isFile(given)) return { path: given, found: true };
    throw new BroadsheetError("CONFIG_MISSING", `there is no config file ${JSON.stringify(file)}`, {
      fix: "name one with --config, or write one with: broadsheet init",
    });
  }
  const [first, second] = await configsIn(cwd);
  if (first && second) throw ambiguous(cwd, first, second);
  if (!first) return { path: path.join(cwd, CONFIG_FILES[0] ?? ""), found: false };
  const only = path.join(cwd, first);
  if (await isFile(only)) return { path: only, found: true };
  throw new BroadsheetError("CONFIG_INVALID", `${first} is not a file`, {
    where: { file: only },
    fix: "replace it by a config file, or remove it",
  });
}

/** Whether a folder contains a config with one of the usual names. */
export async function hasConfig(cwd: string): Promise<boolean> {
  return (await configsIn(cwd)).length > 0;
}

/** The entries with the usual names of a config, including folders and broken links. */
export async function configsIn(cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of CONFIG_FILES) {
    if (await lstat(path.join(cwd, name)).catch(() => undefined)) found.push(name);
  }
  return found;
}

function ambiguous(cwd: string, first: string, second: string): BroadsheetError {
  return new BroadsheetError(
    "CONFIG_INVALID",
    `there are two configs here: ${first} and ${second}`,
    {
      where: { file: path.join(cwd, second) },
      fix: "keep one of them, or name the one you mean with --config",
    },
  );
}

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ?? false;
}

/** A variable with an empty value counts as not set. */
function set(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

async function readEnvFile(file: string): Promise<Environment> {
  return (await isFile(file)) ? parseEnv(await readText(file)) : {};
}

/**
 * Reads the text of a config.
 * @throws BroadsheetError CONFIG_INVALID if it can't be read, is too long or not in UTF-8.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const options = { where: { file }, fix: "check its permissions" };
    throw fileError(cause, "CONFIG_INVALID", `${path.basename(file)} can't be read`, options);
  });
  if (bytes.length > LARGEST_BYTES)
    throw unreadable(file, "is larger than 256 KB", "keep articles and lists in separate files");
  if (isUtf8(bytes)) return bytes.toString();
  throw unreadable(file, "is not in UTF-8", "save it with the encoding UTF-8");
}

/** The maximum size of a config, which usually has a page or two. */
const LARGEST_BYTES = 256_000;

function unreadable(file: string, what: string, fix: string): BroadsheetError {
  const message = `${path.basename(file)} ${what}`;
  return new BroadsheetError("CONFIG_INVALID", message, { where: { file }, fix });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BroadsheetError("CONFIG_INVALID", `this is not JSON: ${describeThrown(cause)}`, {
      where: { file, ...placeOfThrown(cause) },
      fix: "correct this line; names are in double quotes, and there is no comma after the last value",
      cause,
    });
  }
}

/** Returns the default export of the file. Node runs the file unchanged. */
async function importConfig(file: string): Promise<unknown> {
  const loaded = await containConfig(file, async () => importConfigModule(file)).catch(
    (cause: unknown) => {
      if (cause instanceof BroadsheetError) throw cause;
      throw new BroadsheetError("CONFIG_INVALID", describeThrown(cause), {
        where: { file, ...placeOfThrown(cause) },
        fix: fixFor(cause),
        cause,
      });
    },
  );
  if ("default" in loaded) return loaded.default;
  throw new BroadsheetError("CONFIG_INVALID", "the config has no default export", {
    where: { file },
    fix: 'begin it with: export default { name: "Your newsletter" }',
  });
}

function fixFor(cause: unknown): string {
  if (!isErrno(cause, "ERR_MODULE_NOT_FOUND")) return "correct it, then run the command again";
  return 'write "import type" for types; otherwise install the package, or correct the path';
}

/** The time limit for the code of a config, which may await something. */
const LIMIT_MS = 10_000;

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs a config's code and limits its side effects: its output goes to stderr, because stdout is for results. Only one config
 * at a time can run, because a process has one stdout.
 * @throws BroadsheetError CONFIG_INVALID if the code tries to end the process or does not finish.
 */
async function containConfig<T>(file: string, run: () => Promise<T>): Promise<T> {
  const result = previous.then(async () => contain(file, run));
  previous = result.catch(() => undefined);
  return result;
}

async function contain<T>(file: string, run: () => Promise<T>): Promise<T> {
  const replaced = [
    replace(process.stdout, "write", process.stderr.write.bind(process.stderr)),
    replace(process, "exit", function exit(): never {
      throw endsProcess(file, exit);
    }),
  ];
  const restore = () => replaced.forEach((back) => back());
  // The handler of an uncaught error must be able to end the process.
  process.once("uncaughtExceptionMonitor", restore);
  const limit = endlessness(file);
  try {
    return await Promise.race([run(), limit.reached]);
  } finally {
    limit.lift();
    process.off("uncaughtExceptionMonitor", restore);
    restore();
  }
}

/** Replaces a method of an object. Returns a function that restores it. */
function replace(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}

/**
 * Rejects if the code does not finish. If nothing is pending, Node would exit with code 13; if a timer is running, it would
 * wait forever.
 */
function endlessness(file: string): {
  readonly reached: Promise<never>;
  readonly lift: () => void;
} {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(endless(file));
  const timer = setTimeout(stop, LIMIT_MS).unref();
  process.once("beforeExit", stop);
  const lift = () => {
    clearTimeout(timer);
    process.off("beforeExit", stop);
  };
  return { reached: promise, lift };
}

function endsProcess(file: string, caller: () => never): BroadsheetError {
  const call = new Error("the config calls process.exit");
  // The stack omits our own frame, so that it begins in the config.
  Error.captureStackTrace(call, caller);
  return new BroadsheetError("CONFIG_INVALID", "the config calls process.exit()", {
    where: { file, ...placeOfThrown(call) },
    fix: "remove it; to stop with a message, throw an error",
    cause: call,
  });
}

function endless(file: string): BroadsheetError {
  return new BroadsheetError(
    "CONFIG_INVALID",
    "the config waits for something that never happens",
    {
      where: { file },
      fix: "check its top-level await",
    },
  );
}

/** The inputs of the last run of a config. */
interface Made {
  readonly version: number;
  /** The texts of the config and of all its imports, by path; undefined for a missing file. */
  readonly texts: Map<string, string | undefined>;
}

const made = new Map<string, Made>();

/** CommonJS modules are cached by their path alone. */
const { cache: commonJs } = createRequire(import.meta.url);

/**
 * Imports a config. Node runs a module only once for each address. If the file or one of its imports has changed, all of them
 * get another address.
 */
async function importConfigModule(file: string): Promise<{ readonly default?: unknown }> {
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

/** The absolute paths of all files that a config imported in its last run, without packages. */
export function importedBy(file: string): string[] {
  return [...(made.get(file)?.texts.keys() ?? [])].filter((path) => path !== file);
}

function addressOf(file: string, version: number): string {
  return `${pathToFileURL(file).href}?${version}`;
}

/**
 * Makes Node treat a config, and its imports in TypeScript, as ES modules, whatever the nearest package.json says. `npm init`
 * writes one for CommonJS, and without any, Node would warn that it had to guess.
 */
function hooksFor(config: string, texts: Made["texts"]): ReturnType<typeof registerHooks> {
  const { search } = new URL(config);
  const own = new Set<string>();
  return registerHooks({
    resolve(specifier, context, next) {
      const { parentURL = "" } = context;
      const isImported = own.has(parentURL) && /^(?:\.{0,2}\/|file:)/.test(specifier);
      if (specifier !== config && !isImported) return next(specifier, context);
      // The file is recorded before Node reads it, so that no change is missed. A missing file may be created later.
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
  return attempt(() => readFileSync(file, "utf8"));
}

interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Describes an exception from reading a config in one sentence. */
function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error))
    return `the config threw ${JSON.stringify(thrown) ?? String(thrown)}`;
  const message = thrown.message
    .replace(/ imported from .*$/s, "")
    .replace(/ in JSON at position \d+.*$/s, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  if (thrown instanceof SyntaxError) return message;
  return isErrno(thrown, "ERR_MODULE_NOT_FOUND")
    ? message
    : `the config threw: ${message || thrown.name}`;
}

/** The place of an error, if it contains one: JSON.parse has it in its message, Node in its stack. */
function placeOfThrown(thrown: unknown): Place {
  if (!(thrown instanceof Error)) return {};
  const spoken = /\(line (\d+) column (\d+)\)/.exec(thrown.message);
  if (spoken) return { line: Number(spoken[1]), column: Number(spoken[2]) };
  const [innermost] = frames(thrown.stack ?? "");
  return innermost && !isOurs(innermost.file) ? innermost : {};
}

/** The places outside packages in a V8 stack, the innermost first. */
function frames(stack: string): { file: string; line: number; column?: number }[] {
  const places = stack.matchAll(/(file:\/\/\/[^\s()]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g);
  return Array.from(places, ([, url = "", line, column]) => ({
    file: fileURLToPath(url),
    line: Number(line),
    ...(column && { column: Number(column) }),
  })).filter(({ file }) => !file.includes("node_modules"));
}

/** Whether a file is in Broadsheet's own folder, src or dist. */
function isOurs(file: string): boolean {
  return !path.relative(fileURLToPath(CODE_FOLDER), file).startsWith("..");
}

/** Flags that override the environment and the file. Paths are relative to the working directory. */
export interface ProjectFlags {
  /** The config's file, if it does not have one of the usual names. */
  readonly config?: string;
  readonly out?: string;
  readonly template?: string;
}

/** Loads the config of the current newsletter. Flags override the environment, which overrides the file. */
export async function openProject(
  flags: ProjectFlags,
  { cwd }: { readonly cwd: string },
): Promise<Config> {
  const { issuesIn, ...config } = await loadConfig({ cwd, file: flags.config, env: process.env });
  const outbox = flags.out ? path.resolve(cwd, flags.out) : config.outbox;
  return {
    ...config,
    outbox,
    // Another outbox has its own issues.
    ...(issuesIn && outbox === config.outbox && { issuesIn }),
    ...(flags.template && { template: flags.template }),
  };
}
