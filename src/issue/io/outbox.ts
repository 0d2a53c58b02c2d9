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

/** The absolute paths at which a newsletter keeps its issues and its store. */
export interface Places {
  readonly outbox: string;
  readonly store: StorePlace;
  /** The database that has the issues of the outbox for all machines. Absent where only the outbox has them. */
  readonly issuesIn?: DatabasePlace | undefined;
}

/** The folder of an issue. */
export interface IssueFolder {
  readonly newsletter: string;
  readonly slot: string;
  readonly dir: string;
}

/** An issue as it lies in the outbox. */
export interface StoredIssue extends IssueFolder {
  readonly email: Email;
  /** The text of digest.json. */
  readonly digest: string;
  /** The text of the digest that was built from the articles, where the folder has it. */
  readonly built?: string | undefined;
  /** The text of articles.json, where the folder has it. */
  readonly articlesText?: string | undefined;
  /** Whether digest.json is no longer what the email was rendered from. */
  readonly isEdited: boolean;
  /** Relative to the folder, with `/`, in order; without `messages/` and `edited/`. */
  readonly files: readonly string[];
}

/** The file with an editor's operations on an issue. It is beside the issue's folder, as a build replaces the folder. */
export function editsFileOf({ slot }: Pick<IssueKey, "slot">): string {
  return `${slot}.edits.jsonl`;
}

/** The most names in a list that is read at a glance. */
const LISTED = 8;

/**
 * The issue that `name` means: `latest`, a slot, `<newsletter>/<slot>`, or a folder in the outbox.
 * Without a newsletter all are searched, and more than one match is refused; a folder or
 * `<newsletter>/<slot>` is found whichever newsletter it is of.
 * @throws BroadsheetError ISSUE_MISSING, saying what there is; USAGE where it could be several.
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
    name === "latest" ? latestOfEach(issues) : issues.filter(({ slot }) => slot === name);
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
 * The folders in a folder, hidden ones apart. One that a build has set aside counts under its own
 * name: at this moment or the next it is there again, and without it an older issue would be latest.
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

function latestOfEach(issues: readonly IssueFolder[]): IssueFolder[] {
  return [...new Map(issues.map((issue) => [issue.newsletter, issue])).values()];
}

function several(name: string, issues: readonly IssueFolder[]): BroadsheetError {
  const names = issues.map(nameOf);
  return new BroadsheetError("USAGE", `${name} could be ${names.join(" or ")}`, {
    fix: `name the one you mean: ${names[0]}`,
  });
}

function missing(name: string, issues: readonly IssueFolder[], outbox: string): BroadsheetError {
  const where = { file: outbox };
  const latest = issues.at(-1);
  if (!latest) {
    return new BroadsheetError("ISSUE_MISSING", "the outbox holds no issue yet", {
      where,
      fix: "build one: broadsheet build",
    });
  }
  const near = nearest(
    name,
    issues.flatMap((issue) => [issue.slot, nameOf(issue)]),
  );
  const there = issues.slice(-LISTED).map(({ slot }) => slot);
  return new BroadsheetError("ISSUE_MISSING", `the outbox holds no issue "${name}"`, {
    where,
    fix: `${near ? `did you mean ${near}? ` : ""}there is ${there.join(", ")}; latest is ${latest.slot}`,
  });
}

function nameOf({ newsletter, slot }: IssueFolder): string {
  return `${newsletter}/${slot}`;
}

/** The number of issues for which a story is remembered. */
const REMEMBERED = 5;

/** The stories of a newsletter's issues that came before a slot. */
export async function earlierIssues(
  outbox: string,
  { newsletter, slot }: { readonly newsletter: string; readonly slot: string },
): Promise<readonly ToldBefore[]> {
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
  return told;
}

/** An issue that is not whole, or of a version that wrote it otherwise, tells nothing of this one. */
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
 * Writes the files of an issue to `<outbox>/<newsletter>/<slot>/` and returns that folder. An issue of
 * the same slot is replaced as a whole, its `messages/` apart, which sending wrote, and `edited/`. Names may have
 * folders in them (`images/x.png`), but lead nowhere outside.
 * @throws BroadsheetError OUTBOX_UNWRITABLE, OUTBOX_FULL or OUTBOX_BUSY; the outbox is then as it was.
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
    built: await readBeside(found.dir, ISSUE_FILES.built),
    articlesText: await readBeside(found.dir, ISSUE_FILES.articles),
    isEdited,
    files: await filesIn(found.dir),
  };
}

/** The text of a file that the folder of an issue may lack, such as the digest that was built. */
export async function readBeside(dir: string, name: string): Promise<string | undefined> {
  const file = path.join(dir, name);
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

/** Whether an editor's operations came after the issue was written: a program was stopped between the two. */
export async function isPending({ dir }: Pick<IssueFolder, "dir">): Promise<boolean> {
  const file = path.join(path.dirname(dir), editsFileOf({ slot: path.basename(dir) }));
  const edits = await unlessMissing(stat(file, { bigint: true }));
  const digest =
    edits && (await unlessMissing(stat(path.join(dir, ISSUE_FILES.digest), { bigint: true })));
  return edits !== undefined && digest !== undefined && edits.mtimeNs > digest.mtimeNs;
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
  // Most builds make a new issue, and need no store. Another machine may have sent what isn't here.
  const isHere = existsSync(path.join(config.outbox, issue.newsletter, issue.slot));
  if (!isHere && !config.issuesIn) return;
  const { assertNotFrozen } = await import("../../delivery/io/ledger/look-at-issues.ts");
  await assertNotFrozen(config, issue);
}

/** The state of an issue. */
export async function stateNow({ store }: Places, issue: IssueKey): Promise<IssueState> {
  // Most first tries have no store, and need none of this code.
  if (!mayHaveStore(store)) return "draft";
  const { stateInStore } = await import("../../delivery/io/ledger/look-at-issues.ts");
  return stateInStore(store, issue);
}

/** Whether an outbox is another one than the newsletter's, of which nothing was sent. */
export async function isElsewhere(outbox: string, { outbox: own }: Places): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}

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

/**
 * The pictures that an issue already has, by the files of its folder. Those that its editor brought are in `edited/` too, which
 * outlives the folder, so that an undone choice can be made again.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for a file that is no picture.
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

/** The folder in that of an issue that outlives it: what its editor brought, or had before. */
export const EDITED = "edited";

function sourcesOf({ src, crops = {} }: Pick<Image, "src" | "crops">): string[] {
  return [src, ...Object.values(crops).flatMap((crop) => (crop ? [crop.src] : []))];
}

/** The file names in `images/` of the pictures that a digest shows, each once. */
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
 * A digest with the pictures of its folder: those that it shows, and those of the digest that was built, so that an editor's
 * change can be taken back. A crop that is not there is made anew.
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

/** A digest without the crops that are in no file. */
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

/** The pictures that a digest shows: those of them that are `atHand`, the others from the `images/` beside it. */
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
