import type { Article } from "../article/article.ts";
import {
  type Entry,
  flatEntries,
  idOf,
  type Section,
  type Digest,
  type Issue,
  headlineOf,
  type Advice,
  type AdviceLine,
  type Phrase,
  type Publication,
} from "./digest.ts";
import { dayOfSlot } from "../platform/slot.ts";
import { folded, foldedTag, hostOf, isWithin, sourceName } from "../article/identity.ts";
import { BroadsheetError } from "../errors.ts";
import { oneLine } from "../platform/text.ts";
import { idsInBrief, leadOf } from "./arrange/weights.ts";
import { withoutLost } from "./letter-blocks.ts";
import { composeModules, type ModuleSettings, type Parts } from "./modules.ts";
import { composePreheader, saysAgain, subjectFor } from "./subject/compose-subject.ts";
import type { StoryEdits } from "./stories/story.ts";

export interface ComposeOptions {
  readonly publication?: Publication | undefined;
  readonly template?: string | undefined;
  /** The date on the front page, YYYY-MM-DD; by default that of the slot. */
  readonly date?: string | undefined;
  /** BCP 47; by default the language of most stories. */
  readonly language?: string | undefined;
  /** Other languages that its stories may be in. */
  readonly languages?: readonly string[] | undefined;
  /** The editor's letter. Its title is the issue's subject, its description the preheader. */
  readonly letter?: Article | undefined;
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly webUrl?: string | undefined;
  /** Whether readers have a page where they change their preferences. */
  readonly hasPreferences?: true | undefined;
  /** The parts of a story that are shown; all by default. */
  readonly parts?: Parts | undefined;
  /** The modules of the issue; by default contents, and a quote and a number from the stories. */
  readonly modules?: ModuleSettings | undefined;
  /** The grouping of the stories after the lead. By default a long issue has sections if most tags or sources recur. */
  readonly sections?: Grouping | undefined;
  /** The editor's decisions to part and to join pairs of articles. */
  readonly stories?: StoryEdits | undefined;
  /** The pairs of stories that may be one. */
  readonly offered?: Digest["offered"];
  /** A model's advice about the issue. Its lines are used if the editor gives none. */
  readonly advice?: Advice | undefined;
}

/**
 * Composes a digest of summarised articles in the given order. The lead is the first of the top three that is not doubted. A
 * missing subject, preheader or language is composed from the stories.
 * @throws BroadsheetError CONTENT_NO_STORY without an entry, DIGEST_INVALID for a slot that is no date.
 */
export function composeDigest(
  issue: Issue,
  entries: readonly Entry[],
  options: ComposeOptions = {},
): Digest {
  const sections = sectionsWithFront(entries, options.sections);
  const lead = leadOf(flatEntries({ sections }));
  if (!lead) {
    throw new BroadsheetError("CONTENT_NO_STORY", "there is no story to make a digest of", {
      fix: "give at least one article",
    });
  }
  if (dayOfSlot(issue.slot) === undefined) {
    const what = `${issue.slot} is no day and no week of the calendar`;
    const fix = 'a slot is a date such as "2026-11-24" or an ISO week such as "2026-W48"';
    throw new BroadsheetError("DIGEST_INVALID", what, { fix });
  }
  const title = options.letter?.title || headlineOf(lead);
  const language = options.language ?? languageOf(entries);
  const masthead = mastheadOf({ ...options, issue, language });
  return {
    issue,
    ...defined({
      publication: options.publication,
      template: options.template,
      date: options.date,
      webUrl: options.webUrl,
      hasPreferences: options.hasPreferences,
      parts: options.parts,
      stories: ownEdits(options.stories),
      offered: options.offered,
    }),
    ...modulesOf(issue, entries, options),
    title,
    ...inboxLines(aboveBrief(sections, lead), lead, masthead, options),
    language,
    ...defined({
      languages: options.languages,
      letter: options.letter && letterOf(options.letter),
    }),
    sections,
  };
}

/**
 * Updates a digest after its visible stories have changed. The composed subject, preheader, title, quote and number are
 * composed again, unless an editor `set` them.
 */
export function composedAgain(digest: Digest, built: Digest, set: ReadonlySet<string>): Digest {
  const entries = flatEntries(digest).filter(isShown);
  const modules = digest.modules && entries.length > 0 && modulesAgain(digest, entries, set);
  return { ...linesAgain(digest, built, set), ...(modules && { modules }) };
}

/** Updates the subject, the preheader and the title after words of the stories have changed, unless an editor `set` them. */
export function linesAgain(digest: Digest, built: Digest, set: ReadonlySet<string>): Digest {
  const [lead, before] = [digest, built].map((one) => leadOf(flatEntries(one).filter(isShown)));
  if (!lead || !before) return digest;
  const { composed: was = {}, advice } = built;
  const isOurs = (line: "subject" | "preheader") =>
    !set.has(line) && was[line] !== undefined && was[line].text === built[line];
  const { composed: _composed, ...kept } = digest;
  const lines = inboxLines(aboveBrief(digest.sections, lead), lead, mastheadOf(digest), {
    subject: isOurs("subject") ? undefined : digest.subject,
    preheader: isOurs("preheader") ? undefined : digest.preheader,
    advice: advice && withLinesAgain(advice),
  });
  const isOwnTitle = !set.has("title") && built.title === headlineOf(before);
  return { ...kept, ...lines, ...(isOwnTitle && { title: headlineOf(lead) }) };
}

/** The stories that are not in brief, the lead first. The inbox mentions only these, because readers look for them. */
function aboveBrief(sections: Digest["sections"], lead: Entry): Entry[] {
  const inBrief = new Set(idsInBrief(sections));
  const entries = flatEntries({ sections }).filter(isShown);
  return [lead, ...entries.filter((entry) => entry !== lead && !inBrief.has(idOf(entry)))];
}

function isShown({ hidden }: Entry): boolean {
  return hidden !== true;
}

/** Composes a module that the issue had from its current stories. */
function modulesAgain(
  { modules = {}, issue, parts }: Digest,
  entries: readonly Entry[],
  set: ReadonlySet<string>,
): NonNullable<Digest["modules"]> {
  const { quote, number } = composeModules(entries, issue, { parts });
  const isOurs = (name: "quote" | "number") =>
    modules[name] !== undefined && !set.has("modules") && !set.has(`modules.${name}`);
  const { quote: oldQuote, number: oldNumber, ...others } = modules;
  return {
    ...others,
    ...defined({
      quote: isOurs("quote") ? quote : oldQuote,
      number: isOurs("number") ? number : oldNumber,
    }),
  };
}

/** Reconsiders a model's lines that were rejected only because of the order of the stories. */
function withLinesAgain(advice: Advice): Advice {
  const { subject, preheader } = advice;
  return { ...advice, ...defined({ subject: again(subject), preheader: again(preheader) }) };
}

function again(line: AdviceLine | undefined): AdviceLine | undefined {
  const isOrder = line !== undefined && ORDER_REASONS.has(line.why ?? "");
  return isOrder ? { text: line.text, about: line.about, used: true } : line;
}

const NOT_THE_LEAD = "what it tells of does not lead";
const SAID_BEFORE = "it says the subject again";
const ORDER_REASONS: ReadonlySet<string> = new Set([NOT_THE_LEAD, SAID_BEFORE]);

/**
 * The subject and the preheader, and their origin: the editor, otherwise a model whose line is supported, otherwise the
 * program.
 */
function inboxLines(
  entries: readonly Entry[],
  lead: Entry,
  masthead: ReturnType<typeof mastheadOf>,
  { subject: given, preheader: givenNext, letter, advice }: ComposeOptions,
): Pick<Digest, "subject" | "preheader" | "composed" | "advice"> {
  const own = given ?? letter?.title;
  const ours = own ? undefined : subjectFor(lead, masthead);
  const advised = settledLine(advice?.subject, { ours, lead: lead.article.id });
  const told = phraseOf(advised) ?? ours;
  const subject = oneLine(own || (told?.text ?? ""));
  const ownNext = givenNext ?? letter?.description;
  const ourNext = ownNext === undefined ? composePreheader(entries, subject, masthead) : undefined;
  const advisedNext = settledLine(advice?.preheader, { ours: ourNext, subject });
  const next = phraseOf(advisedNext) ?? ourNext;
  const preheader = oneLine(ownNext ?? next?.text ?? "");
  const settled = advice && {
    ...advice,
    ...defined({ subject: advised, preheader: advisedNext }),
  };
  const composed = composedOf({ subject: told, preheader: next });
  return { subject, preheader, ...defined({ composed, advice: settled }) };
}

/** The values for an inbox if no story provides a line. */
function mastheadOf({
  issue,
  publication,
  date,
  language,
}: Pick<Digest, "issue" | "publication" | "date" | "language">) {
  const name = publication?.name ?? issue.newsletter;
  const day = date ?? dayOfSlot(issue.slot) ?? issue.slot;
  return { name, date: day, tagline: publication?.tagline, language };
}

/** The confidence in a model's line that its articles support. It is less certain than a headline. */
const CONFIDENCE = 0.8;

/** A model's line as a phrase; undefined if it is not used. */
function phraseOf(line: AdviceLine | undefined): Phrase | undefined {
  return line?.used === true ? { text: line.text, confidence: CONFIDENCE, by: "model" } : undefined;
}

/** The other lines that decide whether a model's line is used. */
interface Others {
  /** The program's line; undefined if the editor has written one. */
  readonly ours: Phrase | undefined;
  /** The id of the article that a subject must be about. */
  readonly lead?: string;
  /** The subject that precedes a preheader. */
  readonly subject?: string;
}

/** Chooses a model's line unless the other lines exclude it. An editor's line has priority. */
function settledLine(
  line: AdviceLine | undefined,
  { ours, lead, subject }: Others,
): AdviceLine | undefined {
  if (line?.used !== true) return line;
  if (!ours) return { ...line, used: false, why: "yours stands" };
  if (lead !== undefined && !line.about.includes(lead))
    return { ...line, used: false, why: NOT_THE_LEAD };
  if (subject !== undefined && saysAgain(line.text, subject))
    return { ...line, used: false, why: SAID_BEFORE };
  return line;
}

type Composed = NonNullable<Digest["composed"]>;

/** The lines that the program or a model wrote, and their confidence. Lines of the editor are not included. */
function composedOf(phrases: Composed): Composed | undefined {
  const { subject, preheader } = phrases;
  if (!subject && !preheader) return undefined;
  return {
    ...(subject && { subject: round(subject) }),
    ...(preheader && { preheader: round(preheader) }),
  };
}

function round({ text, confidence, by }: Phrase): Phrase {
  return { text: oneLine(text), confidence: Math.round(confidence * 100) / 100, ...(by && { by }) };
}

function ownEdits(edits: StoryEdits = {}): StoryEdits | undefined {
  const { apart = [], together = [] } = edits;
  return apart.length + together.length > 0 ? edits : undefined;
}

function modulesOf(
  issue: Issue,
  entries: readonly Entry[],
  { modules: settings, parts }: ComposeOptions,
): Pick<Digest, "modules"> {
  const modules = composeModules(entries, issue, { settings, parts });
  return Object.keys(modules).length > 0 ? { modules } : {};
}

function letterOf(letter: Article): NonNullable<Digest["letter"]> {
  const signature = letter.authors.join(", ");
  const { blocks, text } = letter;
  return {
    ...(blocks ? { blocks: withoutLost(blocks) } : { text }),
    ...(signature !== "" && { signature }),
  };
}

/** The language of most stories. If several are equally common, the first. */
function languageOf(entries: readonly Entry[]): string {
  return commonest(entries.map(({ article }) => article.language)) ?? "en";
}

/** Omits missing fields, so that the digest is equal before and after JSON. */
function defined<T extends object>(fields: T): Partial<T> {
  const kept: Partial<T> = { ...fields };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
}

/** A custom section: stories with one of the tags or from one of the sources. */
interface SectionRule {
  readonly heading: string;
  readonly tags?: readonly string[] | undefined;
  /** Names of papers, or hosts. */
  readonly sources?: readonly string[] | undefined;
  /** The weight of its stories, such as "line" for a section of short notes. */
  readonly weight?: Entry["weight"];
}

/** The grouping of the stories after the lead. "auto" groups long issues by tag or source if the groups are informative. */
export type Grouping = "auto" | "none" | "tag" | "source" | readonly SectionRule[];

/** A section of one story would be a heading above a headline. */
const LEAST_STORIES = 2;

/** From this number of stories on, an issue has headings. */
const LEAST_FOR_HEADINGS = 13;
/** Headings are informative if most stories belong to one. Otherwise the tags of the pages are mere keywords. */
const LEAST_SHARE = 2 / 3;

/**
 * The sections of an issue. The first, without a heading, contains the lead and, in a long issue with sections, also the
 * pair. With "none", all other stories are one section without a heading.
 */
function sectionsWithFront(entries: readonly Entry[], grouping: Grouping = "auto"): Section[] {
  const [lead, ...others] = entries;
  const isLong = entries.length >= LEAST_FOR_HEADINGS;
  const kind = grouping === "auto" ? (isLong ? tellingGrouping(others) : "none") : grouping;
  const pair = isLong && kind !== "none" ? forThePair(others, kind) : [];
  const left = others.filter((entry) => !pair.includes(entry));
  const front = [...(lead ? [lead] : []), ...pair];
  return [{ heading: "", entries: front }, ...sectionsOf(left, kind)];
}

/** The next two stories, without those of a section with a weight of its own. */
function forThePair(entries: readonly Entry[], grouping: Grouping): Entry[] {
  const rules = typeof grouping === "string" ? [] : grouping;
  const isWeighted = ({ article, weight }: Entry) =>
    (weight ?? rules.find((rule) => belongs(article, rule))?.weight) !== undefined;
  return entries.filter((entry) => !isWeighted(entry)).slice(0, 2);
}

/** Groups stories by tag, or else by source, if that puts most of them under several headings. */
function tellingGrouping(entries: readonly Entry[]): Grouping {
  const isTelling = (grouping: Grouping) => {
    const named = sectionsOf(entries, grouping).filter(({ heading }) => heading !== "");
    const grouped = named.reduce((sum, section) => sum + section.entries.length, 0);
    return named.length > 1 && grouped >= entries.length * LEAST_SHARE;
  };
  return (["tag", "source"] as const).find(isTelling) ?? "none";
}

/**
 * Divides entries into sections. Each entry is in exactly one, in the given order. Entries without a section come last,
 * without a heading.
 */
export function sectionsOf(entries: readonly Entry[], grouping: Grouping = "none"): Section[] {
  const headings = headingsFor(entries, grouping);
  const weights = weightsByHeading(grouping);
  const weighted = entries.map((entry, at) => {
    const heading = headings[at] ?? "";
    const weight = entry.weight ?? weights.get(heading);
    return { heading, entry: weight === undefined ? entry : { ...entry, weight } };
  });
  const all = [...Map.groupBy(weighted, ({ heading }) => heading)].map(([heading, group]) => ({
    heading,
    entries: group.map(({ entry }) => entry),
  }));
  const sections = all.filter(({ heading }) => heading !== "");
  const rest = all.filter(({ heading }) => heading === "");
  const sorted = typeof grouping === "string" ? sections : byRule(sections, grouping);
  return [...sorted, ...rest];
}

function weightsByHeading(grouping: Grouping): ReadonlyMap<string, Entry["weight"]> {
  const rules = typeof grouping === "string" ? [] : grouping;
  return new Map(rules.map(({ heading, weight }) => [heading, weight]));
}

/** The custom sections without any article. */
export function emptySections(articles: readonly Article[], grouping: Grouping = "none"): string[] {
  if (typeof grouping === "string") return [];
  return grouping
    .filter((rule) => !articles.some((article) => belongs(article, rule)))
    .map(({ heading }) => heading);
}

function headingsFor(entries: readonly Entry[], grouping: Grouping): string[] {
  if (grouping === "none" || grouping === "auto") return entries.map(() => "");
  if (grouping === "tag")
    return headingsByName(entries, ({ tags }) => tags).map((tag) =>
      tag.replace(/^[\s#]+/, "").replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()),
    );
  if (grouping === "source")
    return headingsByName(entries, (article) => [sourceName(article) ?? ""]);
  return entries.map(
    ({ article }) => grouping.find((rule) => belongs(article, rule))?.heading ?? "",
  );
}

/** The heading of each entry: its first name that several entries have as their first, in the most common spelling. */
function headingsByName(
  entries: readonly Entry[],
  namesOf: (article: Entry["article"]) => readonly string[],
): string[] {
  const first = entries.flatMap(
    ({ article }) => namesOf(article).find((name) => foldedTag(name) !== "") ?? [],
  );
  const headings = new Map(
    [...Map.groupBy(first, foldedTag)]
      .filter(([, written]) => written.length >= LEAST_STORIES)
      .map(([name, written]) => [name, commonest(written)?.trim()]),
  );
  return entries.map(
    ({ article }) =>
      namesOf(article)
        .map((name) => headings.get(foldedTag(name)))
        .find((heading) => heading !== undefined) ?? "",
  );
}

/** The most common text. If several are equally common, the first. */
function commonest(texts: readonly string[]): string | undefined {
  const [most] = [...Map.groupBy(texts, (text) => text).values()].sort(
    (a, b) => b.length - a.length,
  );
  return most?.[0];
}

function belongs(article: Pick<Article, "tags" | "site" | "url">, rule: SectionRule): boolean {
  const { tags = [], sources = [] } = rule;
  const own = new Set(article.tags.map(foldedTag));
  return (
    tags.some((tag) => own.has(foldedTag(tag))) || sources.some((source) => isFrom(article, source))
  );
}

function isFrom({ site, url }: Pick<Article, "site" | "url">, source: string): boolean {
  const host = hostOf(url);
  const name = folded(source)
    .replace(/^(?:https?:\/\/)?(?:www\.)?/, "")
    .replace(/\/$/, "");
  if (site !== undefined && folded(site) === folded(source)) return true;
  return host !== undefined && (host === name || isWithin(host, name));
}

function byRule(sections: readonly Section[], rules: readonly SectionRule[]): Section[] {
  const headings = [...new Set(rules.map(({ heading }) => heading))];
  return headings.flatMap((heading) => sections.filter((section) => section.heading === heading));
}
