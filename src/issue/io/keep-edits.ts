import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { hashId } from "../../article/identity.ts";
import type { IssueKey } from "../../delivery/ledger.ts";
import type { Applied } from "../../digest/operations/apply.ts";
import { activeOperations, storyEditsOf, withVersion } from "../../digest/operations/history.ts";
import { type Operation, operationsText } from "../../digest/operations/operation.ts";
import { makeFolders } from "../../platform/files/make-folders.ts";
import { setAsideFrom } from "../../platform/files/swap-folder.ts";
import { withCrops } from "../compose.ts";
import type { Build, BuildFlags } from "../open-build.ts";
import type { ComposedIssue, EditedIssue, EditsBefore, KeptEdits } from "../stages.ts";
import type { EditsFile, IssueEdits } from "./edits-file.ts";
import { editsFileOf, readPlacedPictures, withPictures } from "./outbox.ts";
import { unlessMissing } from "../../platform/file-error.ts";
import { articlesText, digestText } from "./publish.ts";

/** Most builds make a new issue, which has no editor yet and does not need this code. */
function hasEditor(outbox: string, issue: IssueKey): boolean {
  const parent = path.join(outbox, issue.newsletter);
  const names = existsSync(parent) ? readdirSync(parent) : [];
  // A crashed process may have left the previous folder under a temporary name.
  return names.some((name) =>
    [issue.slot, editsFileOf(issue)].includes(setAsideFrom(name) ?? name),
  );
}

/**
 * The locked file with an editor's operations on the issue of a build; undefined if the issue is new and no other machine can
 * build it.
 */
export async function openEdits({
  config: { outbox, issuesIn },
  issue,
  editsOf,
}: Build): Promise<EditsFile | undefined> {
  if (!issuesIn && editsOf === undefined && !hasEditor(outbox, issue)) return undefined;
  const { EditsFile } = await import("./edits-file.ts");
  if (issuesIn) await makeFolders(path.resolve(outbox, issue.newsletter));
  return EditsFile.open(outbox, issue, issuesIn);
}

/** The changes that an editor has made so far to the issue of a build. */
export async function editsBefore(build: Build): Promise<EditsBefore> {
  const { config, issue, flags, editsOf } = build;
  const isNew = editsOf === undefined && !hasEditor(config.outbox, issue);
  if (flags.discardEdits || isNew) return { operations: [], before: undefined };
  const { lookAtEdits } = await import("./edits-file.ts");
  const own = await lookAtEdits(config.outbox, issue);
  const moved = editsOf !== undefined && own.operations.length === 0;
  const { operations, base: before } = moved
    ? await lookAtEdits(config.outbox, { ...issue, slot: editsOf })
    : own;
  return { operations: activeOperations(operations), before };
}

/**
 * Applies an editor's operations to the digest of an issue, including changes made by hand in digest.json since it was last
 * written.
 * @throws BroadsheetError DIGEST_INVALID if digest.json can't be read.
 */
export async function keepEdits(
  composed: ComposedIssue,
  build: Build,
  edits: EditsFile | undefined,
): Promise<EditedIssue> {
  const { flags, at, config } = build;
  const { merged: _merged, ...digest } = composed.digest;
  const built = digestText(composed.digest);
  const fresh = {
    digest: withVersion(digest, built, []),
    pictures: composed.pictures,
    built,
    edits: undefined,
    editedText: undefined,
    articlesText: articlesText(composed, at),
  };
  if (!edits) return fresh;
  if (flags.discardEdits) return { ...fresh, editedText: await edits.discard() };
  const known = await takenUp(composed, build, edits);
  const { operations, overruled } = await withFlags(known, flags, edits);
  const pairs = storyEditsOf(activeOperations(operations));
  const isRegrouped = JSON.stringify(pairs) !== JSON.stringify(composed.edits);
  const { digestText: editedText, unread, unknownFile, movedFrom } = known;
  if (operations.length === 0 && unread.length === 0 && unknownFile === undefined)
    return { ...fresh, editedText, isRegrouped, movedFrom };
  const { applyOperations } = await import("../../digest/operations/apply.ts");
  const applied = applyOperations(composed.digest, operations);
  const atHand = composed.pictures;
  const shown = await withPictures(applied.digest, edits.dir, { built: digest, atHand });
  const kept = keptOf(applied, unread, overruled);
  const file = kept.lost.length > 0 ? editsFileOf(build.issue) : unknownFile;
  return {
    ...fresh,
    ...(await withCrops(
      { ...shown, digest: withVersion(shown.digest, built, operations) },
      config,
    )),
    editedText,
    isRegrouped,
    movedFrom,
    edits: { ...kept, ...(file !== undefined && { file }) },
  };
}

interface TakenUp extends IssueEdits {
  /** The copy of a digest.json whose edits could not be worked out. */
  readonly unknownFile?: string;
  /** The slot of the draft from which the operations came. */
  readonly movedFrom?: string;
}

/** Reads an editor's operations. If the issue has none, and the build names a draft, it takes those of the draft. */
async function takenUp(
  { digest }: ComposedIssue,
  { config, issue, editsOf }: Build,
  edits: EditsFile,
): Promise<TakenUp> {
  const known = await edits.takeUp();
  if (known.isUnknown && known.base && known.digestText !== undefined) {
    const { surelyEdited } = await import("../../digest/operations/diff.ts");
    const { targetOf } = await import("../../digest/operations/apply.ts");
    const name = `digest-${hashId(known.digestText)}.json`;
    await edits.keep(name, known.digestText);
    const later = new Set(activeOperations(known.operations).map(targetOf));
    const guessed = surelyEdited(digest, known.base).filter((one) => !later.has(targetOf(one)));
    const operations = await edits.append({ ...known, base: digest }, guessed);
    return { ...known, operations, unknownFile: path.join(issue.slot, "edited", name) };
  }
  if (editsOf === undefined) return known;
  const { lookAtEdits } = await import("./edits-file.ts");
  const left = (await lookAtEdits(config.outbox, { ...issue, slot: editsOf })).operations;
  const first = known.operations.slice(0, left.length);
  // An interrupted build has already taken them over.
  const isDone = first.length > 0 && operationsText(first) === operationsText(left);
  if (first.length > 0) return isDone ? { ...known, movedFrom: editsOf } : known;
  await bringPictures(path.join(config.outbox, issue.newsletter, editsOf), left, edits);
  await edits.write(left);
  return { ...known, movedFrom: editsOf, operations: left };
}

/** Copies the pictures that the operations of a draft name. */
async function bringPictures(
  draft: string,
  operations: readonly Operation[],
  edits: EditsFile,
): Promise<void> {
  const found = operationsText(operations).matchAll(/"images\/([^"/\\]+)"/g);
  for (const name of new Set([...found].map(([, one = ""]) => one))) {
    const [picture] = (await unlessMissing(readPlacedPictures(draft, [name]))) ?? [];
    if (picture) await edits.keep(name, picture.content);
  }
}

/** Flags override an editor's changes of the same fields. Those changes are undone and reported. */
async function withFlags(
  known: IssueEdits,
  { subject, preheader, number }: BuildFlags,
  edits: EditsFile,
): Promise<{ readonly operations: readonly Operation[]; readonly overruled: readonly string[] }> {
  const given = { subject, preheader, "issue.number": number };
  const fields = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  if (fields.length === 0 || known.operations.length === 0)
    return { operations: known.operations, overruled: [] };
  const own = activeOperations(known.operations).filter(
    ({ id, field = "" }) => id === undefined && fields.includes(field),
  );
  if (own.length === 0) return { operations: known.operations, overruled: [] };
  const drop = { op: "drop" as const, undoes: own.map(({ n }) => n) };
  const last = new Map(own.map(({ field, value }) => [field, value]));
  return {
    operations: await edits.append(known, [drop]),
    overruled: [...last.values()].filter((value) => typeof value === "string"),
  };
}

/** Describes what happened to an editor's operations. */
export function keptOf(
  { setAside, changed, refused, waiting }: Applied,
  unread: IssueEdits["unread"],
  overruled: readonly string[] = [],
): KeptEdits {
  const unapplied = [
    ...refused.map(({ n, why }) => ({ says: `operation ${n}: ${why}`, n })),
    ...unread.map(({ line, why }) => ({ says: `line ${line} ${why}` })),
  ];
  const titles = new Set(setAside.map(({ title }) => title));
  return {
    lost: [...titles, ...unapplied.map(({ says }) => says), ...overruled],
    unapplied,
    setAside,
    changed,
    ...(waiting.length > 0 && { waiting }),
  };
}
