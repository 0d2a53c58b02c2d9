import { issueMinutes, type WeightedDigest, type FittedEntry } from "../digest/arrange/weights.ts";
import type { Modules } from "../digest/modules.ts";
import {
  figureOf,
  inOneLine,
  type PictureView,
  quoteOf,
  shownSize,
  type StoryView,
} from "./story-view.ts";
import { boundIn, type Theme } from "./theme.ts";
import { minutesIn, numberIn, regional, spelledIn, type Labels } from "./labels.ts";
import { bindUnits, curl } from "./typography.ts";

/** What stands at one place of a digest's page. `kind` says which of the others it has. */
export interface PageBlock {
  readonly kind: "lead" | "pair" | "rows" | "lines" | "heading" | "number" | "quote" | "sponsor";
  /** The heading level of its stories: those of a section stand under its heading. */
  readonly tag: "h2" | "h3";
  /** Whether rows open a part of the page, and don't follow another story as closely as one another. */
  readonly opens: boolean;
  /** Whether rows come right after a pair, from which some air parts them. */
  readonly followsPair: boolean;
  /** Whether both stories of a pair have a picture: one alone is not shown. */
  readonly hasPictures: boolean;
  /** Of a section; empty elsewhere. */
  readonly heading: string;
  readonly stories: readonly StoryView[];
  readonly number: NumberView | null;
  readonly quote: QuoteView | null;
  readonly sponsor: SponsorView | null;
}

export interface NumberView {
  readonly value: string;
  /** Its text style: larger in a brief. */
  readonly numberStyle: string;
  readonly what: string;
  /** Where it was read: the paper and the article's address, null where that has none. */
  readonly source: string | null;
  readonly url: string | null;
}

type QuoteView = NonNullable<StoryView["quote"]> & Pick<NumberView, "source" | "url">;

export interface SponsorView {
  /** "paid for by …" */
  readonly paidFor: string;
  readonly title: string;
  readonly text: string | null;
  readonly url: string;
  readonly link: string;
  readonly image: Pick<PictureView, "src" | "alt" | "width" | "height"> | null;
}

/** The contents of an issue: what is numbered, and what has one line, with minutes to read it in full. */
export interface ContentsView {
  readonly rows: readonly {
    readonly numeral: string;
    readonly title: string;
    readonly anchor: string;
    readonly minutes: string;
  }[];
  readonly rest: readonly { readonly text: string; readonly minutes: string }[];
}

/** The two answers that a reader may give, and where a reader without a subscription gets one. */
export interface FeedbackView {
  readonly question: string;
  readonly yes: string;
  readonly no: string;
}

interface Placed {
  readonly digest: WeightedDigest<FittedEntry>;
  readonly labels: Labels;
  readonly theme: Theme;
  /** The view of each entry. */
  readonly storyOf: (entry: FittedEntry) => StoryView;
}

/** So many lines are read in one go. */
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

/** The page of a digest, from top to bottom. */
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
  const leadHasPicture = above[0]?.stories[0]?.cover !== null;
  const sponsor = sponsorView(digest.modules ?? {}, labels);
  const sponsorBlock = sponsor ? [blockOf("sponsor", { sponsor })] : [];
  // It never comes before the third story.
  const isEarly = above.flatMap(({ stories }) => stories).length < 3;
  const quoteBlock = quote ? [blockOf("quote", { quote })] : [];
  return withOpenings([
    ...above.slice(0, 1),
    ...(leadHasPicture ? [] : quoteBlock),
    ...above.slice(1),
    ...(isEarly ? [] : sponsorBlock),
    ...sectionBlocks(labels.words.inBrief, briefs, placed),
    ...below,
    ...(isEarly ? sponsorBlock : []),
    ...(leadHasPicture ? quoteBlock : []),
  ]);
}

/** Two pictures side by side end on one line. One that is linked has no known height. */
function areOfOneHeight(stories: readonly StoryView[]): boolean {
  const [one = null, other = null] = stories.map(({ half }) => half && half.width + half.height);
  return one !== null && one === other && stories.every(({ half }) => half?.height !== null);
}

/** Rows that follow the lead or its quote have a rule of their own, as a pair has. */
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
  { theme, storyOf }: Placed,
): PageBlock[] {
  if (entries.length === 0) return [];
  const tag = heading === "" ? "h2" : "h3";
  const rows = entries.filter(({ weight }) => weight !== "line").map(storyOf);
  const lines = entries.filter(({ weight }) => weight === "line").map(storyOf);
  const groups = Array.from({ length: Math.ceil(lines.length / LINES_AT_ONCE) }, (_, at) =>
    lines.slice(at * LINES_AT_ONCE, (at + 1) * LINES_AT_ONCE),
  );
  return [
    ...(heading === ""
      ? []
      : [blockOf("heading", { heading: boundIn(theme, "section", heading) })]),
    ...(rows.length > 0 ? [blockOf("rows", { tag, stories: rows })] : []),
    ...groups.map((stories) => blockOf("lines", { tag, stories })),
  ];
}

/** The entry of the issue that a module is from: what is hidden is not quoted. */
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
    ...quoteOf(quote, { labels, theme, language: entry.article.language }),
    ...sourceOf(entry, placed),
  };
}

/** The big number of an issue; undefined where its story is hidden, or there is none. */
export function bigNumber(placed: Placed): NumberView | undefined {
  const { number } = placed.digest.modules ?? {};
  const entry = number && entryOf(number.articleId, placed);
  if (!entry) return undefined;
  const what = bindUnits(curl(number.what, entry.article.language));
  const { value } = figureOf(number.value, number.unit, what);
  const isBrief = placed.digest.sections.every(({ entries }) => entries.length < 2);
  const numberStyle = isBrief ? "number-big" : "number";
  return { value, numberStyle, what, ...sourceOf(entry, placed) };
}

function sourceOf(entry: FittedEntry, { storyOf }: Placed) {
  const { paper, link, url } = storyOf(entry).source;
  return { source: url === null ? paper : link, url };
}

/** As wide as a letter. */
const SPONSOR_PX = 440;

export function sponsorView({ sponsor }: Modules, labels: Labels): SponsorView | null {
  if (!sponsor) return null;
  const { name, title, text, url, link, image } = sponsor;
  return {
    paidFor: labels.paidFor(name),
    title,
    text: text ?? null,
    url,
    link,
    image: image ? { src: image.src, alt: image.alt, ...shownSize(image, SPONSOR_PX) } : null,
  };
}

/** The contents, from four stories on; null where they are switched off. */
export function contentsView(placed: Placed): ContentsView | null {
  const { digest, labels } = placed;
  const [front, ...sections] = digest.sections;
  const total = digest.sections.reduce((sum, { entries }) => sum + entries.length, 0);
  if (!front || total < LEAST_FOR_CONTENTS || digest.modules?.contents === false) return null;
  const numbered = front.entries.filter(({ weight }) => weight !== "line");
  const briefs = front.entries.filter(({ weight }) => weight === "line");
  const minutesOf = (entries: readonly FittedEntry[]) =>
    shortMinutes(minutesInFull(entries), placed);
  const countOf = (entries: readonly unknown[]) => numberIn(digest.language, entries.length);
  const inBrief = labels.andInBrief(spelledIn(digest.language, labels, briefs.length));
  return {
    rows: numbered.map((entry) => {
      const { number, contentsTitle, anchor } = placed.storyOf(entry);
      const minutes = shortMinutes(entry.summary.minutes, placed);
      return { numeral: number ?? "", title: contentsTitle, anchor, minutes };
    }),
    rest: [
      ...(briefs.length > 0 ? [{ text: inBrief, minutes: minutesOf(briefs) }] : []),
      ...sections.map(({ heading, entries }) => ({
        text: `${heading || labels.words.inBrief} (${countOf(entries)})`,
        minutes: minutesOf(entries),
      })),
    ],
  };
}

/** Fewer are seen at one glance. */
const LEAST_FOR_CONTENTS = 4;

/** "8 min", as the language writes it, with a space where its labels have one. */
function shortMinutes(count: number, { digest: { language }, labels }: Placed): string {
  // British "mins" is wider, and no clearer.
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

/** How long the issue takes, and its stories in full; null where there is none. */
export function readingOf({ digest, labels, storyOf }: Placed): string | null {
  const entries = digest.sections.flatMap(({ entries }) => entries);
  const [only] = entries;
  if (!only) return null;
  if (entries.length === 1) return storyOf(only).reading;
  const minutes = (count: number) => inOneLine(minutesIn(digest.language, labels, count));
  const [here, inFull] = [minutes(issueMinutes(digest)), minutesInFull(entries)];
  // "6 minutes here, 34 in full": a language without spaces has no word that could be left out.
  const isSpaced = /\s/.test(here);
  return labels.reading(here, isSpaced ? numberIn(digest.language, inFull) : minutes(inFull));
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
