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

/** How much room a story has on the page, from the most to the least. */
export type Weight = NonNullable<Entry["weight"]>;

export interface WeightedEntry extends Entry {
  readonly weight: Weight;
  /** The places that its picture passes for: none in brief, and none if a story above shows the same picture. */
  readonly picturePlaces: readonly PicturePlace[];
}

/** A story in its place on the page, with the text that was chosen for it. */
export interface FittedEntry extends WeightedEntry {
  readonly copy: Copy;
}

/** The stories of an issue as its page has them: the front, then the sections that have a heading. */
export interface WeightedDigest<Placed = WeightedEntry> extends Omit<Digest, "sections"> {
  readonly sections: readonly { readonly heading: string; readonly entries: readonly Placed[] }[];
}

/** From this number of stories on, the rest of an issue is told in lines. */
const LEAST_FOR_LINES = 6;
/** From this number of stories on, an issue is long: it has one more row at the front, and a row in each section. */
const LEAST_LONG = 13;
/** A section of a short issue has rows for so many stories; of more it has one, and lines. */
const MOST_ROWS_OF_SECTION = 2;

/**
 * The digest as readers see it: each story with its weight and the text that fits its place, in the order of the page. The
 * weight that an entry has in digest.json holds; the others get theirs from their number, their order and their text. Within
 * the front and within each section come the lead, pairs, rows and lines. A pair is never alone, and only the front has pairs.
 *
 * It is the same for a digest that it has been applied to.
 */
export function weightedDigest(digest: Digest, slots: Slots): WeightedDigest<FittedEntry> {
  const arranged = arrangedDigest(digest, slots);
  const sections = arranged.sections.map(({ heading, entries }) => ({
    heading,
    entries: entries.map((entry) => ({
      ...entry,
      copy: copyFor(entry, entry.weight, slots, showsPicture(entry)),
    })),
  }));
  return { ...arranged, sections };
}

/** The digest in the order of its page. Without slots a pair is chosen as if each text had room in it. */
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
  // If no heading is left, nothing parts the front from the stories without a section.
  const isParted = named.some(({ entries }) => left(entries).length > 0);
  // Two stories that would be the pair, if they had room in it, are rows.
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

/** The ids of the stories in brief. */
export function idsInBrief(sections: Digest["sections"]): string[] {
  const shown = sections
    .map(({ heading, entries }) => ({ heading, entries: entries.filter(({ hidden }) => !hidden) }))
    .filter(({ entries }) => entries.length > 0);
  return arrangedSections(shown)
    .flatMap(({ entries }) => entries)
    .filter(({ weight }) => weight === "line")
    .map(idOf);
}

/** The entries that readers see: with slots in the order of the page, else as if each text had room in a pair. */
export function shownEntries(digest: Digest, slots?: Slots): Entry[] {
  if (flatEntries(digest).every(({ hidden }) => hidden)) return [];
  return arrangedDigest(digest, slots).sections.flatMap(({ entries }) => entries);
}

/** The stories before the first heading, those under headings, and those that no section takes. */
function partsOf(sections: Digest["sections"]) {
  const first = sections.findIndex(({ heading }) => heading !== "");
  const start = first < 0 ? sections.length : first;
  const after = sections.slice(start);
  return {
    front: entriesOf(sections.slice(0, start)),
    named: after.filter(({ heading }) => heading !== ""),
    rest: entriesOf(after.filter(({ heading }) => heading === "")),
  };
}

function entriesOf(sections: Digest["sections"]): Entry[] {
  return sections.flatMap(({ entries }) => entries);
}

/** Only the first few stories may take the lead because of their picture. */
const LEAD_AMONG = 3;

/**
 * The story that the editor marked as the lead. Otherwise the first of the top three unweighted stories that is not doubted
 * and has a picture that passes for the lead; otherwise the first that is not doubted.
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

/** Whether what there is to show below a headline is doubted, or is nothing: such a story is best told by its headline alone. */
export function isUncertain(entry: Entry): boolean {
  const { text } = entry.summary.gist;
  const isEmpty = text.trim() === "" || text === headlineOf(entry);
  return isDoubted(entry) || hasPoorGist(entry) || (isEmpty && entry.accepted !== true);
}

/** Puts stories that are best told by their headlines last, and keeps the order of the others. */
function surestFirst(entries: readonly Entry[]): Entry[] {
  return [...entries.filter((entry) => !isUncertain(entry)), ...entries.filter(isUncertain)];
}

/** An even number of stories that stand side by side. */
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
  // What an editor has set as rows and lines isn't taken for a pair.
  // Two stories have a lead and a row.
  if (total <= PAIR || free.length < PAIR) return [];
  const next = freeIn(pool, lead).filter((entry) => !free.includes(entry));
  return matchingPair([...surestFirst(free), ...surestFirst(next)], lead, slots);
}

const PAIR = 2;

/** The stories beside the lead that an editor has given no weight. */
function freeIn(front: readonly Entry[], lead: Entry | undefined): Entry[] {
  return front.filter((entry) => entry !== lead && entry.weight === undefined);
}

function inOrderOf(pool: readonly Entry[], some: readonly Entry[]): Entry[] {
  return pool.filter((entry) => some.includes(entry));
}

/**
 * Two stories whose text has room in a pair, with two pictures or none: the first two, or one of them with one of the next
 * two. None where no two of these match.
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

/** Whether a story shows its picture in its place on the page. */
function showsPicture({ weight, picturePlaces: places }: WeightedEntry): boolean {
  return weight !== "line" && places.includes(weight);
}

function showsInPair(entry: Entry, above: readonly Entry[]): boolean {
  return placesBelow(above, entry).includes("pair");
}

/** The places for which a story's picture passes, if none of the stories above shows the same picture. */
function placesBelow(above: readonly Entry[], { article }: Entry): PicturePlace[] {
  const isShown = above.some((other) => showSamePicture(other.article, article));
  return isShown ? [] : picturePlaces(article);
}

/** A single line is a row: a heading over one line would look forgotten. */
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

/** Gives stories their weights from the top of the page to its end. Of those with one picture the first shows it. */
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

/** A pair whose pictures both pass, or stands without them. */
function bothOrNone(pair: readonly WeightedEntry[]): readonly WeightedEntry[] {
  if (pair.every(({ picturePlaces }) => picturePlaces.includes("pair"))) return pair;
  return pair.map((entry) => ({
    ...entry,
    picturePlaces: entry.picturePlaces.filter((place) => place !== "pair"),
  }));
}

/** The most key points that a lead shows in a digest. */
export const LEAD_POINTS = 3;

/** The minutes to read what an issue itself says of its stories. */
export function issueMinutes({ sections, parts }: WeightedDigest): number {
  const entries = sections.flatMap(({ entries }) => entries);
  const [only] = entries;
  if (only && entries.length === 1) return minutesHere(withoutParts(only.summary, parts));
  const here = entries.reduce((sum, entry) => sum + minutesShown(entry), 0);
  return Math.max(1, Math.round(here));
}

/** Headlines and sentences are skimmed: so much of a minute goes to a story of each weight. */
const SKIMMED = { pair: 0.25, row: 0.25, line: 0.1 } as const;

function minutesShown({ weight, summary }: WeightedEntry): number {
  if (weight !== "lead") return SKIMMED[weight];
  const keyPoints = summary.keyPoints.slice(0, LEAD_POINTS);
  return minutesHere({ ...summary, keyPoints, people: [], timeline: [], figures: [] });
}

/** Minutes to read what the digest shows of a story, at the pace its own minutes are counted. */
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
