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

/** The names of files that are looked for if no config is named. */
export const CONFIG_FILES: readonly string[] = [
  "broadsheet.yaml",
  "broadsheet.yml",
  "broadsheet.config.ts",
  "broadsheet.config.json",
];

export interface LoadOptions {
  /** Absolute: the working directory. */
  readonly cwd: string;
  /** The config to read, relative to `cwd`; without it the one of `CONFIG_FILES` that is there. */
  readonly file?: string | undefined;
  readonly env: Environment;
}

/**
 * The newsletter's config, with `.env` beside it. Where there is no config file the defaults hold, so
 * that an article can be built in any folder. What a config prints while it loads goes to stderr.
 * @throws BroadsheetError CONFIG_MISSING for a `file` that isn't there; CONFIG_INVALID for one that can't
 * be read, run or understood, with the line where that can be said, and where two could be meant.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const file = await findConfig(options);
  const env = await environmentFor(file.path, options.env);
  if (!file.found) return parseConfig({}, env, file.path);
  const { raw, written } = await readConfig(file.path);
  return parseConfig(raw, env, file.path, written);
}

/** The environment, and what `.env` beside a config adds to it. */
export async function environmentFor(file: string, env: Environment): Promise<Environment> {
  return { ...(await readEnvFile(path.join(path.dirname(file), ".env"))), ...set(env) };
}

/** What a config says. @throws BroadsheetError CONFIG_INVALID. */
export async function readConfig(file: string): Promise<{ raw: unknown; written: Written }> {
  const text = (await readText(file)).replace(/^\uFEFF/, "");
  if (/\.ya?ml$/i.test(file)) {
    return readYamlConfig(text, file);
  }
  if (!file.endsWith(".json")) return { raw: await importConfig(file), written: inScript(text) };
  const written = inScript(text, '{ "name": "Your newsletter" }');
  return { raw: withoutSchema(parseJson(text, file)), written };
}

/** What the text of a YAML config says. @throws BroadsheetError CONFIG_INVALID. */
export async function readYamlConfig(text: string, file: string) {
  const { readYaml } = await import("../yaml-config.ts");
  const { raw, written } = readYaml(text, file);
  return { raw: withoutSchema(raw), written };
}

/** `$schema` is for editors. */
function withoutSchema(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !("$schema" in raw)) return raw;
  const { $schema, ...rest } = raw;
  return typeof $schema === "string" ? rest : raw;
}

/** Finds the config, or the place of a new one. @throws BroadsheetError CONFIG_MISSING, CONFIG_INVALID. */
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
    fix: "put a config file in its place, or take it away",
  });
}

/** Whether a folder has a config that is found without being named. */
export async function hasConfig(cwd: string): Promise<boolean> {
  return (await configsIn(cwd)).length > 0;
}

/** What is there under the names of a config, be it a file or not: a link that leads nowhere is there too. */
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

/** A variable that is set to nothing is one that isn't set. */
function set(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

async function readEnvFile(file: string): Promise<Environment> {
  return (await isFile(file)) ? parseEnv(await readText(file)) : {};
}

/** The text of a config. @throws BroadsheetError CONFIG_INVALID where it can't be read, is too long or not in UTF-8. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const options = { where: { file }, fix: "check its permissions" };
    throw fileError(cause, "CONFIG_INVALID", `${path.basename(file)} can't be read`, options);
  });
  if (bytes.length > LARGEST)
    throw unreadable(
      file,
      "is larger than 256 KB",
      "keep articles and lists in files of their own",
    );
  if (isUtf8(bytes)) return bytes.toString();
  throw unreadable(file, "is not in UTF-8", "save it as UTF-8, as editors call it");
}

/** A config is a page or two. */
const LARGEST = 256_000;

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
      fix: "mend it there; a name is in double quotes, and no comma comes after the last",
      cause,
    });
  }
}

/** What the file exports by default. Node runs it as it is. */
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
  if (!isErrno(cause, "ERR_MODULE_NOT_FOUND")) return "mend it there, then run the command again";
  return 'write "import type" where only types are wanted; install the package, or mend the path, where not';
}

/** A config may wait for something, but not for ever. */
const LIMIT_MS = 10_000;

let previous: Promise<unknown> = Promise.resolve();

/**
 * What a config's code comes to, run so that it does no harm: what it prints goes to stderr, as stdout
 * is for results. One at a time, because a process has one stdout.
 * @throws BroadsheetError CONFIG_INVALID where the code would end the process or comes to no end.
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

/** Puts a function in the place of an object's own; what puts the old one back. */
function replace(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}

/**
 * Rejects when the code can't come to an end. Node has nothing left to do then and would leave with
 * code 13, or a timer keeps it busy while nothing comes of it.
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
  // The stack leaves out our own frame, so that the place is the config's.
  Error.captureStackTrace(call, caller);
  return new BroadsheetError("CONFIG_INVALID", "the config calls process.exit()", {
    where: { file, ...placeOfThrown(call) },
    fix: "take it out; to refuse, throw an error that says why",
    cause: call,
  });
}

function endless(file: string): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", "the config waits for something that never comes", {
    where: { file },
    fix: "see what its top-level await waits for",
  });
}

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
      // A file is noted before Node reads it, so that no change is missed. A missing file may come later.
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
  if (!texts.has(file))
    texts.set(
      file,
      attempt(() => readFileSync(file, "utf8")),
    );
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What was thrown while a config was read, in one sentence. */
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

/** The place of an error, if the error tells it: JSON.parse does in words, Node in its stack. */
function placeOfThrown(thrown: unknown): Place {
  if (!(thrown instanceof Error)) return {};
  const spoken = /\(line (\d+) column (\d+)\)/.exec(thrown.message);
  if (spoken) return { line: Number(spoken[1]), column: Number(spoken[2]) };
  const [innermost] = frames(thrown.stack ?? "");
  return innermost && !isOurs(innermost.file) ? innermost : {};
}

/** The places a V8 stack names outside packages, the innermost first. */
function frames(stack: string): { file: string; line: number; column?: number }[] {
  const places = stack.matchAll(/(file:\/\/\/[^\s()]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g);
  return Array.from(places, ([, url = "", line, column]) => ({
    file: fileURLToPath(url),
    line: Number(line),
    ...(column && { column: Number(column) }),
  })).filter(({ file }) => !file.includes("node_modules"));
}

/** Broadsheet's own folder, src or dist. */
function isOurs(file: string): boolean {
  return !path.relative(fileURLToPath(CODE_FOLDER), file).startsWith("..");
}

/** What wins over the environment and the file. Paths are relative to the working directory. */
export interface ProjectFlags {
  /** The config's file, where it isn't the one that lies there. */
  readonly config?: string;
  /** The outbox. */
  readonly out?: string;
  readonly template?: string;
}

/** The config of the newsletter that is worked on. Flags win over the environment, and that over the file. */
export async function openProject(
  flags: ProjectFlags,
  { cwd }: { readonly cwd: string },
): Promise<Config> {
  const { issuesIn, ...config } = await loadConfig({ cwd, file: flags.config, env: process.env });
  const outbox = flags.out ? path.resolve(cwd, flags.out) : config.outbox;
  return {
    ...config,
    outbox,
    // Another outbox has issues of its own.
    ...(issuesIn && outbox === config.outbox && { issuesIn }),
    ...(flags.template && { template: flags.template }),
  };
}
