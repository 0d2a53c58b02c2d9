import { readFileSync } from "node:fs";
import { OWN_FOLDER } from "./own-files.ts";

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(new URL("package.json", OWN_FOLDER), "utf8");
  return /^ {2}"version": "([^"]+)"/m.exec(text)?.[1] ?? "unknown";
}
