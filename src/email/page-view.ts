import { issueMinutes, type WeightedDigest, type FittedEntry } from "../digest/arrange/weights.ts";
import { linesIn, type Slot } from "../digest/copy/slots.ts";
import { idOf } from "../digest/digest.ts";
import type { Modules } from "../digest/modules.ts";
import { regional } from "../platform/locale.ts";
import { NO_BREAK_SPACE } from "../platform/text.ts";
import { figureOf, type PictureView, quoteOf, shownSize, type StoryView } from "./story-view.ts";
import { type Source, SOURCE, type Sourced } from "./marks.ts";
import { boundIn, slotsOf, type Theme } from "./theme.ts";
import { numberIn, spelledIn, type Labels } from "./labels.ts";
import { typeset } from "./typography.ts";

/** One block of a digest's page. `kind` says which of the other fields it uses. */
export interface PageBlock extends Sourced {
  readonly kind: "lead" | "pair" | "rows" | "lines" | "heading" | "number" | "quote" | "sponsor";
  /** The heading level of its stories. Those of a section are below its heading. */
  readonly tag: "h2" | "h3";
  /** Whether rows begin a part of the page, so that more space precedes them. */
  readonly opens: boolean;
  /** Whether rows follow directly after a pair, from which some space separates them. */
  readonly followsPair: boolean;
  /** Whether both stories of a pair have a picture. A single picture is not shown. */
  readonly hasPictures: boolean;
  /** The heading of a section; empty elsewhere. */
  readonly heading: string;
  readonly stories: readonly StoryView[];
  readonly number: NumberView | null;
  readonly quote: QuoteView | null;
  readonly sponsor: SponsorView | null;
}

export interface NumberView extends Sourced {
  readonly value: string;
  /** Its text style, which is larger in a brief. */
  readonly numberStyle: string;
  readonly what: string;
  /** The publication that stated the number, and the article's address, null if it has none. */
  readonly source: string | null;
  readonly url: string | null;
}

type QuoteView = NonNullable<StoryView["quote"]> & Pick<NumberView, "source" | "url"> & Sourced;

export interface SponsorView extends Sourced {
  /** "paid for by …" */
  readonly paidFor: string;
  readonly title: string;
  readonly text: string | null;
  readonly url: string;
  readonly link: string;
  readonly image: Pick<PictureView, "src" | "alt" | "width" | "height"> | null;
}

/** The contents of an issue: the numbered stories and the rest, with the minutes to read them in full. */
export interface ContentsView {
  readonly rows: readonly ({
    readonly numeral: string;
    readonly title: string;
    readonly anchor: string;
    readonly minutes: string;
  } & Sourced)[];
  readonly rest: readonly { readonly text: string; readonly minutes: string }[];
}

/** The question to readers and the addresses of both answers. */
export interface FeedbackView {
  readonly question: string;
  readonly yes: string;
  readonly no: string;
}

interface Placed {
  readonly digest: WeightedDigest<FittedEntry>;
  readonly labels: Labels;
  readonly theme: Theme;
  readonly storyOf: (entry: FittedEntry) => StoryView;
}

/** The maximum number of lines in one group. The groups have about the same length, so that no line is alone in the last. */
const LINES_AT_ONCE = 8;

const EMPTY = {
  tag: "h2",
  opens: false,
  followsPair: false,
  hasPictures: false,
  heading: "",
  stories: [],
  number: null,
  quote: null,
  sponsor: null,
} as const;

function blockOf(kind: PageBlock["kind"], has: Partial<PageBlock>): PageBlock {
  return { ...EMPTY, ...has, kind };
}

/** Returns the page of a digest, from top to bottom. */
export function pageBlocks(placed: Placed): PageBlock[] {
  const { digest, labels } = placed;
  const [front, ...sections] = digest.sections;
  if (!front) return [];
  const above = frontBlocks(
    front.entries.filter(({ weight }) => weight !== "line"),
    placed,
  );
  const briefs = front.entries.filter(({ weight }) => weight === "line");
  const below = sections.flatMap(({ heading, entries }) =>
    sectionBlocks(heading || (entries.length > 1 ? labels.words.inBrief : ""), entries, placed),
  );
  const quote = quoteIn(placed);
  const sponsor = sponsorView(digest.modules ?? {}, labels);
  const sponsorBlock = sponsor ? [blockOf("sponsor", { sponsor })] : [];
  // The sponsor never comes before the third story.
  const isEarly = above.flatMap(({ stories }) => stories).length < 3;
  const quoteBlock = quote ? [blockOf("quote", { quote })] : [];
  const lead = front.entries.find(({ weight }) => weight === "lead");
  // A quote from another story would look like words about the lead.
  const isQuoteOfLead = lead?.article.id === digest.modules?.quote?.articleId;
  const isBelowLead = isQuoteOfLead && above[0]?.stories[0]?.cover === null;
  return withOpenings([
    ...above.slice(0, 1),
    ...(isBelowLead ? quoteBlock : []),
    ...above.slice(1),
    ...(isEarly ? [] : sponsorBlock),
    ...sectionBlocks(labels.words.inBrief, briefs, placed),
    ...below,
    ...(isEarly ? sponsorBlock : []),
    ...(isBelowLead ? [] : quoteBlock),
  ]);
}

/** Two pictures side by side must have the same height. The height of a linked picture is unknown. */
function areOfOneHeight(stories: readonly StoryView[]): boolean {
  const [one = null, other = null] = stories.map(({ half }) => half && half.width + half.height);
  return one !== null && one === other && stories.every(({ half }) => half?.height !== null);
}

/** Rows after the lead or its quotation begin with a line of their own, like a pair. */
function withOpenings(blocks: readonly PageBlock[]): PageBlock[] {
  return blocks.map((block, at) => {
    const before = blocks[at - 1]?.kind;
    const opens =
      block.kind === "rows" && ["lead", "quote", "lines", "sponsor"].includes(before ?? "");
    const followsPair = block.kind === "rows" && before === "pair";
    return { ...block, opens, followsPair };
  });
}

function frontBlocks(entries: readonly FittedEntry[], placed: Placed): PageBlock[] {
  const stories = (weight: FittedEntry["weight"]) =>
    entries.filter((entry) => entry.weight === weight).map(placed.storyOf);
  const [lead, pairs, rows] = [stories("lead"), stories("pair"), stories("row")];
  const number = bigNumber(placed);
  const pairBlocks = Array.from({ length: pairs.length / 2 }, (_, at) => {
    const stories = pairs.slice(at * 2, at * 2 + 2);
    return blockOf("pair", { stories, hasPictures: areOfOneHeight(stories) });
  });
  return [
    ...lead.map((story) => blockOf("lead", { stories: [story] })),
    ...pairBlocks,
    ...(number ? [blockOf("number", { number })] : []),
    ...(rows.length > 0 ? [blockOf("rows", { stories: rows })] : []),
  ];
}

function sectionBlocks(
  heading: string,
  entries: readonly FittedEntry[],
  { digest, theme, storyOf }: Placed,
): PageBlock[] {
  if (entries.length === 0) return [];
  const tag = heading === "" ? "h2" : "h3";
  const rows = entries.filter(({ weight }) => weight !== "line").map(storyOf);
  const lines = entries.filter(({ weight }) => weight === "line").map(storyOf);
  const count = Math.ceil(lines.length / LINES_AT_ONCE);
  const groups = Array.from({ length: count }, (_, at) =>
    lines.slice(
      Math.ceil((at * lines.length) / count),
      Math.ceil(((at + 1) * lines.length) / count),
    ),
  );
  return [
    ...(heading === ""
      ? []
      : [
          blockOf("heading", {
            heading: boundIn(theme, "section", heading),
            [SOURCE]: headingSource(heading, entries, digest),
          }),
        ]),
    ...(rows.length > 0 ? [blockOf("rows", { tag, stories: rows })] : []),
    ...groups.map((stories) => blockOf("lines", { tag, stories })),
  ];
}

/** Returns the section of a heading, by its first story. Undefined if the heading is a label. */
export function headingSource(
  heading: string,
  [first]: readonly FittedEntry[],
  { sections }: Placed["digest"],
): Source | undefined {
  const isOwn = sections.some((one) => one.heading === heading);
  return first && isOwn ? { story: idOf(first), field: "heading" } : undefined;
}

/** Returns the entry that a module belongs to. Undefined if its story is hidden. */
function entryOf(articleId: string, { digest }: Placed): FittedEntry | undefined {
  return digest.sections
    .flatMap(({ entries }) => entries)
    .find(({ article }) => article.id === articleId);
}

function quoteIn(placed: Placed): QuoteView | undefined {
  const { labels, theme, digest } = placed;
  const { quote } = digest.modules ?? {};
  const entry = quote && entryOf(quote.articleId, placed);
  if (!entry) return undefined;
  return {
    [SOURCE]: { field: "modules.quote" },
    ...quoteOf(quote, { labels, theme, language: entry.article.language }),
    ...sourceOf(entry, placed),
  };
}

/** Returns the big number of an issue. Undefined if its story is hidden or there is none. */
export function bigNumber(placed: Placed): NumberView | undefined {
  const { number } = placed.digest.modules ?? {};
  const entry = number && entryOf(number.articleId, placed);
  if (!entry) return undefined;
  const what = typeset(number.what, entry.article.language);
  const { value } = figureOf(number.value, number.unit, what);
  const isBrief = placed.digest.sections.every(({ entries }) => entries.length < 2);
  const numberStyle = isBrief ? "number-big" : "number";
  const source = { [SOURCE]: { field: "modules.number" } };
  return { ...source, value, numberStyle, what, ...sourceOf(entry, placed) };
}

function sourceOf(entry: FittedEntry, { storyOf }: Placed) {
  const { paper, link, url } = storyOf(entry).source;
  return { source: url === null ? paper : link, url };
}

/** The width of a letter. */
const SPONSOR_PX = 440;

export function sponsorView({ sponsor }: Modules, labels: Labels): SponsorView | null {
  if (!sponsor) return null;
  const { name, title, text, url, link, image } = sponsor;
  return {
    [SOURCE]: { field: "modules.sponsor" },
    paidFor: labels.paidFor(name),
    title,
    text: text ?? null,
    url,
    link,
    image: image ? { src: image.src, alt: image.alt, ...shownSize(image, SPONSOR_PX) } : null,
  };
}

/** Returns the table of contents. Null if the issue has fewer than four stories, or if the table is switched off. */
export function contentsView(placed: Placed): ContentsView | null {
  const { digest, labels } = placed;
  const [front, ...sections] = digest.sections;
  const total = digest.sections.reduce((sum, { entries }) => sum + entries.length, 0);
  if (!front || total < LEAST_FOR_CONTENTS || digest.modules?.contents === false) return null;
  const numbered = front.entries.filter(({ weight }) => weight !== "line");
  const briefs = front.entries.filter(({ weight }) => weight === "line");
  const countOf = (entries: readonly unknown[]) => numberIn(digest.language, entries.length);
  const inBrief = labels.andInBrief(spelledIn(digest.language, labels, briefs.length));
  const rest = [
    ...(briefs.length > 0 ? [{ text: inBrief, minutes: minutesOf(briefs, placed) }] : []),
    ...sections.map(({ heading, entries }) => ({
      text: `${heading || labels.words.inBrief} (${countOf(entries)})`,
      minutes: minutesOf(entries, placed),
    })),
  ];
  const rows = numbered.map((entry) => {
    const { number, contentsTitle, anchor } = placed.storyOf(entry);
    const minutes = minutesOf([entry], placed);
    const source = { [SOURCE]: { story: idOf(entry), field: "short.headline" } };
    return { ...source, numeral: number ?? "", title: contentsTitle, anchor, minutes };
  });
  return withRoom({ rows, rest }, numbered, placed);
}

/**
 * Shortens the contents, so that the lead's headline is on a phone's first screen. First the line of the lead is removed,
 * because its story follows directly. Then the last stories are only counted.
 */
function withRoom(
  { rows, rest }: ContentsView,
  entries: readonly FittedEntry[],
  placed: Placed,
): ContentsView {
  const slot = slotsOf(placed.theme).contents;
  const roomPx = FIRST_SCREEN_PX - leadPx(entries, placed) - rest.length * REST_PX;
  const heightOf = ({ title, minutes }: ContentsView["rows"][number]) =>
    Math.max(ROW_PX, heightIn(slot, `${title}${NO_BREAK_SPACE}${minutes}`) + 8);
  const hasRoom = (some: ContentsView["rows"], px: number) =>
    some.reduce((sum, row) => sum + heightOf(row), 0) <= px;
  if (hasRoom(rows, roomPx)) return { rows, rest };
  const others = rows
    .slice(1)
    .map((row, at) => Object.assign({}, row, { numeral: rows[at]?.numeral ?? "" }));
  if (hasRoom(others, roomPx)) return { rows: others, rest };
  const fewer = others.filter((_, at) => hasRoom(others.slice(0, at + 1), roomPx - REST_PX));
  const left = entries.slice(1 + fewer.length);
  const more = placed.labels.andMore(spelledIn(placed.digest.language, placed.labels, left.length));
  return { rows: fewer, rest: [{ text: more, minutes: minutesOf(left, placed) }, ...rest] };
}

/** Fewer stories need no contents. */
const LEAST_FOR_CONTENTS = 4;

/** The height below the masthead and the lead's picture on a phone's first screen, and the line heights of the contents. */
const FIRST_SCREEN_PX = 428;
const ROW_PX = 44;
const REST_PX = 28;

/**
 * Returns the height of a lead's headline on a phone, with the text above it but without its picture. Without a picture the
 * headline is near the top.
 */
function leadPx([lead]: readonly FittedEntry[], { storyOf, theme }: Placed): number {
  const { cover, kicker } = lead ? storyOf(lead) : {};
  if (!lead || !cover) return -Infinity;
  const { slot, text } = lead.copy.headline;
  return heightIn(slotsOf(theme)[slot], text) + (kicker ? 28 : 0) + (cover.caption ? 28 : 0);
}

function heightIn(slot: Slot, text: string): number {
  return (linesIn(slot, text)?.[1]?.length ?? 1) * (slot.screens[1]?.linePx ?? 0);
}

/** "8 min" to read stories in full, in the language's form, with a space if its labels have one. */
function minutesOf(entries: readonly FittedEntry[], placed: Placed): string {
  return shortMinutes(minutesInFull(entries), placed);
}

function shortMinutes(count: number, { digest: { language }, labels }: Placed): string {
  // British "mins" is wider but not clearer.
  const locale = language === "en" ? "en-US" : regional(language);
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "minute",
    unitDisplay: "short",
  })
    .format(count)
    .replace(" ", labels.minutes.other?.includes(" ") === false ? "" : "\u00A0");
}

function minutesInFull(entries: readonly FittedEntry[]): number {
  return entries.reduce((sum, { summary }) => sum + summary.minutes, 0);
}

/**
 * Returns the reading times of the issue and of its stories in full. Null if there are no stories. It is short, because a
 * phone has one line for it beside the date.
 */
export function readingOf(placed: Placed): string | null {
  const { digest, labels } = placed;
  const entries = digest.sections.flatMap(({ entries }) => entries);
  if (entries.length === 0) return null;
  const minutesHere = issueMinutes(digest);
  const here = shortMinutes(minutesHere, placed);
  // A story that is no longer than its summary saves no time.
  if (minutesHere >= minutesInFull(entries)) return here;
  // "6 min here, 34 in full". A language without spaces has no word that could be left out.
  const inFull = /\s/.test(here)
    ? numberIn(digest.language, minutesInFull(entries))
    : minutesOf(entries, placed);
  return labels.reading(here, inFull);
}

export function feedbackView(
  { feedback }: Modules,
  labels: Labels,
  set = (text: string) => text,
): FeedbackView | null {
  if (!feedback) return null;
  return {
    question: set(feedback.question ?? labels.words.worthYourTime),
    yes: feedback.yes,
    no: feedback.no,
  };
}
