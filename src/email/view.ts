import { type Modules, withEveryField } from "../digest/modules.ts";
import type { LetterBlock } from "../article/letter-block.ts";
import { directionOf, folded } from "../platform/text.ts";
import { dayOfSlot } from "../platform/slot.ts";
import type { Digest, Publication, Logo } from "../digest/digest.ts";
import {
  weightedDigest,
  type FittedEntry,
  type WeightedDigest,
} from "../digest/arrange/weights.ts";
import { curl, isolated, estimatedWidthPx, nameplateStyle } from "./typography.ts";
import type { Email } from "./email.ts";
import {
  labelsFor,
  numberIn,
  regional,
  type Labels,
  punctuationFor,
  type Punctuation,
  type Words,
} from "./labels.ts";
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
 * All that a template may show, in the words and the order that readers see. A field without content is
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
  /** How a picture stands at the end of lines that run round it. */
  readonly beside: string;
  readonly subject: string;
  readonly preheader: string;
  readonly publication: {
    readonly name: string;
    readonly style: string;
    readonly tagline: string | null;
    readonly postalAddress: string | null;
    readonly reason: string;
    /** Who edited the issue, in the words of the language; null where no editor is named. */
    readonly editor: {
      readonly before: string;
      readonly name: string;
      readonly after: string;
    } | null;
    /** Stands in the place of the name; null where there is none. */
    readonly logo: LogoView | null;
    readonly footer: {
      readonly lines: readonly string[];
      readonly links: readonly { readonly text: string; readonly url: string }[];
    };
  };
  readonly folio: {
    readonly number: string | null;
    /** "6 min here, 34 in full"; null where there is no story. */
    readonly reading: string | null;
    /** The same in its phrases, each of which stands on one line where there is room. */
    readonly readingLines: readonly string[];
    /** With the weekday. */
    readonly date: string;
    /** The same in its two lines on a phone: the weekday, and the day. */
    readonly dateLines: readonly string[];
    /** Without it. */
    readonly day: string;
    /** Whether a phone has no room for `day` beside the name of a letter. */
    readonly isBelow: boolean;
  };
  readonly labels: ViewLabels;
  readonly letter: {
    /** The letter from top to bottom. Its footnotes come after the signature. */
    readonly places: readonly LetterPlace[];
    readonly footnotes: readonly LetterPlace[];
    readonly signature: string | null;
    /** What stands under the signature: its second line. */
    readonly role: string | null;
    /** The sponsor; null if the issue has none, or the letter places it. */
    readonly sponsor: SponsorView | null;
    /** The letter once more, as older templates show it. */
    readonly blocks: readonly PlainBlock[];
    readonly parts: readonly LetterPart[];
  } | null;
  /** The titles of the issue in one line, from three stories on. */
  readonly contents: string | null;
  /** The contents as a list, from four stories on; null where they are switched off. */
  readonly contentsList: ContentsView | null;
  /** A digest from top to bottom, in the weights of its stories. */
  readonly page: readonly PageBlock[];
  /** The number that is set big; null where no story has one. */
  readonly bigNumber: NumberView | null;
  /** The stories beside the first, as a brief names them. */
  readonly others: readonly StoryView[];
  /** The stories that the letter doesn't weave in. */
  readonly letterRest: readonly StoryView[];
  /** Each module as digest.json has it, null where the issue has none. */
  readonly modules: Readonly<Record<keyof Modules, unknown>>;
  readonly feedback: FeedbackView | null;
  /** `modules.subscribe` and `modules.closing` once more, as older templates of newsletters call them. */
  readonly subscribeUrl: string | null;
  readonly closing: string | null;
  /** The links that pass the issue on; null where it has no page, or they are switched off. */
  readonly share: { readonly forward: string; readonly page: string } | null;
  /** Whether it has links for readers who pass it on, or got it that way. */
  readonly passesOn: boolean;
  readonly lead: StoryView | null;
  readonly sections: readonly ({
    readonly heading: string;
    readonly stories: readonly StoryView[];
  } & Sourced)[];
  /** Tokens that stand for what differs per recipient. */
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

/** The view of a digest: labels and dates in its language, lines set as a typesetter would. */
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
    publication: publicationView(publication, labels),
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

/** The view of each story. Those of the front are numbered, but for those that have one line. */
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

/** A mail to a friend names the page, and nothing of the reader; RFC 6068 §2 allows a mail without a recipient. */
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

/** As wide as a phone has room for; the style sheet widens it on others. */
function besideCss({ start, end }: Pick<View, "start" | "end">): string {
  return `border:0;float:${end};width:96px;height:auto;margin:0 0 8px;margin-${start}:16px`;
}

/** lang and dir are set together, or bidi text breaks. */
function sidesOf(language: string): Pick<View, "direction" | "start" | "end"> {
  const direction = directionOf(language);
  return direction === "rtl"
    ? { direction, start: "right", end: "left" }
    : { direction, start: "left", end: "right" };
}

function publicationView(publication: Publication, labels: Labels): View["publication"] {
  const { lines = [], links = [] } = publication.footer ?? {};
  const [before, after] = labels.editedBy;
  return {
    name: publication.name,
    style: nameplateStyle(publication.name),
    tagline: publication.tagline ?? null,
    postalAddress: publication.postalAddress ?? null,
    reason: publication.reason ?? labels.reason(publication.name),
    editor: publication.editor === undefined ? null : { before, name: publication.editor, after },
    logo: publication.logo ? logoView(publication.logo) : null,
    footer: { lines, links },
  };
}

/** Few issues have a letter: what reads its Markdown is loaded for those. */
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
  const storyOf = (wanted: string) => {
    const { title, source } = storyNamed(wanted, stories) ?? {};
    return title === undefined ? null : { title, url: source?.url ?? null };
  };
  const pen = { theme, quotes: labels.quotes, sides: sidesOf(language), storyOf };
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

/** A letter that ends with the name below it is signed once. */
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
    // A year alone on a line of a phone says nothing.
    date: folioDate(digest, "long").replace(/ (?=\S*$)/, "\u00A0"),
    dateLines: dateLinesOf(digest),
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

/** The weekday and the day; one line where the weekday does not come first. */
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
  /** Null where its size is not known. */
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
