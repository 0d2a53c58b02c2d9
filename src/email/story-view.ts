import { remembering, STORIES_CACHED } from "../platform/remembering.ts";
import { capitalised, countCharacters, directionOf } from "../platform/text.ts";
import { lookOf, type PicturePlace, THUMBNAIL_PX } from "../digest/arrange/picture-places.ts";
import { type FittedEntry, LEAD_POINTS, minutesHere } from "../digest/arrange/weights.ts";
import { punctuationFor, regional, writtenDay } from "../platform/locale.ts";
import { dayOfSlot } from "../platform/slot.ts";
import { type Digest, type Entry, headlineOf, idOf, type AlsoIn } from "../digest/digest.ts";
import type { Image } from "../article/article.ts";
import { foldedTag, hashOf, hostOf, sourceName } from "../article/identity.ts";
import { withoutParts } from "../digest/modules.ts";
import { countWords } from "../summary/language/segments.ts";
import { inOrderOfTime } from "../summary/summary.ts";
import { briefSlot, type Fitted, fittedGist, insetHeadline } from "../digest/copy/fit-copy.ts";
import { boundInSlot, hasLongWord, type Slots } from "../digest/copy/slots.ts";
import { SOURCE, type Sourced } from "./marks.ts";
import { boundIn, measureOf, type Theme } from "./theme.ts";
import { bindInitials, isolated, typeset } from "./typography.ts";
import { dayIn, minutesIn, labelsFor, numberIn, type Labels } from "./labels.ts";

export interface PictureView {
  readonly src: string;
  readonly alt: string;
  readonly caption: string | null;
  /** The address of the whole article; null if it has none. */
  readonly url: string | null;
  /** The headline of its story. It names a link around a picture without alt text. */
  readonly headline: string;
  /** The displayed width, px: that of the text, but never more than its own pixels. */
  readonly width: string;
  /** Null if the picture is linked, so that its size is unknown. */
  readonly height: string | null;
  /** Whether its background may be transparent, so that it needs a light one on a dark page. */
  readonly isClear: boolean;
}

/** One story as readers see it. */
export interface StoryView extends Sourced {
  /** Set if the story is not in the language, for screen readers; otherwise null. */
  readonly language: string | null;
  /** The direction of the story's language, if it differs from the issue's; otherwise null. */
  readonly direction: "ltr" | "rtl" | null;
  readonly kicker: string | null;
  readonly title: string;
  /** The headline that was chosen for the place of the story. */
  readonly shortTitle: string;
  /** The headline in the contents. */
  readonly contentsTitle: string;
  /** The target of the link in the contents. */
  readonly anchor: string;
  /** Its number in the contents; null if it has none. */
  readonly number: string | null;
  /** The text style of its headline, which is smaller for a word of twenty letters. */
  readonly style: string;
  /** The text style as the lead of a digest: larger without a picture above it. */
  readonly leadStyle: string;
  /** The text style as the only story of a brief: the largest one that fits. */
  readonly briefStyle: string;
  readonly gist: string;
  /** The gist that was chosen for the place of the story. */
  readonly shortGist: string;
  /** The headline for an inset of a letter. */
  readonly insetTitle: string;
  /** One line beside the picture of an inset; null if no whole sentence fits. */
  readonly insetLine: string | null;
  /** The full headline, for the stories below a letter. */
  readonly deskTitle: string;
  readonly byline: string | null;
  readonly site: string | null;
  /** "2 minutes here, 9 minutes in full" */
  readonly reading: string;
  /** As wide as the text; null if the picture is suitable for no place. */
  readonly picture: PictureView | null;
  /** The picture across the whole page; null if it is not suitable for the place of a lead. */
  readonly cover: PictureView | null;
  /** The picture beside lines, and half as wide as the text; null if it is not suitable for that place. */
  readonly thumbnail: PictureView | null;
  readonly half: PictureView | null;
  readonly keyPoints: readonly { readonly numeral: string; readonly text: string }[];
  /** The first key points, which a digest shows of its lead. */
  readonly leadPoints: StoryView["keyPoints"];
  readonly quote: {
    readonly open: string;
    readonly text: string;
    readonly close: string;
    readonly speaker: string;
  } | null;
  readonly people: readonly { readonly name: string; readonly role: string | null }[];
  readonly timeline: readonly ({ readonly when: string; readonly event: string } & Sourced)[];
  readonly figures: readonly FigureView[];
  /** The figures without the big number of the issue. */
  readonly otherFigures: StoryView["figures"];
  readonly source: {
    /** The publication, otherwise the site's host. */
    readonly name: string | null;
    /** The publication; null if only an address is known, because that is not a name. */
    readonly paper: string | null;
    /** The text of a link to the article: the publication, or an invitation to read. */
    readonly link: string;
    /** The text of a link below a story, and of the button at the end of a brief. */
    readonly readStory: string;
    readonly readArticle: string;
    /** The publication, otherwise the authors. Without an address it has the day too. Null if nothing is known. */
    readonly credit: string | null;
    readonly url: string | null;
    /** "The whole story, in …"; null if the article has neither an address nor a publication. */
    readonly wholeStory: string | null;
    /** "12 November 2030. 1,940 words, about 9 minutes." */
    readonly about: string;
    readonly minutes: string;
  };
  /** The other publications with the story; null if there are none. */
  readonly alsoIn: AlsoInView | null;
  /** The story of an earlier issue that it follows; null if there is none, or if the issue shows none. */
  readonly follows: {
    /** "Follows 12 March: " */
    readonly when: string;
    readonly title: string;
    readonly url: string | null;
  } | null;
}

/** The fields of an issue that the view of a story depends on. */
type Around = Pick<Digest, "language" | "parts" | "modules">;

interface StoryPlace {
  readonly heading: string;
  readonly theme: Theme;
  readonly slots: Slots;
}

/** The view without its position among the others, which changes when another story is moved. */
type PlacelessView = Omit<StoryView, "anchor" | "number">;

/**
 * Returns the view of one entry, in the digest's language. The story's own words stay in its language. `heading` is that of
 * its section, which a kicker must not repeat.
 */
export const storyView = remembering(
  STORIES_CACHED,
  ({ article, ...entry }, { language, parts, modules }, { heading, theme }) => [
    [hashOf(article), entry],
    [language, parts, modules?.number],
    [heading, hashOf(theme)],
  ],
  viewOfStory,
);

function viewOfStory(
  entry: FittedEntry,
  digest: Around,
  { heading, theme, slots }: StoryPlace,
): PlacelessView {
  const { article } = entry;
  const labels = labelsFor(digest.language);
  const summary = withoutParts(entry.summary, digest.parts);
  const textPx = measureOf(theme, "text");
  const set = (text: string) => typeset(text, article.language);
  const title = headlineOf(entry);
  const { authors } = article;
  const byline =
    authors.length > 0
      ? new Intl.ListFormat(digest.language, { type: "conjunction" }).format(authors)
      : null;
  const minutes = (count: number) => inOneLine(minutesIn(digest.language, labels, count));
  const style = hasLongWord(title) ? "headline-long" : "headline";
  const { copy } = entry;
  const thumbnail = pictureIn(entry, "row", THUMBNAIL_PX.row, digest.language);
  const inset = insetHeadline(entry, slots, thumbnail !== null);
  const setIn = ({ slot, setting }: Pick<Fitted, "slot" | "setting">, text: string) =>
    boundInSlot(slots[slot], bindInitials(set(text)), setting);
  const inSource = (text: string) => boundInSlot(slots.source, text);
  const credit = creditOf(article, byline, digest);
  const cover = pictureIn(entry, "lead", measureOf(theme, "width"), digest.language);
  const isLead = entry.weight === "lead";
  const brief = briefSlot(entry, slots);
  const keyPoints = summary.keyPoints.map(({ text }, index) => ({
    numeral: numberIn(digest.language, index + 1),
    text: boundIn(theme, "body", set(text), NUMERAL_PX),
  }));
  const gist = title === summary.gist.text ? "" : set(summary.gist.text);
  const big = digest.modules?.number;
  const isBig = ({ value, what }: Entry["summary"]["figures"][number]) =>
    big?.articleId === article.id && big.value === value && big.what === what;
  const figures = (some: typeof summary.figures) =>
    some.map((figure) => ({
      [SOURCE]: { field: `summary.figures.${summary.figures.indexOf(figure)}` },
      ...figureOf(figure.value, figure.unit, set(figure.what)),
    }));
  return {
    [SOURCE]: { story: idOf(entry) },
    language: sameLanguage(article.language, digest.language) ? null : article.language,
    direction: otherDirection(article.language, digest.language),
    kicker: kickerOf(article, heading, set),
    title: setIn(isLead ? { slot: brief, setting: {} } : copy.headline, title),
    shortTitle: setIn(copy.headline, copy.headline.text),
    contentsTitle: setIn(copy.contents, copy.contents.text),
    style,
    briefStyle: theme.slots[brief].style,
    leadStyle: theme.slots[isLead ? copy.headline.slot : brief].style,
    gist,
    shortGist: gist === "" ? "" : setIn(copy.gist, copy.gist.text),
    insetTitle: setIn(inset, inset.text),
    insetLine: gist === "" ? null : insetLineOf(entry, slots, set),
    deskTitle: setIn({ slot: "desk", setting: {} }, title),
    byline,
    site: article.site ?? null,
    reading: labels.reading(minutes(minutesHere(summary)), minutes(summary.minutes)),
    picture:
      entry.picturePlaces.length > 0
        ? pictureOf(entry, "lead", { widthPx: textPx, language: digest.language })
        : null,
    cover,
    thumbnail,
    half: pictureIn(entry, "pair", THUMBNAIL_PX.pair, digest.language),
    keyPoints,
    leadPoints: keyPoints.slice(0, LEAD_POINTS),
    quote: summary.quote
      ? quoteOf(summary.quote, { labels, theme, language: article.language })
      : null,
    people: summary.people.map(({ name, role }) => ({
      name,
      // A role has its own line, like a caption, so it begins with a capital.
      role: role ? set(capitalised(role)) : null,
    })),
    timeline: inOrderOfTime(summary.timeline).map((event) => ({
      [SOURCE]: { field: `summary.timeline.${summary.timeline.indexOf(event)}` },
      when: event.when,
      event: set(event.sentence.text),
    })),
    figures: figures(summary.figures),
    otherFigures: figures(summary.figures.filter((figure) => !isBig(figure))),
    source: {
      name: article.site ?? hostOf(article.url) ?? null,
      paper: article.site ?? null,
      link: inSource(article.site ?? labels.words.readStory),
      readStory: labels.words.readStory,
      readArticle: labels.words.readArticle,
      credit: credit === null ? null : inSource(credit),
      url: article.url ?? null,
      wholeStory: wholeStoryOf(article, labels, theme),
      about: aboutOf(article, digest, labels, minutes(summary.minutes)),
      minutes: minutes(summary.minutes),
    },
    alsoIn: alsoInView(entry, digest.language, labels),
    follows: followsView(entry, digest, labels),
  };
}

/** The width of the numeral of a key point. */
const NUMERAL_PX = 28;

function insetLineOf(entry: FittedEntry, slots: Slots, set: (text: string) => string) {
  const line = fittedGist(entry, slots, "inset");
  return line.fits ? set(line.text) : null;
}

/** Only the editor's own kicker is used. Tags belong to a site, and are often its name or a keyword for search engines. */
function kickerOf(
  { kicker = "" }: Entry["article"],
  heading: string,
  set: (text: string) => string,
): string | null {
  return kicker === "" || foldedTag(kicker) === foldedTag(heading) ? null : set(kicker);
}

/** Joins all words, so that "9 minutes" is never broken. */
export function inOneLine(text: string): string {
  return text.replaceAll(" ", "\u00A0");
}

function creditOf(article: Entry["article"], byline: string | null, digest: Around): string | null {
  const name = article.site ?? byline;
  if (article.url !== undefined) return name;
  const parts = [name, publishedOn(article, digest.language)].flatMap((part) => part ?? []);
  return parts.length === 0 ? null : parts.join(punctuationFor(digest.language).comma);
}

function wholeStoryOf(
  { site, url }: Entry["article"],
  labels: Labels,
  theme: Theme,
): string | null {
  if (site !== undefined) return boundIn(theme, "name", labels.wholeStoryIn(site));
  return url === undefined ? null : labels.words.source;
}

/** "12 November 2030"; undefined if the digest has no day or has it in words. */
function publishedOn({ publishedAt }: Entry["article"], language: string): string | undefined {
  const day = new Date(`${publishedAt?.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return undefined;
  return writtenDay(language, day);
}

function otherDirection(language: string, around: string): StoryView["direction"] {
  const direction = directionOf(language);
  return direction === directionOf(around) ? null : direction;
}

function sameLanguage(a: string, b: string): boolean {
  return new Intl.Locale(a).language === new Intl.Locale(b).language;
}

function pictureIn(
  entry: FittedEntry,
  place: PicturePlace,
  widthPx: number,
  language: string,
): PictureView | null {
  return entry.picturePlaces.includes(place)
    ? pictureOf(entry, place, { widthPx, language })
    : null;
}

function pictureOf(
  entry: Entry,
  place: PicturePlace,
  { widthPx, language }: { readonly widthPx: number; readonly language: string },
): PictureView | null {
  const { images, url = null } = entry.article;
  const [image] = images;
  if (!image) return null;
  const caption = [image.caption, image.credit].filter((part) => part !== undefined && part !== "");
  const joined = caption
    .map((part) => typeset(String(part).replace(/[.。]$/, ""), entry.article.language))
    .join(punctuationFor(language).stop);
  const shown = image.crops?.[place] ?? { ...image, ...lookOf(image) };
  return {
    src: shown.src,
    alt: image.alt,
    caption: joined === "" ? null : joined,
    url,
    headline: headlineOf(entry),
    ...shownSize(shown, widthPx),
    isClear: shown.src === image.src && mayBeClear(image),
  };
}

/** A picture that was not analysed may be transparent, unless it is a JPEG. An animation stays transparent. */
function mayBeClear(image: Image): boolean {
  const look = lookOf(image);
  if (look) return look.clear > 0 && look.ground === undefined;
  return !/\.jpe?g$/i.test(URL.parse(image.src)?.pathname ?? image.src);
}

/** The size of a linked picture is unreliable, because the page may have stated that of a thumbnail. */
export function shownSize(
  { src, widthPx, heightPx }: Pick<Image, "src" | "widthPx" | "heightPx">,
  textPx: number,
): { width: string; height: string | null } {
  const isMeasured = src.startsWith("images/") && widthPx !== undefined && heightPx !== undefined;
  if (!isMeasured) return { width: String(textPx), height: null };
  const width = Math.min(textPx, widthPx);
  const height = Math.max(1, Math.round((heightPx * width) / widthPx));
  return { width: String(width), height: String(height) };
}

export function quoteOf(
  quote: { readonly text: string; readonly speaker: string },
  {
    labels,
    theme,
    language,
  }: { readonly labels: Labels; readonly theme: Theme; readonly language: string },
): NonNullable<StoryView["quote"]> {
  const bare = quote.text.replace(/^[\s"“„«»‹「『]+|[\s"”“»«›」』]+$/gu, "");
  const [open, close] = labels.quotes;
  return {
    open,
    text: boundIn(theme, "quote", typeset(bare, language)),
    close,
    speaker: quote.speaker,
  };
}

function aboutOf(
  article: Entry["article"],
  { language }: Around,
  labels: Labels,
  minutes: string,
): string {
  const words = Math.round(countWords(article.text));
  const length = labels.lengthInFull(numberIn(language, words), minutes);
  const written = publishedOn(article, language);
  if (written === undefined) return length;
  return `${written}${punctuationFor(language).stop}${length}`;
}

/** A story without a headline has no text that readers would recognise. */
function followsView(
  { article, follows }: Entry,
  { parts, language }: Around,
  labels: Labels,
): StoryView["follows"] {
  if (!follows || follows.title === "" || parts?.follows !== true) return null;
  const date = follows.date ?? dayOfSlot(follows.slot);
  if (date === undefined) return null;
  return {
    when: labels.follows(dayIn(language, labels, date)),
    title: isolated(typeset(follows.title, article.language), article.language, language),
    url: follows.url ?? null,
  };
}

/** A number in a column or alone. */
export interface FigureView extends Sourced {
  readonly value: string;
  readonly what: string;
  /** Its text style, which is smaller for a long number. */
  readonly style: string;
}

export function figureOf(value: string, unit: string | undefined, what: string): FigureView {
  const whole =
    unit === undefined
      ? value
      : `${value}${/^[%‰]/.test(unit) ? "" : "\u00A0"}${fittingUnit(unit)}`;
  const length = countCharacters(whole);
  return {
    // Its column has room for nine characters. A longer value puts the unit on a line of its own.
    value: length > 9 ? whole.replace("\u00A0", " ") : whole,
    what,
    style: length > 7 ? "figure-long" : "figure",
  };
}

/**
 * The international symbols (SI brochure, 9th edition, tables 2 and 8) of units whose words are wider than the column of
 * figures. In English and German; others fit or have no symbol.
 */
const SYMBOLS: readonly (readonly [words: RegExp, symbol: string])[] = [
  [/^(?:millimet(?:re|er)s?|Millimetern?)$/, "mm"],
  [/^(?:centimet(?:re|er)s?|Zentimetern?)$/, "cm"],
  [/^(?:kilomet(?:re|er)s?|Kilometern?)$/, "km"],
  [/^(?:square kilomet(?:re|er)s?|Quadratkilometern?)$/, "km²"],
  [/^(?:square met(?:re|er)s?|Quadratmetern?)$/, "m²"],
  [/^(?:cubic met(?:re|er)s?|Kubikmetern?)$/, "m³"],
  [/^(?:milligrams?|Milligramm)$/, "mg"],
  [/^(?:kilograms?|Kilogramm)$/, "kg"],
  [/^(?:millilit(?:re|er)s?|Millilitern?)$/, "ml"],
  [/^(?:kilowatts?|Kilowatt)$/, "kW"],
  [/^(?:megawatts?|Megawatt)$/, "MW"],
  [/^(?:gigawatts?|Gigawatt)$/, "GW"],
];

/** Returns a unit that fits beside its number: the symbol if the word is too wide. */
export function fittingUnit(unit: string): string {
  return SYMBOLS.find(([words]) => words.test(unit))?.[1] ?? unit;
}

/** The other publications with a story, in one line. */
interface AlsoInView {
  readonly papers: readonly {
    readonly name: string;
    readonly url: string | null;
    /** The separator before it: ", " or " and ". */
    readonly before: string;
  }[];
  /** "and 3 more", if there are more than fit in a line. */
  readonly more: string | null;
}

/** That ten publications have a story is worth a line, but not all ten names are. */
const MOST_PAPERS = 4;

/** Returns the publications that an entry was merged from, each once, without its own; null if none remain. */
function alsoInView(
  { article, alsoIn = [] }: Entry,
  language: string,
  labels: Labels,
): AlsoInView | null {
  const papers = papersOf(alsoIn, sourceName(article));
  const shown = papers.slice(0, MOST_PAPERS);
  const left = papers.length - shown.length;
  if (shown.length === 0) return null;
  const separators = separatorsFor(language, shown.length + Math.min(left, 1));
  return {
    papers: shown.map(({ name, url }, index) => joined(separators[index] ?? "", name, url)),
    more: left > 0 ? labels.andMore(numberIn(language, left)) : null,
  };
}

/** Letters that are written together with a name belong to it: the "and" of Arabic must not be at the end of a line. */
function joined(separator: string, name: string, url: string | null) {
  const [, before = "", prefix = ""] = /^(.*?)(\p{L}*)$/u.exec(separator) ?? [];
  return { name: `${prefix}${name}`, url, before };
}

function papersOf(alsoIn: readonly AlsoIn[], own: string | undefined) {
  const papers = new Map<string, { readonly name: string; readonly url: string | null }>();
  for (const { site, url } of alsoIn) {
    const name = sourceName({ ...(site && { site }), ...(url && { url }) });
    if (name === undefined || name === own || papers.has(name)) continue;
    papers.set(name, { name, url: url ?? null });
  }
  return [...papers.values()];
}

/** Returns the separators before each item of a list in a language. The first one is empty. */
function separatorsFor(language: string, count: number): string[] {
  const names = Array.from({ length: count }, () => "x");
  const parts = new Intl.ListFormat(regional(language), { type: "conjunction" }).formatToParts(
    names,
  );
  const separators: string[] = [];
  let before = "";
  for (const { type, value } of parts) {
    if (type === "literal") before += value;
    else {
      separators.push(before);
      before = "";
    }
  }
  return separators;
}
