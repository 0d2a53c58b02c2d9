import { isBadlyRead } from "../article/article.ts";
import { composedAgain } from "../digest/compose-digest.ts";
import type { Slots } from "../digest/copy/slots.ts";
import {
  type BuiltDigest,
  type Digest,
  type Entry,
  flatEntries,
  headlineOf,
  idOf,
  type Removal,
  withEntries,
} from "../digest/digest.ts";
import type { EditOperation } from "../digest/operations/operation.ts";
import { textOf } from "../digest/operations/apply.ts";
import { faultOfLine, isForeign } from "./line-faults.ts";
import { linesToPrint } from "./lines.ts";
import { type JudgedLine, judgedLines } from "./ready.ts";

/** The values of a build that a cure needs beside the digest. */
export interface CureOptions {
  readonly slots: Slots;
  /** The ids of the stories that came from a feed with others, and that no editor chose. */
  readonly collected: ReadonlySet<string>;
  /** The editor's operations, and the digest that the editor had seen. */
  readonly operations?: readonly EditOperation[];
  readonly before?: Digest | undefined;
  /** For each story, the lines of a model that its article does not clearly support, and the article's own gist. */
  readonly unshown?: ReadonlyMap<string, Unshown> | undefined;
}

interface Unshown {
  readonly lines: ReadonlySet<string>;
  readonly own: Pick<Entry["summary"], "gist" | "confidence">;
}

/**
 * A line with a smaller probability of being kept is left out. So is a collected story with such a headline. Only 2 % of the
 * lines that editors keep are below it.
 */
const LEAST_CHANCE = 0.35;

/** Each round makes other lines visible. */
const MOST_ROUNDS = 8;

/**
 * Removes the lines and parts of a digest that are certainly wrong or that an editor would likely strike. A story whose
 * first line is removed is shown in brief. Everything that an editor wrote, accepted or restored stays. All removals are
 * listed in `removed`, and at least one story remains.
 */
export function cured(digest: BuiltDigest, options: CureOptions): BuiltDigest {
  const isKept = editorsHand(options);
  const unshown = flatEntries(digest).flatMap((entry) => unshownCures(entry, options));
  let now = withCures(
    digest,
    unshown.filter(({ removal }) => !isKept(removal)),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = curedOnce(now, options, isKept);
    if (next === now) break;
    now = composedAgain(next, now, new Set());
  }
  return now;
}

interface Cure {
  readonly removal: Removal;
  readonly change: (digest: Digest) => Digest;
}

type IsKept = (place: Place) => boolean;

/** The field of a story or of the issue that a cure would change, with its words. */
type Place = Pick<Removal, "id" | "field" | "op" | "text">;

function curedOnce(digest: BuiltDigest, options: CureOptions, isKept: IsKept): BuiltDigest {
  const judged = judgedLines(linesToPrint(digest, options.slots), digest);
  const cures = [
    ...flatEntries(digest).flatMap((entry) => storyCures(entry, judged, digest, options)),
    ...judged.flatMap((one) => lineCures(one, digest)),
  ].filter(({ removal }) => !isKept(removal));
  const once = cures.filter(
    ({ removal }, at) => cures.findIndex((one) => isSame(one.removal, removal)) === at,
  );
  const shown = flatEntries(digest).filter(({ hidden }) => !hidden).length;
  const hiding = once.filter(({ removal }) => removal.op === "hide");
  // An issue needs a story. If all would be hidden, all stay, and an editor has to look.
  const applied = hiding.length < shown ? once : once.filter((one) => !hiding.includes(one));
  return withCures(digest, applied);
}

function isSame(a: Removal, b: Removal): boolean {
  return a.id === b.id && a.field === b.field && a.text === b.text;
}

function withCures(digest: BuiltDigest, cures: readonly Cure[]): BuiltDigest {
  if (cures.length === 0) return digest;
  const removed = [...(digest.removed ?? []), ...cures.map(({ removal }) => removal)];
  return { ...cures.reduce<Digest>((now, { change }) => change(now), digest), removed };
}

/**
 * Returns the cures for lines of a model that the article does not support: the article's own gist replaces the model's,
 * and key points are removed.
 */
function unshownCures(entry: Entry, { unshown }: CureOptions): Cure[] {
  const id = idOf(entry);
  const { lines, own } = unshown?.get(id) ?? {};
  const { gist, keyPoints } = entry.summary;
  const why = "its article does not support what a model wrote";
  const points = keyPoints
    .filter(({ text }) => lines?.has(text))
    .map(({ text }) => withoutPoint(id, { text, why }));
  if (!own || !lines?.has(gist.text)) return points;
  const { text } = gist;
  const removal: Removal = { id, op: "set", field: "summary.gist", value: { text }, text, why };
  return [{ removal, change: inSummary(id, (one) => ({ ...one, ...own })) }, ...points];
}

function withoutPoint(id: string, { text, why }: Pick<Removal, "text" | "why">): Cure {
  return {
    removal: { id, op: "add", field: "keyPoint", value: { text }, text, why },
    change: inSummary(id, (one) => {
      return { ...one, keyPoints: one.keyPoints.filter((other) => other.text !== text) };
    }),
  };
}

/** Returns the cures for a collected story: it is hidden if it is in another language or its reading or headline is doubtful. */
function storyCures(
  entry: Entry,
  judged: readonly JudgedLine[],
  digest: Digest,
  { collected }: CureOptions,
): Cure[] {
  const id = idOf(entry);
  if (entry.hidden || entry.accepted || !collected.has(id)) return [];
  const own = judged.find(
    ({ line }) =>
      line.entry && idOf(line.entry) === id && (line.as === "headline" || line.as === "brief"),
  );
  const why = isForeign(entry, digest)
    ? "it is in another language than the issue"
    : isBadlyRead(entry.article.reading)
      ? "it may have been read incorrectly"
      : own && own.chance < LEAST_CHANCE
        ? "its headline does not describe it"
        : undefined;
  if (why === undefined) return [];
  const removal: Removal = { id, op: "hide", value: false, text: headlineOf(entry), why };
  return [{ removal, change: changing(id, (one) => ({ ...one, hidden: true as const })) }];
}

function lineCures({ line, chance, isOwn }: JudgedLine, digest: Digest): Cure[] {
  const { as, text, entry: placed } = line;
  const entry = flatEntries(digest).find((one) => placed && idOf(one) === idOf(placed));
  const fault = faultOfLine(line);
  if (!entry || isOwn || (fault === undefined && chance >= LEAST_CHANCE)) return [];
  const why = fault === undefined ? "an editor would probably remove it" : `it ${fault}`;
  const [id, { summary, article }] = [idOf(entry), entry];
  const set = (field: string, was: unknown, change: Cure["change"], of: object = { id }) => [
    { removal: { ...of, op: "set" as const, field, value: json(was), text, why }, change },
  ];
  if (as === "point") return [withoutPoint(id, { text, why })];
  if (as === "gist" && entry.weight === undefined && flatEntries(digest).length > 1) {
    const inBrief = changing(id, (one) => ({ ...one, weight: "line" as const }));
    return set("weight", "row", inBrief);
  }
  if (as === "timeline") {
    const shorter = inSummary(id, (one) => {
      return { ...one, timeline: one.timeline.filter(({ sentence }) => sentence.text !== text) };
    });
    return set("summary.timeline", summary.timeline, shorter);
  }
  if (as === "caption") {
    const images = article.images.map(({ caption: _caption, ...image }) => image);
    const bare = changing(id, (one) => ({ ...one, article: { ...one.article, images } }));
    return set("article.images", article.images, bare);
  }
  if (as !== "quotation" && as !== "number") return [];
  const module = as === "quotation" ? "quote" : "number";
  const shown = digest.modules?.[module];
  if (shown?.articleId === article.id)
    return set(
      `modules.${module}`,
      shown,
      (now) => ({ ...now, modules: { ...now.modules, [module]: undefined } }),
      { story: id },
    );
  const field = as === "quotation" ? "quote" : "figures";
  const value = summary[field];
  if (value === undefined) return [];
  const without = inSummary(id, ({ quote, ...one }) => {
    if (field === "quote") return one;
    const figures = one.figures.filter(({ what }) => what !== text);
    return { ...one, ...(quote && { quote }), figures };
  });
  return set(`summary.${field}`, value, without);
}

function changing(id: string, change: (entry: Entry) => Entry): Cure["change"] {
  return (digest) => withEntries(digest, (entry) => (idOf(entry) === id ? change(entry) : entry));
}

function inSummary(
  id: string,
  change: (summary: Entry["summary"]) => Entry["summary"],
): Cure["change"] {
  return changing(id, (entry) => ({ ...entry, summary: change(entry.summary) }));
}

function json(value: unknown): Removal["value"] {
  return JSON.parse(JSON.stringify(value));
}

/** Returns a test for places that belong to the editor: changed, restored, or accepted with the same words. */
function editorsHand({ operations = [], before }: CureOptions): IsKept {
  const known = new Map(before ? flatEntries(before).map((one) => [idOf(one), one]) : []);
  const accepted = new Set(
    operations.flatMap(({ op, id, field }) =>
      op === "accept" && field === undefined ? (id ?? []) : [],
    ),
  );
  return ({ id, op, field, text }) => {
    const own = operations.filter((one) => one.id === id);
    const entry = id === undefined ? undefined : known.get(id);
    const wasSeen = entry !== undefined && JSON.stringify(entry).includes(JSON.stringify(text));
    if (id !== undefined && accepted.has(id) && wasSeen) return true;
    if (op === "hide") return operations.some((one) => one.id === id || one.value === id);
    if (field === "keyPoint")
      return own.some((one) => one.sentence === text || textOf(one.value) === text);
    return own.some(
      (one) => one.field === field || (field === "weight" && one.field === "summary.gist"),
    );
  };
}
