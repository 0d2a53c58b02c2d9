import { readFileSync } from "node:fs";

/** The version in package.json, which lies as far from src/cli as from dist/cli. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return /^ {2}"version": "([^"]+)"/m.exec(text)?.[1] ?? "unknown";
}
