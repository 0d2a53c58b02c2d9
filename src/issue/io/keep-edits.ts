import path from "node:path";
import { pictureTypeOf } from "../../article/picture-type.ts";
import type { Config } from "../../config/config.ts";
import type { Digest } from "../../digest/digest.ts";
import { parseBuiltDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Picture } from "../../email/picture.ts";
import { type BuiltIssue, editedFile } from "../issue-files.ts";
import { inputError, unlessMissing } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
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
    const digest = await unlessMissing(readLocalText(file, { within: dir }));
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

const MOST_TRIES = 5;

/**
 * An issue that was built, with what was edited in the one before it: `digest.json` as it stands there is compared with
 * the digest that its build made, and the differences are made again. What is saved there meanwhile counts too.
 * @throws BroadsheetError DIGEST_INVALID where what was edited can't be read; what rendering throws.
 */
export async function keepEdits(fresh: BuiltIssue, options: KeepOptions): Promise<BuiltIssue> {
  const { issue } = fresh.digest;
  let before = await issueBefore(options.config, issue);
  for (let attempt = 1; ; attempt++) {
    const kept = await withEditsOf(before, fresh, options);
    const now = await issueBefore(options.config, issue);
    if (now?.digest === before?.digest || attempt === MOST_TRIES) return kept;
    before = now;
  }
}

async function withEditsOf(
  before: EditedIssue | undefined,
  fresh: BuiltIssue,
  { config, given = [] }: KeepOptions,
): Promise<BuiltIssue> {
  const digestJson = textOf(fresh, "digest.json");
  if (!before || [before.built, digestJson].includes(before.digest)) return fresh;
  // Nothing says what of it was edited.
  if (before.built === undefined) return withEdited(fresh, before, []);
  // Most builds make a new issue, and need none of it.
  const [{ mergeEdits }, { picturesOf }, { renderWith }] = await Promise.all([
    import("../../digest/edits/merge-edits.ts"),
    import("../pictures/io/pictures-of.ts"),
    import("./render-again.ts"),
  ]);
  const built = parseBuiltDigest(before.built) ?? fresh.digest;
  const edited = digestOf(before);
  // A field that is as it was built yields to what is built now.
  const yielding = { ...edited, ...fieldsOf(built, given) };
  const { digest, lost } = mergeEdits({ built, edited: yielding, rebuilt: fresh.digest });
  const overruled = LINES.filter((line) => given.includes(line) && edited[line] !== built[line]);
  const pictures = await picturesOf(digest, before.dir, picturesIn(fresh));
  const issue = await renderWith(digest, config, { pictures, built: digestJson });
  const all = [...lost, ...overruled.map((line) => edited[line])];
  return all.length > 0 ? withEdited(issue, before, all) : { ...issue, edits: { lost: [] } };
}

const LINES = ["subject", "preheader"] as const;

/** An issue with the one before it as it was edited, beside what of that it doesn't have. */
function withEdited(issue: BuiltIssue, before: EditedIssue, lost: readonly string[]): BuiltIssue {
  const file = editedFile(before.digest);
  const files = new Map(issue.files).set(file, before.digest);
  return { ...issue, files, edits: { lost, file } };
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
