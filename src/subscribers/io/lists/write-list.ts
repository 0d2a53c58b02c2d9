import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { BroadsheetError } from "../../../errors.ts";
import { errnoReason } from "../../../platform/errno-reason.ts";
import { PRIVATE_FILE } from "../../../platform/files/modes.ts";

/** Characters that are put together before they are written. */
const PART = 1 << 18;

/**
 * Writes lines into a file that only its owner may read: whole, or not at all, in the place of one that
 * was there.
 * @throws BroadsheetError OUTPUT_UNWRITABLE.
 */
export async function writeList(file: string, lines: Iterable<string>): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  try {
    const handle = await open(fresh, "w", PRIVATE_FILE);
    try {
      await writeAll(handle, lines);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (errnoReason(cause) === "") throw cause;
    throw new BroadsheetError(
      "OUTPUT_UNWRITABLE",
      `the list can't be written: ${errnoReason(cause)}`,
      { where: { file }, fix: "name a file that you may write", cause },
    );
  }
}

async function writeAll(handle: FileHandle, lines: Iterable<string>): Promise<void> {
  let part = "";
  for (const line of lines) {
    part += `${line}\r\n`;
    if (part.length < PART) continue;
    await handle.writeFile(part);
    part = "";
  }
  await handle.writeFile(part);
}
