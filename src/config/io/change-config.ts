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

/** A config as its file says it. */
export interface WrittenConfig {
  /** Absolute. */
  readonly file: string;
  /** The settings that the file has; defaults are not filled in. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Changes whenever the text does. */
  readonly hash: string;
  /** A config in TypeScript or JSON is never written. */
  readonly isWritable: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

interface ChangeOptions {
  /** The file has to have the text that `read` returned with this hash. */
  readonly hash?: string | undefined;
  /** Throws where the config can't be used although it is valid. */
  readonly check?: (config: Config) => Promise<unknown>;
}

interface Step {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Changes the config's file, and takes changes back for as long as this object lives. One call at a time. Each change
 * keeps the comments, is validated before it is written, and is written whole or not at all.
 */
export class ConfigChanges {
  readonly #options: LoadOptions;
  #steps: Step[] = [];
  /** How many of the steps are made and not taken back. */
  #made = 0;

  /** `options` find the config, as for `loadConfig`. */
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

  /** The config as the file is now, defaults filled in. @throws BroadsheetError CONFIG_MISSING, CONFIG_INVALID. */
  async parsed(): Promise<Config> {
    return loadConfig(this.#options);
  }

  /**
   * Makes all of these changes as one step. Returns the lines that it wrote. A config that isn't there yet is made.
   * @throws BroadsheetError CONFIG_INVALID where the result would be no valid config; CONFIG_CHANGED where the file was
   * changed meanwhile; USAGE where it can't be written by programs; OUTPUT_UNWRITABLE.
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
   * Takes the last change back, or makes it again.
   * @throws BroadsheetError CONFIG_CHANGED where the file was changed by hand after it; OUTPUT_UNWRITABLE.
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
      // Its lines are of a text that is not written.
      throw new BroadsheetError(cause.code, cause.message, { fix: cause.fix, cause });
    }
  }
}

/**
 * Sets variables in `.env` beside the config, and keeps its other lines. Only its owner may read it from then on.
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

/** The variable that a line of `.env` sets. */
function nameIn(line: string): string {
  return /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? "";
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}

function hashOf(text: string | undefined): string {
  return text === undefined ? "" : hashId(text);
}

/** Replaces the file as it was `before`. Undefined is no file. */
async function write(file: string, { before, after }: Step, mode?: number): Promise<void> {
  // A link stays, and leads to the new text.
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

/** The lines of a text that another has not. */
function newLines(before: string, after: string): string[] {
  const known = new Set(before.split(/\r?\n/));
  return after.split(/\r?\n/).filter((line) => !known.has(line));
}

function changedMeanwhile(file: string): BroadsheetError {
  const what = `${path.basename(file)} was changed meanwhile`;
  return new BroadsheetError("CONFIG_CHANGED", what, {
    where: { file },
    fix: "look at it as it is now, and make the change again",
  });
}

function readOnly(file: string, changes: readonly ConfigChange[]): BroadsheetError {
  const keys = changes.map(({ path: keys }) => keys.join("."));
  const what = `${path.basename(file)} is a program or JSON, which the desk never writes`;
  return new BroadsheetError("USAGE", what, {
    where: { file },
    fix: `change ${keys.join(", ")} in the file`,
  });
}
