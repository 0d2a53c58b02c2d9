import { ISSUE_FILES } from "../../preview/page-data.ts";
import path from "node:path";
import type { Digest } from "../../digest/digest.ts";
import { parseDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { digestHash, parseEmailJson, type StoredEmail } from "../../email/email.ts";
import type { Picture } from "../../email/picture.ts";
import { withCrops } from "../compose.ts";
import { issueFiles, publish } from "./publish.ts";
import { check, render, type RenderSettings } from "../render.ts";
import type { CheckedIssue, PublishedIssue } from "../stages.ts";
import { picturesOf, filesIn, isElsewhere, type Places, readBeside, filesOf } from "./outbox.ts";
import type { IssueFiles } from "../../preview/issue-data.ts";

/**
 * The digest in a file, every field checked.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, DIGEST_INVALID.
 */
async function readDigest(file: string, shown: string, within?: string): Promise<Digest> {
  const text = await readLocalText(file, { within, shown }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause instanceof BroadsheetError) throw cause;
      const isMissing = cause.code === "ENOENT" || cause.code === "ENOTDIR";
      throw isMissing
        ? new BroadsheetError("INPUT_MISSING", `there is no ${shown}`, {
            fix: "build an issue first, and give the digest.json in its folder",
            cause,
          })
        : fileError(cause, "INPUT_UNREADABLE", `${shown} can't be read`, {
            fix: "give the digest.json in an issue's folder",
          });
    },
  );
  return parseDigest(text, shown);
}

/** A digest to render, with what lies beside it. */
interface Renderable {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
  /** The text of the digest that was built from the articles. */
  readonly built?: string | undefined;
  /** The text of articles.json. */
  readonly articlesText?: string | undefined;
}

/**
 * An issue from its digest, rendered with the template that the digest names and checked. Nothing is written.
 * @throws BroadsheetError TEMPLATE_INVALID, CONFIG_INVALID, EMAIL_INVALID.
 */
export async function renderDigest(
  { digest, pictures, built, articlesText }: Renderable,
  config: RenderSettings,
): Promise<CheckedIssue> {
  const cut = await withCrops(digest, pictures);
  const edited = { ...cut, built, edits: undefined, editedText: undefined, articlesText };
  return check(await render(edited, config));
}

/** An issue again from the digest in its folder, or another one in its place. */
export async function renderAgain(
  digest: Digest,
  config: RenderSettings,
  folder: string,
): Promise<CheckedIssue> {
  const [pictures, built, articlesText] = await Promise.all([
    picturesOf(digest, folder),
    readBeside(folder, ISSUE_FILES.built),
    readBeside(folder, ISSUE_FILES.articles),
  ]);
  return renderDigest({ digest, pictures, built, articlesText }, config);
}

/** The email of the issue in a folder; undefined where there is none that can be read. */
async function storedEmail(folder: string): Promise<StoredEmail | undefined> {
  const file = path.join(folder, ISSUE_FILES.email);
  try {
    return parseEmailJson(await readLocalText(file, { within: folder }), file);
  } catch {
    return undefined;
  }
}

interface FileOptions {
  /** What the file was named by. */
  readonly shown: string;
  /** Given where the files go into this outbox, wherever the digest lies. */
  readonly out?: string | undefined;
  readonly template?: string | undefined;
}

/**
 * Renders the digest in a file, edited or not, and writes the issue: beside the digest where it lies in the folder of
 * its issue, else into the outbox.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; what reading, rendering and writing throw.
 */
export async function renderFile(
  file: string,
  config: RenderSettings & Places,
  { shown, out, template }: FileOptions,
): Promise<PublishedIssue> {
  const digest = await readDigest(file, shown);
  const folder = path.dirname(file);
  const issue = await renderAgain(template ? { ...digest, template } : digest, config, folder);
  const around = out === undefined ? outboxAround(folder, digest) : undefined;
  const isOther = around !== undefined && (await isElsewhere(around, config));
  return isOther
    ? publish(issue, config, { outbox: around, mayBeSent: true })
    : publish(issue, config);
}

/** The outbox that a folder is in, where it is the folder of the digest's own issue. */
function outboxAround(folder: string, { issue }: Digest): string | undefined {
  const newsletter = path.dirname(folder);
  const isItsOwn =
    path.basename(folder) === issue.slot && path.basename(newsletter) === issue.newsletter;
  return isItsOwn ? path.dirname(newsletter) : undefined;
}

/**
 * An issue in any folder, as it would be shown. Where its digest was edited since it was rendered it is
 * rendered again, but nothing is written: the folder may be another newsletter's.
 * @throws BroadsheetError INPUT_MISSING, DIGEST_INVALID, CONTENT_TOO_LARGE, or what `renderAgain` throws.
 */
export async function issueInFolder(
  folder: string,
  config: RenderSettings,
): Promise<{ readonly digest: Digest; readonly files: IssueFiles }> {
  const file = path.join(folder, ISSUE_FILES.digest);
  const digest = await readDigest(file, file, folder);
  const files = await filesOf({ dir: folder, files: await filesIn(folder) });
  if ((await storedEmail(folder))?.digest === digestHash(files.get(ISSUE_FILES.digest) ?? ""))
    return { digest, files };
  const issue = await renderAgain(digest, config, folder);
  return { digest: issue.digest, files: issueFiles(issue) };
}
