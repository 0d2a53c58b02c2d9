import path from "node:path";
import { fileURLToPath } from "node:url";
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

/** A word as a shell takes it, in quotes where it has to be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
