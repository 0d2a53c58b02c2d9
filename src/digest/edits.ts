import { type Digest, type Entry, flatEntries, withEntries, alsoInOf } from "./digest.ts";
import { BroadsheetError } from "../errors.ts";
import { oneLine } from "./one-line.ts";
import * as z from "zod";

const line = z.string().max(2_000).transform(oneLine);
/** Counted from 0 through all sections. */
const story = z.int().nonnegative();

/** What an editor can change of a digest without writing JSON. */
export const editSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("subject"), text: line }),
  z.strictObject({ kind: z.literal("preheader"), text: line }),
  z.strictObject({ kind: z.literal("gist"), story, text: line }),
  /** A key point without words is taken out. */
  z.strictObject({ kind: z.literal("keyPoint"), story, at: story, text: line }),
  /** Another passage of the article, `[start, end)` of its text, in the place of a key point. */
  z.strictObject({ kind: z.literal("swap"), story, at: story, start: story, end: story }),
  z.strictObject({ kind: z.literal("move"), story, to: story }),
  z.strictObject({ kind: z.literal("hide"), story, isHidden: z.boolean() }),
  /** What the reader doubted of a story was looked at. */
  z.strictObject({ kind: z.literal("accept"), story }),
  /** One of those that were merged into a story is a story of its own, from the next build on. */
  z.strictObject({ kind: z.literal("part"), story, at: story }),
  /** A story is told by another. */
  z.strictObject({ kind: z.literal("join"), story, into: story }),
]);

export type Edit = z.output<typeof editSchema>;

type Sentence = Entry["summary"]["gist"];

/**
 * The digest after an edit.
 * @throws BroadsheetError DIGEST_INVALID for an edit of a story or a point that isn't there, and for a
 * subject without words.
 */
export function editDigest(digest: Digest, edit: Edit): Digest {
  switch (edit.kind) {
    case "subject":
      if (edit.text === "") throw refused("an issue can't go out without a subject");
      return { ...digest, subject: edit.text };
    case "preheader":
      return { ...digest, preheader: edit.text };
    case "move":
      return moved(digest, edit.story, edit.to);
    case "swap":
      return withStory(digest, edit.story, (entry) => withSwapped(entry, edit));
    case "gist":
      return withStory(digest, edit.story, (entry) => withGist(entry, edit.text));
    case "keyPoint":
      return withStory(digest, edit.story, (entry) => withKeyPoint(entry, edit.at, edit.text));
    case "part":
      return parted(digest, edit);
    case "join":
      return joined(digest, edit);
    case "accept":
      return withStory(digest, edit.story, (entry) => ({ ...entry, accepted: true }));
    default:
      return withStory(digest, edit.story, (entry) => hiddenOrNot(entry, edit.isHidden));
  }
}

function hiddenOrNot({ hidden: _hidden, ...entry }: Entry, isHidden: boolean): Entry {
  return isHidden ? { ...entry, hidden: true } : entry;
}

function moved(digest: Digest, from: number, to: number): Digest {
  const entries = flatEntries(digest);
  const [entry] = entries.splice(from, 1);
  if (!entry || to > entries.length) throw refused("there is no such story to move");
  return withEntries(digest, entries.toSpliced(to, 0, entry));
}

function withStory(digest: Digest, at: number, change: (entry: Entry) => Entry): Digest {
  const entries = flatEntries(digest);
  const entry = entries[at];
  if (!entry) throw refused("there is no such story");
  return withEntries(digest, entries.with(at, change(entry)));
}

interface Part {
  readonly story: number;
  readonly at: number;
}

/** Its article is not in the digest, so that it is told when the issue is built again. */
function parted(digest: Digest, { story, at }: Part): Digest {
  const entry = flatEntries(digest)[story];
  const other = entry?.alsoIn?.[at];
  if (!entry || !other) throw refused("there is no such article in that story");
  if (other.id === undefined) throw refused("nothing says which article that was");
  const { alsoIn: _alsoIn, told: _told, ...alone } = entry;
  const left = (entry.alsoIn ?? []).toSpliced(at, 1);
  const changed = left.length === 0 ? alone : { ...entry, alsoIn: left };
  const { apart = [], together = [] } = digest.stories ?? {};
  const pair = [entry.article.id, other.id] as const;
  const stories = {
    ...digest.stories,
    apart: [...apart, pair],
    ...(together.length > 0 && { together: together.filter((one) => !isPair(one, pair)) }),
  };
  return { ...withStory(digest, story, () => changed), stories };
}

interface Join {
  readonly story: number;
  readonly into: number;
}

function joined(digest: Digest, { story, into }: Join): Digest {
  const entries = flatEntries(digest);
  const [guest, host] = [entries[story], entries[into]];
  if (!guest || !host || guest === host) throw refused("there are no two such stories to join");
  const other = alsoInOf(guest.article, { as: "joined", chance: 1 });
  const alsoIn = [...(host.alsoIn ?? []), other, ...(guest.alsoIn ?? [])];
  const told: Entry = { ...host, alsoIn, told: host.told ?? "chosen" };
  const pair = [host.article.id, guest.article.id] as const;
  const { apart = [], together = [] } = digest.stories ?? {};
  const stories = {
    ...digest.stories,
    together: [...together, pair],
    ...(apart.length > 0 && { apart: apart.filter((one) => !isPair(one, pair)) }),
  };
  const left = entries.with(into, told).toSpliced(story, 1);
  return { ...withEntries(digest, left), stories };
}

function isPair(one: readonly [string, string], other: readonly [string, string]): boolean {
  return one.every((id) => other.includes(id));
}

function withGist(entry: Entry, text: string): Entry {
  if (text === "") throw refused("a story needs a sentence that says what it is about");
  const gist = reworded(entry.summary.gist, text, entry);
  return { ...entry, summary: { ...entry.summary, gist } };
}

function withKeyPoint(entry: Entry, at: number, text: string): Entry {
  const { keyPoints } = entry.summary;
  const point = keyPoints[at];
  if (!point) throw refused("there is no such key point");
  const changed = text === "" ? [] : [reworded(point, text, entry)];
  return {
    ...entry,
    summary: { ...entry.summary, keyPoints: keyPoints.toSpliced(at, 1, ...changed) },
  };
}

/** The passage stands among the key points where the article has it. */
function withSwapped(
  entry: Entry,
  { at, start, end }: { readonly at: number; readonly start: number; readonly end: number },
): Entry {
  const { article, summary } = entry;
  if (!summary.keyPoints[at]) throw refused("there is no such key point");
  const text = oneLine(article.text.slice(start, end));
  if (text === "" || end > article.text.length) throw refused("the article has no words there");
  const others = summary.keyPoints.toSpliced(at, 1);
  const next = others.findIndex((other) => (other.start ?? -1) > start);
  const place = next < 0 ? others.length : next;
  return {
    ...entry,
    summary: { ...summary, keyPoints: others.toSpliced(place, 0, { text, start, end }) },
  };
}

/** Words of the editor's own stand nowhere in the article; those that do are placed there. */
function reworded(sentence: Sentence, text: string, { article }: Entry): Sentence {
  if (text === sentence.text) return sentence;
  const start = article.text.indexOf(text);
  return start < 0 ? { text } : { text, start, end: start + text.length };
}

function refused(what: string): BroadsheetError {
  return new BroadsheetError("DIGEST_INVALID", what, { fix: "change it in another way" });
}

/** A digest made anew with an editor's changes in it, and the stories whose changes could not be kept. */
export interface Merged {
  readonly digest: Digest;
  /**
   * Titles: their articles are other ones by now, or gone, so that nobody knows whether the words still hold. And headings
   * of sections that the editor added, as sections follow from the stories.
   */
  readonly lost: readonly string[];
}

/** One digest three times: as it was built, as an editor left that, and as it would be built now. */
interface Versions<T> {
  readonly built: T;
  readonly edited: T;
  readonly rebuilt: T;
}

/**
 * What was edited in a digest, done again in the one that its sources give now: each field that an editor
 * changed stays changed, stories are hidden, reworded and in the order that the editor gave them, and new
 * ones stand where they would.
 */
export function mergeEdits(versions: Versions<Digest>): Merged {
  const { edited, rebuilt } = versions;
  if (!haveStoryInCommon(versions)) return { digest: rebuilt, lost: titlesIn(edited) };
  const { sections: _sections, ...fields } = mergedFields(versions);
  const { entries, lost } = mergedEntries(versions);
  const { sections, added } = mergedHeadings(versions);
  const digest = withEntries({ ...fields, issue: ownIssue(fields, rebuilt), sections }, entries);
  return { digest, lost: [...new Set([...lost, ...added, ...movedBack(versions, digest)])] };
}

/** The number that readers see may be edited; newsletter and slot are where the issue lies. */
function ownIssue({ issue }: Pick<Digest, "issue">, { issue: { newsletter, slot } }: Digest) {
  return { ...issue, newsletter, slot };
}

/** The stories that an editor moved into another section, and that are not in it. */
function movedBack({ built, edited }: Versions<Digest>, merged: Digest): string[] {
  const [before, now] = [headingsOf(built), headingsOf(merged)];
  const headings = headingsOf(edited);
  return flatEntries(edited)
    .filter(({ article: { id } }) => before.has(id) && before.get(id) !== headings.get(id))
    .filter(({ article: { id } }) => now.has(id) && now.get(id) !== headings.get(id))
    .map(({ article }) => article.title);
}

/** The heading over each story, by its id. */
function headingsOf({ sections }: Digest): ReadonlyMap<string, string> {
  return new Map(
    sections.flatMap(({ heading, entries }) =>
      entries.map(({ article }) => [article.id, heading] as const),
    ),
  );
}

type Section = Digest["sections"][number];

/** The sections with the headings that the editor gave them; the headings of those that were added are told apart. */
function mergedHeadings({ built, edited, rebuilt }: Versions<Digest>) {
  const keys = sectionKeys(built);
  const given = new Map(keys.map((key, index) => [key, sectionIn(edited, built, index)]));
  const known = new Set(given.values());
  const now = sectionKeys(rebuilt);
  return {
    sections: rebuilt.sections.map((section, index) => {
      const { heading } = given.get(now[index] ?? "") ?? section;
      return { ...section, heading };
    }),
    added: edited.sections.flatMap((one) =>
      known.has(one) || one.heading === "" ? [] : [one.heading],
    ),
  };
}

/** What a section is known by, though others have its heading, or none has one. */
function sectionKeys({ sections }: Digest): string[] {
  return sections.map(({ heading }, index) => {
    const before = sections.slice(0, index).filter((other) => other.heading === heading);
    return `${before.length} ${heading}`;
  });
}

/** A section of the digest that was built as the editor left it; where the editor added or took out some, by its stories. */
function sectionIn(edited: Digest, built: Digest, index: number): Section | undefined {
  if (edited.sections.length === built.sections.length) return edited.sections[index];
  const ids = new Set(built.sections[index]?.entries.map(({ article }) => article.id));
  return edited.sections.find(({ entries }) => entries.some(({ article }) => ids.has(article.id)));
}

/** A digest of other stories only is of another issue, to which no edit was made. */
function haveStoryInCommon({ built, rebuilt }: Versions<Digest>): boolean {
  const before = byId(flatEntries(built));
  return [...idsBefore(built, rebuilt).values()].some((id) => before.has(id));
}

/**
 * The id that each entry had when it was built before. An article without an address is known by its words, so one
 * that was rewritten since is found by its file.
 */
function idsBefore(built: Digest, rebuilt: Digest): ReadonlyMap<Entry, string> {
  const now = flatEntries(rebuilt);
  const sources = onlyOf(flatEntries(built));
  const own = onlyOf(now);
  const ids = new Set(now.map(({ article }) => article.id));
  return new Map(
    now.map((entry) => {
      const { id, source } = entry.article;
      const before = own.has(source) ? sources.get(source) : undefined;
      return [entry, before === undefined || ids.has(before) ? id : before];
    }),
  );
}

/** The ids of the entries that are the only one of their source, by source. */
function onlyOf(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const bySource = Map.groupBy(entries, ({ article }) => article.source);
  return new Map(
    [...bySource].flatMap(([source, [only, ...others]]) =>
      only && others.length === 0 ? [[source, only.article.id]] : [],
    ),
  );
}

function titlesIn(digest: Digest): string[] {
  return flatEntries(digest).map(({ article }) => article.title);
}

function mergedEntries({ built, edited, rebuilt }: Versions<Digest>) {
  const before = byId(flatEntries(built));
  const mine = byId(flatEntries(edited));
  const now = idsBefore(built, rebuilt);
  const lost: string[] = [];
  const kept = [...now]
    .filter(([, id]) => !before.has(id) || mine.has(id))
    .map(([rebuilt, id]): Placed => {
      const versions = { built: before.get(id), edited: mine.get(id), rebuilt };
      return { id, entry: mergedEntry(versions, lost) };
    });
  const there = new Set(now.values());
  for (const [id, entry] of mine)
    if (!there.has(id) && !isSame(before.get(id), entry)) lost.push(entry.article.title);
  const order = (entries: ReadonlyMap<string, Entry>) =>
    [...entries.keys()].filter((id) => before.has(id) && mine.has(id) && there.has(id));
  const isReordered = !isSame(order(before), order(mine));
  const ordered = isReordered ? inOrder(kept, order(mine)) : kept;
  return { entries: ordered.map(({ entry }) => entry), lost };
}

/** An entry, and the id that it had before. */
interface Placed {
  readonly id: string;
  readonly entry: Entry;
}

function mergedEntry(
  {
    built,
    edited,
    rebuilt,
  }: { built: Entry | undefined; edited: Entry | undefined; rebuilt: Entry },
  lost: string[],
): Entry {
  if (!built || !edited) return rebuilt;
  const article = mergedFields({
    built: built.article,
    edited: edited.article,
    rebuilt: rebuilt.article,
  });
  const isReworded = !isSame(built.summary, edited.summary);
  const isOther = built.article.text !== rebuilt.article.text;
  if (isReworded && isOther) lost.push(rebuilt.article.title);
  const summary = isReworded && !isOther ? edited.summary : rebuilt.summary;
  return { ...mergedFields({ built, edited, rebuilt }), article, summary };
}

/** Each field as the editor left it where that was another than was built, else as it is now. */
function mergedFields<T extends object>({ built, edited, rebuilt }: Versions<T>): T {
  const merged: T = { ...rebuilt };
  for (const key in edited) if (!isSame(built[key], edited[key])) merged[key] = edited[key];
  for (const key in built) if (!(key in edited)) delete merged[key];
  return merged;
}

/** Those of an order in that order; each other one stays behind the one that it follows. */
function inOrder(entries: readonly Placed[], order: readonly string[]): Placed[] {
  const rank = new Map(order.map((id, index) => [id, index]));
  let last = -1;
  const ranked = entries.map((placed) => {
    const own = rank.get(placed.id);
    last = own ?? last;
    return { placed, rank: last, isNew: own === undefined };
  });
  return ranked
    .sort((a, b) => a.rank - b.rank || Number(a.isNew) - Number(b.isNew))
    .map(({ placed }) => placed);
}

function byId(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.article.id, entry]));
}

/** Whether two values of a digest say the same; fields in whatever order. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
