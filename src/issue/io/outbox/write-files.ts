import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../../../platform/files/modes.ts";
import { syncFolder } from "../../../platform/files/swap-folder.ts";

/**
 * Writes files into a folder, which it is the first to write to, and waits until they are on the
 * disk. Names may have folders in them.
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => path.dirname(path.join(folder, name))));
  for (const inner of folders) await mkdir(inner, { recursive: true, mode: PRIVATE_FOLDER });
  // All of them end before the first failure is told: whoever hears it removes the folder.
  const written = await Promise.allSettled(
    [...files].map(async ([name, content]) => writeSynced(path.join(folder, name), content)),
  );
  const failed = written.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  for (const inner of new Set([...folders, folder])) await syncFolder(inner);
}

async function writeSynced(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx", PRIVATE_FILE);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
