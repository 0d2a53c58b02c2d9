import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { hashId } from "../../article/identity.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError, unlessMissing } from "../../platform/file-error.ts";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { syncFolder } from "../../platform/files/swap-folder.ts";
import { type Config, parseConfig } from "../config.ts";
import type { ConfigChange } from "../yaml-config.ts";
import {
  environmentFor,
  findConfig,
  loadConfig,
  type LoadOptions,
  readConfig,
  readText,
  readYamlConfig,
} from "./load-config.ts";

export interface WrittenConfig {
  /** The absolute path. */
  readonly file: string;
  /** The settings in the file, without defaults. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly hash: string;
  /** False for a config in TypeScript or JSON, which is never written. */
  readonly isWritable: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

interface ChangeOptions {
  /** The expected hash of the current text, as returned by `read`. */
  readonly hash?: string | undefined;
  /** Throws if the config is valid but can't be used. */
  readonly check?: (config: Config) => Promise<unknown>;
}

interface Step {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Changes the config's file, and can undo its changes as long as this object exists. Only one call may run at a time. Each
 * change keeps the comments, is validated before it is written, and is written completely or not at all.
 */
export class ConfigChanges {
  readonly #options: LoadOptions;
  #steps: Step[] = [];
  /** The number of steps that are in effect. */
  #made = 0;

  /** `options` locate the config, as for `loadConfig`. */
  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** @throws BroadsheetError CONFIG_MISSING, CONFIG_INVALID. */
  async read(): Promise<WrittenConfig> {
    const { path: file, found } = await findConfig(this.#options);
    const { raw } = found ? await readConfig(file) : { raw: {} };
    const text = found ? await readText(file) : undefined;
    return {
      file,
      raw: { ...(typeof raw === "object" ? raw : {}) },
      hash: hashOf(text),
      isWritable: isYaml(file),
      canUndo: this.#made > 0,
      canRedo: this.#made < this.#steps.length,
    };
  }

  /**
   * Returns the current config with defaults.
   * @throws BroadsheetError CONFIG_MISSING, CONFIG_INVALID.
   */
  async parsed(): Promise<Config> {
    return loadConfig(this.#options);
  }

  /**
   * Makes all of these changes as one step, and returns the lines that it wrote. A missing config is created.
   * @throws BroadsheetError CONFIG_INVALID if the result would be invalid; CONFIG_CHANGED if the file was changed in the meantime;
   * USAGE if its format can't be written by programs; OUTPUT_UNWRITABLE.
   */
  async change(
    changes: readonly ConfigChange[],
    { hash, check }: ChangeOptions = {},
  ): Promise<readonly string[]> {
    const { path: file, found } = await findConfig(this.#options);
    if (!isYaml(file)) throw readOnly(file, changes);
    const before = found ? await readText(file) : undefined;
    if (hash !== undefined && hash !== hashOf(before)) throw changedMeanwhile(file);
    const { changeYaml } = await import("../yaml-config.ts");
    const [, mark = "", text = ""] = /^(\uFEFF?)(.*)$/s.exec(before ?? "") ?? [];
    await readYamlConfig(text, file);
    const after = mark + changes.reduce(changeYaml, text);
    if (after === before) return [];
    const config = await this.#validated(after, file);
    await check?.(config);
    await write(file, { before, after });
    this.#steps = [...this.#steps.slice(0, this.#made), { before, after }];
    this.#made = this.#steps.length;
    return newLines(before ?? "", after);
  }

  /**
   * Undoes the last change, or redoes it.
   * @throws BroadsheetError CONFIG_CHANGED if the file was changed by hand afterwards; OUTPUT_UNWRITABLE.
   */
  async step(kind: "undo" | "redo"): Promise<void> {
    const at = kind === "undo" ? this.#made - 1 : this.#made;
    const step = this.#steps[at];
    if (!step) return;
    const { path: file } = await findConfig(this.#options);
    const isUndo = kind === "undo";
    await write(file, isUndo ? { before: step.after, after: step.before } : step);
    this.#made = isUndo ? at : at + 1;
  }

  async #validated(text: string, file: string): Promise<Config> {
    const env = await environmentFor(file, this.#options.env);
    try {
      const { raw, written } = await readYamlConfig(text.replace(/^\uFEFF/, ""), file);
      return parseConfig(raw, env, file, written);
    } catch (cause) {
      if (!(cause instanceof BroadsheetError)) throw cause;
      // Its line numbers refer to a text that was not written.
      throw new BroadsheetError(cause.code, cause.message, { fix: cause.fix, cause });
    }
  }
}

/**
 * Sets variables in `.env` beside the config, and keeps its other lines. From then on only its owner may read it.
 * @throws BroadsheetError CONFIG_CHANGED, CONFIG_INVALID, OUTPUT_UNWRITABLE.
 */
export async function changeEnvironment(
  folder: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const file = path.join(folder, ".env");
  const before = (await unlessMissing(stat(file))) && (await readText(file));
  const others = (before ?? "")
    .split(/\r?\n/)
    .filter((line) => !Object.hasOwn(values, nameIn(line)));
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const after = [others.join("\n").trimEnd(), ...lines].filter(Boolean).join("\n");
  await write(file, { before, after: `${after}\n` }, PRIVATE_FILE);
}

/** The name of the variable that a line of `.env` sets. */
function nameIn(line: string): string {
  return /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? "";
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}

function hashOf(text: string | undefined): string {
  return text === undefined ? "" : hashId(text);
}

/** Replaces the file if its text is still `before`. Undefined stands for a missing file. */
async function write(file: string, { before, after }: Step, mode?: number): Promise<void> {
  // If the file is a symbolic link, its target is replaced.
  const place = (await unlessMissing(realpath(file))) ?? file;
  const fresh = path.join(path.dirname(place), `.${path.basename(place)}.${process.pid}.new`);
  try {
    const looked = await unlessMissing(stat(place));
    if (after !== undefined)
      await writeFile(fresh, after, {
        flag: "w",
        mode: mode ?? looked?.mode ?? 0o666,
        flush: true,
      });
    const now = looked && (await readText(place));
    if (now !== before) throw changedMeanwhile(file);
    await (after === undefined ? rm(place) : rename(fresh, place));
    await syncFolder(path.dirname(place));
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (cause instanceof BroadsheetError) throw cause;
    throw fileError(cause, "OUTPUT_UNWRITABLE", `${path.basename(file)} can't be written`, {
      where: { file },
      fix: "check the permissions of the file and its folder",
    });
  }
}

/** The lines of `after` that `before` does not contain. */
function newLines(before: string, after: string): string[] {
  const known = new Set(before.split(/\r?\n/));
  return after.split(/\r?\n/).filter((line) => !known.has(line));
}

function changedMeanwhile(file: string): BroadsheetError {
  const what = `${path.basename(file)} was changed in the meantime`;
  return new BroadsheetError("CONFIG_CHANGED", what, {
    where: { file },
    fix: "look at the current version, and make the change again",
  });
}

function readOnly(file: string, changes: readonly ConfigChange[]): BroadsheetError {
  const keys = changes.map(({ path: keys }) => keys.join("."));
  const what = `${path.basename(file)} is in TypeScript or JSON, which the desk can't change`;
  return new BroadsheetError("USAGE", what, {
    where: { file },
    fix: `change ${keys.join(", ")} in the file`,
  });
}
