import path from "node:path";
import { fileURLToPath } from "node:url";
import { shellWord } from "../platform/notice.ts";
import { IS_SOURCE, OWN_FOLDER } from "../platform/own-files.ts";

const ROOT = path.resolve(fileURLToPath(OWN_FOLDER));

/**
 * How to call Broadsheet again from the folder one is in, to be copied into a shell: through npm in a
 * checkout of it, by the path of the file where a checkout is run from elsewhere, else through npx.
 */
export function commandFrom(cwd: string): string {
  if (!IS_SOURCE) return "npx broadsheet";
  if (cwd === ROOT) return "npm run broadsheet --";
  return `node ${shellWord(path.join(ROOT, "src/cli/main.ts"))}`;
}

/** The same with a command's words, and the flags of this one that name the newsletter. */
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
