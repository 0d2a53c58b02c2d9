import { lstat, open, unlink, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason, fileError, unlessMissing } from "../file-error.ts";
import { readLocalText } from "./local-file.ts";
import { makeFolders, removeEmpty, USERS_OWN_FOLDER } from "./make-folders.ts";

/** The created folders and files, in the order of their creation, so that they can be removed again. */
interface Traces {
  readonly folders: string[];
  readonly files: string[];
}

/**
 * Writes all files or none into a folder, which is created if it is missing. If a file already exists or can't be written,
 * all written files are removed.
 * @throws BroadsheetError FILE_EXISTS with the existing files; OUTPUT_UNWRITABLE.
 */
export async function writeNewFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  shown: string,
): Promise<void> {
  const taken = await takenIn(folder, [...files.keys()]);
  if (taken.length > 0)
    throw new BroadsheetError("FILE_EXISTS", `${shown} already has ${taken.join(", ")}`, {
      fix: "choose another folder, or move these files away",
    });
  const traces: Traces = { folders: [], files: [] };
  try {
    for (const [name, text] of files) await writeNew(path.join(folder, name), text, traces);
  } catch (cause) {
    await takeBack(traces);
    throw unwritable(cause, shown);
  }
}

async function takenIn(folder: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) =>
      lstat(path.join(folder, name)).then(
        () => name,
        () => undefined,
      ),
    ),
  );
  return found.filter((name) => name !== undefined);
}

async function writeNew(file: string, text: string, traces: Traces): Promise<void> {
  traces.folders.push(...(await makeFolders(path.dirname(file), USERS_OWN_FOLDER)));
  const handle = await open(file, "wx");
  traces.files.push(file);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

async function takeBack({ folders, files }: Traces): Promise<void> {
  for (const file of files) await unlink(file).catch(() => undefined);
  await removeEmpty(folders);
}

function unwritable(cause: unknown, shown: string): BroadsheetError {
  return fileError(cause, "OUTPUT_UNWRITABLE", `${shown} can't be written`, {
    ...placeOf(cause),
    fix: "choose a folder that you can write to",
  });
}

function placeOf(cause: unknown): { readonly where?: { readonly file: string } } {
  if (!(cause instanceof Error) || !("path" in cause)) return {};
  return { where: { file: String(cause.path) } };
}

/**
 * Writes a file, whole or not at all: `write` writes it under another name. An existing file is replaced.
 * @throws BroadsheetError OUTPUT_UNWRITABLE; the error of `write`.
 */
export async function writeWhole(
  file: string,
  what: string,
  write: (fresh: string) => Promise<void>,
): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  try {
    await write(fresh);
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (cause instanceof BroadsheetError || errnoReason(cause) === "") throw cause;
    throw fileError(cause, "OUTPUT_UNWRITABLE", `${what} can't be written`, {
      where: { file },
      fix: "name a file that you can write to",
    });
  }
}

/**
 * Writes a page, whole or not at all. An existing file is replaced only if it contains the mark of the same command. The
 * user may have named an article instead of a page.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writePage(file: string, html: string, mark: string): Promise<void> {
  await writeWhole(file, "the page", async (fresh) => {
    const before = await unlessMissing(readLocalText(file, { within: undefined }));
    if (before?.includes(mark) === false) throw isNoPage(file);
    await writeFile(fresh, html, { flag: "wx" });
  });
}

function isNoPage(file: string): BroadsheetError {
  const what = `${file} already exists, and this command did not write it`;
  return new BroadsheetError("FILE_EXISTS", what, { where: { file }, fix: "name another file" });
}
