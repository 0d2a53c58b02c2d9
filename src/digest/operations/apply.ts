import type * as z from "zod";
import { hashId } from "../../article/identity.ts";
import { shownEntries } from "../arrange/weights.ts";
import { composedAgain, linesAgain } from "../compose-digest.ts";
import {
  alsoInOf,
  type AlsoIn,
  type BuiltDigest,
  type Digest,
  digestSchema,
  type Entry,
  headlineOf,
  idOf,
  type Section,
} from "../digest.ts";
import { oneLine } from "../../platform/text.ts";
import { activeOperations, isPair, shownEdits, storyEditsOf } from "./history.ts";
import {
  type Change,
  type EditOperation,
  fieldIn,
  isJson,
  isUndo,
  type NewLine,
  type Operation,
} from "./operation.ts";

/** Words of an editor that are not in the issue, because their story is missing or other words have replaced them. */
export interface SetAside {
  /** The headline of the story when it was edited. */
  readonly title: string;
  readonly text: string;
  /** The story that has other words in this place. */
  readonly story?: string | undefined;
  /** The operation that restores the words. */
  readonly back?: NewLine | undefined;
  /** The operation that removes all of the editor's changes of this place. */
  readonly drop?: NewLine | undefined;
}

/** Words of an editor whose article has changed since. They are in the issue. */
export interface ChangedSince {
  /** The article, and the story that contains it. */
  readonly id: string;
  readonly story: string;
  readonly title: string;
  readonly field: string;
  /** The words of the editor. */
  readonly was: string;
  /** The current words of the article for this place; empty if it has none. */
  readonly now: string;
  /** The operation that undoes the editor's changes of this place, so that the article's words are used. */
  readonly drop?: NewLine | undefined;
}

export interface Applied {
  readonly digest: Digest;
  readonly setAside: readonly SetAside[];
  readonly changed: readonly ChangedSince[];
  /** Operations that would make the digest invalid, by line number. They are not applied. */
  readonly refused: readonly { readonly n: number; readonly why: string }[];
  /** The titles of parted articles that only the next build can show as stories. */
  readonly waiting: readonly string[];
}

interface Outcome extends Applied {
  /** The reason why the digest is invalid. */
  readonly fault: string | undefined;
}

/** Applies an editor's operations to the digest from the articles. The same operations always give the same digest. */
export function applyOperations(built: BuiltDigest, operations: readonly Operation[]): Applied {
  const key = JSON.stringify(operations);
  const last = lastApplied.get(built);
  const applied = last?.key === key ? last.applied : appliedAnew(built, operations);
  lastApplied.set(built, { key, applied });
  return applied;
}

/** One edit in the page needs the same result several times. */
const lastApplied = new WeakMap<BuiltDigest, { readonly key: string; readonly applied: Applied }>();

function appliedAnew(built: BuiltDigest, operations: readonly Operation[]): Applied {
  const active = activeOperations(operations);
  const applied = editing(built, active, operations).result();
  if (applied.fault === undefined || faultIn(plain(built)) !== undefined) return applied;
  const bad = badAmong(built, active, operations);
  if (bad.length === 0) return applied;
  const lines = new Set(bad.map(({ n }) => n));
  const others = operations.filter(({ n }) => !lines.has(n));
  const rest = applyOperations(built, others);
  return { ...rest, refused: [...bad, ...rest.refused] };
}

/** Returns the operations that make the digest invalid. If there are several, each is tried alone. */
function badAmong(
  built: BuiltDigest,
  active: readonly EditOperation[],
  all: readonly Operation[],
): Applied["refused"] {
  const faultOf = (own: readonly EditOperation[]) => editing(built, own, all).result().fault;
  const first = firstBad(built, active, all);
  if (!first) return [];
  const others = active.filter(({ n }) => n !== first.n);
  if (faultOf(others) === undefined) return [first];
  const alone = others.map((one) => ({ n: one.n, why: faultOf([one]) ?? "" }));
  return [first, ...alone.filter(({ why }) => why !== "")];
}

/** Finds the first operation that makes the digest invalid, by binary search. */
function firstBad(
  built: BuiltDigest,
  active: readonly EditOperation[],
  all: readonly Operation[],
): { readonly n: number; readonly why: string } | undefined {
  const faultAfter = (count: number) => editing(built, active.slice(0, count), all).result().fault;
  let [sound, broken] = [0, active.length];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (faultAfter(middle) === undefined) sound = middle;
    else broken = middle;
  }
  const bad = active[broken - 1];
  return bad && { n: bad.n, why: faultAfter(broken) ?? "" };
}

function faultIn(digest: Digest): string | undefined {
  const parsed = digestSchema.safeParse(digest);
  return parsed.success ? undefined : faultOf(parsed.error);
}

function faultOf(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  return `${(issue?.path ?? []).join(".")} ${issue?.message ?? ""}`.trim();
}

function plain({ merged: _merged, isEdited: _isEdited, ...digest }: BuiltDigest): Digest {
  return digest;
}

/** The issue after some operations. */
function editing(
  built: BuiltDigest,
  active: readonly EditOperation[],
  all: readonly Operation[],
): Editing {
  const now = new Editing(built, active, all);
  for (const operation of active) now.apply(operation);
  return now;
}

/** Adds to new changes the current headline, the hash of the article and the replaced value. */
export function completed(
  built: BuiltDigest,
  operations: readonly Operation[],
  changes: readonly Change[],
): Change[] {
  const now = editing(built, activeOperations(operations), operations);
  return changes.map((change) => now.completed(change));
}

/** The hash that shows whether an article has changed. */
function textHash({ article }: Entry): string {
  return hashId(article.text);
}

type Sentence = Entry["summary"]["gist"];

/** A key point with the words by which operations identify it. */
interface Point {
  readonly key: string;
  readonly sentence: Sentence;
}

interface Story {
  readonly built: Entry;
  entry: Entry;
  points: Point[];
}

interface Part {
  readonly key: string;
  heading: string;
  stories: Story[];
  /** The operation with which an editor set its heading. */
  by?: EditOperation | undefined;
}

interface Held {
  readonly story: Story;
  readonly as: "own" | "merged" | "joined";
}

/** The fields that an operation may set even if another article now tells the story. */
const OF_ANY_TELLER = /^(?:article\.(?:title|kicker|tags)|summary\.\w+|keyPoint|weight)$/;

/** An issue during the application of operations. */
class Editing {
  #digest: Omit<Digest, "sections">;
  #parts: Part[];
  readonly #built: Digest;
  readonly #others = new Map<string, Entry>();
  readonly #held = new Map<string, Held>();
  readonly #winners = new Map<string, string>();
  /** The operations that undo all changes of one place, by place. */
  readonly #undos = new Map<string, NewLine>();
  readonly #set = new Set<string>();
  readonly #setAside = new Map<string, SetAside>();
  readonly #changed = new Map<string, ChangedSince>();
  readonly #waiting: string[] = [];
  readonly #added = new Map<EditOperation, Story | undefined>();
  readonly #refused: { readonly n: number; readonly why: string }[] = [];

  constructor(built: BuiltDigest, active: readonly EditOperation[], all: readonly Operation[]) {
    this.#built = plain(built);
    const { sections, ...digest } = this.#built;
    this.#digest = digest;
    this.#parts = sectionKeys(sections).map((key, at) => ({
      key,
      heading: sections[at]?.heading ?? "",
      stories: (sections[at]?.entries ?? []).map(storyOf),
    }));
    for (const entry of built.merged ?? [])
      for (const id of [entry.article.id, idOf(entry)]) this.#others.set(id, entry);
    const applied = active.filter(({ why }) => why === undefined);
    this.#gather(applied, all);
    for (const operation of applied)
      if (operation.op === "add" && operation.field === undefined)
        this.#added.set(operation, this.#addStory(operation));
    if (this.#added.size > 0)
      for (const pair of storyEditsOf(applied).together) this.#join(...pair);
    this.#hold();
    for (const operation of applied) this.#claim(operation);
    const changing = applied.filter(({ op }) => op === "set" || op === "add" || op === "remove");
    for (const [key, lines] of Map.groupBy(changing, targetOf))
      this.#undos.set(key, { op: "drop", undoes: lines.map(({ n }) => n) });
  }

  /** Finds a section by its key in the build, otherwise by its current heading. */
  #partOf(wanted: string | undefined): Part | undefined {
    const built = this.#parts.find(({ key }) => key === wanted);
    return built ?? this.#parts[sectionKeys(this.#parts).indexOf(wanted ?? "")];
  }

  get #stories(): Story[] {
    return this.#parts.flatMap(({ stories }) => stories);
  }

  /** Joins and parts stories, unless the build has already done so. */
  #gather(active: readonly EditOperation[], all: readonly Operation[]): void {
    const now = storyEditsOf(active);
    const { together: joined = [], apart: parted = [] } = this.#digest.stories ?? {};
    const has = (pairs: typeof joined, pair: readonly [string, string]) =>
      pairs.some((one) => isPair(one, pair));
    for (const pair of now.apart) this.#part(...pair);
    for (const pair of joined) if (!has(now.together, pair)) this.#part(...pair, "joined");
    for (const pair of now.together) this.#join(...pair);
    for (const pair of parted) {
      if (has(now.apart, pair) || has(now.together, pair)) continue;
      const operation = all.find(
        (one) => !isUndo(one) && one.op === "part" && one.id === pair[1] && one.value === pair[0],
      );
      const was = operation && !isUndo(operation) ? operation.was : undefined;
      if (isRecord(was) && !Array.isArray(was)) this.#join(...pair, was);
    }
    const { stories: _stories, ...digest } = this.#digest;
    const stories = shownEdits(now);
    this.#digest = { ...digest, ...(stories && { stories }) };
  }

  #holderOf(id: string): Story | undefined {
    return this.#stories.find(
      ({ entry }) => isNamed(entry, id) || (entry.alsoIn ?? []).some((one) => isOther(one, id)),
    );
  }

  #join(host: string, guest: string, as?: AlsoIn): void {
    const [to, from] = [this.#holderOf(host), this.#holderOf(guest)];
    if (!to || !from || to === from) return;
    const item = as ?? {
      ...alsoInOf(from.entry.article, { as: "joined", chance: 1 }),
      reading: idOf(from.entry),
    };
    const alsoIn = [...(to.entry.alsoIn ?? []), item, ...(from.entry.alsoIn ?? [])];
    to.entry = { ...to.entry, alsoIn, told: to.entry.told ?? "chosen" };
    for (const id of [from.entry.article.id, idOf(from.entry)]) this.#others.set(id, from.built);
    this.#takeOut(from);
  }

  #part(host: string, parted: string, as?: AlsoIn["as"]): void {
    const story = this.#holderOf(host);
    const item = (story?.entry.alsoIn ?? []).find((one) => isOther(one, parted));
    if (!story || !item || (as !== undefined && item.as !== as)) return;
    const { alsoIn = [], told, ...alone } = story.entry;
    const left = alsoIn.filter((one) => one !== item);
    story.entry =
      left.length === 0 ? alone : { ...alone, alsoIn: left, ...(told !== undefined && { told }) };
    const other = this.#others.get(item.reading ?? item.id ?? "");
    const part = this.#parts.find(({ stories }) => stories.includes(story));
    if (other && part) part.stories.splice(part.stories.indexOf(story) + 1, 0, storyOf(other));
    else this.#waiting.push(item.title ?? item.source ?? parted);
  }

  #takeOut(story: Story): void {
    for (const part of this.#parts) part.stories = part.stories.filter((one) => one !== story);
  }

  /** Records the story of each article. An article that tells a story has priority over one merged into another story. */
  #hold(): void {
    const stories = this.#stories;
    const hold = (id: string | undefined, held: Held) => {
      if (id !== undefined && !this.#held.has(id)) this.#held.set(id, held);
    };
    for (const story of stories) hold(story.entry.id, { story, as: "own" });
    for (const story of stories) hold(story.entry.article.id, { story, as: "own" });
    for (const story of stories)
      for (const { id, reading, as } of story.entry.alsoIn ?? [])
        for (const one of [reading, id])
          hold(one, { story, as: as === "joined" ? "joined" : "merged" });
  }

  /**
   * If operations on several articles of one story change the same field, those of the telling article apply, otherwise the
   * last ones.
   */
  #claim({ id, field, sentence, op }: EditOperation): void {
    const held = id === undefined ? undefined : this.#held.get(id);
    const isWords = op === "set" || op === "remove";
    if (!held || id === undefined || field === undefined || !isWords) return;
    const place = placeOf(held.story, field, sentence);
    const before = this.#winners.get(place);
    const isOwn = before !== undefined && this.#held.get(before)?.as === "own";
    if (!isOwn || held.as === "own") this.#winners.set(place, id);
  }

  apply(operation: EditOperation): void {
    const { id, op, n, field = "" } = operation;
    const isFixed = op === "set" && (id === undefined ? FIXED : FIXED_IN_STORY).test(field);
    const why = operation.why ?? (isFixed ? `${field} is not set by itself` : undefined);
    if (why !== undefined) {
      this.#refused.push({ n, why });
      return;
    }
    if (op === "join" || op === "part") return;
    if (id === undefined || operation.field === "heading") return this.#applyToIssue(operation);
    const held = this.#held.get(id);
    if (op === "add" && operation.field === undefined) {
      if (held) this.#place(operation, held);
      return;
    }
    const mayChange = held && this.#mayChange(operation, held);
    if (held && mayChange) this.#applyToStory(operation, held);
    else this.#leave(operation);
  }

  #mayChange({ id, field, op, sentence }: EditOperation, { story, as }: Held): boolean {
    if (!this.#stories.includes(story)) return false;
    if (as === "own") return true;
    if (op === "remove" && field === undefined) return false;
    if (op === "accept" || op === "hide" || op === "move") return as === "merged";
    if (as === "joined" || field === undefined || !OF_ANY_TELLER.test(field)) return false;
    return op === "add" || this.#winners.get(placeOf(story, field, sentence)) === id;
  }

  /** Keeps words without a place aside. Other operations are not lost, because they apply again when their story returns. */
  #leave(operation: EditOperation): void {
    if (operation.op === "set" || operation.op === "add")
      this.#keepAside(targetOf(operation), operation, textOf(operation.value));
  }

  #keepAside(key: string, operation: EditOperation, text: string): void {
    this.#setAside.delete(key);
    const title = operation.title || text;
    const drop = this.#undos.get(key);
    if (text !== "") this.#setAside.set(key, { title, text, drop, ...this.#wayBack(operation) });
  }

  /** Returns the operation that restores words that were kept aside. */
  #wayBack({ id = "", field = "", sentence }: EditOperation): Pick<SetAside, "story" | "back"> {
    const held = this.#held.get(id);
    if (!held || !this.#stories.includes(held.story)) return {};
    const story = idOf(held.story.entry);
    if (held.as === "joined") return { story, back: { op: "part", id, value: story } };
    const winner = this.#winners.get(placeOf(held.story, field, sentence)) ?? id;
    if (winner === id) return { story };
    return { story, back: this.#undos.get(targetOf({ op: "set", id: winner, field, sentence })) };
  }

  #applyToIssue(operation: EditOperation): void {
    const { op, id, field, value } = operation;
    if (op !== "set" || field === undefined) return;
    if (field === "layout") return this.#layOut(operation, value);
    if (field === "heading") {
      const part = this.#partOf(id);
      if (!part) this.#leave(operation);
      else if (typeof value === "string") Object.assign(part, { heading: value, by: operation });
      return;
    }
    this.#set.add(field);
    this.#digest = withField(this.#digest, field.split("."), value);
  }

  #applyToStory(operation: EditOperation, held: Held): void {
    const { story } = held;
    const { op, field, value } = operation;
    if (op === "hide") {
      const { hidden: _hidden, ...shown } = story.entry;
      story.entry = value === false ? shown : { ...shown, hidden: true };
    } else if (op === "accept" && field !== undefined) {
      const isSeen = operation.of === textHash(this.#articleOf(operation.id ?? "", story));
      if (isSeen) this.#changed.delete(placeOf(story, field, operation.sentence));
    } else if (op === "accept") {
      const { accepted: _accepted, ...entry } = story.entry;
      story.entry = value === textHash(story.built) ? { ...entry, accepted: true } : entry;
    } else if (op === "move") this.#move(story, operation.before ?? []);
    else if (op === "remove" && field === undefined) this.#takeOut(story);
    else if (field === "keyPoint") this.#changePoint(operation, story);
    else if (field !== undefined) this.#setField(operation, field, story);
  }

  #setField(operation: EditOperation, field: string, story: Story): void {
    const { value } = operation;
    const isGist = field === "summary.gist" && isRecord(value);
    const own = field === "alsoIn" ? this.#mergedIn(value, story) : value;
    const given = isGist ? sentenceIn(value, story, operation) : own;
    story.entry = withField(story.entry, field.split("."), given);
    this.#note(operation, story, textOf(fieldIn(story.built, field.split("."))));
  }

  /** The articles of a list that have not been parted from the story since. */
  #mergedIn(value: unknown, story: Story): unknown {
    if (!Array.isArray(value)) return value;
    const left = value.filter((one: unknown) => {
      const [reading, id] = [fieldIn(one, ["reading"]), fieldIn(one, ["id"])].map(textOf);
      const holder = this.#held.get(reading || id || "")?.story;
      return holder === undefined || holder === story;
    });
    return left.length > 0 ? left : undefined;
  }

  /** Moves a story. Each section keeps its number of stories, so a story that moves far enough up becomes the lead. */
  #move(story: Story, before: readonly string[]): void {
    const sizes = this.#parts.map(({ stories }) => stories.length);
    const others = this.#stories.filter((one) => one !== story);
    const at = this.#placeBefore(before, others);
    if (at === undefined || others.length === this.#stories.length) return;
    const ordered = others.toSpliced(at, 0, story);
    for (const [index, part] of this.#parts.entries())
      part.stories = ordered.splice(0, sizes[index]);
  }

  /** The position before the first of some stories that still exists; undefined if none does. */
  #placeBefore(before: readonly string[], stories: readonly Story[]): number | undefined {
    if (before.length === 0) return stories.length;
    return before
      .map((id) => stories.findIndex((one) => one === this.#held.get(id)?.story))
      .find((at) => at >= 0);
  }

  #addStory(operation: EditOperation): Story | undefined {
    const { n, id, value } = operation;
    const isThere = this.#stories.some(({ entry }) => idOf(entry) === id);
    const parsed = digestSchema
      .unwrap()
      .shape.sections.safeParse([{ heading: "", entries: [value] }]);
    const entry = parsed.data?.[0]?.entries[0];
    if (!entry) this.#refused.push({ n, why: faultOf(parsed.error) });
    if (id === undefined || isThere || !entry) return undefined;
    const story = storyOf({ ...entry, id });
    this.#insert(story, operation);
    return story;
  }

  #insert(story: Story, { section, before = [] }: EditOperation): void {
    const next = before.find((one) => this.#holderOf(one));
    const follower = next === undefined ? undefined : this.#holderOf(next);
    const home =
      this.#parts.find(({ stories }) => follower && stories.includes(follower)) ??
      this.#partOf(section) ??
      this.#parts.at(-1);
    const at = follower ? home?.stories.indexOf(follower) : undefined;
    if (home) home.stories = home.stories.toSpliced(at ?? home.stories.length, 0, story);
  }

  /** Restores the position of a story: an added one goes to its place in the layout, a removed one is shown again. */
  #place(operation: EditOperation, { story, as }: Held): void {
    if (as !== "own") return;
    if (this.#added.get(operation) === story && this.#stories.includes(story)) {
      this.#takeOut(story);
      this.#insert(story, operation);
    } else if (!this.#stories.includes(story)) {
      const again = this.#addStory(operation);
      for (const [id, held] of this.#held)
        if (again && held.story === story) this.#held.set(id, { ...held, story: again });
    }
  }

  /** Applies an editor's layout of the sections. A new story stays after its predecessor. */
  #layOut(operation: EditOperation, value: unknown): void {
    if (!Array.isArray(value)) return;
    const wanted = value.filter(isLayout);
    const placed = new Set<Story>();
    const parts = wanted.map(({ heading, ids }, at): Part => {
      const stories = ids.flatMap((id) => this.#held.get(id)?.story ?? []);
      const own = stories.filter((one) => this.#stories.includes(one) && !placed.has(one));
      for (const one of own) placed.add(one);
      const key = sectionKeys(wanted)[at] ?? "";
      const isBuilt = this.#built.sections.some((section) => section.heading === heading);
      return { key, heading, stories: [...new Set(own)], by: isBuilt ? undefined : operation };
    });
    if (placed.size === 0) {
      this.#parts.push(...parts);
      return;
    }
    let last: Story | undefined;
    for (const story of this.#stories) {
      if (!placed.has(story)) {
        const home = parts.find(({ stories }) => last && stories.includes(last)) ?? parts[0];
        const at = last && home ? home.stories.indexOf(last) + 1 : 0;
        home?.stories.splice(at, 0, story);
      }
      last = story;
    }
    this.#parts = parts;
  }

  #changePoint(operation: EditOperation, story: Story): void {
    const { op, sentence = "", value, after = [] } = operation;
    const at = op === "add" ? -1 : pointAt(story, sentence);
    const key = op === "add" ? keyFor(operation, story) : (story.points[at]?.key ?? sentence);
    if (op === "remove") {
      story.points = story.points.filter((_, index) => index !== at);
      this.#changed.delete(placeOf(story, "keyPoint", key));
      return;
    }
    if (!isRecord(value)) return;
    const next = { key, sentence: sentenceIn(value, story, operation) };
    const isThere = shownAt(story, next.sentence.text) >= 0;
    if (at >= 0) story.points = story.points.with(at, next);
    else if (!isThere) {
      const before =
        after.map((words) => shownOrBuiltAt(story, words)).find((index) => index >= 0) ?? -1;
      story.points = story.points.toSpliced(before + 1, 0, next);
    }
    const built = story.built.summary.keyPoints.find(({ text }) => text === sentence);
    this.#note({ ...operation, sentence: key }, story, built?.text ?? "");
  }

  /** Records words whose article has changed since the editor wrote them. */
  #note(operation: EditOperation, story: Story, now: string): void {
    const { id = "", field = "", sentence = "", of, value, title = "" } = operation;
    const place = placeOf(story, field, sentence);
    this.#changed.delete(place);
    const own = this.#articleOf(id, story);
    const was = textOf(value);
    if (of === undefined || was === "" || of === textHash(own)) return;
    const drop = this.#undos.get(targetOf(operation));
    this.#changed.set(place, { id, story: idOf(story.entry), title, field, was, now, drop });
  }

  #articleOf(id: string, { built }: Story): Entry {
    return isNamed(built, id) ? built : (this.#others.get(id) ?? built);
  }

  completed(change: Change): Change {
    const { id, op, field, sentence } = change;
    if (op === "add" && field === undefined) return change;
    if (field === "heading") {
      const was = this.#partOf(id)?.heading;
      return { ...change, ...(was && { was, title: was }) };
    }
    if (id === undefined) {
      const was = field === undefined ? undefined : fieldIn(this.#digest, field.split("."));
      return { ...change, ...(isJson(was) && { was }) };
    }
    const held = this.#held.get(id);
    if (!held) return change;
    const { story } = held;
    const isPoint = field === "keyPoint" && op !== "add";
    const point = isPoint ? story.points[shownOrBuiltAt(story, sentence ?? "")] : undefined;
    const isReplaced = op === "set" || op === "remove";
    const before = isReplaced ? fieldIn(story.entry, field?.split(".") ?? []) : undefined;
    const was =
      op === "part"
        ? story.entry.alsoIn?.find((one) => isOther(one, id))
        : (point?.sentence ?? before);
    return {
      ...change,
      title: headlineOf(story.entry),
      of: textHash(this.#articleOf(id, story)),
      ...(isJson(was) && { was }),
      ...(point && { sentence: point.key }),
      ...(op === "accept" && change.value !== false && { value: textHash(story.built) }),
    };
  }

  #composedAgain(own: Digest): Digest {
    if (faultIn(own) !== undefined || isSameToRead(own, this.#built, wordsOf)) return own;
    const again = isSameToRead(own, this.#built, idOf) ? linesAgain : composedAgain;
    return again(own, this.#built, this.#set);
  }

  result(): Outcome {
    for (const { heading, stories, by } of this.#parts)
      if (by && stories.length === 0)
        // A layout contains more than this heading, so the whole layout is not undone.
        this.#keepAside(by.field === "layout" ? heading : targetOf(by), by, heading);
    const sections: Section[] = this.#parts
      .filter(({ stories }) => stories.length > 0)
      .map(({ heading, stories }) => ({ heading, entries: stories.map(entryOf) }));
    const own = { ...this.#digest, sections };
    const digest = this.#composedAgain(own);
    return {
      digest,
      fault: faultIn(digest),
      setAside: [...this.#setAside.values()],
      changed: [...this.#changed.values()],
      refused: this.#refused,
      waiting: this.#waiting,
    };
  }
}

/** Fields that no operation can set: the identity of the issue, derived values, and fields with operations of their own. */
const FIXED =
  /^(?:\$schema|version|sections|stories|offered|removed|languages|merged|composed|advice)(?:\.|$)|^issue(?:\.newsletter|\.slot)?$/;
const FIXED_IN_STORY = /^(?:id|article|summary|summary\.keyPoints)$/;

function storyOf(entry: Entry): Story {
  const points = entry.summary.keyPoints.map((sentence) => ({ key: sentence.text, sentence }));
  return { built: entry, entry, points };
}

function entryOf({ entry, points }: Story): Entry {
  const keyPoints = points.map(({ sentence }) => sentence);
  const { keyPoints: before } = entry.summary;
  const isSame =
    before.length === keyPoints.length && keyPoints.every((one, at) => one === before[at]);
  return isSame ? entry : { ...entry, summary: { ...entry.summary, keyPoints } };
}

function isNamed(entry: Entry, id: string): boolean {
  return entry.id === id || entry.article.id === id;
}

function isOther({ id, reading }: AlsoIn, wanted: string): boolean {
  return reading === wanted || id === wanted;
}

/** Finds a key point by its words as built, otherwise by its current words. */
function pointAt(story: Story, words: string): number {
  const at = story.points.findIndex(({ key }) => key === words);
  return at >= 0 ? at : shownAt(story, words);
}

/** Finds a key point by its current words, otherwise by its words as built. */
function shownOrBuiltAt(story: Story, words: string): number {
  const at = shownAt(story, words);
  return at >= 0 ? at : pointAt(story, words);
}

function shownAt({ points }: Story, words: string): number {
  return points.findIndex(({ sentence }) => sentence.text === words);
}

/** The key of an added point: its words, with its line number if another point has the same words. */
function keyFor({ n, value }: EditOperation, { points }: Story): string {
  const text = oneLine(textOf(value));
  return points.some(({ key }) => key === text) ? `${n} ${text}` : text;
}

function placeOf({ built }: Story, field: string, sentence = ""): string {
  return JSON.stringify([idOf(built), field, sentence]);
}

/** The target of an operation. Of two operations with the same target the later one applies. */
export function targetOf({ op, id, field = op, sentence, value }: Change): string {
  return JSON.stringify([id, field, op === "add" ? textOf(value) : sentence]);
}

/** Words that the current article contains get their position there. Words from an unchanged article keep theirs. */
function sentenceIn(value: object, { built }: Story, { of }: EditOperation): Sentence {
  const text = "text" in value && typeof value.text === "string" ? oneLine(value.text) : "";
  if (of === textHash(built)) return { ...value, text };
  const start = built.article.text.indexOf(text);
  return start < 0 ? { text } : { text, start, end: start + text.length };
}

/** The words of a sentence, a line or a list. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (isRecord(value) && "text" in value && typeof value.text === "string") return value.text;
  if (isRecord(value) && "summary" in value && isRecord(value.summary))
    return "gist" in value.summary ? textOf(value.summary.gist) : "";
  return isRecord(value) ? JSON.stringify(value) : "";
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isLayout(value: unknown): value is { heading: string; ids: readonly string[] } {
  return (
    isRecord(value) &&
    "heading" in value &&
    typeof value.heading === "string" &&
    "ids" in value &&
    Array.isArray(value.ids)
  );
}

/** Sets a field of an object, or removes it. */
function withField<T extends object>(
  object: T,
  [name = "", ...others]: readonly string[],
  value: unknown,
): T {
  const inner: unknown = Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
  const next = others.length > 0 ? withField(isRecord(inner) ? inner : {}, others, value) : value;
  const changed: T = { ...object, [name]: next };
  if (next === undefined) Reflect.deleteProperty(changed, name);
  return changed;
}

/** The keys of sections, which are unique even if headings are equal or missing. */
export function sectionKeys(sections: readonly { readonly heading: string }[]): string[] {
  return sections.map(({ heading }, index) => {
    const before = sections.slice(0, index).filter((other) => other.heading === heading);
    return `${before.length} ${heading}`;
  });
}

/** Whether readers see the same stories in the same order. `of` returns the compared part of a story: its id, or also its words. */
function isSameToRead(digest: Digest, built: Digest, of: (entry: Entry) => string): boolean {
  const [now, before] = [digest, built].map((one) => shownEntries(one).map(of).join("\n"));
  return now === before;
}

function wordsOf(entry: Entry): string {
  return [idOf(entry), headlineOf(entry), entry.summary.gist.text].join("\n");
}
