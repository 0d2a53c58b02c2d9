import { ISSUE_FILES } from "../../preview/page-data.ts";
import type { Digest } from "../../digest/digest.ts";
import { parseBuiltDigest, parseDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { digestHash, parseEmailJson, type StoredEmail } from "../../email/email.ts";
import type { Picture } from "../../platform/picture.ts";
import { withCrops } from "../compose.ts";
import { digestText, issueFiles, publish, type PublishOptions } from "./publish.ts";
import { check, render, renderFrom, type RenderSettings } from "../render.ts";
import { fillMergeFields } from "../../delivery/compile-message.ts";
import { withoutMarks } from "../../email/marks.ts";
import { mailingFor, SAMPLE_READER } from "../mailing.ts";
import type { CheckedIssue, KeptEdits, PublishedIssue } from "../stages.ts";
import {
  editsFileOf,
  picturesOf,
  filesIn,
  isElsewhere,
  type Places,
  readBeside,
  filesOf,
  refuseFrozen,
  withPictures,
} from "./outbox.ts";
import { keptOf } from "./keep-edits.ts";
import { editedDigest, EditsFile, type IssueEdits } from "./edits-file.ts";
import { applyOperations } from "../../digest/operations/apply.ts";
import { withVersion } from "../../digest/operations/history.ts";
import type { NewLine, Operation } from "../../digest/operations/operation.ts";
import { operationsBetween } from "../../digest/operations/diff.ts";
import { makeFolders } from "../../platform/files/make-folders.ts";
import type { IssueFiles } from "../../preview/preview-page.ts";
import path from "node:path";

/** @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE. */
async function readDigestText(file: string, shown: string, within?: string): Promise<string> {
  return readLocalText(file, { within, shown }).catch((cause: NodeJS.ErrnoException) => {
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
  });
}

/** A digest to render, with the files beside it. */
interface Renderable {
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
  readonly built?: string | undefined;
  readonly articlesText?: string | undefined;
  readonly edits?: KeptEdits | undefined;
  /** The text of digest.json that its operations already include. */
  readonly editedText?: string | undefined;
}

/**
 * Renders and checks an issue with the template that its digest names. Nothing is written.
 * @throws BroadsheetError TEMPLATE_INVALID, CONFIG_INVALID, EMAIL_INVALID.
 */
export async function renderDigest(
  { digest, pictures, built, articlesText, edits, editedText }: Renderable,
  config: RenderSettings,
): Promise<CheckedIssue> {
  const cut = await withCrops({ digest, pictures }, config);
  return check(await render({ ...cut, built, edits, editedText, articlesText }, config));
}

/**
 * The HTML of an issue for its sample reader, with the texts marked by story and field. Without the marks it equals the
 * stored HTML byte for byte. If the templates have changed since, the result is undefined.
 */
export async function markedHtml(
  given: Digest,
  html: string,
  config: RenderSettings,
): Promise<string | undefined> {
  const { digest, email } = await renderFrom(given, config, true);
  const mailing = { ...mailingFor(config, digest, new Date(0)), secret: undefined };
  const marked = fillMergeFields(email, SAMPLE_READER, mailing).html;
  return withoutMarks(marked) === html ? marked : undefined;
}

/**
 * Renders an issue of the outbox with its editor's operations.
 * @throws BroadsheetError DIGEST_INVALID if one of `more` can't be applied.
 */
async function renderEdited(
  { dir, issue }: EditsFile,
  { base, operations, digestText: editedText, unread, isUnknown }: IssueEdits,
  more: readonly Operation[],
  config: RenderSettings,
): Promise<CheckedIssue> {
  if (!base)
    return renderAgain(
      parseDigest(editedText ?? "", path.join(dir, ISSUE_FILES.digest)),
      config,
      dir,
    );
  const all = [...operations, ...more];
  const applied = applyOperations(base, all);
  const bad = applied.refused.find(({ n }) => more.some((line) => line.n === n));
  if (bad)
    throw new BroadsheetError("DIGEST_INVALID", bad.why, { fix: "change it in another way" });
  const [built = digestText(isUnknown ? { ...base, isEdited: true } : base), articlesText] =
    await Promise.all([readBeside(dir, ISSUE_FILES.built), readBeside(dir, ISSUE_FILES.articles)]);
  // A copied folder is the issue that its name says.
  const named = { ...applied.digest, issue: { ...applied.digest.issue, ...issue } };
  const digest = withVersion(named, built, all);
  const shown = await withPictures(digest, dir, { built: base });
  const kept = all.length + unread.length > 0 ? keptOf(applied, unread) : undefined;
  const edits = kept && { ...kept, ...(kept.lost.length > 0 && { file: editsFileOf(issue) }) };
  return renderDigest({ ...shown, built, articlesText, editedText, edits }, config);
}

interface EditOptions extends Omit<PublishOptions, "edits"> {
  /** Returns further changes, as one step. They are written after the issue was rendered with them. */
  readonly changes?: ((known: IssueEdits) => readonly NewLine[]) | undefined;
}

/**
 * Renders an issue of the outbox again with its editor's operations, and writes it. Changes made by hand in its digest.json
 * become operations first.
 * @throws BroadsheetError DIGEST_INVALID, and the errors of rendering and writing. The issue is then unchanged.
 */
export async function publishEdited(
  edits: EditsFile,
  config: RenderSettings & Places,
  { changes = () => [], ...options }: EditOptions = {},
): Promise<PublishedIssue & Pick<IssueEdits, "operations">> {
  for (let attempt = 1; ; attempt++) {
    const known = await edits.takeUp();
    const lines = attempt === 1 ? edits.linesFor(known, changes(known)) : [];
    const issue = await renderEdited(edits, known, lines, config);
    await edits.write(lines);
    const published = await publish(issue, config, { ...options, edits });
    if (!published.isOutdated || attempt === MOST_ATTEMPTS)
      return { ...published, operations: [...known.operations, ...lines] };
  }
}

/** The maximum number of attempts if a program keeps saving digest.json. */
const MOST_ATTEMPTS = 5;

/** Renders an issue again from the digest in its folder, or from another digest. */
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

/** The email of the issue in a folder; undefined if it can't be read. */
async function storedEmail(folder: string): Promise<StoredEmail | undefined> {
  const file = path.join(folder, ISSUE_FILES.email);
  try {
    return parseEmailJson(await readLocalText(file, { within: folder }), file);
  } catch {
    return undefined;
  }
}

interface FileOptions {
  /** The name of the file in messages. */
  readonly shown: string;
  /** The outbox for the result, if it does not go beside the digest. */
  readonly out?: string | undefined;
  readonly template?: string | undefined;
}

/**
 * Renders the digest in a file and writes the issue: beside the digest if it is in the folder of its issue, otherwise to the
 * outbox.
 * @throws BroadsheetError ISSUE_FROZEN if sending has begun; and the errors of reading, rendering and writing.
 */
export async function renderFile(
  file: string,
  config: RenderSettings & Places,
  { shown, out, template }: FileOptions,
): Promise<PublishedIssue> {
  const text = await readDigestText(file, shown);
  const folder = path.dirname(file);
  const isInPlace = out === undefined && path.basename(file) === ISSUE_FILES.digest;
  const digest = isInPlace ? await editedDigest(folder, text, shown) : parseDigest(text, shown);
  const around = isInPlace ? outboxAround(folder, digest) : undefined;
  if (around === undefined)
    return renderCopy(
      folder,
      { ...parseDigest(text, shown), ...(template !== undefined && { template }) },
      config,
    );
  const isOther = await isElsewhere(around, config);
  const issuesIn = isOther ? undefined : config.issuesIn;
  await using edits = await EditsFile.open(around, digest.issue, issuesIn);
  if (!isOther) await refuseFrozen(config, digest.issue);
  const isAnother = template !== undefined && template !== digest.template;
  return await publishEdited(edits, config, {
    ...(isOther && { outbox: around, mayBeSent: true }),
    ...(isAnother && { changes: () => [{ op: "set", field: "template", value: template }] }),
  });
}

/** Writes a digest from any place as the issue that it names. Its differences from the built digest become edits. */
async function renderCopy(
  folder: string,
  digest: Digest,
  config: RenderSettings & Places,
): Promise<PublishedIssue> {
  await refuseFrozen(config, digest.issue);
  await makeFolders(path.resolve(config.outbox, digest.issue.newsletter));
  const issue = await renderAgain(digest, config, folder);
  await using edits = await EditsFile.open(config.outbox, digest.issue, config.issuesIn);
  const editedText = await edits.discard();
  const built = issue.built === undefined ? undefined : parseBuiltDigest(issue.built);
  const changes = built ? operationsBetween(built, issue.digest) : [];
  const operations = await edits.append({ operations: [], base: built }, changes);
  const text = issue.built ?? digestText({ ...issue.digest, isEdited: true });
  const copy = withVersion(issue.digest, text, operations);
  return await publish({ ...issue, digest: copy, built: text, editedText }, config, { edits });
}

/** The outbox that contains a folder, if it is the folder of the digest's own issue. */
function outboxAround(folder: string, { issue }: Digest): string | undefined {
  const newsletter = path.dirname(folder);
  const isItsOwn =
    path.basename(folder) === issue.slot && path.basename(newsletter) === issue.newsletter;
  return isItsOwn ? path.dirname(newsletter) : undefined;
}

/**
 * An issue in any folder, ready to be shown. An edited digest is rendered again, but nothing is written, because the folder
 * may belong to another newsletter.
 * @throws BroadsheetError INPUT_MISSING, DIGEST_INVALID, CONTENT_TOO_LARGE, and the errors of `renderAgain`.
 */
export async function issueInFolder(
  folder: string,
  config: RenderSettings,
): Promise<{ readonly digest: Digest; readonly files: IssueFiles }> {
  const file = path.join(folder, ISSUE_FILES.digest);
  const digest = parseDigest(await readDigestText(file, file, folder), file);
  const files = await filesOf({ dir: folder, files: await filesIn(folder) });
  if ((await storedEmail(folder))?.digest === digestHash(files.get(ISSUE_FILES.digest) ?? ""))
    return { digest, files };
  const issue = await renderAgain(digest, config, folder);
  return { digest: issue.digest, files: issueFiles(issue) };
}
