import { sourceName } from "../article/identity.ts";
import { visibleText } from "../check/content.ts";
import { type HtmlDocument, memo } from "../check/html-document.ts";
import {
  arrangedDigest,
  LEAD_POINTS,
  type WeightedEntry,
  weightedDigest,
} from "../digest/arrange/weights.ts";
import { type Copy, headlineForms } from "../digest/copy/fit-copy.ts";
import type { Slots } from "../digest/copy/slots.ts";
import { type Digest, type Entry, flatEntries } from "../digest/digest.ts";
import { withoutParts } from "../digest/modules.ts";
import { folded } from "../platform/text.ts";

/** The function of a line for its readers. */
type LineKind =
  | "sender"
  | "subject"
  | "preheader"
  | "contents"
  | "headline"
  | "brief"
  | "source"
  | "gist"
  | "point"
  | "quotation"
  | "timeline"
  | "number"
  | "caption"
  | "link";

/** A line that readers see, in their inbox or in the email. */
export interface PrintedLine {
  readonly as: LineKind;
  /** The text as the digest has it. */
  readonly text: string;
  /** Whether the whole text is printed. A template may cut a long line. */
  readonly isWhole: boolean;
  /** Whether the text part contains the line. */
  readonly isInText: boolean;
  /** The story of the line. Absent for a line of the issue itself. */
  readonly entry?: Entry;
}

/** The printed lines of an issue, each once, in the order in which readers see them. */
export interface Printed {
  readonly lines: readonly PrintedLine[];
  /** The stories with their lines, in the order of the page. A quotation or number that is set apart belongs to its story. */
  readonly stories: readonly { readonly entry: Entry; readonly lines: readonly PrintedLine[] }[];
}

const SENTENCES: ReadonlySet<string> = new Set(["gist", "point", "quotation", "timeline"]);

/** The part of a text that remains at least if a template cuts it. */
const BEGINNING_CHARACTERS = 60;

/** The other inputs: the text part of the email, and the slots for text of its template. */
interface Shown {
  readonly text?: string | undefined;
  readonly slots?: Slots | undefined;
}

/** Finds the lines of a digest that its email shows, in one pass over its HTML and its text part. */
export function linesIn(
  html: HtmlDocument,
  digest: Digest,
  { text = "", slots }: Shown = {},
): Printed {
  return known(html)(digest, text, slots);
}

/** All rules ask for the lines of the same issue. */
const known = memo((html: HtmlDocument) => {
  let last: { readonly of: readonly unknown[]; readonly printed: Printed } | undefined;
  return (...of: readonly [digest: Digest, text: string, slots: Slots | undefined]): Printed => {
    if (!last || of.some((one, at) => one !== last?.of[at]))
      last = { of, printed: walk(folded(visibleText(html)), ...of) };
    return last.printed;
  };
});

/** A line that may be printed: its possible forms, the longest first, and its story. */
type LineForms = readonly [as: LineKind, forms: readonly (string | undefined)[], entry?: Placed];

/** A story in its place. The chosen texts are known if the slots of the template are. */
type Placed = WeightedEntry & { readonly copy?: Copy };

const INBOX: ReadonlySet<LineKind> = new Set(["sender", "subject", "preheader"]);

function walk(shown: string, digest: Digest, text: string, slots: Slots | undefined): Printed {
  const inText = squeezed(text);
  const entries = pageOf(digest, slots);
  const listed = new Map<string, number>();
  const found = lineFormsIn(digest, entries).flatMap(([as, forms, entry]): FoundLine[] => {
    if (INBOX.has(as)) return inboxLine(as, forms[0] ?? "");
    const known = forms.filter((form) => form !== undefined && folded(bare(form)) !== "");
    const whole = known.find((form = "") => shown.includes(folded(bare(form))));
    const line = whole ?? known[0] ?? "";
    const words = folded(bare(line)).slice(
      0,
      whole === undefined ? BEGINNING_CHARACTERS : undefined,
    );
    if (words === "") return [];
    const places = placesOf(words, shown);
    const before = listed.get(words) ?? 0;
    // The digest may contain a sentence twice although the template shows it once. A headline in the contents must also be
    // below.
    const isAgain = SENTENCES.has(as) && before >= places.length;
    const isListed = as !== "contents" || places.length > 1;
    const at = places[Math.min(before, places.length - 1)];
    if (at === undefined || isAgain || !isListed) return [];
    listed.set(words, before + 1);
    const isInText = inText.includes(squeezed(bare(line)));
    const isWhole = whole !== undefined;
    return [{ at, line: { as, text: line, isWhole, isInText, ...(entry && { entry }) } }];
  });
  const lines = found.toSorted((a, b) => a.at - b.at).map(({ line }) => line);
  const byStory = Map.groupBy(lines, ({ entry }) => entry);
  return { lines, stories: entries.map((entry) => ({ entry, lines: byStory.get(entry) ?? [] })) };
}

/**
 * Returns the lines that an email of a digest will show, before it is rendered. In the digest's own template they depend on
 * the place of each story.
 */
export function linesToPrint(digest: Digest, slots: Slots): Printed {
  const entries = pageOf(digest, slots);
  const isPage = digest.template === "digest";
  const lines = lineFormsIn(digest, entries).flatMap(([as, forms, entry]): PrintedLine[] => {
    const { weight, copy } = entry ?? {};
    const isBelow = as === "point" || as === "caption" || as === "timeline" || as === "quotation";
    const points = entry?.summary.keyPoints.slice(0, LEAD_POINTS) ?? [];
    const isOver = as === "point" && !points.some(({ text }) => text === forms[0]);
    const isModule = forms[0] === digest.modules?.quote?.text;
    if (isPage && isBelow && !isModule && (weight !== "lead" || isOver)) return [];
    const text = (isPage && as === "gist" ? copy?.gist.text : undefined) ?? forms[0] ?? "";
    if (folded(bare(text)) === "") return [];
    return [{ as, text, isWhole: true, isInText: true, ...(entry && { entry }) }];
  });
  const byStory = Map.groupBy(lines, ({ entry }) => entry);
  return { lines, stories: entries.map((entry) => ({ entry, lines: byStory.get(entry) ?? [] })) };
}

interface FoundLine {
  /** The offset of the line in the visible text. */
  readonly at: number;
  readonly line: PrintedLine;
}

function inboxLine(as: LineKind, text: string): FoundLine[] {
  return text === "" ? [] : [{ at: -1, line: { as, text, isWhole: true, isInText: true } }];
}

function pageOf(digest: Digest, slots: Slots | undefined): readonly Placed[] {
  if (flatEntries(digest).every(({ hidden }) => hidden)) return [];
  const { sections } = slots ? weightedDigest(digest, slots) : arrangedDigest(digest);
  return sections.flatMap<Placed>(({ entries }) => entries);
}

/** Returns all lines that an issue may print, grouped by kind. */
function lineFormsIn(digest: Digest, entries: readonly Placed[]): readonly LineForms[] {
  const { modules = {}, publication, issue, subject, preheader } = digest;
  const { quote, number } = modules;
  const storyOf = (id = "") => entries.find(({ article }) => article.id === id);
  const above = entries.filter(({ weight }) => weight !== "line");
  return [
    ["sender", [publication?.name ?? issue.newsletter]],
    ["subject", [subject]],
    ["preheader", [preheader]],
    ...(modules.contents === false ? [] : above).map((entry): LineForms => {
      return ["contents", [entry.copy?.contents.text, ...headlineForms(entry)], entry];
    }),
    ...entries.flatMap((entry) => lineFormsOf(entry, digest)),
    ["quotation", [quote?.text], storyOf(quote?.articleId)],
    ["number", [number?.what], storyOf(number?.articleId)],
  ];
}

function lineFormsOf(entry: Placed, { parts }: Digest): readonly LineForms[] {
  const { gist, keyPoints, quote, timeline, figures } = withoutParts(entry.summary, parts);
  const { title, images } = entry.article;
  const gists = [gist.text, entry.short?.gist, entry.copy?.gist.text];
  const lines: (readonly [as: LineKind, ...forms: (string | undefined)[]])[] = [
    [entry.weight === "line" ? "brief" : "headline", ...headlineForms(entry)],
    ["source", sourceName(entry.article)],
    // A gist that is also the headline is printed once.
    ["gist", ...(title === "" || entry.weight === "line" ? [] : gists)],
    ...keyPoints.map(({ text }) => ["point", text] as const),
    ["quotation", quote?.text],
    ...timeline.map(({ sentence }) => ["timeline", sentence.text] as const),
    ...figures.map(({ what }) => ["number", what] as const),
    ["caption", images[0]?.caption],
    ...(entry.alsoIn ?? []).map((other) => ["link", other.site] as const),
  ];
  return lines.map(([as, ...forms]) => [as, forms, entry]);
}

/** Returns the offsets of some words in a text. */
function placesOf(words: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length))
    places.push(at);
  return places;
}

/** Removes all spaces, because the text part breaks its lines anywhere. */
export function squeezed(text: string): string {
  return folded(text).replace(/\s+/gu, "");
}

/** Returns the complete sentences below a headline. */
export function sentencesOf(lines: readonly PrintedLine[]): string[] {
  return lines.flatMap(({ as, text, isWhole }) => (SENTENCES.has(as) && isWhole ? bare(text) : []));
}

export function isPrinted(text: string, lines: readonly PrintedLine[]): boolean {
  return lines.some((line) => bare(line.text) === bare(text));
}

/** Removes quotation marks around a text, because a template sets its own. */
function bare(text: string): string {
  return text.replace(/^["“„«»]+|["”“»«]+$/gu, "");
}
