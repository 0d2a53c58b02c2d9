import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../errno-reason.ts";

/**
 * Writes a page, whole or not at all. One that the same command wrote before is replaced, told by a mark in
 * it; anything else that is there stays: an article may have been named where the page was meant.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writePage(file: string, html: string, mark: string): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  try {
    if ((await textOf(file))?.includes(mark) === false) throw exists(file);
    await writeFile(fresh, html, { flag: "wx" });
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (cause instanceof BroadsheetError || errnoReason(cause) === "") throw cause;
    throw new BroadsheetError(
      "OUTPUT_UNWRITABLE",
      `the page can't be written: ${errnoReason(cause)}`,
      { where: { file }, fix: "name a file that you may write", cause },
    );
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
}

function exists(file: string): BroadsheetError {
  return new BroadsheetError(
    "FILE_EXISTS",
    `${file} is there already, and is no page of this command`,
    {
      where: { file },
      fix: "name another file for the page",
    },
  );
}
