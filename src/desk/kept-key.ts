import { createHash, randomBytes, randomUUID } from "node:crypto";
import { link, lstat, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { fileError, isErrno } from "../platform/file-error.ts";
import { readLocalText } from "../platform/files/local-file.ts";
import { makeFolders, PRIVATE_FILE } from "../platform/files/make-folders.ts";
import { isOnlyOurs } from "../platform/files/only-ours.ts";
import { FileLock } from "../platform/sqlite/run-lock.ts";
import { stateFolder } from "../platform/sqlite/watermarks.ts";

export function newKey(): string {
  return randomBytes(24).toString("base64url");
}

const KEY = /^[\w-]{32}$/;

interface KeptKey {
  readonly key: string;
  /** Frees the port for another desk of the newsletter. */
  release(): Promise<void>;
}

/**
 * Returns the key of a newsletter, which is kept in the user's state folder so that a bookmark works after a restart.
 * `newsletter` is the absolute path of its folder or config. Only one desk of a newsletter at a time can have a port.
 * @throws BroadsheetError USAGE if another desk has the port; OUTPUT_UNWRITABLE; STORE_* if the lock cannot be made.
 */
export async function keptKey(newsletter: string, port: number): Promise<KeptKey> {
  const name = createHash("sha256").update(newsletter).digest("hex").slice(0, 16);
  const file = path.join(stateFolder(process.env), `desk-${name}.key`);
  const key = await readKey(file).catch(async (error: unknown) => {
    if (!isErrno(error, "ENOENT")) throw error;
    await makeKey(file);
    return readKey(file);
  });
  const lock = new FileLock(`${file}-${port}`);
  if (await lock.take()) return { key, release: async () => lock.release() };
  const { name: holder } = await lock.holder();
  throw new BroadsheetError(
    "USAGE",
    `the desk of this newsletter is open on port ${port} already${holder && `: ${holder}`}`,
    { fix: "go to its page in your browser, or end it with Ctrl-C first" },
  );
}

/** Creates the key file by linking a complete file if none exists. Two simultaneous starts have the same key. */
async function makeKey(file: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`;
  try {
    await makeFolders(path.dirname(file));
    await writeFile(fresh, newKey(), { flag: "wx", mode: PRIVATE_FILE });
    await link(fresh, file);
  } catch (cause) {
    if (isErrno(cause, "EEXIST")) return;
    throw fileError(cause, "OUTPUT_UNWRITABLE", "the key of the desk can't be saved", {
      where: { file },
      fix: "leave --port out: then each start has a key of its own",
    });
  } finally {
    await rm(fresh, { force: true });
  }
}

async function readKey(file: string): Promise<string> {
  const { uid, mode } = await lstat(file);
  const key = await readLocalText(file, { within: path.dirname(file) });
  // Windows has no modes. There the folders of a user are private.
  const isSecret = process.platform === "win32" || (mode & 0o077) === 0;
  if (KEY.test(key) && isSecret && isOnlyOurs({ uid, mode })) return key;
  throw new BroadsheetError(
    "INPUT_UNREADABLE",
    "the saved key of the desk is damaged, or other accounts can read it",
    {
      where: { file },
      fix: "remove that file: the next start makes a new key, and the old bookmark stops working",
    },
  );
}
