import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CODE_FOLDER, IS_SOURCE, OWN_FOLDER } from "./own-files.ts";
import { attempt } from "./attempt.ts";

/** A script for a browser, and the files that it was made of. */
export interface Bundle {
  readonly code: string;
  readonly files: readonly string[];
}

const known = new Map<string, string>();

/**
 * Our code that runs in a browser, by its name in the package: one script that imports nothing. The package has it
 * ready. A checkout bundles it once per change: the result is kept as long as all the files in it are the same.
 */
export function browserCode(name: string): string {
  const code = known.get(name) ?? (IS_SOURCE ? bundledOnce(name) : ownText(name));
  known.set(name, code);
  return code;
}

/** A file of our own, by its name in the folder of our code. */
export function ownText(name: string): string {
  return readFileSync(new URL(name, CODE_FOLDER), "utf8");
}

const KEPT = new URL("node_modules/.cache/broadsheet/", OWN_FOLDER);

function bundledOnce(name: string): string {
  const file = new URL(`${name.replaceAll("/", "-")}on`, KEPT);
  const kept = keptIn(file);
  if (kept && kept.hash === hashOf(kept.files)) return kept.code;
  const script = fileURLToPath(new URL("scripts/build/browser-code.ts", OWN_FOLDER));
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const bundle: Bundle = JSON.parse(execFileSync(process.execPath, [script, name], options));
  keep(file, { ...bundle, hash: hashOf(bundle.files) });
  return bundle.code;
}

interface Kept extends Bundle {
  readonly hash: string;
}

function keptIn(file: URL): Kept | undefined {
  return attempt(() => JSON.parse(readFileSync(file, "utf8")));
}

/** A checkout that can't be written to works too, and bundles each time. */
function keep(file: URL, kept: Kept): void {
  attempt(() => {
    mkdirSync(KEPT, { recursive: true });
    const half = new URL(`${file.href}.${process.pid}`);
    writeFileSync(half, JSON.stringify(kept));
    renameSync(half, file);
  });
}

/** A hash of the contents of files; empty if one of them no longer exists. */
function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  try {
    for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  } catch {
    return "";
  }
  return hash.digest("hex");
}
