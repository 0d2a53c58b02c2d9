import { readFile } from "node:fs/promises";
import path from "node:path";
import { pictureTypeOf } from "../../article/picture-type.ts";
import type { Config } from "../../config/config.ts";
import type { Digest } from "../../digest/digest.ts";
import { parseDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Picture } from "../../email/picture.ts";
import { type BuiltIssue, BUILT_DIGEST, EDITED_DIGEST } from "../issue-files.ts";
import { inputError, unlessMissing } from "../../platform/file-error.ts";
import { digestOf, readBuiltDigest, readIssue, type StoredIssue } from "./outbox/outbox.ts";

/** The digest of an issue in the outbox, and the one that was built. */
export type EditedIssue = Pick<StoredIssue, "digest" | "built" | "dir">;

/** The issue in whose place a build puts its own; undefined where there is none, or none with a digest. */
export async function issueBefore(
  { outbox }: Pick<Config, "outbox">,
  { newsletter, slot }: Pick<StoredIssue, "newsletter" | "slot">,
): Promise<EditedIssue | undefined> {
  try {
    return await readIssue(outbox, newsletter, slot);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code !== "ISSUE_MISSING" && error.code !== "EMAIL_INVALID") throw error;
    // An email that is damaged or gone takes no edits with it.
    return digestsIn(path.join(outbox, newsletter, slot));
  }
}

async function digestsIn(dir: string): Promise<EditedIssue | undefined> {
  const file = path.join(dir, "digest.json");
  try {
    const digest = await unlessMissing(readFile(file, "utf8"));
    return digest === undefined ? undefined : { dir, digest, built: await readBuiltDigest(dir) };
  } catch (error) {
    throw inputError(error, file);
  }
}

export interface KeepOptions {
  readonly config: Config;
  /** The fields that the command says itself, which counts more than what was edited before. */
  readonly given?: readonly (keyof Digest)[];
}

/**
 * An issue that was built, with what was edited in the one before it: `digest.json` as it stands there is compared with
 * the digest that its build made, and the differences are made again.
 * @throws BroadsheetError DIGEST_INVALID where what was edited can't be read; what rendering throws.
 */
export async function keepEdits(
  fresh: BuiltIssue,
  before: EditedIssue | undefined,
  { config, given = [] }: KeepOptions,
): Promise<BuiltIssue> {
  if (before?.built === undefined || before.built === before.digest) return fresh;
  // Most builds make a new issue, and need none of it.
  const [{ mergeEdits }, { picturesOf }, { renderWith }] = await Promise.all([
    import("../../digest/edits/merge-edits.ts"),
    import("../pictures/io/pictures-of.ts"),
    import("./render-again.ts"),
  ]);
  const built = builtBefore(before.built) ?? fresh.digest;
  // A field that is as it was built yields to what is built now.
  const edited = { ...digestOf(before), ...fieldsOf(built, given) };
  const { digest, lost } = mergeEdits({ built, edited, rebuilt: fresh.digest });
  const pictures = await picturesOf(digest, before.dir, picturesIn(fresh));
  const issue = await renderWith(digest, config, {
    pictures,
    built: textOf(fresh, "digest.json"),
  });
  const files = new Map(issue.files);
  if (lost.length > 0) files.set(EDITED_DIGEST, before.digest);
  return { ...issue, files, edits: { lost } };
}

/**
 * The digest that was built; undefined where it is none that could be edited: a link of the config that is no address on
 * the web comes into it, and the check finds it. Then all that was edited stays as it is.
 */
function builtBefore(text: string): Digest | undefined {
  try {
    return parseDigest(text, BUILT_DIGEST);
  } catch (error) {
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

function fieldsOf(digest: Digest, fields: readonly (keyof Digest)[]): Partial<Digest> {
  return Object.fromEntries(fields.map((field) => [field, digest[field]]));
}

function picturesIn({ files }: BuiltIssue): Picture[] {
  return [...files].flatMap(([file, content]) => {
    const [, name] = /^images\/(.+)$/.exec(file) ?? [];
    const type = Buffer.isBuffer(content) ? pictureTypeOf(content) : undefined;
    if (name === undefined || !Buffer.isBuffer(content) || !type) return [];
    return { name, content, contentType: type.contentType };
  });
}

function textOf({ files }: BuiltIssue, name: string): string {
  return String(files.get(name) ?? "");
}
