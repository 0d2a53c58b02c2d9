import {
  type Digest,
  type Entry,
  flatEntries,
  hasDoubtfulGist,
  headlineOf,
  idOf,
  isDoubted,
  shownDigest,
} from "../digest.ts";
import { readingMinutes } from "../../summary/language/segments.ts";
import { withoutParts } from "../modules.ts";
import { type Copy, copyFor } from "../copy/fit-copy.ts";
import type { Slots } from "../copy/slots.ts";

/** How much room a story has on the page, from the most to the least. */
export type Weight = NonNullable<Entry["weight"]>;

interface WeightedEntry extends Entry {
  readonly weight: Weight;
}

/** A story in its place on the page, with the text that was chosen for it. */
export interface FittedEntry extends WeightedEntry {
  readonly copy: Copy;
}

/** The stories of an issue as its page has them: the front, then the sections that have a heading. */
export interface WeightedDigest<Placed = WeightedEntry> extends Omit<Digest, "sections"> {
  readonly sections: readonly { readonly heading: string; readonly entries: readonly Placed[] }[];
}

/** From so many stories on the rest of an issue is told in lines; fewer are all shown. */
const LEAST_FOR_LINES = 6;
/** From so many on an issue is long: one more row at the front, and a row for each section. */
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
    entries: entries.map((entry) => ({ ...entry, copy: copyIn(entry, entry.weight, slots) })),
  }));
  return { ...arranged, sections };
}

function copyIn(entry: Entry, weight: Weight, slots: Slots): Copy {
  return copyFor(entry, weight, slots, pictureFor(entry.article, weight) !== undefined);
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
  const fitsPair = (entry: Entry) => slots === undefined || fitsAsPair(entry, slots);
  const pairs = pairsOf({ lead, pool, front, total, fitsPair });
  const isAbove = (entry: Entry) => entry === lead || pairs.includes(entry);
  const left = (entries: readonly Entry[]) => entries.filter((entry) => !isAbove(entry));
  // Where no heading is left, nothing parts the front from what no section takes.
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
        ...pairs.map((entry) => weighted(entry, "pair")),
        ...inRowsAndLines(left(isParted ? front : [...front, ...rest]), frontRows),
      ],
    },
    ...named.map(({ heading, entries }) => {
      const others = left(entries);
      const isShort = total < LEAST_LONG && others.length <= MOST_ROWS_OF_SECTION;
      return { heading, entries: inRowsAndLines(others, isShort ? Infinity : 1) };
    }),
    { heading: "", entries: isParted ? inRowsAndLines(left(rest), 0) : [] },
  ];
  return sections.filter(({ entries }) => entries.length > 0);
}

/** The ids of the stories that are told in one line. */
export function idsInBrief(sections: Digest["sections"]): string[] {
  const shown = sections
    .map(({ heading, entries }) => ({ heading, entries: entries.filter(({ hidden }) => !hidden) }))
    .filter(({ entries }) => entries.length > 0);
  return arrangedSections(shown)
    .flatMap(({ entries }) => entries)
    .filter(({ weight }) => weight === "line")
    .map(idOf);
}

/** The entries that readers see, in the order of the issue. */
export function shownEntries(digest: Digest): Entry[] {
  if (flatEntries(digest).every(({ hidden }) => hidden)) return [];
  return arrangedDigest(digest).sections.flatMap(({ entries }) => entries);
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

/** So far down a story may stand and still lead for what it has to show. */
const LEAD_AMONG = 3;

/**
 * The one that an editor made the lead; else of the first three that she gave no other weight the one that is surely told
 * and has a picture of which something is said, or at least is surely told.
 */
export function leadOf(pool: readonly Entry[]): Entry | undefined {
  const free = pool.filter(({ weight }) => weight === undefined);
  const first = free.slice(0, LEAD_AMONG);
  const sure = first.filter((entry) => !isUncertain(entry));
  return (
    pool.find(({ weight }) => weight === "lead") ??
    sure.find(hasTellingPicture) ??
    sure[0] ??
    free.find((entry) => !isUncertain(entry)) ??
    free[0] ??
    pool[0]
  );
}

function hasTellingPicture({ article: { images } }: Entry): boolean {
  return images[0] !== undefined && images[0].alt !== "";
}

/** Whether what there is to show below a headline is doubted, or is nothing: such a story is best told by its headline alone. */
export function isUncertain(entry: Entry): boolean {
  const { text } = entry.summary.gist;
  const isEmpty = text.trim() === "" || text === headlineOf(entry);
  return isDoubted(entry) || hasDoubtfulGist(entry) || (isEmpty && entry.accepted !== true);
}

/** In their order, but for those that are best told by their headlines. */
function surestFirst(entries: readonly Entry[]): Entry[] {
  return [...entries.filter((entry) => !isUncertain(entry)), ...entries.filter(isUncertain)];
}

/** An even number of stories that stand side by side. */
function pairsOf({
  lead,
  pool,
  front,
  total,
  fitsPair,
}: {
  readonly lead: Entry | undefined;
  readonly pool: readonly Entry[];
  readonly front: readonly Entry[];
  readonly total: number;
  readonly fitsPair: (entry: Entry) => boolean;
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
  return matchingPair([...surestFirst(free), ...surestFirst(next)], fitsPair);
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
function matchingPair(free: readonly Entry[], fitsPair: (entry: Entry) => boolean): Entry[] {
  const fitting = free.slice(0, 2 * PAIR).filter(fitsPair);
  const pairs = fitting.flatMap((one, at) => fitting.slice(at + 1).map((other) => [one, other]));
  return (
    pairs.find(
      ([one, other]) =>
        one && other && hasPicture(one) === hasPicture(other) && free.indexOf(one) < PAIR,
    ) ?? []
  );
}

function fitsAsPair(entry: Entry, slots: Slots): boolean {
  const { headline, gist } = copyIn(entry, "pair", slots);
  return headline.fits && gist.fits;
}

function hasPicture({ article }: Entry): boolean {
  return pictureFor(article, "pair") !== undefined;
}

/** A single line is a row: a heading over one line would look forgotten. */
function inRowsAndLines(entries: readonly Entry[], mostRows: number): WeightedEntry[] {
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
  const placed = entries.map((entry) => {
    const isRow = isAmongRows(entry) || (entry.weight !== undefined && entry.weight !== "line");
    return weighted(entry, isRow ? "row" : "line");
  });
  const those = (weight: Weight) => placed.filter((entry) => entry.weight === weight);
  return [...those("row"), ...those("line")];
}

function weighted(entry: Entry, weight: Weight): WeightedEntry {
  return { ...entry, weight };
}

/**
 * The width of a picture in its place: half of the text, and a square beside it. One of fewer pixels is soft there; half of
 * what sharp screens have is still good.
 */
export const THUMBNAIL_PX = { pair: 236, row: 136 } as const;
/** A banner, or a tower, carries nothing in a place made for a picture. */
const RATIO = { least: 1 / 1.2, most: 2.4 } as const;

/**
 * The picture of an article that passes for a place, by what is known of it. One that is linked was not measured, and what its
 * page says of it may be true of a thumbnail.
 */
export function pictureFor(
  { images }: Pick<Entry["article"], "images">,
  weight: Weight,
): Entry["article"]["images"][number] | undefined {
  const [image] = images;
  if (!image || weight === "line") return undefined;
  const { src, widthPx, heightPx } = image;
  if (!src.startsWith("images/") || widthPx === undefined || heightPx === undefined) return image;
  // A lead has room for any picture, as the one story of a brief does.
  if (weight === "lead") return image;
  return widthPx >= THUMBNAIL_PX[weight] && hasShape(widthPx, heightPx) ? image : undefined;
}

function hasShape(widthPx: number, heightPx: number): boolean {
  const ratio = widthPx / heightPx;
  return ratio >= RATIO.least && ratio <= RATIO.most;
}

/** The page is as wide. */
const LEAST_COVER_PX = 600;

/** Whether the first picture of an article can fill the page from edge to edge, as far as its pixels were counted. */
export function isCover({ images }: Pick<Entry["article"], "images">): boolean {
  const { src = "", widthPx = 0, heightPx = 0 } = images[0] ?? {};
  return src.startsWith("images/") && widthPx >= LEAST_COVER_PX && hasShape(widthPx, heightPx);
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
