import { countCharacters } from "../digest/one-line.ts";
import { dayOfSlot } from "../digest/slot.ts";
import type { Digest, Entry } from "../digest/digest.ts";
import type { Publication, Logo } from "../digest/publication.ts";
import { directionOf, isolated, bindTail, estimatedWidthPx } from "./typography.ts";
import type { Email } from "./email.ts";
import { measureOf } from "./helpers.ts";
import {
  labelsFor,
  numberIn,
  regional,
  type Labels,
  punctuationFor,
  type Punctuation,
} from "./labels.ts";
import { letterBlocks, type LetterBlock } from "./letter.ts";
import type { Theme } from "./theme.ts";
import { storyView, type StoryView } from "./story-view.ts";

/**
 * Everything a template may show, in the words and order readers see. A field without content is
 * null or empty, never absent, so that a misspelt name is always an error.
 */
export interface View {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Where a line starts and ends: mail clients know no logical sides. */
  readonly start: "left" | "right";
  readonly end: "left" | "right";
  /** The hanging indent that leaves room for a numeral, on the side where lines start. */
  readonly hang: string;
  readonly subject: string;
  readonly preheader: string;
  readonly publication: {
    readonly name: string;
    readonly style: string;
    readonly tagline: string | null;
    readonly postalAddress: string | null;
    readonly reason: string;
    /** Stands in the place of the name; null where there is none. */
    readonly logo: LogoView | null;
    readonly footer: {
      readonly lines: readonly string[];
      readonly links: readonly { readonly text: string; readonly url: string }[];
    };
  };
  readonly folio: {
    readonly number: string | null;
    /** With the weekday. */
    readonly date: string;
    /** Without it. */
    readonly day: string;
    /** Whether a phone has no room for `day` beside the name of a letter. */
    readonly isBelow: boolean;
  };
  readonly labels: ViewLabels;
  readonly letter: {
    readonly blocks: readonly LetterBlock[];
    readonly signature: string | null;
    /** What stands under the signature: its second line. */
    readonly role: string | null;
  } | null;
  /** The titles of the issue in one line, from three stories on. */
  readonly contents: string | null;
  readonly lead: StoryView | null;
  readonly sections: readonly {
    readonly heading: string;
    readonly stories: readonly StoryView[];
  }[];
  /** Tokens that stand for what differs per recipient. */
  readonly slots: { readonly unsubscribeUrl: string; readonly webUrl: string | null };
}

type ViewLabels = Punctuation &
  Pick<
    Labels,
    | "inThisIssue"
    | "keyPoints"
    | "whosWho"
    | "timeline"
    | "inFigures"
    | "source"
    | "alsoIn"
    | "readArticle"
    | "unsubscribe"
    | "viewInBrowser"
  >;

/** The view of a digest: labels and dates in its language, lines set as a typesetter would. */
export function viewOf(digest: Digest, theme: Theme, slots: Email["slots"]): View {
  const { language } = digest;
  const labels = labelsFor(language);
  const publication = digest.publication ?? { name: digest.issue.newsletter };
  const [first, ...others] = digest.sections;
  const [lead, ...rest] = first?.entries ?? [];
  const textPx = measureOf(theme, "text");
  const stories = (entries: readonly Entry[], heading = "") =>
    entries.map((entry) => storyView(entry, digest, { labels, heading, textPx }));
  const sections = [{ heading: first?.heading ?? "", entries: rest }, ...others]
    .filter(({ entries }) => entries.length > 0)
    .map(({ heading, entries }) => ({
      heading: bindTail(heading || labels.moreStories),
      stories: stories(entries, heading),
    }));
  return {
    language,
    ...sidesOf(language),
    hang: `padding-${sidesOf(language).start}:28px;text-indent:-28px`,
    subject: digest.subject,
    preheader: digest.preheader,
    publication: publicationView(publication, labels),
    folio: folioView(digest, publication, { theme, labels }),
    labels: { ...labels, ...punctuationFor(language) },
    letter: digest.letter ? letterView(digest.letter, theme, labels) : null,
    contents: contentsOf(digest, labels),
    lead: lead ? (stories([lead])[0] ?? null) : null,
    sections,
    slots: { unsubscribeUrl: slots.unsubscribeUrl ?? "", webUrl: slots.webUrl ?? null },
  };
}

/** lang and dir are set together, or bidi text breaks. */
function sidesOf(language: string): Pick<View, "direction" | "start" | "end"> {
  const direction = directionOf(language);
  return direction === "rtl"
    ? { direction, start: "right", end: "left" }
    : { direction, start: "left", end: "right" };
}

function publicationView(publication: Publication, labels: Labels): View["publication"] {
  const length = countCharacters(publication.name);
  const { lines = [], links = [] } = publication.footer ?? {};
  return {
    name: publication.name,
    style: length > 28 ? "nameplate-longest" : length > 16 ? "nameplate-long" : "nameplate",
    tagline: publication.tagline ?? null,
    postalAddress: publication.postalAddress ?? null,
    reason: publication.reason ?? labels.reason(publication.name),
    logo: publication.logo ? logoView(publication.logo) : null,
    footer: { lines, links },
  };
}

function letterView(
  { text, signature = "" }: NonNullable<Digest["letter"]>,
  theme: Theme,
  labels: Labels,
): View["letter"] {
  const [name = "", role = ""] = signature.split("\n").map((line) => line.trim());
  return {
    blocks: letterBlocks(text, theme, labels.quotes),
    signature: name || null,
    role: role || null,
  };
}

function folioView(
  digest: Digest,
  publication: Publication,
  { theme, labels }: { readonly theme: Theme; readonly labels: Labels },
): View["folio"] {
  const { number } = digest.issue;
  const day = folioDate(digest);
  return {
    number: number ? labels.number(numberIn(digest.language, number)) : null,
    date: folioDate(digest, "long"),
    day,
    isBelow: !fitsBeside(publication, day, theme),
  };
}

/** The text of a phone of 375 px, on which name and day stand in one line. */
const PHONE_PX = 335;
/** That of the narrowest screens, of 280 px, on which each word of the day may have its own. */
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
 * "Thursday 14 November 2030", as the language writes it: English and Arabic without their commas, and
 * Japanese with the day in half-width brackets, as its newspapers have it.
 */
function folioDate(digest: Digest, weekday?: "long"): string {
  const date = digest.date ?? dayOfSlot(digest.issue.slot) ?? "";
  const { language } = new Intl.Locale(digest.language);
  const written = new Intl.DateTimeFormat(regional(digest.language), {
    ...(weekday && { weekday: language === "ja" ? "short" : weekday }),
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${date}T12:00:00Z`));
  return language === "en" || language === "ar" ? written.replaceAll(/[,،]/g, "") : written;
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
  // One more would take as much room to announce as to name.
  if (left === 1) return titles.join(list);
  return left === 0 ? line : `${line}${list}${labels.andMore(numberIn(language, left))}`;
}

/** The newsletter's logo as readers see it. Sizes are px. */
interface LogoView {
  readonly src: string;
  /** The logo for a dark ground; null where the other one serves for both. */
  readonly dark: string | null;
  readonly alt: string;
  readonly width: string;
  /** Null where nobody measured it. */
  readonly height: string | null;
  /** The size beside a date on a phone. */
  readonly small: { readonly width: string; readonly height: string | null };
  /** Whether it stands on a piece of light paper in the dark. */
  readonly plate: boolean;
}

/** Beside it stands a date, on a screen of 280 px with gutters of 20. */
const SMALL_PX = 140;

function logoView({ src, dark, alt, width, height, plate }: Logo): LogoView {
  const scale = Math.min(1, SMALL_PX / width);
  const sized = (by: number) => ({
    width: String(Math.round(width * by)),
    height: height === undefined ? null : String(Math.max(1, Math.round(height * by))),
  });
  return { src, dark: dark ?? null, alt, ...sized(1), small: sized(scale), plate: plate ?? false };
}
