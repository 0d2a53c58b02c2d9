import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import open from "open";
import { PRIVATE_FILE } from "../platform/files/make-folders.ts";

/**
 * Shows an address in the reader's browser; a machine without one has the address on its terminal. The address has a
 * key in it, and any account of a machine sees what programs are started with (`ps`): so the browser is given a page
 * of the user's own that leads there. It lies in `folder` where that can be kept from others: a browser that is
 * confined to the user's files (snap) sees no folder for temporary ones. What it returns removes that page.
 */
export async function openPage(url: string, folder: string): Promise<() => Promise<void>> {
  const page = (await writePage(url, folder)) ?? (await writePage(url, tmpdir()));
  if (page === undefined) return async () => undefined;
  try {
    const browser = await open(page);
    browser.on("error", () => undefined);
  } catch {
    // What failed is no more than a convenience.
  }
  return async () => remove(path.dirname(page));
}

/** Undefined where it can't be written, or not so that others can't read it, as on a disk without modes. */
async function writePage(url: string, parent: string): Promise<string | undefined> {
  let own: string | undefined;
  try {
    own = await mkdtemp(path.join(parent, ".preview-"));
    // Windows has no modes; there the folders of a user are theirs alone.
    const isOurs = process.platform === "win32" || ((await stat(own)).mode & 0o077) === 0;
    if (isOurs) {
      const page = path.join(own, "preview.html");
      await writeFile(page, leadingTo(url), { mode: PRIVATE_FILE });
      return page;
    }
  } catch {
    // Told by undefined.
  }
  if (own !== undefined) await remove(own);
  return undefined;
}

function leadingTo(url: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Broadsheet preview</title></html>\n`;
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
