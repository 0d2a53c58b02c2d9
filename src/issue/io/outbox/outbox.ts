import { ISSUE_FILES } from "../../../preview/page-data.ts";
import { readdir, realpath, stat, mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Digest } from "../../../digest/digest.ts";
import { parseDigest } from "../../../digest/digest-json.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Email } from "../../../email/email.ts";
import { digestHash, parseEmailJson } from "../../../email/email-json.ts";
import { readLocalFile, readLocalText } from "../../../platform/files/local-file.ts";
import { makeFolders, removeEmpty, PRIVATE_FOLDER } from "../../../platform/files/make-folders.ts";
import { findIssue, type IssueFolder } from "./find-issue.ts";
import { isErrno, outboxError, unlessMissing } from "../../../platform/file-error.ts";
import {
  healFolder,
  swapFolder,
  syncFolder,
  writeSynced,
} from "../../../platform/files/swap-folder.ts";
import { existsSync } from "node:fs";
import type { IssueKey } from "../../../delivery/ledger.ts";

/** Where a newsletter keeps its issues and its store, absolute. */
export interface Places {
  readonly outbox: string;
  readonly store: string;
}

/** An issue as it lies in the outbox. */
export interface StoredIssue extends IssueFolder {
  readonly email: Email;
  /** The text of digest.json. */
  readonly digest: string;
  /** The text of the digest that was built from the articles, where the folder has it. */
  readonly built?: string | undefined;
  /** Whether digest.json is no longer what the email was rendered from. */
  readonly isEdited: boolean;
  /** Relative to the folder, with `/`, in order; without `messages/` and `edited/`. */
  readonly files: readonly string[];
}

const READ_AGAIN_MS = 10;
const PATIENT_READS = 100;
const MAX_READS = 200;

/**
 * Writes the files of an issue to `<outbox>/<newsletter>/<slot>/` and returns that folder. An issue of
 * the same slot is replaced as a whole, its `messages/` apart, which sending wrote, and `edited/`. Names may have
 * folders in them (`images/x.png`), but lead nowhere outside.
 * @throws BroadsheetError OUTBOX_UNWRITABLE, OUTBOX_FULL or OUTBOX_BUSY; the outbox is then as it was.
 */
export async function writeIssue(
  outbox: string,
  { newsletter, slot }: { readonly newsletter: string; readonly slot: string },
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<string> {
  for (const name of [newsletter, slot]) assertPlainName(name, [name], outbox);
  for (const name of files.keys()) assertPlainName(name, name.split("/"), outbox);
  const parent = path.join(outbox, newsletter);
  const made: string[] = [];
  try {
    made.push(...(await makeFolders(path.resolve(parent))));
    await assertInside(parent, newsletter, outbox);
    await swapFolder(parent, slot, async (folder) => writeFiles(folder, files));
    return path.join(parent, slot);
  } catch (error) {
    await removeEmpty(made);
    throw outboxError(error, `the issue ${slot}`, path.join(parent, slot));
  }
}

/**
 * The issue that `name` means, with its email and the text of its digest, both of one and the same
 * build: `latest`, a slot, `<newsletter>/<slot>`, or a folder in the outbox. Without a newsletter all
 * are searched.
 * @throws BroadsheetError ISSUE_MISSING where it is not there or not whole, USAGE where the name could
 * mean several, EMAIL_INVALID, INPUT_UNREADABLE.
 */
export async function readIssue(
  outbox: string,
  newsletter: string | undefined,
  name: string,
): Promise<StoredIssue> {
  for (let attempt = 1; attempt <= MAX_READS; attempt++) {
    const found = await findIssue(outbox, newsletter, name);
    const identity = await identityOf(found.dir);
    const issue = await loadIssue(found).catch((error: unknown) => unreadable(error, found));
    // A build that took the folder's place meanwhile would give parts of two issues.
    const isOneBuild = identity !== undefined && identity === (await identityOf(found.dir));
    if (isOneBuild && issue instanceof Error) throw issue;
    if (isOneBuild && !(issue instanceof Error)) return issue;
    await bringBack(found, attempt > PATIENT_READS);
  }
  throw new BroadsheetError("OUTBOX_BUSY", `the issue ${name} is being built again and again`, {
    where: { file: outbox },
    fix: "wait for the other build to end",
  });
}

/** A build is between its two renames for less than a millisecond, or was stopped there for ever. */
async function bringBack({ dir, slot }: IssueFolder, isImpatient: boolean): Promise<void> {
  try {
    await healFolder(path.dirname(dir), isImpatient);
  } catch (error) {
    throw outboxError(error, `the issue ${slot}`, dir);
  }
  await sleep(READ_AGAIN_MS);
}

async function loadIssue(found: IssueFolder): Promise<StoredIssue> {
  const emailFile = path.join(found.dir, ISSUE_FILES.email);
  const bounds = { within: found.dir };
  const emailJson = await readLocalText(emailFile, bounds);
  const { digest: rendered, ...email } = parseEmailJson(emailJson, emailFile);
  const digest = await readLocalFile(path.join(found.dir, ISSUE_FILES.digest), bounds);
  const isEdited = digestHash(digest) !== rendered;
  return {
    ...found,
    email,
    digest: digest.toString("utf8"),
    built: await readBuiltDigest(found.dir),
    isEdited,
    files: await filesIn(found.dir),
  };
}

/** The text of the digest that was built, beside the one that an editor may have changed. */
export async function readBuiltDigest(dir: string): Promise<string | undefined> {
  const file = path.join(dir, ISSUE_FILES.built);
  return readLocalText(file, { within: dir }).catch((error: unknown) => {
    // A folder of that name says as little of what was built as none.
    if (isErrno(error, "ENOENT", "ENOTDIR", "EISDIR")) return undefined;
    throw error;
  });
}

/** The digest of an issue. @throws BroadsheetError DIGEST_INVALID, which names its file. */
export function digestOf({ digest, dir }: Pick<StoredIssue, "digest" | "dir">): Digest {
  return parseDigest(digest, path.join(dir, ISSUE_FILES.digest));
}

/** The files of an issue, with `/` between folders and in order, but for those that sending wrote. */
export async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(dir, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"),
    )
    .filter((name) => !/^(?:messages|edited)\//.test(name))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Which folder stands under the name, and since when: another one after every build. */
async function identityOf(dir: string): Promise<string | undefined> {
  const found = await unlessMissing(stat(dir, { bigint: true }));
  return found && [found.dev, found.ino, found.birthtimeNs, found.ctimeNs].join(":");
}

function unreadable(error: unknown, { slot, dir }: IssueFolder): Error {
  if (error instanceof BroadsheetError || !(error instanceof Error) || !("code" in error))
    throw error;
  const isMissing = error.code === "ENOENT";
  const file = "path" in error ? String(error.path) : dir;
  return new BroadsheetError(
    isMissing ? "ISSUE_MISSING" : "INPUT_UNREADABLE",
    isMissing
      ? `the issue ${slot} is not whole: it has no ${path.basename(file)}`
      : `the issue ${slot} cannot be read: ${String(error.code)}`,
    { where: { file }, fix: "build it again, or render its digest.json", cause: error },
  );
}

/** A name that stays where it is put: no part of it leads up, is hidden, or is no name at all. */
function assertPlainName(name: string, parts: readonly string[], outbox: string): void {
  const isPlain = parts.every((part) => /^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u.test(part));
  if (isPlain) return;
  throw new BroadsheetError(
    "OUTBOX_UNWRITABLE",
    `${JSON.stringify(name)} is no name for a part of an issue`,
    {
      where: { file: outbox },
      fix: "use letters, digits and hyphens",
    },
  );
}

/** A newsletter's folder that is a link would put its issues, and what they replace, somewhere else. */
async function assertInside(parent: string, newsletter: string, outbox: string): Promise<void> {
  if ((await realpath(parent)) === path.join(await realpath(outbox), newsletter)) return;
  throw new BroadsheetError(
    "OUTBOX_UNWRITABLE",
    `the folder of ${newsletter} in the outbox is a symbolic link`,
    {
      where: { file: parent },
      fix: "put a folder in its place, or make the whole outbox the link",
    },
  );
}

/**
 * Writes files into a folder, which it is the first to write to, and waits until they are on the
 * disk. Names may have folders in them.
 */
async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => path.dirname(path.join(folder, name))));
  for (const inner of folders) await mkdir(inner, { recursive: true, mode: PRIVATE_FOLDER });
  // All of them end before the first failure is thrown: the caller then removes the folder.
  const written = await Promise.allSettled(
    [...files].map(async ([name, content]) => writeSynced(path.join(folder, name), content)),
  );
  const failed = written.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  for (const inner of new Set([...folders, folder])) await syncFolder(inner);
}

/**
 * Refuses to change the files of an issue whose sending has begun.
 * @throws BroadsheetError ISSUE_FROZEN, STORE_*, LEDGER_RESTORED.
 */
export async function refuseFrozen(config: Places, issue: IssueKey): Promise<void> {
  // Most builds make a new issue, and need no store.
  if (!existsSync(path.join(config.outbox, issue.newsletter, issue.slot))) return;
  const { assertNotFrozen } = await import("../../../delivery/io/ledger/look-at-issues.ts");
  assertNotFrozen(config, issue);
}

/** Whether an outbox is another one than the newsletter's, of which nothing was sent. */
export async function isElsewhere(outbox: string, { outbox: own }: Places): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}
