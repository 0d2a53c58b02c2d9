import path from "node:path";
import type { Config } from "../config.ts";
import { contentHash } from "../delivery/content-hash.ts";
import type { IssueContent } from "../delivery/ledger.ts";
import { parseDigest } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { findIssue } from "../io/outbox/find-issue.ts";
import { readIssue, type StoredIssue, writeIssue } from "../io/outbox/outbox.ts";
import type { IssueToSend } from "../io/sending/issue-to-send.ts";
import { keptContent } from "../io/sending/kept-content.ts";
import { frozenSince } from "../io/sqlite/ledger/frozen.ts";
import { withInlinePictures } from "../pipeline/sample.ts";
import { picturesOf } from "../preview/pictures-of.ts";
import type { Terminal } from "./terminal.ts";

/**
 * An issue as its readers get it: what its sending began with, whatever lies in the outbox by now. Before that, what
 * lies there.
 */
export async function issueForList(
  name: string,
  config: Config,
  terminal: Terminal,
): Promise<IssueToSend> {
  const place = await placeOf(name, config);
  const content = await keptContent(place.slot, config, process.env);
  return content ? asPlanned(content, place, config) : issueInOutbox(name, config, terminal);
}

/**
 * An issue as it lies in the outbox. Where its digest was edited since it was rendered, it is rendered again first, in
 * the outbox too, unless its sending has begun.
 */
export async function issueInOutbox(
  name: string,
  config: Config,
  terminal: Terminal,
): Promise<IssueToSend> {
  const stored = await readIssue(config.outbox, config.slug, name);
  const digest = parseDigest(stored.digest, path.join(stored.dir, "digest.json"));
  const pictures = await picturesOf(digest, stored.dir);
  const { dir: folder } = stored;
  if (!stored.isEdited) return { digest, pictures, email: stored.email, folder };
  // Rendering is loaded only where it is needed: it takes longer than all the rest.
  const { renderAgain } = await import("../preview/render-again.ts");
  const built = await renderAgain(digest, config, { folder });
  const rendered = { digest: built.digest, email: built.email, pictures, folder };
  if (frozenSince(config, digest.issue)) {
    terminal.note(
      "The digest was edited since the issue's sending began: rendered it as it is now",
    );
    return { ...rendered, unwritten: built.files };
  }
  await writeIssue(path.resolve(stored.dir, "../.."), digest.issue, built.files);
  terminal.note("The digest was edited since the issue was built: rendered it again");
  return rendered;
}

interface PlaceOfIssue {
  readonly slot: string;
  readonly dir: string;
}

/** Also of one whose folder is gone, where its sending has begun. */
async function placeOf(name: string, { outbox, slug }: Config): Promise<PlaceOfIssue> {
  try {
    return await findIssue(outbox, slug, name);
  } catch (error) {
    if (!(error instanceof BroadsheetError) || error.code !== "ISSUE_MISSING") throw error;
    const slot = path.basename(name);
    return { slot, dir: path.join(outbox, slug, slot) };
  }
}

async function asPlanned(
  content: IssueContent,
  { slot, dir }: PlaceOfIssue,
  { outbox, slug }: Config,
): Promise<IssueToSend> {
  const digest = parseDigest(content.digest, `the plan of ${slot}`);
  const since = await changeIn(content, async () => readIssue(outbox, slug, slot));
  return { digest, email: content.email, pictures: content.pictures, folder: dir, since };
}

/** What has become of an issue's files since it was planned. */
async function changeIn(
  content: IssueContent,
  read: () => Promise<StoredIssue>,
): Promise<IssueToSend["since"]> {
  try {
    const { isEdited, digest, dir, email } = await read();
    if (isEdited) return "changed";
    const pictures = await picturesOf(parseDigest(digest, path.join(dir, "digest.json")), dir);
    return hashOf({ email, pictures }) === hashOf(content) ? undefined : "changed";
  } catch (error) {
    if (error instanceof BroadsheetError) return "gone";
    throw error;
  }
}

function hashOf({ email, pictures }: Pick<IssueContent, "email" | "pictures">): string {
  const inline = withInlinePictures(email, pictures);
  return contentHash(inline.email, inline.images);
}

/** Puts its files where they belong, once they are what its readers get. */
export async function writeUnwritten({ unwritten, digest, folder }: IssueToSend): Promise<void> {
  if (unwritten) await writeIssue(path.resolve(folder, "../.."), digest.issue, unwritten);
}

/** What to say where an issue's files are no longer what its readers get; undefined where they are. */
export function sinceText({ since, digest }: IssueToSend): string | undefined {
  if (since === undefined) return undefined;
  const { slot } = digest.issue;
  const planned = `and readers get what was planned then`;
  return since === "gone"
    ? `the files of ${slot} can't be read any more, ${planned}`
    : `digest.json was changed after the sending of ${slot} began, ${planned}; to send who is left what it says now: broadsheet send ${slot} --revise`;
}
