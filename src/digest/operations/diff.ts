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

/** A digest that was edited by hand, as far as it can be read. */
export interface EditedDigest {
  readonly digest: Digest;
  /** The parts that can't be read, with what stands there, as operations that can't be applied. */
  readonly faults: readonly Change[];
}

/**
 * The digest of a `digest.json` that was edited by hand. A part that can't be read is as in the digest `before`, or is left
 * out.
 * @throws BroadsheetError DIGEST_INVALID if no digest is left, naming the first field that is wrong and its line.
 */
export function parseEdited(json: string, file: string, before?: Digest): EditedDigest {
  const raw = parseJson(json, file);
  const faults: Change[] = [];
  let [given, first]: [unknown?, z.core.$ZodIssue?] = [];
  for (;;) {
    const parsed = digestSchema.safeParse(raw, { reportInput: true });
    if (parsed.success) return { digest: parsed.data, faults };
    // Parts are removed from the last to the first, so that the others keep their places.
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
 * The part to mend, and what stood there before: of a story that was typed in, all of it, and of what is missing, the part
 * around it.
 */
function partOf(raw: unknown, path: string[], before: Digest | undefined): [string[], unknown?] {
  // A block may stand at another place than before, so that all blocks are as they were.
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

/** Puts a value in the place of a part, or leaves the part out. */
function mend(around: unknown, key: string, value: unknown): void {
  if (typeof around !== "object" || around === null) return;
  if (value !== undefined) Reflect.set(around, key, value);
  else if (Array.isArray(around)) around.splice(Number(key), 1);
  else Reflect.deleteProperty(around, key);
}

/** A version of an issue: its digest, and the operations that made it of another one. */
interface Version {
  readonly digest: Digest;
  readonly base: BuiltDigest;
  readonly operations: readonly Operation[];
}

/**
 * What an editor changed by hand in a digest.json since it was opened. A program may save it after newer operations, which
 * stay, and more than once. Parts that can't be read, and changes of what was edited again, are not applied.
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

  /** The version that was opened, made again of one of the digests that were built; undefined if it is unknown. */
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

/** What an editor changed in a digest by hand, from the digest as it was last written. */
export function operationsBetween(written: Digest, given: Digest): Change[] {
  const edited = withIds(written, given);
  const before = byId(written);
  const now = byId(edited);
  const pairs = pairsBetween(written, edited);
  const isJoined = (id: string) => pairs.some((change) => change.op === "join" && change.id === id);
  const removed = [...before.keys()].filter((id) => !now.has(id) && !isJoined(id));
  // The last one first, as each names those that follow it.
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
 * What an editor surely changed in a digest, where only the one that the articles give now is there to compare it with. Of
 * an article that has changed since, it is not known whose words its summary has.
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

/** What a letter says, whether a digest has it as blocks or, as older versions do, as one text. */
function wordsOfLetter({ letter }: Digest): string {
  return letter ? letterWords(letterBlocks(letter)) : "";
}

/** The parts of a digest of which each field is set by itself. */
const NESTED: ReadonlySet<string> = new Set([
  "issue",
  "publication",
  "parts",
  "modules",
  "letter",
  "article",
  "summary",
]);

/** A story that was typed in, or copied, gets an id of its own. */
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

/** The fields of a digest that are compared one by one. Its folder says which issue it is. */
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

/** Articles that were joined or parted by hand in `stories`. */
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

/** The fields in which two objects differ, as `set` of each. */
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

/** The fields of a story that have no operation of their own. */
function otherFieldsOf(entry: Entry): object {
  const summary = without(entry.summary, ["keyPoints"]);
  return { ...without(entry, ["id", "hidden", "accepted"]), summary };
}

type Points = Entry["summary"]["keyPoints"];

/** Key points that were reworded, taken out and added. Those between two that stayed belong together in their order. */
function pointsBetween(id: string, was: Points, now: Points): Change[] {
  const kept = commonOf(
    was.map(({ text }) => text),
    now.map(({ text }) => text),
  );
  const changes: Change[] = [];
  let [from, to] = [0, 0];
  for (const [keptWas, keptNow] of [...kept, [was.length, now.length] as const]) {
    for (; from < keptWas || to < keptNow;) {
      const [old, next] = [was[from], now[to]];
      const place = { id, field: "keyPoint", after: wordsBefore(now, to) };
      if (old && from < keptWas && next && to < keptNow)
        changes.push({ op: "set", ...place, sentence: old.text, ...valueOf(next) });
      else if (old && from < keptWas)
        changes.push({ op: "remove", id, field: "keyPoint", sentence: old.text });
      else if (next) changes.push({ op: "add", ...place, ...valueOf(next) });
      if (from < keptWas) from++;
      if (to < keptNow) to++;
    }
    const [old, next] = [was[from], now[to]];
    if (old && next && !isSame(old, next))
      changes.push({
        op: "set",
        id,
        field: "keyPoint",
        after: wordsBefore(now, to),
        sentence: old.text,
        ...valueOf(next),
      });
    from = keptWas + 1;
    to = keptNow + 1;
  }
  // A point that stands elsewhere by now is gone from its former place before it is added.
  return (["remove", "set", "add"] as const).flatMap((op) =>
    changes.filter((one) => one.op === op),
  );
}

function wordsBefore(points: Points, at: number): string[] {
  return points
    .slice(0, at)
    .map(({ text }) => text)
    .toReversed();
}

/** The places of the longest common order of two lists. */
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

/** How many of the stories that follow are named: enough that one of them is still there later. */
const FOLLOWERS = 5;

function additionOf(id: string, entry: Entry, edited: Digest): Change {
  const section = edited.sections.findIndex(({ entries }) => entries.some((one) => one.id === id));
  const key = sectionKeys(edited.sections)[section] ?? "";
  const entries = edited.sections[section]?.entries ?? [];
  const before = followersOf(entries.map(idOf), id);
  return { op: "add", id, section: key, before, ...valueOf(entry) };
}

/** The stories that follow one, the nearest first. */
function followersOf(ids: readonly string[], id: string): string[] {
  const at = ids.indexOf(id) + 1;
  return ids.slice(at, at + FOLLOWERS);
}

/**
 * What was changed of the order and the sections beside the other changes: the fewest of a few headings and moves that give
 * it, or else the whole layout.
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

/** Finds as few moves as possible. The last story comes first, because each move names the stories that follow it. */
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

/** Whether two values of a digest say the same; fields in whatever order. Looks and crops follow from the pictures. */
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
