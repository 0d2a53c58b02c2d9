import { type Modules, withEveryField } from "../digest/modules.ts";
import type { LetterBlock } from "../article/letter-block.ts";
import { directionOf, folded, NO_BREAK_SPACE } from "../platform/text.ts";
import { punctuationFor, type Punctuation, writtenDay } from "../platform/locale.ts";
import { dayOfSlot } from "../platform/slot.ts";
import type { Digest, Publication, Logo } from "../digest/digest.ts";
import {
  weightedDigest,
  type FittedEntry,
  type WeightedDigest,
} from "../digest/arrange/weights.ts";
import {
  curl,
  isolated,
  isolatedByLetters,
  estimatedWidthPx,
  nameplateStyle,
} from "./typography.ts";
import type { Email } from "./email.ts";
import { labelsFor, numberIn, type Labels, type Words } from "./labels.ts";
import { letterBlocks } from "../digest/letter-blocks.ts";
import type { LetterPart, LetterPlace, PlainBlock } from "./weave-stories.ts";
import {
  bigNumber,
  contentsView,
  feedbackView,
  headingSource,
  pageBlocks,
  readingOf,
  sponsorView,
  type ContentsView,
  type FeedbackView,
  type NumberView,
  type PageBlock,
  type SponsorView,
} from "./page-view.ts";
import { SOURCE, type Sourced } from "./marks.ts";
import { boundIn, slotsOf, type Theme } from "./theme.ts";
import { inOneLine, storyView, type StoryView } from "./story-view.ts";

/**
 * All values that a template may show, in the words and the order that readers see. A field without content is null or
 * empty, never absent, so that a misspelt name is always an error.
 */
export interface View {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** The sides on which a line starts and ends: mail clients do not support logical sides. */
  readonly start: "left" | "right";
  readonly end: "left" | "right";
  /** The hanging indent for a numeral, on the side where lines start. */
  readonly hang: string;
  /** The style of a picture at the end of lines that flow around it. */
  readonly beside: string;
  readonly subject: string;
  readonly preheader: string;
  readonly publication: {
    readonly name: string;
    readonly style: string;
    readonly tagline: string | null;
    readonly postalAddress: string | null;
    readonly reason: string;
    /** The editor of the issue, in the words of the language; null if none is named. */
    readonly editor: {
      readonly before: string;
      readonly name: string;
      readonly after: string;
    } | null;
    /** The logo that replaces the name; null if there is none. */
    readonly logo: LogoView | null;
    readonly footer: {
      readonly lines: readonly string[];
      readonly links: readonly { readonly text: string; readonly url: string }[];
    };
  };
  readonly folio: {
    readonly number: string | null;
    /** "6 min here, 34 in full"; null if there is no story. */
    readonly reading: string | null;
    /** The text of `reading` in phrases. Each is on one line if it fits. */
    readonly readingLines: readonly string[];
    readonly date: string;
    /** The date in two lines for a phone: the weekday and the day. */
    readonly dateLines: readonly string[];
    /** The date without the weekday. */
    readonly day: string;
    /** Whether `day` does not fit beside the name of a letter on a phone. */
    readonly isBelow: boolean;
  };
  readonly labels: ViewLabels;
  readonly letter: {
    /** The letter from top to bottom. Its footnotes follow after the signature. */
    readonly places: readonly LetterPlace[];
    readonly footnotes: readonly LetterPlace[];
    readonly signature: string | null;
    /** The second line of the signature. */
    readonly role: string | null;
    /** The sponsor; null if the issue has none, or if the letter places it. */
    readonly sponsor: SponsorView | null;
    /** The same letter in the form for older templates. */
    readonly blocks: readonly PlainBlock[];
    readonly parts: readonly LetterPart[];
  } | null;
  /** The titles of the issue in one line, from three stories on. */
  readonly contents: string | null;
  /** The contents as a list, from four stories on; null if they are switched off. */
  readonly contentsList: ContentsView | null;
  /** A digest from top to bottom, by the weights of its stories. */
  readonly page: readonly PageBlock[];
  /** The big number; null if no story has one. */
  readonly bigNumber: NumberView | null;
  /** The stories after the first one, for a brief. */
  readonly others: readonly StoryView[];
  /** The stories that are not placed in the letter. */
  readonly letterRest: readonly StoryView[];
  /** Each module as in digest.json; null if the issue has none. */
  readonly modules: Readonly<Record<keyof Modules, unknown>>;
  readonly feedback: FeedbackView | null;
  /** `modules.subscribe` and `modules.closing` by the names that older templates use. */
  readonly subscribeUrl: string | null;
  readonly closing: string | null;
  /** The links for forwarding; null if the issue has no page, or if they are switched off. */
  readonly share: { readonly forward: string; readonly page: string } | null;
  /** Whether the email shows links for forwarding it, or for subscribing after it was forwarded. */
  readonly passesOn: boolean;
  readonly lead: StoryView | null;
  readonly sections: readonly ({
    readonly heading: string;
    readonly stories: readonly StoryView[];
  } & Sourced)[];
  /** Tokens for values that differ for each recipient. */
  readonly slots: {
    readonly unsubscribeUrl: string;
    readonly preferencesUrl: string | null;
    readonly webUrl: string | null;
  };
}

type ViewLabels = Punctuation & Words & Pick<Labels, "quotes">;

export function viewLabels(language: string): ViewLabels {
  const { words, quotes } = labelsFor(language);
  return { ...words, quotes, ...punctuationFor(language) };
}

/** Makes the view of a digest, with labels and dates in its language and typographic lines. */
export async function viewOf(shown: Digest, theme: Theme, slots: Email["slots"]): Promise<View> {
  const digest = weightedDigest(shown, slotsOf(theme));
  const { language, modules = {} } = digest;
  const labels = labelsFor(language);
  const publication = digest.publication ?? { name: digest.issue.newsletter };
  const share = shareLinks(digest, slots);
  const stories = storyViews(digest, theme);
  const storyOf = (entry: FittedEntry) => stories.get(entry) ?? unknownEntry();
  const placed = { digest, labels, theme, storyOf };
  const letter = digest.letter
    ? await letterView(digest, { theme, labels, stories: [...stories.values()] })
    : null;
  const [first, ...others] = digest.sections;
  const [lead, ...rest] = first?.entries ?? [];
  const sections = [{ heading: "", entries: rest }, ...others]
    .filter(({ entries }) => entries.length > 0)
    .map(({ heading, entries }) => ({
      [SOURCE]: headingSource(heading, entries, digest),
      heading: boundIn(theme, "section", heading || labels.words.moreStories),
      stories: entries.map(storyOf),
    }));
  return {
    language,
    ...sidesOf(language),
    hang: `padding-${sidesOf(language).start}:28px;text-indent:-28px`,
    beside: besideCss(sidesOf(language)),
    subject: curl(digest.subject, language),
    preheader: curl(digest.preheader, language),
    publication: publicationView(publication, labels, language),
    folio: folioView(digest, publication, { theme, labels, reading: readingOf(placed) }),
    labels: viewLabels(language),
    letter,
    letterRest: [...stories.values()].filter(
      (story) => !letter?.places.some(({ inset }) => inset === story),
    ),
    contents: contentsOf(digest, labels),
    contentsList: contentsView(placed),
    page: pageBlocks(placed),
    bigNumber: bigNumber(placed) ?? null,
    lead: lead ? storyOf(lead) : null,
    sections,
    others: sections.flatMap(({ stories }) => stories),
    modules: withEveryField(modules),
    feedback: feedbackView(modules, labels, (question) => boundIn(theme, "story", question)),
    subscribeUrl: modules.subscribe ?? null,
    closing: modules.closing ?? null,
    share,
    passesOn: share !== null || modules.subscribe !== undefined,
    slots: {
      unsubscribeUrl: slots.unsubscribeUrl ?? "",
      preferencesUrl: slots.preferencesUrl ?? null,
      webUrl: slots.webUrl ?? null,
    },
  };
}

/** Makes the view of each story. Stories of the front are numbered, except those with one line. */
function storyViews(
  digest: WeightedDigest<FittedEntry>,
  theme: Theme,
): ReadonlyMap<FittedEntry, StoryView> {
  const slots = slotsOf(theme);
  const [front] = digest.sections;
  const numbered = front?.entries.filter(({ weight }) => weight !== "line") ?? [];
  const views = new Map<FittedEntry, StoryView>();
  for (const { heading, entries } of digest.sections) {
    for (const entry of entries) {
      const at = numbered.indexOf(entry);
      const number = at < 0 ? null : numberIn(digest.language, at + 1);
      const anchor = `story-${views.size + 1}`;
      views.set(entry, { ...storyView(entry, digest, { heading, theme, slots }), anchor, number });
    }
  }
  return views;
}

/**
 * Returns the links for forwarding. The mail to a friend contains the page and no data of the reader. RFC 6068 §2 allows a
 * mail without a recipient.
 */
function shareLinks(
  { subject, webUrl, modules = {} }: Pick<Digest, "subject" | "webUrl" | "modules">,
  slots: Email["slots"],
): View["share"] {
  if (webUrl === undefined || slots.webUrl === undefined || modules.share === false) return null;
  const fields = { subject, body: webUrl };
  const query = Object.entries(fields).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return { forward: `mailto:?${query.join("&")}`, page: slots.webUrl };
}

function unknownEntry(): never {
  throw new Error("an entry of another digest");
}

/** The picture is as wide as fits on a phone. The style sheet widens it elsewhere. */
function besideCss({ start, end }: Pick<View, "start" | "end">): string {
  return `border:0;float:${end};width:96px;height:auto;margin:0 0 8px;margin-${start}:16px`;
}

/** lang and dir must be set together, or bidirectional text breaks. */
function sidesOf(language: string): Pick<View, "direction" | "start" | "end"> {
  const direction = directionOf(language);
  return direction === "rtl"
    ? { direction, start: "right", end: "left" }
    : { direction, start: "left", end: "right" };
}

function publicationView(
  publication: Publication,
  labels: Labels,
  language: string,
): View["publication"] {
  const own = (text: string) => isolatedByLetters(text, language);
  const { lines = [], links = [] } = publication.footer ?? {};
  const [before, after] = labels.editedBy;
  return {
    name: publication.name,
    style: nameplateStyle(publication.name),
    tagline: publication.tagline ?? null,
    postalAddress: publication.postalAddress ? own(publication.postalAddress) : null,
    reason: own(publication.reason ?? labels.reason(publication.name)),
    editor:
      publication.editor === undefined
        ? null
        : { before, name: publication.editor, after: after.replace(/ (?=\S+$)/u, NO_BREAK_SPACE) },
    logo: publication.logo ? logoView(publication.logo) : null,
    footer: { lines: lines.map(own), links },
  };
}

/** Few issues have a letter, so the Markdown parser is loaded only for those. */
async function letterView(
  { letter = {}, language, modules = {} }: Digest,
  {
    theme,
    labels,
    stories,
  }: { readonly theme: Theme; readonly labels: Labels; readonly stories: readonly StoryView[] },
): Promise<NonNullable<View["letter"]>> {
  const { plainParts, storyNamed, weaveStories } = await import("./weave-stories.ts");
  const { surveyOf } = await import("./letter.ts");
  const [name = "", role = ""] = (letter.signature ?? "").split("\n").map((line) => line.trim());
  const own = letterBlocks(letter).map((block, at) =>
    Object.assign({}, block, { [SOURCE]: { field: `letter.blocks.${at}` } }),
  );
  const blocks = withoutSigned(own, [name, role]);
  const storyOf = (storyName: string) => {
    const { title, source } = storyNamed(storyName, stories) ?? {};
    return title === undefined ? null : { title, url: source?.url ?? null };
  };
  const pen = { theme, language, quotes: labels.quotes, sides: sidesOf(language), storyOf };
  const sponsor = sponsorView(modules, labels);
  const all = weaveStories(blocks, { stories, sponsor, pen: { ...pen, ...surveyOf(blocks) } });
  const isPlaced = all.some(({ kind }) => kind === "sponsor");
  const isLast = blocks.at(-1)?.kind === "footnotes";
  const [places, footnotes] = isLast ? [all.slice(0, -1), all.slice(-1)] : [all, []];
  const parts = plainParts(all);
  return {
    places,
    footnotes,
    signature: name || null,
    role: role || null,
    sponsor: isPlaced ? null : sponsor,
    blocks: parts.flatMap(({ blocks }) => blocks),
    parts,
  };
}

/** Removes a name at the end of a letter that the signature below repeats. */
function withoutSigned(
  blocks: readonly LetterBlock[],
  signed: readonly string[],
): readonly LetterBlock[] {
  const at = blocks.findLastIndex(({ kind }) => kind !== "footnotes");
  const last = blocks[at];
  if (last?.kind !== "paragraph") return blocks;
  const lines = last.text.split(/\n|<br\s*\/?>/i);
  const isSigned = signed.some(
    (name) => name !== "" && lettersOf(name) === lettersOf(lines.at(-1)),
  );
  if (!isSigned) return blocks;
  const text = lines.slice(0, -1).join("\n").trim();
  const left = text === "" ? [] : [{ ...last, text }];
  return withoutSigned(blocks.toSpliced(at, 1, ...left), signed);
}

function lettersOf(line = ""): string {
  return folded(line).replace(/[^\p{L}\p{N}]+/gu, "");
}

function folioView(
  digest: Digest,
  publication: Publication,
  {
    theme,
    labels,
    reading,
  }: { readonly theme: Theme; readonly labels: Labels; readonly reading: string | null },
): View["folio"] {
  const { number } = digest.issue;
  const day = folioDate(digest);
  return {
    number: number ? labels.number(numberIn(digest.language, number)) : null,
    reading,
    readingLines: reading?.split(/(?<=[,،;])\s+/) ?? [],
    // A year alone on a line of a phone has no meaning.
    date: folioDate(digest, "long").replace(/ (?=\S*$)/, "\u00A0"),
    dateLines: dateLinesOf(digest),
    day,
    isBelow: !fitsBeside(publication, day, theme),
  };
}

/** The text width of a phone of 375 px, on which name and day share one line. */
const PHONE_PX = 335;
/** The text width of the narrowest screens, of 280 px, on which each word of the day may have its own line. */
const NARROWEST_PX = 240;
const BETWEEN_PX = 16;

function fitsBeside({ name, logo }: Publication, day: string, theme: Theme): boolean {
  const sizeOf = (style: string) => theme.text[style]?.phone[0] ?? 0;
  const nameWidth = logo
    ? Number(logoView(logo).small.width)
    : estimatedWidthPx(name, sizeOf("nameplate-letter"));
  const dayWidth = (text: string) => estimatedWidthPx(text, sizeOf("meta"));
  const longestWord = Math.max(...day.split(/\s+/).map(dayWidth));
  return (
    nameWidth + BETWEEN_PX + dayWidth(day) <= PHONE_PX &&
    nameWidth + BETWEEN_PX + longestWord <= NARROWEST_PX
  );
}

/**
 * "Thursday 14 November 2030" in the language's form. English and Arabic dates are written without commas. Japanese has the
 * weekday in half-width brackets, as its newspapers write it.
 */
function folioDate(digest: Digest, weekday?: "long"): string {
  const date = digest.date ?? dayOfSlot(digest.issue.slot) ?? "";
  const { language } = new Intl.Locale(digest.language);
  const written = writtenDay(digest.language, new Date(`${date}T12:00:00Z`), {
    ...(weekday && { weekday: language === "ja" ? "short" : weekday }),
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  return language === "en" || language === "ar" ? written.replaceAll(/[,،]/g, "") : written;
}

/** Returns the weekday and the day as lines; one line if the weekday does not come first. */
function dateLinesOf(digest: Digest): string[] {
  const day = folioDate(digest);
  const written = folioDate(digest, "long");
  const weekday = written.endsWith(day) ? written.slice(0, -day.length).trim() : "";
  return weekday === "" ? [inOneLine(written)] : [weekday, inOneLine(day)];
}

const CONTENTS_CHARACTERS = 180;

function contentsOf({ sections, language }: Digest, labels: Labels): string | null {
  const { list } = punctuationFor(language);
  const titles = sections
    .flatMap(({ entries }) => entries.map(({ article }) => article))
    .filter(({ title }) => title !== "")
    .map((article) => isolated(article.title, article.language, language));
  if (titles.length < 3) return null;
  let shown = 1;
  while (
    shown < titles.length &&
    titles.slice(0, shown + 1).join(list).length <= CONTENTS_CHARACTERS
  )
    shown++;
  const line = titles.slice(0, shown).join(list);
  const left = titles.length - shown;
  // A note about one more title would be as long as the title.
  if (left === 1) return titles.join(list);
  return left === 0 ? line : `${line}${list}${labels.andMore(numberIn(language, left))}`;
}

/** The newsletter's logo as readers see it. Sizes are px. */
interface LogoView {
  readonly src: string;
  /** The logo for a dark background; null if the other one is used for both. */
  readonly dark: string | null;
  readonly alt: string;
  readonly width: string;
  /** Null if its size is unknown. */
  readonly height: string | null;
  /** The size beside a date on a phone. */
  readonly small: { readonly width: string; readonly height: string | null };
  /** Whether light paper is behind it in dark mode. */
  readonly plate: boolean;
}

/** A date must fit beside it on a screen of 280 px with gutters of 20. */
const SMALL_PX = 140;

function logoView({ src, dark, alt, width, height, plate }: Logo): LogoView {
  const scale = Math.min(1, SMALL_PX / width);
  const sized = (by: number) => ({
    width: String(Math.round(width * by)),
    height: height === undefined ? null : String(Math.max(1, Math.round(height * by))),
  });
  return { src, dark: dark ?? null, alt, ...sized(1), small: sized(scale), plate: plate ?? false };
}
