import { globSync } from "node:fs";
import { browserCode, ownText } from "../../platform/browser-code.ts";
import type { PageData } from "../page-data.ts";
import { CODE_FOLDER, IS_SOURCE } from "../../platform/own-files.ts";

/** What makes the page work and look as it does, for a page that must stand alone. */
interface ClientCode {
  /** One ES module that imports nothing. */
  readonly script: string;
  readonly style: string;
}

let style: string | undefined;

/** The page's own code: bundled when the package is built, and in a checkout once per change. A file can't be edited. */
export function clientCode(mode: PageData["mode"]): ClientCode {
  style ??= IS_SOURCE ? clientStyle() : ownText("preview/client.css");
  return { script: browserCode(mode === "file" ? "preview/client.js" : "preview/desk.js"), style };
}

/** The style sheets of the page as one, in the order of their names. */
export function clientStyle(): string {
  const files = globSync("preview/client/*.css", { cwd: CODE_FOLDER }).sort();
  return files.map(ownText).join("");
}
