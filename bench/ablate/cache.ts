import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Change } from "./change.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(PROJECT, "node_modules/.cache/broadsheet-ablate");

/** Caches a value that takes minutes to make, for each set of changes, until one of its source files changes. */
export function kept<Value>(
  name: string,
  sources: readonly string[],
  make: () => Value,
  changes: readonly Change[] = [],
): Value {
  const hash = createHash("sha256").update(JSON.stringify(changes));
  for (const file of sources.flatMap((pattern) => globSync(pattern, { cwd: PROJECT }).toSorted()))
    hash.update(file).update(readFileSync(path.join(PROJECT, file)));
  const file = path.join(FOLDER, `${name}-${hash.digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) {
    const value: Value = JSON.parse(readFileSync(file, "utf8"));
    return value;
  }
  const value = make();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, JSON.stringify(value));
  return value;
}
