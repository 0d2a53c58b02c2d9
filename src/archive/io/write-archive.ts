import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason, fileError, unlessMissing } from "../../platform/file-error.ts";
import { readLocalFile } from "../../platform/files/local-file.ts";
import { makeFolders, USERS_OWN_FOLDER } from "../../platform/files/make-folders.ts";
import { type ArchiveFile, archiveOf } from "../archive.ts";
import { MARK } from "../head-tags.ts";
import type { Site, SentIssues } from "../sent-issue.ts";

/** The number of files of the site, and the number of files that were written. */
export interface Written {
  readonly files: number;
  readonly written: number;
}

/**
 * Writes the site into a folder of a web server. Each file is replaced whole, and only if its bytes change. Other files in
 * the folder stay.
 * @throws BroadsheetError FILE_EXISTS for a page that another program wrote, before anything is written; OUTPUT_UNWRITABLE.
 */
export async function writeArchive(sent: SentIssues, site: Site, folder: string): Promise<Written> {
  const files = await archiveOf(sent, site);
  let [count, written] = [0, 0];
  try {
    // Pictures have no mark. They are in the folder of an issue, whose page has one.
    const pages = [...files.keys()].filter((name) => !name.includes("/images/"));
    for (const name of pages) await refuseForeign(folder, name);
    for (const [name, make] of files) {
      const file = await make();
      if (!file) continue;
      count++;
      if (await replace(folder, name, file)) written++;
    }
  } catch (cause) {
    if (cause instanceof BroadsheetError || errnoReason(cause) === "") throw cause;
    throw fileError(cause, "OUTPUT_UNWRITABLE", "the pages of the archive can't be written", {
      where: { file: folder },
      fix: "name a folder that you can write to: --out, or archive.dir in the config",
    });
  }
  return { files: count, written };
}

async function refuseForeign(folder: string, name: string): Promise<void> {
  const before = await bytesOf(folder, name);
  if (before === undefined || before.includes(MARK)) return;
  throw new BroadsheetError(
    "FILE_EXISTS",
    `${name} exists already, and is not a page of the archive`,
    {
      where: { file: path.join(folder, name) },
      fix: "choose an empty folder: --out, or archive.dir in the config; or move that file away",
    },
  );
}

async function bytesOf(folder: string, name: string): Promise<Buffer | undefined> {
  return unlessMissing(readLocalFile(path.join(folder, name), { within: folder }));
}

/** Writes a file if its bytes differ. Returns whether it was written. */
async function replace(folder: string, name: string, { content }: ArchiveFile): Promise<boolean> {
  const bytes = Buffer.from(content);
  if ((await bytesOf(folder, name))?.equals(bytes)) return false;
  const file = path.join(folder, name);
  await makeFolders(path.dirname(file), USERS_OWN_FOLDER);
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  try {
    await writeFile(fresh, bytes, { flush: true });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
  return true;
}
