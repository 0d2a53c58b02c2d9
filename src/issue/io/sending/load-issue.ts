import { ISSUE_FILES } from "../../../preview/page-data.ts";
import { type Report, parseReport } from "../../../check/finding.ts";
import { contentHash } from "../../../delivery/compile-message.ts";
import type { IssueContent } from "../../../delivery/ledger.ts";
import { parseDigest } from "../../../digest/digest-json.ts";
import { digestHash } from "../../../email/email.ts";
import { BroadsheetError } from "../../../errors.ts";
import { openLedger } from "../../../delivery/io/open-ledger.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Environment } from "../../../platform/environment.ts";
import { readLocalText } from "../../../platform/files/local-file.ts";
import { hasStore, type NewsletterStore } from "../../../platform/store.ts";
import {
  findIssue,
  digestOf,
  isPending,
  type IssueFolder,
  readIssue,
  picturesOf,
  type Places,
} from "../outbox.ts";
import { type IssueToSend, withdrawnText } from "../../issue-to-send.ts";
import type { RenderSettings } from "../../render.ts";
import type { CheckedIssue } from "../../stages.ts";
import { frozenSince } from "../../../delivery/io/ledger/look-at-issues.ts";
import { withInlinePictures } from "../../mailing.ts";
import type { Reporter } from "../../../platform/reporter.ts";
import path from "node:path";

/** The folders of a newsletter's issues, and the store that knows what was sent. */
type Home = NewsletterStore & Places;

/** The settings for finding an issue and rendering it again. */
export type StoredSettings = Home & RenderSettings;

/** Returns an issue as its readers get it: the frozen content once sending has begun, otherwise the issue in the outbox. */
export async function issueForList(
  name: string,
  config: StoredSettings,
  reporter: Reporter,
): Promise<IssueToSend> {
  const place = await placeOf(name, config);
  const content = place && (await keptContent(place.slot, config, process.env));
  if (!content) return issueInOutbox(name, config, reporter);
  const { slot, dir: folder } = place;
  const digest = parseDigest(content.digest, `the plan of ${slot}`);
  const { email, pictures } = content;
  const since = await sincePlanned(content, slot, config);
  return { digest, digestHash: digestHash(content.digest), email, pictures, folder, since };
}

/**
 * Returns an issue of the outbox. If its digest was edited after rendering, it is rendered again. The outbox gets the result
 * too, unless sending has begun.
 */
export async function issueInOutbox(
  name: string,
  config: StoredSettings,
  reporter: Reporter,
): Promise<IssueToSend> {
  const stored = await readIssue(config.outbox, config.slug, name);
  const { dir: folder, built, email, articlesText, newsletter, slot } = stored;
  const isFrozen = (await frozenSince(config, { newsletter, slot })) !== undefined;
  if (!isFrozen && (stored.isEdited || (await isPending(stored)))) {
    // The renderer is loaded only if needed, because loading it takes longer than everything else.
    const { publishEdited } = await import("../render-again.ts");
    const { EditsFile } = await import("../edits-file.ts");
    const outbox = path.resolve(folder, "../..");
    const issuesIn = outbox === path.resolve(config.outbox) ? config.issuesIn : undefined;
    await using edits = await EditsFile.open(outbox, { newsletter, slot }, issuesIn);
    const issue = await publishEdited(edits, config, { outbox, mayBeSent: true });
    reporter.note("The digest was edited since the issue was built: rendered it again");
    if (issue.isDraftAgain) reporter.note(withdrawnText(slot));
    return { ...(await toSend(issue)), built, folder, articlesText };
  }
  const digest = digestOf(stored);
  if (isFrozen && stored.isEdited) {
    const { renderAgain } = await import("../render-again.ts");
    const issue = await renderAgain(digest, config, folder);
    reporter.note(
      "The digest was edited since the issue's sending began: rendered it as it is now",
    );
    return { ...(await toSend(issue)), built, folder, articlesText, unwritten: issue };
  }
  const pictures = await picturesOf(digest, folder);
  const hash = digestHash(stored.digest);
  return { digest, digestHash: hash, built, pictures, email, folder, articlesText };
}

async function toSend({ digest, email, pictures }: CheckedIssue) {
  const { digestText } = await import("../publish.ts");
  return { digest, digestHash: digestHash(digestText(digest)), email, pictures };
}

/**
 * Returns the content that readers get once sending has begun; undefined before.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function keptContent(
  slot: string,
  { store, slug }: NewsletterStore,
  env: Environment,
): Promise<IssueContent | undefined> {
  if (!(await hasStore(store))) return undefined;
  const ledger = await openLedger(store, { clock: systemClock, env, isLooking: true });
  try {
    return await ledger.content({ newsletter: slug, slot });
  } finally {
    await ledger.close();
  }
}

/** Returns the findings from the build; undefined if the checks did not run, or ran on another version. */
export async function readReport({
  folder,
  unwritten,
  since,
}: Pick<IssueToSend, "folder" | "unwritten" | "since">): Promise<Report | undefined> {
  if (since) return undefined;
  if (unwritten) return unwritten.report;
  const file = path.join(folder, ISSUE_FILES.report);
  return parseReport(await readLocalText(file, { within: folder }).catch(() => "")) ?? undefined;
}

/** Finds an issue of the newsletter, even if its folder is gone. */
async function placeOf(
  name: string,
  { outbox, slug }: Home,
): Promise<Pick<IssueFolder, "slot" | "dir"> | undefined> {
  try {
    const found = await findIssue(outbox, slug, name);
    return found.newsletter === slug ? found : undefined;
  } catch (error) {
    if (!(error instanceof BroadsheetError) || error.code !== "ISSUE_MISSING") throw error;
    const slot = path.basename(name);
    const dir = path.join(outbox, slug, slot);
    const isNamed = [slot, `${slug}/${slot}`].includes(name) || path.resolve(name) === dir;
    return isNamed ? { slot, dir } : undefined;
  }
}

/** Compares the files of an issue with its planned content. */
async function sincePlanned(
  content: IssueContent,
  slot: string,
  { outbox, slug }: Home,
): Promise<IssueToSend["since"]> {
  try {
    const stored = await readIssue(outbox, slug, slot);
    if (stored.isEdited) return "changed";
    const pictures = await picturesOf(digestOf(stored), stored.dir);
    return hashOf({ email: stored.email, pictures }) === hashOf(content) ? undefined : "changed";
  } catch (error) {
    if (error instanceof BroadsheetError) return "gone";
    throw error;
  }
}

export function hashOf({ email, pictures }: Pick<IssueContent, "email" | "pictures">): string {
  const inline = withInlinePictures(email, pictures);
  return contentHash(inline.email, inline.images);
}

/** Writes the files of the issue once its readers get them. */
export async function writeUnwritten(
  { unwritten, folder }: IssueToSend,
  config: Places,
): Promise<void> {
  if (!unwritten) return;
  // The code that writes an issue is loaded only if needed.
  const { publish } = await import("../publish.ts");
  await publish(unwritten, config, { outbox: path.resolve(folder, "../.."), mayBeSent: true });
}

/** The message if the files of an issue differ from the content for its readers; undefined if they do not. */
export function sinceText({ since, digest }: IssueToSend): string | undefined {
  return since && textOf(since, digest.issue.slot);
}

/** The same message for an issue of the newsletter whose sending has begun. */
export async function changedText(slot: string, config: Home): Promise<string | undefined> {
  const content = await keptContent(slot, config, process.env);
  const since = content && (await sincePlanned(content, slot, config));
  return since && textOf(since, slot);
}

function textOf(since: "changed" | "gone", slot: string): string {
  const planned = "and readers get what was planned";
  return since === "gone"
    ? `the files of ${slot} can't be read any more, ${planned}`
    : `digest.json was changed after the sending of ${slot} began, ${planned}; to send the changed text to the remaining readers: broadsheet send ${slot} --revise`;
}
