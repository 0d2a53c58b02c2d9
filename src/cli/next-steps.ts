import path from "node:path";
import { fileURLToPath } from "node:url";
import { shellWord } from "../platform/notice.ts";
import { IS_SOURCE, OWN_FOLDER } from "../platform/own-files.ts";

const ROOT = path.resolve(fileURLToPath(OWN_FOLDER));

/**
 * The command that starts Broadsheet in the current folder, for copying into a shell: npm in a checkout, the path of the file
 * if a checkout is used from elsewhere, otherwise npx.
 */
export function commandFrom(cwd: string): string {
  if (!IS_SOURCE) return "npx broadsheet";
  if (cwd === ROOT) return "npm run broadsheet --";
  return `node ${shellWord(path.join(ROOT, "src/cli/main.ts"))}`;
}

/** A command line of Broadsheet, for copying into a shell, with the current flags that name the newsletter. */
export function nextCommand(cwd: string, words: string, { config, out }: Naming): string {
  return [
    commandFrom(cwd),
    words,
    ...(config === undefined ? [] : ["--config", shellWord(config)]),
    ...(out === undefined ? [] : ["--out", shellWord(out)]),
  ].join(" ");
}

/** The flags that the next command needs too. */
export interface Naming {
  readonly config?: string;
  readonly out?: string;
}
