import type * as z from "zod";
import { hashId } from "../../article/identity.ts";
import {
  type BuiltDigest,
  type Digest,
  digestSchema,
  type Entry,
  flatEntries,
  idOf,
  withEntries,
} from "../digest.ts";
import { letterBlocks, letterWords } from "../letter-blocks.ts";
import { notADigest, parseBuiltDigest, parseJson, pathOf } from "../digest-json.ts";
import { applyOperations, completed, sectionKeys, targetOf, textOf } from "./apply.ts";
import { activeOperations, versionOf, isPair } from "./history.ts";
import { type Change, fieldIn, isJson, isUndo, linesOf, type Operation } from "./operation.ts";

/** A digest that was edited by hand, without its unreadable parts. */
export interface EditedDigest {
  readonly digest: Digest;
  /** The unreadable parts with their content, as operations that can't be applied. */
  readonly faults: readonly Change[];
}

/**
 * Parses a `digest.json` that was edited by hand. An unreadable part is taken from the digest `before`, or left out.
 * @throws BroadsheetError DIGEST_INVALID with the first invalid field and its line, if no digest remains.
 */
export function parseEdited(json: string, file: string, before?: Digest): EditedDigest {
  const raw = parseJson(json, file);
  const faults: Change[] = [];
  let [given, first]: [unknown?, z.core.$ZodIssue?] = [];
  for (;;) {
    const parsed = digestSchema.safeParse(raw, { reportInput: true });
    if (parsed.success) return { digest: parsed.data, faults };
    // Parts are removed from the last to the first, so that the positions of the others stay valid.
    const issue = parsed.error.issues.at(-1);
    [given, first] = [given ?? structuredClone(raw), first ?? parsed.error.issues[0]];
    const isUnknown = issue?.code === "unrecognized_keys";
    const [path, mended] = isUnknown ? [pathOf(issue)] : partOf(raw, pathOf(issue), before);
    if (path.length === 0 || faults.length === MOST_FAULTS) throw notADigest(first, { json, file });
    const value = fieldIn(given, path);
    const { message, fix = "" } = notADigest(issue, { json, file });
    const why = `digest.json: ${message}${fix.startsWith("did you mean") ? `: ${fix}` : ""}`;
    faults.push({ op: "set", field: path.join("."), ...(isJson(value) && { value }), why });
    mend(fieldIn(raw, path.slice(0, -1)), path.at(-1) ?? "", mended);
  }
}

const MOST_FAULTS = 100;

/**
 * Returns the part to repair and its earlier value: the whole story if it was added by hand, and the enclosing part if a
 * field is missing.
 */
function partOf(raw: unknown, path: string[], before: Digest | undefined): [string[], unknown?] {
  // A block may have moved, so all blocks are restored.
  if (path[0] === "letter" && path.length > 2) return partOf(raw, path.slice(0, 2), before);
  const isInSection = path[0] === "sections" && path.length > 1;
  if (isInSection && path[2] === "heading") return [path, fieldIn(before, path) ?? ""];
  const given = fieldIn(raw, path.slice(0, 4));
  const ids = new Set([fieldIn(given, ["id"]), fieldIn(given, ["article", "id"])]);
  const stories = before && isInSection ? flatEntries(before) : [];
  const story = stories.find((one) => ids.has(idOf(one)) || ids.has(one.article.id));
  if (isInSection && (!story || path.length < 5)) return [path.slice(0, path.length < 4 ? 2 : 4)];
  const mended = story ? fieldIn(story, path.slice(4)) : fieldIn(before, path);
  const isThere = mended !== undefined || fieldIn(raw, path) !== undefined || path.length === 0;
  return isThere ? [path, mended] : partOf(raw, path.slice(0, -1), before);
}

/** Replaces a part, or removes it. */
function mend(around: unknown, key: string, value: unknown): void {
  if (typeof around !== "object" || around === null) return;
  if (value !== undefined) Reflect.set(around, key, value);
  else if (Array.isArray(around)) around.splice(Number(key), 1);
  else Reflect.deleteProperty(around, key);
}

/** A version of an issue: its digest, and the operations that produced it. */
interface Version {
  readonly digest: Digest;
  readonly base: BuiltDigest;
  readonly operations: readonly Operation[];
}

/**
 * Returns the changes made by hand in a digest.json since it was opened. A program may save an old file after newer
 * operations, which stay, and may save several times. Unreadable parts, and changes of texts that were edited again, are not
 * applied.
 */
export function changesByHand(
  { digest, faults }: EditedDigest,
  written: Version,
  { built, kept }: { readonly built: readonly string[]; readonly kept: string },
): Change[] {
  const { version: from } = digest;
  if (from === undefined) return [...changesSince(written, digest), ...faults];
  const isOlder = from !== written.digest.version;
  const line = Number.parseInt(from, 10);
  const changes = changesSince(isOlder ? olderVersion() : written, digest);
  const why = `an older digest.json, in which no change is known; it is kept as ${kept}`;
  const nothing: Change = { op: "set", field: "digest.json", value: kept, why };
  const saved = new Map(
    written.operations.flatMap((one) =>
      isUndo(one) || one.from !== from ? [] : [[targetOf(one), saidBy(one)] as const],
    ),
  );
  const later = activeOperations(written.operations).filter((one) => one.n > line);
  const newer = later.filter((one) => !(Number.parseInt(one.from ?? "", 10) <= line));
  const edited = new Set(newer.map(targetOf));
  const placed = (one: Change): Change => {
    return { ...one, from, ...(edited.has(targetOf(one)) && { why: lateText(one) }) };
  };
  return [...changes, ...faults, ...(isOlder && changes.length === 0 ? [nothing] : [])]
    .filter((one) => saved.get(targetOf(one)) !== saidBy(one))
    .map(placed);

  /** Reconstructs the opened version from an earlier built digest; undefined if it is unknown. */
  function olderVersion(): Version | undefined {
    const operations = written.operations.filter(({ n }) => n <= line);
    const text = built.find((one) => versionOf(one, operations) === from) ?? "";
    const base = parseBuiltDigest(text);
    return base && { digest: applyOperations(base, operations).digest, base, operations };
  }
}

function changesSince(opened: Version | undefined, digest: Digest): Change[] {
  if (!opened) return [];
  const changes = operationsBetween(opened.digest, digest);
  return completed(opened.base, opened.operations, changes);
}

function saidBy({ op, value, before, after, section }: Change): string {
  return JSON.stringify([op, value, before, after, section]);
}

function lateText({ op, field = op, value, title }: Change): string {
  const place = title === undefined ? field : `${field} of “${title}”`;
  return `“${textOf(value).slice(0, 200)}” (${place}) is from an older digest.json, and was edited again since`;
}

/** Returns the changes made by hand since the digest was last written. */
export function operationsBetween(written: Digest, given: Digest): Change[] {
  const edited = withIds(written, given);
  const before = byId(written);
  const now = byId(edited);
  const pairs = pairsBetween(written, edited);
  const isJoined = (id: string) => pairs.some((change) => change.op === "join" && change.id === id);
  const removed = [...before.keys()].filter((id) => !now.has(id) && !isJoined(id));
  // The last one comes first, because each names the stories that follow it.
  const added = [...now].filter(([id]) => !before.has(id)).toReversed();
  const changes = [
    ...fieldsBetween(withoutStories(written), withoutStories(edited), NESTED),
    ...pairs,
    ...[...now].flatMap(([id, entry]) => {
      const was = before.get(id);
      return was ? entriesBetween(id, was, entry) : [];
    }),
    ...removed.map((id): Change => ({ op: "remove", id })),
    ...added.map(([id, entry]): Change => additionOf(id, entry, edited)),
  ];
  return [...changes, ...layoutBetween(written, edited, changes)];
}

/**
 * Returns the changes that an editor certainly made, if only the current built digest is available for comparison. If an
 * article has changed since, the origin of its summary's words is unknown.
 */
export function surelyEdited(fresh: Digest, edited: Digest): Change[] {
  const texts = new Map(flatEntries(fresh).map((entry) => [idOf(entry), entry.article.text]));
  const same = flatEntries(edited).filter(
    ({ id, article }) => texts.get(id ?? "") === article.text,
  );
  const ids = new Set(same.map(idOf));
  const isSameLetter = wordsOfLetter(fresh) === wordsOfLetter(edited);
  return operationsBetween(fresh, edited).filter(({ op, id, field = "" }) => {
    if (id !== undefined) return op !== "remove" && op !== "add" && op !== "move" && ids.has(id);
    if (field === "subject" || field === "preheader")
      return edited.composed?.[field]?.text !== edited[field];
    return field.startsWith("letter") && !(isSameLetter && field !== "letter.signature");
  });
}

/** The words of a letter, stored as blocks or, by older versions, as one text. */
function wordsOfLetter({ letter }: Digest): string {
  return letter ? letterWords(letterBlocks(letter)) : "";
}

/** The parts of a digest whose fields are set individually. */
const NESTED: ReadonlySet<string> = new Set([
  "issue",
  "publication",
  "parts",
  "modules",
  "letter",
  "article",
  "summary",
]);

/** Gives ids to stories that were added or copied by hand. */
function withIds(written: Digest, edited: Digest): Digest {
  const known = new Map(
    flatEntries(written).flatMap((entry) => [
      [entry.article.id, idOf(entry)] as const,
      [idOf(entry), idOf(entry)] as const,
    ]),
  );
  const taken = new Set<string>();
  return withEntries(edited, (entry) => {
    const found = known.get(entry.id ?? entry.article.id);
    const own = entry.id ?? `own-${hashId(canonical(entry))}`;
    const wanted = found ?? own;
    const id = taken.has(wanted) ? `own-${hashId(canonical(entry) + taken.size)}` : wanted;
    taken.add(id);
    return { ...entry, id };
  });
}

function byId(digest: Digest): ReadonlyMap<string, Entry> {
  return new Map(flatEntries(digest).map((entry) => [idOf(entry), entry]));
}

/** The fields of a digest that are compared individually. The folder, not the file, identifies the issue. */
function withoutStories({ issue, ...digest }: Digest): object {
  return { ...without(digest, APART), issue: without(issue, ["newsletter", "slot"]) };
}

const APART = [
  "$schema",
  "version",
  "sections",
  "stories",
  "offered",
  "removed",
  "languages",
  "composed",
  "advice",
  "merged",
];

function without(object: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Returns the articles that were joined or parted by hand in `stories`. */
function pairsBetween(written: Digest, edited: Digest): Change[] {
  return (["apart", "together"] as const).flatMap((kind) => {
    const known = written.stories?.[kind] ?? [];
    const given = edited.stories?.[kind] ?? [];
    const op = kind === "apart" ? ("part" as const) : ("join" as const);
    return given
      .filter((pair) => !known.some((one) => isPair(one, pair)))
      .map(([value, id]): Change => ({ op, id, value }));
  });
}

/** Returns a `set` operation for each field in which two objects differ. */
function fieldsBetween(
  before: object,
  now: object,
  nested: ReadonlySet<string>,
  within: Pick<Change, "id"> & { readonly path?: string } = {},
): Change[] {
  const { path = "", ...story } = within;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name): Change[] => {
    const [was, value]: unknown[] = [Reflect.get(before, name), Reflect.get(now, name)];
    if (isSame(was, value)) return [];
    const field = `${path}${name}`;
    if (nested.has(name) && isObject(was) && isObject(value))
      return fieldsBetween(was, value, NONE, { ...story, path: `${field}.` });
    return [{ op: "set", ...story, field, ...(isJson(value) && { value }) }];
  });
}

const NONE: ReadonlySet<string> = new Set();

function entriesBetween(id: string, was: Entry, now: Entry): Change[] {
  const isSwitched = (name: "hidden" | "accepted") => (was[name] ?? false) !== (now[name] ?? false);
  return [
    ...(isSwitched("hidden") ? [{ op: "hide" as const, id, value: now.hidden ?? false }] : []),
    ...fieldsBetween(otherFieldsOf(was), otherFieldsOf(now), NESTED, { id }),
    ...pointsBetween(id, was.summary.keyPoints, now.summary.keyPoints),
    ...(isSwitched("accepted")
      ? [{ op: "accept" as const, id, value: now.accepted ?? false }]
      : []),
  ];
}

/** The fields of a story without an operation of their own. */
function otherFieldsOf(entry: Entry): object {
  const summary = without(entry.summary, ["keyPoints"]);
  return { ...without(entry, ["id", "hidden", "accepted"]), summary };
}

type Points = Entry["summary"]["keyPoints"];

/** Returns the reworded, removed and added key points. Points between two unchanged ones correspond to each other in order. */
function pointsBetween(id: string, was: Points, now: Points): Change[] {
  const kept = commonOf(
    was.map(({ text }) => text),
    now.map(({ text }) => text),
  );
  const changes: Change[] = [];
  let [from, to] = [0, 0];
  for (const [keptWas, keptNow] of [...kept, [was.length, now.length] as const]) {
    while (from < keptWas || to < keptNow) {
      const old = from < keptWas ? was[from++] : undefined;
      const before = now.slice(0, to);
      const next = to < keptNow ? now[to++] : undefined;
      if (next) changes.push(pointChange(id, old, next, before));
      else if (old) changes.push({ op: "remove", id, field: "keyPoint", sentence: old.text });
    }
    const [old, next] = [was[from], now[to]];
    if (old && next && !isSame(old, next))
      changes.push(pointChange(id, old, next, now.slice(0, to)));
    from = keptWas + 1;
    to = keptNow + 1;
  }
  // A moved point is removed from its old position before it is added at the new one.
  return (["remove", "set", "add"] as const).flatMap((op) =>
    changes.filter((one) => one.op === op),
  );
}

/** Replaces a key point with another one, or adds that one after some points. */
function pointChange(
  id: string,
  old: Points[number] | undefined,
  next: Points[number],
  before: Points,
): Change {
  const after = before.map(({ text }) => text).toReversed();
  const place = { id, field: "keyPoint", after };
  return old
    ? { op: "set", ...place, sentence: old.text, ...valueOf(next) }
    : { op: "add", ...place, ...valueOf(next) };
}

/** The positions of the longest common subsequence of two lists. */
function commonOf(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  const at = (a: number, b: number) => lengths[a]?.[b] ?? 0;
  for (let a = one.length - 1; a >= 0; a--)
    for (let b = other.length - 1; b >= 0; b--)
      lengths[a]?.set(
        [one[a] === other[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1))],
        b,
      );
  const common: (readonly [number, number])[] = [];
  for (let [a, b] = [0, 0]; a < one.length && b < other.length;) {
    if (one[a] === other[b]) common.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a++;
    else b++;
  }
  return common;
}

/** The number of following stories that an operation names, in case some are removed later. */
const FOLLOWERS = 5;

function additionOf(id: string, entry: Entry, edited: Digest): Change {
  const section = edited.sections.findIndex(({ entries }) => entries.some((one) => one.id === id));
  const key = sectionKeys(edited.sections)[section] ?? "";
  const entries = edited.sections[section]?.entries ?? [];
  const before = followersOf(entries.map(idOf), id);
  return { op: "add", id, section: key, before, ...valueOf(entry) };
}

/** The stories after one, the nearest first. */
function followersOf(ids: readonly string[], id: string): string[] {
  const at = ids.indexOf(id) + 1;
  return ids.slice(at, at + FOLLOWERS);
}

/**
 * Returns the changes of order and sections in addition to the other changes: a few headings and moves if they are
 * sufficient, otherwise the whole layout.
 */
function layoutBetween(written: Digest, edited: Digest, others: readonly Change[]): Change[] {
  const wanted = layoutOf(edited);
  const laidOut = (more: readonly Change[]) =>
    applyOperations(written, linesOf([...others, ...more], [], new Date(0))).digest;
  const now = laidOut([]);
  const headings = sectionKeys(now.sections).flatMap((id, at): Change[] => {
    const value = edited.sections[at]?.heading;
    const isKept = value === undefined || value === now.sections[at]?.heading;
    return isKept ? [] : [{ op: "set", id, field: "heading", value }];
  });
  const moves = movesBetween(flatEntries(now).map(idOf), flatEntries(edited).map(idOf));
  const tries = [[], headings, [...headings, ...moves]];
  const isRight = (more: readonly Change[]) => isSame(layoutOf(laidOut(more)), wanted);
  return tries.find(isRight) ?? [wanted];
}

function layoutOf({ sections }: Digest): Change {
  const value = sections.map(({ heading, entries }) => ({ heading, ids: entries.map(idOf) }));
  return { op: "set", field: "layout", value };
}

/** Finds a minimal number of moves. The last story comes first, because each move names the stories that follow it. */
function movesBetween(was: readonly string[], now: readonly string[]): Change[] {
  const kept = new Set(commonOf(was, now).map(([, at]) => now[at]));
  return now
    .filter((id) => !kept.has(id))
    .toReversed()
    .map((id): Change => ({ op: "move", id, before: followersOf(now, id) }));
}

function valueOf(value: object): Pick<Change, "value"> {
  return isJson(value) ? { value } : {};
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether two values of a digest are equal, regardless of the order of fields. Features and crops of pictures are derived, so
 * they are ignored.
 */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (key, inner: unknown) => {
    if (key === "crops" || key === "look") return undefined;
    return typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner;
  });
}
