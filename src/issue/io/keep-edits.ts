import type { Digest } from "../../digest/digest.ts";
import { parseBuiltDigest } from "../../digest/digest-json.ts";
import { articlesText, digestText, editedFile } from "./publish.ts";
import { withCrops } from "../compose.ts";
import type { Build, BuildFlags } from "../open-build.ts";
import type { ComposedIssue, EditedIssue } from "../stages.ts";
import { digestOf, issueBefore, picturesOf, type StoredDigest } from "./outbox.ts";

/**
 * The digest of an issue with an editor's changes: `digest.json` as it stands in the issue's place is compared with the
 * digest that its build made, and the differences are made again.
 * @throws BroadsheetError DIGEST_INVALID where the edited digest can't be read.
 */
export async function keepEdits(composed: ComposedIssue, build: Build): Promise<EditedIssue> {
  const { flags, at } = build;
  const { digest, pictures } = composed;
  const built = digestText(digest);
  const { before, editedText, movedFrom, movedText } = await editedBefore(build);
  const fresh = {
    digest,
    pictures,
    built,
    edits: undefined,
    editedText,
    movedFrom,
    movedText,
    articlesText: articlesText(composed, at),
  };
  if (!before || before.digest === before.built || before.digest === built) return fresh;
  // Nothing says what of it was edited.
  if (before.built === undefined)
    return { ...fresh, edits: { lost: [], file: editedFile(before.digest) } };
  return withEditsOf(before, before.built, fresh, givenBy(flags));
}

/**
 * The digest whose changes are made again, and the text of digest.json in the issue's own place: the same, unless the edits
 * of another draft are asked for and the issue has none of its own.
 */
async function editedBefore({ config, flags, issue, editsOf }: Build): Promise<{
  readonly before: StoredDigest | undefined;
  readonly editedText: string | undefined;
  readonly movedFrom?: string;
  readonly movedText?: string | undefined;
}> {
  if (flags.discardEdits) return { before: undefined, editedText: undefined };
  const own = await issueBefore(config, issue);
  const hasEdits = own !== undefined && own.digest !== own.built;
  if (editsOf === undefined || hasEdits) return { before: own, editedText: own?.digest };
  const before = await issueBefore(config, { ...issue, slot: editsOf });
  const movedText = before?.digest;
  return { before, editedText: own?.digest, movedFrom: editsOf, movedText };
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
  const { mergeEdits } = await import("../../digest/edits.ts");
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
