import path from "node:path";
import type { Config } from "../../config/config.ts";
import { type Digest, flatEntries, shownDigest } from "../../digest/digest.ts";
import { parseDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { openMjmlCache } from "../../email/io/mjml-cache.ts";
import { loadTemplate } from "../../email/io/load-template.ts";
import { digestHash, parseEmailJson, type StoredEmail } from "../../email/email-json.ts";
import type { Picture } from "../../email/picture.ts";
import {
  type BuiltIssue,
  renderIssue,
  templateFor,
  withPreview,
  type WrittenIssue,
} from "../issue-files.ts";
import { picturesOf } from "../pictures/io/pictures-of.ts";
import { filesIn, isElsewhere, placeIssue, readBuiltDigest, writeIssue } from "./outbox/outbox.ts";
import type { IssueFiles } from "../../preview/issue-data.ts";
import { filesOf } from "./stored-files.ts";

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

interface AgainOptions {
  /** The issue's own, with its pictures. */
  readonly folder: string;
  readonly template?: string | undefined;
}

/**
 * The files of an issue again, from its digest. The digest names the template it was made with;
 * `template` wins over it.
 */
export async function renderAgain(
  digest: Digest,
  config: Config,
  { folder, template }: AgainOptions,
): Promise<BuiltIssue> {
  const [pictures, built] = await Promise.all([
    picturesOf(digest, folder),
    readBuiltDigest(folder),
  ]);
  return renderWith(digest, config, { pictures, built, template });
}

/** The same where its pictures are at hand; `built` is the text of the digest that was built. */
export async function renderWith(
  digest: Digest,
  config: Config,
  {
    pictures,
    built,
    template,
  }: {
    readonly pictures: readonly Picture[];
    readonly built?: string | undefined;
    readonly template?: string | undefined;
  },
): Promise<BuiltIssue> {
  const articles = flatEntries(shownDigest(digest)).map(({ article }) => article);
  const name = template ?? digest.template ?? config.template ?? templateFor(articles);
  const loaded = await loadTemplate(name, config.templates);
  const rendering = { config, template: loaded, pictures, cache: openMjmlCache(), built };
  return withPreview(await renderIssue({ ...digest, template: name }, rendering));
}

/** The email of the issue in a folder; undefined where there is none that can be read. */
async function storedEmail(folder: string): Promise<StoredEmail | undefined> {
  const file = path.join(folder, "email.json");
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
  config: Config,
  { shown, out, template }: FileOptions,
): Promise<WrittenIssue> {
  const digest = await readDigest(file, shown);
  const folder = path.dirname(file);
  const built = await renderAgain(digest, config, { folder, template });
  const around = out ? undefined : outboxAround(folder, digest);
  const { issue } = built.digest;
  const isOwn = around === undefined || !(await isElsewhere(around, config));
  const written = isOwn
    ? await placeIssue(config, issue, built.files)
    : await writeIssue(around, issue, built.files);
  return { built, folder: written };
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
  config: Config,
): Promise<{ readonly digest: Digest; readonly files: IssueFiles }> {
  const file = path.join(folder, "digest.json");
  const digest = await readDigest(file, file, folder);
  const files = await filesOf({ dir: folder, files: await filesIn(folder) });
  if ((await storedEmail(folder))?.digest === digestHash(files.get("digest.json") ?? ""))
    return { digest, files };
  return renderAgain(digest, config, { folder });
}
