import {
  type Digest,
  type Entry,
  flatEntries,
  hasPoorGist,
  headlineOf,
  idOf,
  isDoubted,
  shownDigest,
} from "../digest.ts";
import { readingMinutes } from "../../summary/language/segments.ts";
import { withoutParts } from "../modules.ts";
import { type Copy, copyFor } from "../copy/fit-copy.ts";
import type { Slots } from "../copy/slots.ts";
import { type PicturePlace, picturePlaces, showSamePicture } from "./picture-places.ts";

/** The sizes of a story on the page, from the largest to the smallest. */
export type Weight = NonNullable<Entry["weight"]>;

export interface WeightedEntry extends Entry {
  readonly weight: Weight;
  /** The places that its picture is suitable for: none in brief, and none if a story above shows the same picture. */
  readonly picturePlaces: readonly PicturePlace[];
}

/** A story in its place on the page, with the texts chosen for that place. */
export interface FittedEntry extends WeightedEntry {
  readonly copy: Copy;
}

/** The stories of an issue in the order of its page: the front, then the sections with a heading. */
export interface WeightedDigest<Placed = WeightedEntry> extends Omit<Digest, "sections"> {
  readonly sections: readonly { readonly heading: string; readonly entries: readonly Placed[] }[];
}

/** From this number of stories on, the last stories of an issue are shown in brief. */
const LEAST_FOR_LINES = 6;
/** From this number of stories on, an issue is long: it has one more row at the front, and a row in each section. */
const LEAST_LONG = 13;
/** A section of a short issue shows this many stories as rows. A larger section has one row, and the others in brief. */
const MOST_ROWS_OF_SECTION = 2;

/**
 * The digest as readers see it: each story with its weight and the texts that fit its place, in the order of the page. The
 * weight of an entry in digest.json has priority. Other weights follow from the number of stories, their order and their
 * texts. The front and each section contain, in this order, the lead, pairs, rows and lines. A pair always has two stories,
 * and only the front has pairs.
 *
 * Applying it to its own result changes nothing.
 */
export function weightedDigest(digest: Digest, slots: Slots): WeightedDigest<FittedEntry> {
  const arranged = arrangedDigest(digest, slots);
  const sections = arranged.sections.map(({ heading, entries }) => ({
    heading,
    entries: entries.map((entry) => ({
      ...entry,
      copy: copyFor(
        entry,
        entry.weight,
        slots,
        entry.weight !== "line" && entry.picturePlaces.includes(entry.weight),
      ),
    })),
  }));
  return { ...arranged, sections };
}

/** The digest in the order of its page. Without slots, a pair is chosen as if all texts fitted. */
export function arrangedDigest(digest: Digest, slots?: Slots): WeightedDigest {
  const shown = shownDigest(digest);
  return { ...shown, sections: arrangedSections(shown.sections, slots) };
}

function arrangedSections(shown: Digest["sections"], slots?: Slots): WeightedDigest["sections"] {
  const { front, named, rest } = partsOf(shown);
  const total =
    front.length + named.reduce((sum, { entries }) => sum + entries.length, rest.length);
  const pool = [...front, ...named.flatMap(({ entries }) => entries), ...rest];
  const lead = leadOf(pool);
  const pairs = pairsOf({ lead, pool, front, total, slots });
  const weighted = weigher();
  const isAbove = (entry: Entry) => entry === lead || pairs.includes(entry);
  const left = (entries: readonly Entry[]) => entries.filter((entry) => !isAbove(entry));
  // Without any heading, the front and the stories without a section are one part.
  const isParted = named.some(({ entries }) => left(entries).length > 0);
  // Two stories whose texts do not fit a pair become rows.
  const isPairless = pairs.length === 0 && freeIn(front, lead).length >= PAIR;
  const frontRows =
    total < LEAST_FOR_LINES ? Infinity : (total < LEAST_LONG ? 2 : 3) + (isPairless ? PAIR : 0);
  const sections = [
    {
      heading: "",
      entries: [
        ...(lead ? [weighted(lead, "lead")] : []),
        ...inTwos(pairs).flatMap((two) => bothOrNone(two.map((entry) => weighted(entry, "pair")))),
        ...inRowsAndLines(left(isParted ? front : [...front, ...rest]), frontRows, weighted),
      ],
    },
    ...named.map(({ heading, entries }) => {
      const others = left(entries);
      const isShort = total < LEAST_LONG && others.length <= MOST_ROWS_OF_SECTION;
      return { heading, entries: inRowsAndLines(others, isShort ? Infinity : 1, weighted) };
    }),
    { heading: "", entries: isParted ? inRowsAndLines(left(rest), 0, weighted) : [] },
  ];
  return sections.filter(({ entries }) => entries.length > 0);
}

export function idsInBrief(sections: Digest["sections"]): string[] {
  const shown = sections
    .map(({ heading, entries }) => ({ heading, entries: entries.filter(({ hidden }) => !hidden) }))
    .filter(({ entries }) => entries.length > 0);
  return arrangedSections(shown)
    .flatMap(({ entries }) => entries)
    .filter(({ weight }) => weight === "line")
    .map(idOf);
}

/** The entries that readers see, in the order of the page. Without slots, a pair is chosen as if all texts fitted. */
export function shownEntries(digest: Digest, slots?: Slots): Entry[] {
  if (flatEntries(digest).every(({ hidden }) => hidden)) return [];
  return flatEntries(arrangedDigest(digest, slots));
}

/** Divides stories into those before the first heading, those under headings, and those without a section. */
function partsOf(sections: Digest["sections"]) {
  const first = sections.findIndex(({ heading }) => heading !== "");
  const start = first < 0 ? sections.length : first;
  const after = sections.slice(start);
  return {
    front: flatEntries({ sections: sections.slice(0, start) }),
    named: after.filter(({ heading }) => heading !== ""),
    rest: flatEntries({ sections: after.filter(({ heading }) => heading === "") }),
  };
}

/** Only the first few stories may become the lead because of their picture. */
const LEAD_AMONG = 3;

/**
 * The story that the editor marked as the lead. Otherwise the first of the top three unweighted stories that is not doubted
 * and has a picture suitable for the lead; otherwise the first that is not doubted.
 */
export function leadOf(pool: readonly Entry[]): Entry | undefined {
  const free = pool.filter(({ weight }) => weight === undefined);
  const first = free.slice(0, LEAD_AMONG);
  const sure = first.filter((entry) => !isUncertain(entry));
  return (
    pool.find(({ weight }) => weight === "lead") ??
    sure.find(({ article }) => picturePlaces(article).includes("lead")) ??
    sure[0] ??
    free.find((entry) => !isUncertain(entry)) ??
    free[0] ??
    pool[0]
  );
}

/** Whether the text below a headline is doubtful or missing. Such a story is best shown as its headline alone. */
export function isUncertain(entry: Entry): boolean {
  const { text } = entry.summary.gist;
  const isEmpty = text.trim() === "" || text === headlineOf(entry);
  return isDoubted(entry) || hasPoorGist(entry) || (isEmpty && entry.accepted !== true);
}

/** Moves stories that are best shown as headlines to the end, and keeps the order of the others. */
function surestFirst(entries: readonly Entry[]): Entry[] {
  return [...entries.filter((entry) => !isUncertain(entry)), ...entries.filter(isUncertain)];
}

/** Chooses an even number of stories to show side by side. */
function pairsOf({
  lead,
  pool,
  front,
  total,
  slots,
}: {
  readonly lead: Entry | undefined;
  readonly pool: readonly Entry[];
  readonly front: readonly Entry[];
  readonly total: number;
  readonly slots: Slots | undefined;
}): Entry[] {
  const chosen = pool.filter((entry) => entry !== lead && entry.weight === "pair");
  const free = freeIn(front, lead);
  if (chosen.length > 0) {
    const even = chosen.length % 2 === 0 ? chosen : [...chosen, ...free.slice(0, 1)];
    return inOrderOf(pool, even.length % 2 === 0 ? even : even.slice(0, -1));
  }
  // A story that an editor made a row or a line does not become part of a pair. An issue of two stories has a lead and a row.
  if (total <= PAIR || free.length < PAIR) return [];
  const next = freeIn(pool, lead).filter((entry) => !free.includes(entry));
  return matchingPair([...surestFirst(free), ...surestFirst(next)], lead, slots);
}

const PAIR = 2;

/** The stories besides the lead without a weight from an editor. */
function freeIn(front: readonly Entry[], lead: Entry | undefined): Entry[] {
  return front.filter((entry) => entry !== lead && entry.weight === undefined);
}

function inOrderOf(pool: readonly Entry[], some: readonly Entry[]): Entry[] {
  return pool.filter((entry) => some.includes(entry));
}

/**
 * Two stories whose texts fit a pair, with two pictures or none: the first two, or one of them with one of the next two.
 * Empty if no two of these match.
 */
function matchingPair(
  free: readonly Entry[],
  lead: Entry | undefined,
  slots: Slots | undefined,
): Entry[] {
  const above = lead ? [lead] : [];
  const fitting = free.slice(0, 2 * PAIR).filter((entry) => !slots || fitsAsPair(entry, slots));
  const pairs = fitting.flatMap((one, at) => fitting.slice(at + 1).map((other) => [one, other]));
  return (
    pairs.find(
      ([one, other]) =>
        one &&
        other &&
        showsInPair(one, above) === showsInPair(other, [...above, one]) &&
        free.indexOf(one) < PAIR,
    ) ?? []
  );
}

function fitsAsPair(entry: Entry, slots: Slots): boolean {
  const { headline, gist } = copyFor(entry, "pair", slots, showsInPair(entry, []));
  return headline.fits && gist.fits;
}

function showsInPair(entry: Entry, above: readonly Entry[]): boolean {
  return placesBelow(above, entry).includes("pair");
}

/** The places that a story's picture is suitable for, if no story above shows the same picture. */
function placesBelow(above: readonly Entry[], { article }: Entry): PicturePlace[] {
  const isShown = above.some((other) => showSamePicture(other.article, article));
  return isShown ? [] : picturePlaces(article);
}

/** A single line becomes a row, because a heading above one line would look like a mistake. */
function inRowsAndLines(
  entries: readonly Entry[],
  mostRows: number,
  weighted: Weigher,
): WeightedEntry[] {
  const chosen = entries.filter(({ weight }) => weight !== undefined && weight !== "line").length;
  const free = entries.filter(({ weight }) => weight === undefined);
  const room = Math.max(0, mostRows - chosen);
  const isOneOver =
    entries.filter(({ weight }) => weight === "line").length === 0 && free.length === room + 1;
  const surest = surestFirst(free);
  const isAmongRows = (entry: Entry) => {
    const rank = surest.indexOf(entry);
    return rank >= 0 && (isOneOver || rank < room);
  };
  const isRow = (entry: Entry) =>
    isAmongRows(entry) || (entry.weight !== undefined && entry.weight !== "line");
  const lines = entries.filter((entry) => !isRow(entry));
  return [
    ...entries.filter(isRow).map((entry) => weighted(entry, "row")),
    ...lines.map((entry) => weighted(entry, "line")),
  ];
}

type Weigher = (entry: Entry, weight: Weight) => WeightedEntry;

/**
 * Gives stories their weights from the top of the page to its end. If several have the same picture, only the first shows it.
 */
function weigher(): Weigher {
  const above: Entry[] = [];
  return (entry, weight) => {
    const places = weight === "line" ? [] : placesBelow(above, entry);
    if (places.length > 0) above.push(entry);
    return { ...entry, weight, picturePlaces: places };
  };
}

function inTwos<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, at) =>
    values.slice(at * 2, at * 2 + 2),
  );
}

/** A pair shows both pictures, if both are suitable, or none. */
function bothOrNone(pair: readonly WeightedEntry[]): readonly WeightedEntry[] {
  if (pair.every(({ picturePlaces }) => picturePlaces.includes("pair"))) return pair;
  return pair.map((entry) => ({
    ...entry,
    picturePlaces: entry.picturePlaces.filter((place) => place !== "pair"),
  }));
}

/** The maximum number of key points that a lead shows in a digest. */
export const LEAD_POINTS = 3;

/** The minutes needed to read the issue itself, without the linked articles. */
export function issueMinutes({ sections, parts }: WeightedDigest): number {
  const entries = sections.flatMap(({ entries }) => entries);
  const [only] = entries;
  if (only && entries.length === 1) return minutesHere(withoutParts(only.summary, parts));
  const here = entries.reduce((sum, entry) => sum + minutesShown(entry), 0);
  return Math.max(1, Math.round(here));
}

/** Headlines and sentences are skimmed. This is the time for a story of each weight, in minutes. */
const SKIMMED = { pair: 0.25, row: 0.25, line: 0.1 } as const;

function minutesShown({ weight, summary }: WeightedEntry): number {
  if (weight !== "lead") return SKIMMED[weight];
  const keyPoints = summary.keyPoints.slice(0, LEAD_POINTS);
  return minutesHere({ ...summary, keyPoints, people: [], timeline: [], figures: [] });
}

/** The minutes needed to read the text that the digest shows of a story, at the reading speed assumed for its article. */
export function minutesHere({
  gist,
  keyPoints,
  quote,
  people,
  timeline,
  figures,
}: Entry["summary"]): number {
  const texts = [
    gist.text,
    ...keyPoints.map(({ text }) => text),
    quote?.text ?? "",
    ...people.map(({ name, role }) => `${name} ${role ?? ""}`),
    ...timeline.map(({ sentence }) => sentence.text),
    ...figures.map(({ value, what }) => `${value} ${what}`),
  ];
  return readingMinutes(texts.join(" "));
}
