import * as z from "zod";
import { BroadsheetError } from "../../errors.ts";
import { alsoInOf, type Digest, type Entry, flatEntries, withEntries } from "../digest.ts";
import { oneLine } from "../one-line.ts";

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
