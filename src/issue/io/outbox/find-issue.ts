import { ISSUE_FILES } from "../../../preview/page-data.ts";
import { inputError, isErrno } from "../../../platform/file-error.ts";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError, nearest } from "../../../errors.ts";
import { slotTime } from "../../../digest/slot.ts";
import { readLocalText } from "../../../platform/files/local-file.ts";
import { setAsideFrom } from "../../../platform/files/swap-folder.ts";
import { type Digest, flatEntries } from "../../../digest/digest.ts";
import { parseDigest } from "../../../digest/digest-json.ts";
import type { Earlier, ToldBefore } from "../../../digest/stories/follows.ts";

/** Where an issue is kept. */
export interface IssueFolder {
  readonly newsletter: string;
  readonly slot: string;
  readonly dir: string;
}

/** As many as one reads at a glance. */
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
    throw inputError(error, folder);
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
  const file = path.join(dir, ISSUE_FILES.digest);
  try {
    return parseDigest(await readLocalText(file, { within: dir }), file);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR") || error instanceof BroadsheetError) return undefined;
    throw inputError(error, file);
  }
}
