import { globSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Removes the declarations in a folder that those of `entry` don't lead to. */
export function pruneTypes(folder: string, entry: string): void {
  const needed = new Set<string>();
  follow(path.join(folder, entry), needed);
  for (const name of globSync("**/*.d.ts", { cwd: folder })) {
    const file = path.join(folder, name);
    if (!needed.has(file)) rmSync(file);
  }
  const folders = globSync("**/", { cwd: folder }).map((name) => path.join(folder, name));
  for (const empty of folders.toSorted().toReversed())
    if (readdirSync(empty).length === 0) rmdirSync(empty);
}

function follow(file: string, needed: Set<string>): void {
  if (needed.has(file)) return;
  needed.add(file);
  const source = readFileSync(file, "utf8");
  for (const [, from = ""] of source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g))
    follow(path.join(path.dirname(file), from.replace(/\.[jt]s$/, ".d.ts")), needed);
}
