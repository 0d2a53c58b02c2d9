import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";

/**
 * Writes files into a folder, which is made where it isn't there. All of them or none: where one is
 * there already, nothing is written.
 * @throws BroadsheetError FILE_EXISTS, which lists those that are there; OUTPUT_UNWRITABLE.
 */
export async function writeNewFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  shown: string,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const there = new Set(await readdir(folder, { recursive: true }));
    const taken = [...files.keys()].filter((name) => there.has(path.normalize(name)));
    if (taken.length > 0) throw exists(taken, shown);
    for (const [name, text] of files) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text, { flag: "wx" });
    }
  } catch (cause) {
    throw cause instanceof BroadsheetError ? cause : unwritable(cause, shown);
  }
}

function exists(names: readonly string[], shown: string): BroadsheetError {
  return new BroadsheetError("FILE_EXISTS", `${shown} already has ${names.join(", ")}`, {
    fix: "choose another folder, or move what is there away",
  });
}

function unwritable(cause: unknown, shown: string): BroadsheetError {
  const reason = cause instanceof Error && "code" in cause ? `: ${String(cause.code)}` : "";
  return new BroadsheetError("OUTPUT_UNWRITABLE", `${shown} can't be written${reason}`, {
    fix: "choose a folder that you may write in",
    cause,
  });
}
