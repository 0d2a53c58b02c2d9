import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Digest, flatEntries, parseDigest } from "../../../digest/digest.ts";
import { slotTime } from "../../../digest/slot.ts";
import type { Earlier, ToldBefore } from "../../../digest/stories/follows.ts";
import { BroadsheetError } from "../../../errors.ts";
import { inputError, isErrno } from "../../../platform/file-error.ts";
import { listIssues } from "./find-issue.ts";

/** So many issues back a story is remembered. */
const REMEMBERED = 5;

/** Of a newsletter's issues, those that came before a slot, and the one that is in its place. */
export async function earlierIssues(
  outbox: string,
  { newsletter, slot }: { readonly newsletter: string; readonly slot: string },
): Promise<Earlier> {
  const time = slotTime(slot) ?? Infinity;
  const own = (await listIssues(outbox)).filter((issue) => issue.newsletter === newsletter);
  const before = own.filter((issue) => (slotTime(issue.slot) ?? Infinity) < time);
  const told: ToldBefore[] = [];
  for (const issue of before.slice(-REMEMBERED)) {
    const digest = await digestIn(issue.dir);
    if (!digest) continue;
    const { date, webUrl } = digest;
    const shown = flatEntries(digest).filter(({ hidden }) => !hidden);
    told.push(...shown.map(({ article }) => ({ slot: issue.slot, date, webUrl, article })));
  }
  const same = own.find((issue) => issue.slot === slot);
  const { stories = {} } = (same && (await digestIn(same.dir))) ?? {};
  return { edits: stories, told };
}

/** An issue that is not whole, or of a version that wrote it otherwise, tells nothing of this one. */
async function digestIn(dir: string): Promise<Digest | undefined> {
  const file = path.join(dir, "digest.json");
  try {
    return parseDigest(await readFile(file, "utf8"), file);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR") || error instanceof BroadsheetError) return undefined;
    throw inputError(error, file);
  }
}
