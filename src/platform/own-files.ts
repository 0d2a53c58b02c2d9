import { readFileSync } from "node:fs";

/** Whether this is the source, as in a checkout, and not what is built from it for the package. */
export const IS_SOURCE = import.meta.filename.endsWith(".ts");

/** The folder of the package or the checkout, which is as far from src/platform as from dist/chunks. */
export const OWN_FOLDER = new URL("../../", import.meta.url);

/** The folder that our code is in. */
export const CODE_FOLDER = new URL(IS_SOURCE ? "src/" : "dist/", OWN_FOLDER);

/** The file to start a thread or a process with, by its name in src without an ending. */
export function startingFile(name: string): URL {
  return new URL(`${name}${IS_SOURCE ? ".ts" : ".js"}`, CODE_FOLDER);
}

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(new URL("package.json", OWN_FOLDER), "utf8");
  return /^ {2}"version": "([^"]+)"/m.exec(text)?.[1] ?? "unknown";
}
