import { globSync } from "node:fs";
import { browserCode, ownText } from "../../platform/browser-code.ts";
import type { PageData } from "../page-data.ts";
import { CODE_FOLDER, IS_SOURCE } from "../../platform/own-files.ts";

/** The script and the style of a self-contained page. */
interface ClientCode {
  /** One ES module without imports. */
  readonly script: string;
  readonly style: string;
}

let style: string | undefined;

/**
 * The script and style of the page. The build of the package bundles them; a checkout bundles them after each change. A
 * page in file mode has no editing code.
 */
export function clientCode(mode: PageData["mode"]): ClientCode {
  style ??= IS_SOURCE ? clientStyle() : ownText("preview/client.css");
  return { script: browserCode(mode === "file" ? "preview/client.js" : "preview/desk.js"), style };
}

/** All style sheets of the page, concatenated in the order of their names. */
export function clientStyle(): string {
  const files = globSync("preview/client/*.css", { cwd: CODE_FOLDER }).sort();
  return files.map(ownText).join("");
}
