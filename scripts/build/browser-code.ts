/**
 * Bundles the code that runs in a browser. The build writes it into the package. A checkout runs this file, which prints
 * one bundle as JSON.
 */
import { fileURLToPath } from "node:url";
import { type OutputOptions, rolldown } from "rolldown";
import type { Bundle } from "../../src/platform/browser-code.ts";
import { licencesOf } from "./notices.ts";

interface Wanted {
  /** The file that it begins with, in src. */
  readonly entry: string;
  /** A script of a page, or an expression: the object of what the entry exports. */
  readonly as: "script" | "expression";
  /** Constants that the code is made with. */
  readonly define?: Readonly<Record<string, string>>;
}

const PAGE = { entry: "preview/client/main.ts", as: "script" } as const;

/** By the name in the package. */
export const BROWSER_CODE: Readonly<Record<string, Wanted>> = {
  "preview/client.js": { ...PAGE, define: { IS_DESK: "false" } },
  "preview/desk.js": { ...PAGE, define: { IS_DESK: "true" } },
  "serve/client.js": { entry: "serve/client/main.js", as: "script" },
  "platform/css/webmail.js": { entry: "platform/css/webmail.js", as: "expression" },
};

const SRC = new URL("../../src/", import.meta.url);

export async function bundleForBrowser({ entry, as, define = {} }: Wanted): Promise<Bundle> {
  const build = await rolldown({
    input: fileURLToPath(new URL(entry, SRC)),
    platform: "browser",
    transform: { define: { ...define } },
    onLog(level, { message }) {
      if (level === "warn") throw new Error(message);
    },
  });
  const { output } = await build.generate(as === "script" ? SCRIPT : EXPRESSION);
  await build.close();
  const [{ code, moduleIds }] = output;
  const files = moduleIds.filter((id) => !id.startsWith("\0"));
  return { code: as === "script" ? `${licences(files)}${code}` : expression(code), files };
}

const SCRIPT: OutputOptions = { format: "esm", minify: true, comments: false };
const EXPRESSION: OutputOptions = { ...SCRIPT, format: "iife", name: "exported" };

function expression(code: string): string {
  return `(() => {\n${code}\nreturn exported;\n})()`;
}

/** A page that is passed on takes the libraries along, and so the licences that their authors ask to go with them. */
function licences(files: readonly string[]): string {
  const text = licencesOf(files);
  return text === "" ? "" : `/*!\n${text.replaceAll("*/", "* /")}\n*/\n`;
}

if (import.meta.main) {
  const wanted = BROWSER_CODE[process.argv[2] ?? ""];
  if (!wanted) throw new Error(`there is no browser code ${process.argv[2]}`);
  process.stdout.write(JSON.stringify(await bundleForBrowser(wanted)));
}
