import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseDigest } from "../../digest/digest.ts";
import { readIssue, type StoredIssue } from "../../io/outbox/outbox.ts";
import { digestHash } from "../../render/stored-email.ts";
import type { IssueFiles } from "../issue-data.ts";

/** What the page shows of an issue; the others are for other programs, or made for this. */
const SHOWN = /^(?:email\.(?:html|txt|eml)|digest\.json|report\.json|images\/.+)$/;
const MOST_READS = 20;

export interface StoredFiles {
  readonly stored: StoredIssue;
  readonly files: IssueFiles;
}

/** An issue with the files that the page shows, all of one build. */
export async function readStored(outbox: string, name: string): Promise<StoredFiles> {
  for (let attempt = 1; ; attempt++) {
    const stored = await readIssue(outbox, undefined, name);
    try {
      const files = await filesOf(stored);
      const isSame = digestHash(files.get("digest.json") ?? "") === digestHash(stored.digest);
      if (isSame || attempt === MOST_READS) return { stored, files };
    } catch (error) {
      // A build has put another folder in its place meanwhile.
      if (attempt === MOST_READS) throw error;
    }
  }
}

async function filesOf({ dir, files }: StoredIssue): Promise<IssueFiles> {
  const shown = files.filter((name) => SHOWN.test(name));
  const read = await Promise.all(
    shown.map(async (name) => [name, await readFile(path.join(dir, name))] as const),
  );
  return new Map(read);
}

/** The digest of an issue, whose file is named in what is wrong with it. */
export function digestOf({ digest, dir }: StoredIssue) {
  return parseDigest(digest, path.join(dir, "digest.json"));
}
