import { ISSUE_FILES } from "../../preview/page-data.ts";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { readLocalFile } from "../../platform/files/local-file.ts";
import { readIssue, type StoredIssue } from "./outbox/outbox.ts";
import { digestHash } from "../../email/email-json.ts";
import type { IssueFiles } from "../../preview/issue-data.ts";

/** What the page shows of an issue; the others are for other programs, or made for this. */
const SHOWN = /^(?:email\.(?:html|txt|eml)|digest\.json|report\.json|images\/.+)$/;
const MOST_READS = 20;

/**
 * A hundred long stories stay under the first, and no mail server takes a message over the other. What is
 * beyond that would keep everything else waiting, and the browser too.
 */
const MOST_TEXT_BYTES = 10 * 1024 * 1024;
const MOST_BYTES = 50 * 1024 * 1024;

export interface StoredFiles {
  readonly stored: StoredIssue;
  readonly files: IssueFiles;
}

/**
 * An issue with the files that the page shows, all of one build.
 * @throws BroadsheetError what `readIssue` throws; CONTENT_TOO_LARGE for a file that is more than a page can
 * show, INPUT_UNREADABLE for a digest that is a link.
 */
export async function readStored(outbox: string, name: string): Promise<StoredFiles> {
  for (let attempt = 1; ; attempt++) {
    const stored = await readIssue(outbox, undefined, name);
    assertOwnDigest(stored);
    try {
      const files = await filesOf(stored);
      const isSame = digestHash(files.get(ISSUE_FILES.digest) ?? "") === digestHash(stored.digest);
      if (isSame || attempt === MOST_READS) return { stored, files };
    } catch (error) {
      // A build has put another folder in its place meanwhile.
      if (error instanceof BroadsheetError || attempt === MOST_READS) throw error;
    }
  }
}

/** Those of an issue's files that the page shows. */
export async function filesOf({
  dir,
  files,
}: Pick<StoredIssue, "dir" | "files">): Promise<IssueFiles> {
  const shown = files.filter((name) => SHOWN.test(name));
  const read = await Promise.all(
    shown.map(async (name) => {
      const file = path.join(dir, name);
      const mostBytes = /\.(?:html|txt|json)$/.test(name) ? MOST_TEXT_BYTES : MOST_BYTES;
      return [name, await readLocalFile(file, { within: dir, mostBytes })] as const;
    }),
  );
  return new Map(read);
}

/** A link could have anything on this machine shown in the page, and sent from it. */
function assertOwnDigest({ dir, files }: StoredIssue): void {
  if (files.includes(ISSUE_FILES.digest)) return;
  throw new BroadsheetError("INPUT_UNREADABLE", "digest.json is a link to somewhere else", {
    where: { file: path.join(dir, ISSUE_FILES.digest) },
    fix: "put the file itself there, or build the issue again",
  });
}
