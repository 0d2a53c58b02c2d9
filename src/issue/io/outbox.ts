import { ISSUE_FILES } from "../../preview/page-data.ts";
import { type Digest, flatEntries, withEntries } from "../../digest/digest.ts";
import { flatBlocks } from "../../article/letter-block.ts";
import { letterBlocks } from "../../digest/letter-blocks.ts";
import { slotTime } from "../../platform/slot.ts";
import { parseDigest } from "../../digest/digest-json.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { type Email, digestHash, parseEmailJson } from "../../email/email.ts";
import { readLocalFile, readLocalText } from "../../platform/files/local-file.ts";
import { makeFolders, removeEmpty, PRIVATE_FOLDER } from "../../platform/files/make-folders.ts";
import {
  fileError,
  isErrno,
  outboxError,
  OUTBOX_FIX,
  unlessMissing,
  inputError,
} from "../../platform/file-error.ts";
import {
  healFolder,
  swapFolder,
  syncFolder,
  writeSynced,
  setAsideFrom,
} from "../../platform/files/swap-folder.ts";
import type { IssueState } from "../../delivery/life.ts";
import type { IssueKey } from "../../delivery/ledger.ts";
import type { IssueFiles } from "../../preview/preview-page.ts";
import type { Image } from "../../article/article.ts";
import { type Picture, pictureTypeOf, placedName } from "../../platform/picture.ts";
import type { ToldBefore } from "../../digest/stories/story.ts";
import { readdir, realpath, stat, mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DatabasePlace, mayHaveStore, type StorePlace } from "../../platform/store.ts";
import { existsSync } from "node:fs";

/** The absolute paths of a newsletter's outbox and store. */
export interface Places {
  readonly outbox: string;
  readonly store: StorePlace;
  /** The database that keeps the issues for all machines. Absent if only the outbox has them. */
  readonly issuesIn?: DatabasePlace | undefined;
}

export interface IssueFolder {
  readonly newsletter: string;
  readonly slot: string;
  readonly dir: string;
}

export interface StoredIssue extends IssueFolder {
  readonly email: Email;
  /** The text of digest.json. */
  readonly digest: string;
  /** The text of the built digest, if the folder has it. */
  readonly built?: string | undefined;
  /** The text of articles.json, if the folder has it. */
  readonly articlesText?: string | undefined;
  /** Whether digest.json was changed after the email was rendered. */
  readonly isEdited: boolean;
  /** Relative to the folder, with `/`, sorted; without `messages/` and `edited/`. */
  readonly files: readonly string[];
}

/** The file with an editor's operations on an issue. It is beside the issue's folder, because a build replaces the folder. */
export function editsFileOf({ slot }: Pick<IssueKey, "slot">): string {
  return `${slot}.edits.jsonl`;
}

/** The maximum number of names listed in a message. */
const LISTED = 8;

/**
 * Finds the issue that `name` means: `latest`, a slot, `<newsletter>/<slot>`, or a folder in the outbox. Without a
 * newsletter, all are searched, and several matches are an error. A folder or `<newsletter>/<slot>` matches in any
 * newsletter.
 * @throws BroadsheetError ISSUE_MISSING, which lists the existing issues; USAGE if the name is ambiguous.
 */
export async function findIssue(
  outbox: string,
  newsletter: string | undefined,
  name: string,
): Promise<IssueFolder> {
  const all = await listIssues(outbox);
  const wanted = new Set([path.resolve(name), path.resolve(outbox, name)]);
  const byPath = all.find(({ dir }) => wanted.has(path.resolve(dir)));
  if (byPath) return byPath;
  const issues = all.filter((issue) => newsletter === undefined || issue.newsletter === newsletter);
  const named =
    name === "latest"
      ? [...new Map(issues.map((issue) => [issue.newsletter, issue])).values()]
      : issues.filter(({ slot }) => slot === name);
  const [only] = named;
  if (only && named.length === 1) return only;
  throw named.length > 1 ? several(name, named) : missing(name, issues, outbox);
}

/** The issues of an outbox, the earliest first. */
export async function listIssues(outbox: string): Promise<IssueFolder[]> {
  const newsletters = await foldersIn(outbox);
  const found = await Promise.all(newsletters.map(async (name) => issuesOf(outbox, name)));
  return found.flat().sort(byTime);
}

async function issuesOf(outbox: string, newsletter: string): Promise<IssueFolder[]> {
  const folder = path.join(outbox, newsletter);
  const slots = (await foldersIn(folder)).filter((name) => slotTime(name) !== undefined);
  return slots.map((slot) => ({ newsletter, slot, dir: path.join(folder, slot) }));
}

/**
 * The visible folders in a folder. A folder that a build has set aside counts under its own name, because it is back a moment
 * later. Without it, `latest` would be an older issue.
 */
async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => setAsideFrom(name) ?? name)
      .filter((name) => !name.startsWith("."));
    return [...new Set(names)];
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    const options = { where: { file: folder }, fix: OUTBOX_FIX };
    throw fileError(error, "OUTBOX_UNWRITABLE", "the outbox can't be read", options);
  }
}

function byTime(a: IssueFolder, b: IssueFolder): number {
  const difference = (slotTime(a.slot) ?? 0) - (slotTime(b.slot) ?? 0);
  return difference || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function several(name: string, issues: readonly IssueFolder[]): BroadsheetError {
  const names = issues.map(nameOf);
  return new BroadsheetError("USAGE", `${name} could mean ${names.join(" or ")}`, {
    fix: `name the one you mean: ${names[0]}`,
  });
}

function missing(name: string, issues: readonly IssueFolder[], outbox: string): BroadsheetError {
  const where = { file: outbox };
  const latest = issues.at(-1);
  if (!latest) {
    return new BroadsheetError("ISSUE_MISSING", "the outbox has no issue yet", {
      where,
      fix: "build one: broadsheet build",
    });
  }
  const near = nearest(
    name,
    issues.flatMap((issue) => [issue.slot, nameOf(issue)]),
  );
  const there = issues.slice(-LISTED).map(({ slot }) => slot);
  return new BroadsheetError("ISSUE_MISSING", `the outbox has no issue "${name}"`, {
    where,
    fix: `${near ? `did you mean ${near}? ` : ""}there is ${there.join(", ")}; latest is ${latest.slot}`,
  });
}

function nameOf({ newsletter, slot }: IssueFolder): string {
  return `${newsletter}/${slot}`;
}

/** The number of earlier issues whose stories are compared with those of a new one. */
const ISSUES_COMPARED = 5;

/** The stories of the newsletter's issues before a slot. */
export async function earlierIssues(
  outbox: string,
  { newsletter, slot }: { readonly newsletter: string; readonly slot: string },
): Promise<readonly ToldBefore[]> {
  const time = slotTime(slot) ?? Infinity;
  const own = (await listIssues(outbox)).filter((issue) => issue.newsletter === newsletter);
  const before = own.filter((issue) => (slotTime(issue.slot) ?? Infinity) < time);
  const told: ToldBefore[] = [];
  for (const issue of before.slice(-ISSUES_COMPARED)) {
    const digest = await digestIn(issue.dir);
    if (!digest) continue;
    const { date, webUrl } = digest;
    const shown = flatEntries(digest).filter(({ hidden }) => !hidden);
    told.push(...shown.map(({ article }) => ({ slot: issue.slot, date, webUrl, article })));
  }
  return told;
}

/** An incomplete issue, or one in the format of another version, is ignored. */
async function digestIn(dir: string): Promise<Digest | undefined> {
  const file = path.join(dir, ISSUE_FILES.digest);
  try {
    return parseDigest(await readLocalText(file, { within: dir }), file);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR") || error instanceof BroadsheetError) return undefined;
    throw inputError(error, file);
  }
}

const READ_AGAIN_MS = 10;
const PATIENT_READS = 100;
const MAX_READS = 200;

/**
 * Writes the files of an issue to `<outbox>/<newsletter>/<slot>/` and returns that folder. An existing issue of the slot is
 * replaced as a whole, except `messages/`, which sending wrote, and `edited/`. Names may contain folders (`images/x.png`),
 * but can't lead outside.
 * @throws BroadsheetError OUTBOX_UNWRITABLE, OUTBOX_FULL or OUTBOX_BUSY; the outbox is then unchanged.
 */
export async function writeIssue(
  outbox: string,
  { newsletter, slot }: { readonly newsletter: string; readonly slot: string },
  files: ReadonlyMap<string, string | Uint8Array>,
  replaced?: (folder: string) => Promise<void>,
): Promise<string> {
  for (const name of [newsletter, slot]) assertPlainName(name, [name], outbox);
  for (const name of files.keys()) assertPlainName(name, name.split("/"), outbox);
  const parent = path.join(outbox, newsletter);
  const made: string[] = [];
  try {
    made.push(...(await makeFolders(path.resolve(parent))));
    await assertInside(parent, newsletter, outbox);
    await swapFolder(parent, slot, async (folder) => writeFiles(folder, files), replaced);
    return path.join(parent, slot);
  } catch (error) {
    await removeEmpty(made);
    throw outboxError(error, `the issue ${slot}`, path.join(parent, slot));
  }
}

/**
 * Reads the issue that `name` means, with its email and the text of its digest, all from the same build: `latest`, a slot,
 * `<newsletter>/<slot>`, or a folder in the outbox. Without a newsletter, all are searched.
 * @throws BroadsheetError ISSUE_MISSING if it is missing or incomplete, USAGE if the name is ambiguous, EMAIL_INVALID,
 * INPUT_UNREADABLE.
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
    // If a build replaced the folder in the meantime, the parts come from two builds.
    const isOneBuild = identity !== undefined && identity === (await identityOf(found.dir));
    if (isOneBuild && issue instanceof Error) throw issue;
    if (isOneBuild && !(issue instanceof Error)) return issue;
    await bringBack(found, attempt > PATIENT_READS);
  }
  throw new BroadsheetError("OUTBOX_BUSY", `the issue ${name} is being built again and again`, {
    where: { file: outbox },
    fix: "wait until the other build has ended",
  });
}

/** Between its two renames a build takes less than a millisecond, unless it was killed there. */
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
    built: await readBeside(found.dir, ISSUE_FILES.built),
    articlesText: await readBeside(found.dir, ISSUE_FILES.articles),
    isEdited,
    files: await filesIn(found.dir),
  };
}

/** The text of an optional file in an issue's folder, such as the built digest. */
export async function readBeside(dir: string, name: string): Promise<string | undefined> {
  const file = path.join(dir, name);
  return readLocalText(file, { within: dir }).catch((error: unknown) => {
    // A folder with that name is as useless as a missing file.
    if (isErrno(error, "ENOENT", "ENOTDIR", "EISDIR")) return undefined;
    throw error;
  });
}

/** The digest of an issue. @throws BroadsheetError DIGEST_INVALID, which names its file. */
export function digestOf({ digest, dir }: Pick<StoredIssue, "digest" | "dir">): Digest {
  return parseDigest(digest, path.join(dir, ISSUE_FILES.digest));
}

/** The files of an issue, sorted, with `/` between folders, without the files that sending wrote. */
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

/** Whether operations were added after the issue was written, because a program was stopped between the two. */
export async function isPending({ dir }: Pick<IssueFolder, "dir">): Promise<boolean> {
  const file = path.join(path.dirname(dir), editsFileOf({ slot: path.basename(dir) }));
  const edits = await unlessMissing(stat(file, { bigint: true }));
  const digest =
    edits && (await unlessMissing(stat(path.join(dir, ISSUE_FILES.digest), { bigint: true })));
  return edits !== undefined && digest !== undefined && edits.mtimeNs > digest.mtimeNs;
}

/** Identifies the folder under the name. Each build makes a new one. */
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

/** Rejects a name that leads to a parent folder, is hidden or is empty. */
function assertPlainName(name: string, parts: readonly string[], outbox: string): void {
  const isPlain = parts.every((part) => /^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u.test(part));
  if (isPlain) return;
  throw new BroadsheetError(
    "OUTBOX_UNWRITABLE",
    `${JSON.stringify(name)} can't be the name of a part of an issue`,
    {
      where: { file: outbox },
      fix: "use letters, digits and hyphens",
    },
  );
}

/** If a newsletter's folder were a link, its issues would be written, and other files replaced, somewhere else. */
async function assertInside(parent: string, newsletter: string, outbox: string): Promise<void> {
  if ((await realpath(parent)) === path.join(await realpath(outbox), newsletter)) return;
  throw new BroadsheetError(
    "OUTBOX_UNWRITABLE",
    `the folder of ${newsletter} in the outbox is a symbolic link`,
    {
      where: { file: parent },
      fix: "replace it by a folder, or make the whole outbox a link",
    },
  );
}

/** Writes files to a new folder and waits until they are on the disk. Names may contain folders. */
async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const folders = new Set([...files.keys()].map((name) => path.dirname(path.join(folder, name))));
  for (const inner of folders) await mkdir(inner, { recursive: true, mode: PRIVATE_FOLDER });
  // All writes end before the first failure is thrown, because the caller then removes the folder.
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
  // Most builds make a new issue and need no store. Another machine may have sent an issue that is not here.
  const isHere = existsSync(path.join(config.outbox, issue.newsletter, issue.slot));
  if (!isHere && !config.issuesIn) return;
  const { assertNotFrozen } = await import("../../delivery/io/ledger/look-at-issues.ts");
  await assertNotFrozen(config, issue);
}

export async function stateNow({ store }: Places, issue: IssueKey): Promise<IssueState> {
  // A newsletter without a store does not load this code.
  if (!mayHaveStore(store)) return "draft";
  const { stateInStore } = await import("../../delivery/io/ledger/look-at-issues.ts");
  return stateInStore(store, issue);
}

/** Whether an outbox is not the newsletter's own. No issue is sent from such an outbox. */
export async function isElsewhere(outbox: string, { outbox: own }: Places): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}

/** The files that the page shows. The other files are derived from them or meant for other programs. */
const SHOWN = /^(?:email\.(?:html|txt|eml)|digest\.json|report\.json|images\/.+)$/;
const MOST_READS = 20;

/**
 * A hundred long stories stay below the first limit, and no mail server accepts a message above the second. Larger files
 * would block the browser and all other requests.
 */
const MOST_TEXT_BYTES = 10 * 1024 * 1024;
const MOST_BYTES = 50 * 1024 * 1024;

export interface StoredFiles {
  readonly stored: StoredIssue;
  readonly files: IssueFiles;
}

/**
 * Reads an issue with the files that the page shows, all from one build.
 * @throws BroadsheetError as `readIssue` does; CONTENT_TOO_LARGE for a file that is too large for the page, INPUT_UNREADABLE
 * for a digest that is a link.
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
      // In the meantime a build has replaced the folder.
      if (error instanceof BroadsheetError || attempt === MOST_READS) throw error;
    }
  }
}

/** Reads the files of an issue that the page shows. */
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

/** A link could show any file of this machine in the page, and send it. */
function assertOwnDigest({ dir, files }: StoredIssue): void {
  if (files.includes(ISSUE_FILES.digest)) return;
  throw new BroadsheetError("INPUT_UNREADABLE", "digest.json is a link to somewhere else", {
    where: { file: path.join(dir, ISSUE_FILES.digest) },
    fix: "replace the link by the file itself, or build the issue again",
  });
}

/**
 * The pictures that an issue already has, by file name. Pictures of its editor are also in `edited/`, so that an undone
 * choice can be restored.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for a file that is not a picture.
 */
export async function readPlacedPictures(
  folder: string,
  names: readonly string[],
): Promise<Picture[]> {
  return Promise.all(
    names.map(async (name) => {
      const read = async (part: string) =>
        readLocalFile(path.resolve(folder, part, name), { within: folder });
      const content = (await unlessMissing(read("images"))) ?? (await read(EDITED));
      const type = pictureTypeOf(content);
      if (type) return { name, content, contentType: type.contentType };
      throw new BroadsheetError("CONTENT_UNSUPPORTED", `images/${name} is not a picture`, {
        fix: "put a PNG or JPEG there, or build the issue again",
      });
    }),
  );
}

/** The folder that is kept when the issue's folder is replaced. It has the editor's pictures and earlier texts. */
export const EDITED = "edited";

function sourcesOf({ src, crops = {} }: Pick<Image, "src" | "crops">): string[] {
  return [src, ...Object.values(crops).flatMap((crop) => (crop ? [crop.src] : []))];
}

/** The file names in `images/` of the pictures that a digest shows, without duplicates. */
function pictureNames({ sections, publication, letter, modules }: Digest): Set<string> {
  const images = sections.flatMap(({ entries }) =>
    entries.flatMap(({ article }) => article.images),
  );
  const { src, dark } = publication?.logo ?? {};
  const inLetter = flatBlocks(letter ? letterBlocks(letter) : []).map((block) =>
    block.kind === "picture" ? block.src : undefined,
  );
  const sponsor = modules?.sponsor?.image?.src;
  const names = [src, dark, sponsor, ...inLetter, ...images.flatMap(sourcesOf)]
    .map(placedName)
    .filter((name) => name !== undefined);
  return new Set(names);
}

/**
 * A digest with the pictures of its folder: its own and those of the built digest, so that an editor's change can be undone.
 * A missing crop is made again.
 */
export async function withPictures(
  edited: Digest,
  folder: string,
  {
    built,
    atHand = [],
  }: { readonly built?: Digest | undefined; readonly atHand?: readonly Picture[] },
): Promise<{ readonly digest: Digest; readonly pictures: readonly Picture[] }> {
  const there = (await unlessMissing(readdir(path.join(folder, "images")))) ?? [];
  const names = new Set([...there, ...atHand.map(({ name }) => name)]);
  const digest = withoutCrops(edited, names);
  const shown = await picturesOf(digest, folder, atHand);
  const known = new Set(shown.map(({ name }) => name));
  const others = built ? [...pictureNames(built)].filter((name) => names.has(name)) : [];
  const left = others.filter((name) => !known.has(name));
  const had = atHand.filter(({ name }) => left.includes(name));
  const read = left.filter((name) => !had.some((one) => one.name === name));
  return { digest, pictures: [...shown, ...had, ...(await readPlacedPictures(folder, read))] };
}

/** A digest without the crops whose files are missing. */
function withoutCrops(digest: Digest, names: ReadonlySet<string>): Digest {
  const isThere = ({ src }: { readonly src: string }) => names.has(src.replace(/^images\//, ""));
  const isWhole = ({ crops = {} }: Image) =>
    Object.values(crops).every((crop) => crop === undefined || isThere(crop));
  if (flatEntries(digest).every(({ article }) => article.images.every(isWhole))) return digest;
  const bare = ({ crops = {}, ...image }: Image): Image => {
    const left = Object.entries(crops).filter(([, crop]) => crop !== undefined && isThere(crop));
    return left.length === 0 ? image : { ...image, crops: Object.fromEntries(left) };
  };
  return withEntries(digest, (entry) => ({
    ...entry,
    article: { ...entry.article, images: entry.article.images.map(bare) },
  }));
}

/** The pictures that a digest shows: from `atHand` if it has them, otherwise from the `images/` beside the digest. */
export async function picturesOf(
  digest: Digest,
  folder: string,
  atHand: readonly Picture[] = [],
): Promise<Picture[]> {
  const names = pictureNames(digest);
  const had = atHand.filter(({ name }) => names.has(name));
  for (const { name } of had) names.delete(name);
  const read = readPlacedPictures(folder, [...names]).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" || cause.path === undefined) throw cause;
    throw new BroadsheetError(
      "INPUT_MISSING",
      `the picture ${path.basename(cause.path)} is not there`,
      {
        where: { file: path.join(folder, ISSUE_FILES.digest) },
        fix: "put it into images/ beside the digest, or build the issue with --discard-edits",
        cause,
      },
    );
  });
  return [...had, ...(await read)];
}
