import { existsSync } from "node:fs";
import path from "node:path";
import { readLocalFile } from "../../platform/files/local-file.ts";
import { makeFolders } from "../../platform/files/make-folders.ts";
import { EditsFile, seenVersion } from "./edits-file.ts";
import { filesIn, listIssues, type Places } from "./outbox.ts";
import { latestSlots, storedVersions } from "./stored-issue.ts";

/**
 * Copies into the outbox the latest issues that other machines changed, and stores issues that are only in the outbox. Does
 * nothing if no database keeps the issues. `most`: the number of issues, ten by default. Returns the config.
 * @throws BroadsheetError STORE_*, OUTBOX_*.
 */
export async function bringIssues<C extends Places & { readonly slug: string }>(
  config: C,
  most?: number,
): Promise<C> {
  const { outbox, slug: newsletter, issuesIn } = config;
  if (!issuesIn) return config;
  const versions = await storedVersions(issuesIn, newsletter);
  await makeFolders(path.resolve(outbox, newsletter));
  for (const slot of latestSlots([...versions.keys()], most)) {
    const isHere = existsSync(path.join(outbox, newsletter, slot));
    const seen = isHere ? await seenVersion(path.join(outbox, newsletter), slot) : 0;
    if (seen === versions.get(slot)) continue;
    const brought = await EditsFile.open(outbox, { newsletter, slot }, issuesIn);
    await brought[Symbol.asyncDispose]();
  }
  const here = (await listIssues(outbox)).filter((issue) => issue.newsletter === newsletter);
  const ours = new Set(latestSlots(here.map(({ slot }) => slot)));
  for (const { slot, dir } of here) {
    if (!ours.has(slot) || versions.has(slot)) continue;
    await using edits = await EditsFile.open(outbox, { newsletter, slot }, issuesIn);
    await edits.store(await contentsOf(dir));
  }
  return config;
}

async function contentsOf(dir: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = await filesIn(dir);
  const read = names.map(async (name): Promise<[string, Uint8Array]> => {
    return [name, await readLocalFile(path.join(dir, name), { within: dir })];
  });
  return new Map(await Promise.all(read));
}
