import { countCharacters } from "../digest/one-line.ts";
import { dayOfSlot } from "../digest/slot.ts";
import { foldedTag } from "../digest/arrange/sections.ts";
import { type Digest, type Entry, headlineOf, type AlsoIn } from "../digest/digest.ts";
import { withoutParts } from "../digest/parts.ts";
import { hostOf, sourceName } from "../digest/stories/source-name.ts";
import { countWords, readingMinutes } from "../summary/language/reading-time.ts";
import { inOrderOfTime } from "../summary/order-of-time.ts";
import { directionOf, bindTail, bindUnits, curl, hasLongWord, isolated } from "./typography.ts";
import { dayIn, minutesIn, numberIn, regional, type Labels, punctuationFor } from "./labels.ts";

/** One story as readers see it. */
export interface StoryView {
  /** Given where the story is not in the issue's own language, for screen readers; else null. */
  readonly language: string | null;
  /** Given where that language runs the other way than the issue's; else null. */
  readonly direction: "ltr" | "rtl" | null;
  readonly kicker: string | null;
  readonly title: string;
  /** The text style of its headline: a word of twenty letters steps it down. */
  readonly style: string;
  readonly gist: string;
  readonly byline: string | null;
  readonly site: string | null;
  /** "2 minutes here, 9 minutes in full" */
  readonly reading: string;
  readonly picture: {
    readonly src: string;
    readonly alt: string;
    readonly caption: string | null;
    /** Where the whole article can be read; null where it has no address. */
    readonly url: string | null;
    /** The headline of its story, which a link around a picture without alt text is named by. */
    readonly headline: string;
    /** As it is shown, px: as wide as the text, and never wider than its own pixels. */
    readonly width: string;
    /** Null where the picture was not measured: one that is linked. */
    readonly height: string | null;
  } | null;
  readonly keyPoints: readonly { readonly numeral: string; readonly text: string }[];
  readonly quote: {
    readonly open: string;
    readonly text: string;
    readonly close: string;
    readonly speaker: string;
  } | null;
  readonly people: readonly { readonly name: string; readonly role: string | null }[];
  readonly timeline: readonly { readonly when: string; readonly event: string }[];
  readonly figures: readonly {
    readonly value: string;
    readonly what: string;
    readonly style: string;
  }[];
  readonly source: {
    /** The paper, else the site's host. */
    readonly name: string | null;
    /** The same, else who wrote it. */
    readonly credit: string | null;
    readonly url: string | null;
    /** "12 November 2030. 1,940 words, about 9 minutes." */
    readonly about: string;
    /** "9 minutes" */
    readonly minutes: string;
  };
  /** The other papers that have the story; null where there is none. */
  readonly alsoIn: AlsoInView | null;
  /** The earlier issue that told what it follows; null where there is none, or the issue shows none. */
  readonly follows: {
    /** "Follows 12 March: " */
    readonly when: string;
    readonly title: string;
    readonly url: string | null;
  } | null;
}

/**
 * The view of one entry, in the digest's language; the story's own words stay in its own. `heading` is
 * that of its section, which a kicker does not repeat; `textPx` is the width of the text.
 */
export function storyView(
  entry: Entry,
  digest: Digest,
  {
    labels,
    heading,
    textPx,
  }: { readonly labels: Labels; readonly heading: string; readonly textPx: number },
): StoryView {
  const { article } = entry;
  const summary = withoutParts(entry.summary, digest.parts);
  const set = (text: string) => bindUnits(curl(text, article.language));
  const title = headlineOf(entry);
  const { authors } = article;
  const byline = authors.length > 0 ? namesOf(authors, digest.language) : null;
  const paper = article.site ?? hostOf(article.url) ?? null;
  const minutes = (count: number) => minutesIn(digest.language, labels, count);
  return {
    language: sameLanguage(article.language, digest.language) ? null : article.language,
    direction: otherDirection(article.language, digest.language),
    kicker: kickerOf(article, heading),
    title: bindTail(set(title)),
    style: hasLongWord(title) ? "headline-long" : "headline",
    gist: title === summary.gist.text ? "" : set(summary.gist.text),
    byline,
    site: article.site ?? null,
    reading: labels.reading(minutes(minutesHere(summary)), minutes(summary.minutes)),
    picture: pictureOf(entry, textPx, digest.language),
    keyPoints: summary.keyPoints.map(({ text }, index) => ({
      numeral: numberIn(digest.language, index + 1),
      text: set(text),
    })),
    quote: summary.quote ? quoteOf(summary.quote, labels, article.language) : null,
    people: summary.people.map(({ name, role }) => ({
      name,
      role: role ? set(capitalised(role)) : null,
    })),
    timeline: inOrderOfTime(summary.timeline).map(({ when, sentence }) => ({
      when,
      event: set(sentence.text),
    })),
    figures: summary.figures.map(({ value, unit, what }) => figureOf(value, unit, set(what))),
    source: {
      name: paper,
      credit: paper ?? byline,
      url: article.url ?? null,
      about: aboutOf(article, digest, labels, minutes(summary.minutes)),
      minutes: minutes(summary.minutes),
    },
    alsoIn: alsoInView(entry, digest.language, labels),
    follows: followsView(entry, digest, labels),
  };
}

/** Only the editor's own: tags are a site's, often its own name or a keyword for search engines. */
function kickerOf({ kicker = "" }: Entry["article"], heading: string): string | null {
  return kicker === "" || foldedTag(kicker) === foldedTag(heading) ? null : kicker;
}

/** A role stands on a line of its own, as a caption does, though the source has it in mid-sentence. */
function capitalised(role: string): string {
  return role.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function otherDirection(language: string, around: string): StoryView["direction"] {
  const direction = directionOf(language);
  return direction === directionOf(around) ? null : direction;
}

function sameLanguage(a: string, b: string): boolean {
  return new Intl.Locale(a).language === new Intl.Locale(b).language;
}

function namesOf(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

/** Minutes to read what the digest shows of a story, at the pace its own minutes are counted. */
function minutesHere({
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

function pictureOf(entry: Entry, textPx: number, language: string): StoryView["picture"] {
  const { images, url = null } = entry.article;
  const [image] = images;
  if (!image) return null;
  const caption = [image.caption, image.credit].filter((part) => part !== undefined && part !== "");
  const joined = caption
    .map((part) => String(part).replace(/[.。]$/, ""))
    .join(punctuationFor(language).stop);
  return {
    src: image.src,
    alt: image.alt,
    caption: joined === "" ? null : joined,
    url,
    headline: headlineOf(entry),
    ...shownSize(image, textPx),
  };
}

/** What a page says of a picture that is linked is not to be relied on: it may be that of a thumbnail. */
function shownSize(
  { src, widthPx, heightPx }: Entry["article"]["images"][number],
  textPx: number,
): { width: string; height: string | null } {
  const isMeasured = src.startsWith("images/") && widthPx !== undefined && heightPx !== undefined;
  if (!isMeasured) return { width: String(textPx), height: null };
  const width = Math.min(textPx, widthPx);
  const height = Math.max(1, Math.round((heightPx * width) / widthPx));
  return { width: String(width), height: String(height) };
}

function quoteOf(
  quote: NonNullable<Entry["summary"]["quote"]>,
  labels: Labels,
  language: string,
): StoryView["quote"] {
  const bare = quote.text.replace(/^[\s"“„«»‹「『]+|[\s"”“»«›」』]+$/gu, "");
  const [open, close] = labels.quotes;
  return { open, text: bindTail(bindUnits(curl(bare, language))), close, speaker: quote.speaker };
}

function figureOf(
  value: string,
  unit: string | undefined,
  what: string,
): StoryView["figures"][number] {
  const whole =
    unit === undefined
      ? value
      : `${value}${/^[%‰]/.test(unit) ? "" : "\u00A0"}${fittingUnit(unit)}`;
  const length = countCharacters(whole);
  return {
    // Its column holds nine; then the unit goes to a line of its own.
    value: length > 9 ? whole.replace("\u00A0", " ") : whole,
    what,
    style: length > 7 ? "figure-long" : "figure",
  };
}

function aboutOf(
  article: Entry["article"],
  digest: Digest,
  labels: Labels,
  minutes: string,
): string {
  const words = Math.round(countWords(article.text));
  const length = labels.lengthInFull(numberIn(digest.language, words), minutes);
  const date = article.publishedAt?.slice(0, 10);
  if (date === undefined || Number.isNaN(Date.parse(date))) return length;
  const written = new Intl.DateTimeFormat(regional(digest.language), {
    dateStyle: "long",
    timeZone: "UTC",
  }).format(new Date(`${date}T12:00:00Z`));
  return `${written}${punctuationFor(digest.language).stop}${length}`;
}

/** The other papers that have a story, in one line. */
interface AlsoInView {
  readonly papers: readonly {
    readonly name: string;
    readonly url: string | null;
    /** What stands between it and the one before: ", " or " and ". */
    readonly before: string;
  }[];
  /** "and 3 more", where there are more than a line has room for. */
  readonly more: string | null;
}

/** A story that ten papers have is news; the names of all ten are not. */
const MOST_PAPERS = 4;

/** The papers that an entry was merged from, each once, its own not among them; null where none is left. */
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

/** What is written with a word belongs to it: the "and" of Arabic never stands at the end of a line. */
function joined(separator: string, name: string, url: string | null) {
  const [, before = "", prefix = ""] = /^(.*?)(\p{L}*)$/u.exec(separator) ?? [];
  return { name: `${prefix}${name}`, url, before };
}

/** Of a story without a headline there is nothing to say that readers would know again. */
function followsView(
  { article, follows }: Entry,
  { parts, language }: Digest,
  labels: Labels,
): StoryView["follows"] {
  if (!follows || follows.title === "" || parts?.follows !== true) return null;
  const date = follows.date ?? dayOfSlot(follows.slot);
  if (date === undefined) return null;
  return {
    when: labels.follows(dayIn(language, labels, date)),
    title: isolated(bindUnits(curl(follows.title, article.language)), article.language, language),
    url: follows.url ?? null,
  };
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

/** What a language puts before each of so many things in a list; nothing before the first. */
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

/**
 * The international symbols (SI brochure, 9th edition, tables 2 and 8) of units whose words are wider
 * than the column of figures, which would break them. In English and German; others fit or have no symbol.
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

/** A unit as it fits beside its number: by its symbol where its word doesn't. */
export function fittingUnit(unit: string): string {
  return SYMBOLS.find(([words]) => words.test(unit))?.[1] ?? unit;
}
