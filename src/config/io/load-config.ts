import { lstat, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import type { Environment } from "../../platform/environment.ts";
import { type Config, parseConfig } from "../config.ts";
import { BroadsheetError } from "../../errors.ts";
import { containConfig } from "./contain-config.ts";
import { describeThrown, placeOfThrown } from "./config-error.ts";
import { importConfigModule } from "./config-module.ts";

/** Where `broadsheet` looks when it isn't told. */
const CONFIG_FILES = ["broadsheet.config.ts", "broadsheet.config.json"];

interface LoadOptions {
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
 * be read, run or understood, with the line where it is known, and where two could be meant.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const file = await findConfig(options);
  const beside = path.dirname(file.path);
  const env = { ...(await readEnvFile(path.join(beside, ".env"))), ...set(options.env) };
  if (!file.found) return parseConfig({}, env, file.path);
  const text = await readText(file.path);
  const raw = file.path.endsWith(".json")
    ? parseJson(text, file.path)
    : await importConfig(file.path);
  return parseConfig(raw, env, file.path, text);
}

async function findConfig({ cwd, file }: LoadOptions): Promise<{ path: string; found: boolean }> {
  if (file !== undefined) {
    const given = path.resolve(cwd, file);
    if (await isFile(given)) return { path: given, found: true };
    throw new BroadsheetError("CONFIG_MISSING", `there is no config file ${JSON.stringify(file)}`, {
      fix: "name one with --config, or write one with: broadsheet init",
    });
  }
  const [first, second] = await configsIn(cwd);
  if (first && second) throw ambiguous(cwd, first, second);
  if (!first) return { path: path.join(cwd, "broadsheet.config.ts"), found: false };
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
async function configsIn(cwd: string): Promise<string[]> {
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new BroadsheetError("CONFIG_INVALID", `${path.basename(file)} can't be read`, {
      where: { file },
      fix: "check its permissions",
      cause,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
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
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND") return "mend it there, then run the command again";
  return 'write "import type" where only types are wanted; install the package, or mend the path, where not';
}
