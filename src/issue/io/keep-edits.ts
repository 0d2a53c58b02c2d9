import { ISSUE_FILES } from "../../preview/page-data.ts";
import path from "node:path";
import type { Digest } from "../../digest/digest.ts";
import { parseBuiltDigest } from "../../digest/digest-json.ts";
import { BroadsheetError } from "../../errors.ts";
import { digestText, editedFile } from "../issue-files.ts";
import { withCrops } from "../compose.ts";
import type { Build, BuildFlags } from "../open-build.ts";
import type { ComposedIssue, EditedIssue } from "../stages.ts";
import { inputError, unlessMissing } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { digestOf, readBuiltDigest, readIssue, type StoredIssue } from "./outbox/outbox.ts";

/** The digest of an issue in the outbox, and the one that was built. */
export type StoredDigest = Pick<StoredIssue, "digest" | "built" | "dir">;

/** The issue in whose place a build puts its own; undefined where there is none, or none with a digest. */
export async function issueBefore(
  { outbox }: { readonly outbox: string },
  { newsletter, slot }: Pick<StoredIssue, "newsletter" | "slot">,
): Promise<StoredDigest | undefined> {
  try {
    return await readIssue(outbox, newsletter, slot);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code !== "ISSUE_MISSING" && error.code !== "EMAIL_INVALID") throw error;
    // An email that is damaged or gone takes no edits with it.
    return digestsIn(path.join(outbox, newsletter, slot));
  }
}

async function digestsIn(dir: string): Promise<StoredDigest | undefined> {
  const file = path.join(dir, ISSUE_FILES.digest);
  try {
    const digest = await unlessMissing(readLocalText(file, { within: dir }));
    return digest === undefined ? undefined : { dir, digest, built: await readBuiltDigest(dir) };
  } catch (error) {
    throw inputError(error, file);
  }
}

/**
 * The digest of an issue with an editor's changes: `digest.json` as it stands in the issue's place is compared with the
 * digest that its build made, and the differences are made again.
 * @throws BroadsheetError DIGEST_INVALID where the edited digest can't be read.
 */
export async function keepEdits(
  { digest, pictures }: Pick<ComposedIssue, "digest" | "pictures">,
  { config, flags }: Pick<Build, "config" | "flags">,
): Promise<EditedIssue> {
  const built = digestText(digest);
  const before = flags.discardEdits ? undefined : await issueBefore(config, digest.issue);
  const editedText = before?.digest;
  const fresh = { digest, pictures, built, edits: undefined, editedText };
  if (!before || before.digest === before.built || before.digest === built) return fresh;
  // Nothing says what of it was edited.
  if (before.built === undefined)
    return { ...fresh, edits: { lost: [], file: editedFile(before.digest) } };
  return withEditsOf(before, before.built, fresh, givenBy(flags));
}

/** The fields of the digest that flags give. They count more than an editor's changes. */
function givenBy({ subject, preheader, number }: BuildFlags): (keyof Digest)[] {
  const given = { subject, preheader, issue: number };
  return (["subject", "preheader", "issue"] as const).filter((field) => given[field] !== undefined);
}

async function withEditsOf(
  before: StoredDigest,
  builtText: string,
  fresh: EditedIssue,
  given: readonly (keyof Digest)[],
): Promise<EditedIssue> {
  // Most builds make a new issue, and need none of this.
  const [{ mergeEdits }, { picturesOf }] = await Promise.all([
    import("../../digest/edits/merge-edits.ts"),
    import("../pictures/io/pictures-of.ts"),
  ]);
  const built = parseBuiltDigest(builtText) ?? fresh.digest;
  const edited = digestOf(before);
  // A field that is as it was built yields to what is built now.
  const yielding = { ...edited, ...fieldsOf(built, given) };
  const { digest, lost } = mergeEdits({ built, edited: yielding, rebuilt: fresh.digest });
  const overruled = LINES.filter((line) => given.includes(line) && edited[line] !== built[line]);
  const pictures = await picturesOf(digest, before.dir, fresh.pictures);
  const all = [...lost, ...overruled.map((line) => edited[line])];
  const file = all.length > 0 ? { file: editedFile(before.digest) } : {};
  return { ...fresh, ...(await withCrops(digest, pictures)), edits: { lost: all, ...file } };
}

const LINES = ["subject", "preheader"] as const;

/** Whether an editor saved digest.json since its changes were read. */
export async function isOutdated(
  { digest: { issue }, editedText }: EditedIssue,
  { config, flags }: Pick<Build, "config" | "flags">,
): Promise<boolean> {
  if (flags.discardEdits) return false;
  return (await issueBefore(config, issue))?.digest !== editedText;
}

function fieldsOf(digest: Digest, fields: readonly (keyof Digest)[]): Partial<Digest> {
  return Object.fromEntries(fields.map((field) => [field, digest[field]]));
}
