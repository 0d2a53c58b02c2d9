import { dayOfSlot } from "../platform/slot.ts";
import { many, countCharacters } from "../platform/text.ts";
import { type Article, type Dropped, isDoubtful, isPrivate } from "../article/article.ts";
import { LEAST_CONFIDENCE } from "../summary/summary.ts";
import {
  type alsoInSchema,
  entrySchema,
  language,
  line,
  publicationSchema,
  webAddress,
} from "./schema.ts";
import { letterSchema } from "./letter.ts";
import { modulesSchema, partsSchema } from "./modules.ts";
import { BroadsheetError } from "../errors.ts";
import * as z from "zod";

/**
 * The digest model: the whole content of an issue in its order, and nothing about its appearance. `digest.json` contains it,
 * so an editor can change any line and render the issue again. Text editors show the descriptions below as hints
 * (`digest.schema.json`).
 */

const idPairs = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** The editor's decisions about articles that are one story. */
const storyEdits = z
  .strictObject({
    apart: idPairs
      .optional()
      .meta({ description: "Pairs of article ids that are never one story" }),
    together: idPairs
      .optional()
      .meta({ description: "Pairs of article ids: the first article tells the story of both" }),
  })
  .readonly();

const issueSchema = z
  .strictObject({
    newsletter: z
      .string()
      .regex(/^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u)
      .meta({ description: "The newsletter's slug: its folder in the outbox" }),
    slot: z
      .string()
      .refine((slot) => dayOfSlot(slot) !== undefined, "is no day and no week of the calendar")
      .meta({ description: "The edition: a date (2026-11-24) or an ISO week (2026-W48)" }),
    number: z.int().positive().optional().meta({ description: "The number that readers see" }),
  })
  .readonly();

/** A composed line, and the confidence that it gives the news. `by` is absent if the program wrote it. */
const phrase = z
  .strictObject({
    text: line,
    confidence: z.number().min(0).max(1),
    by: z.literal("model").optional(),
  })
  .readonly();

const ids = z.array(z.string()).readonly();
const used = z.boolean().meta({ description: "Whether the issue uses it" });
const why = line.optional().meta({ description: "Why it is not used, or only partly" });

const advisedLine = z
  .strictObject({
    text: line,
    about: ids.meta({ description: "The ids of the articles whose news it contains" }),
    used,
    why,
  })
  .readonly();

/** A language model's advice about an issue, and the result. */
const adviceSchema = z
  .strictObject({
    same: z
      .array(z.strictObject({ stories: ids, used, why }).readonly())
      .readonly()
      .optional()
      .meta({ description: "Pairs of article ids that it considers one story" }),
    order: z
      .strictObject({ stories: ids, used, why })
      .readonly()
      .optional()
      .meta({ description: "The order of the stories, by the ids of their articles" }),
    subject: advisedLine.optional(),
    preheader: advisedLine.optional(),
    ignored: z
      .array(line)
      .readonly()
      .optional()
      .meta({ description: "Advice that does not apply to this issue" }),
  })
  .readonly();

/** Two stories that may be one, by their ids, and the probability. */
const offeredPair = z
  .strictObject({
    stories: z.tuple([z.string(), z.string()]).readonly(),
    chance: z.number().min(0).max(1),
  })
  .readonly();

/** A text that a build left out because it was unfit for readers: the operation that restores it, and the reason. */
const removal = z
  .strictObject({
    id: z.string().optional().meta({ description: "The story; absent for a part of the issue" }),
    story: z.string().optional().meta({ description: "The story that a part of the issue is of" }),
    op: z.enum(["set", "add", "hide"]),
    field: z.string().optional(),
    value: z.json(),
    text: line.meta({ description: "The omitted words" }),
    why: line,
  })
  .readonly();

export const digestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.string().optional().meta({
      description: "The version of the issue in this file: do not change it",
    }),
    issue: issueSchema,
    publication: publicationSchema.optional(),
    template: z.string().optional().meta({ description: "The template of the issue" }),
    date: z.iso.date().optional().meta({ description: "The day on the front page" }),
    webUrl: webAddress
      .optional()
      .meta({ description: "Where this issue can be read in a browser" }),
    hasPreferences: z.literal(true).optional().meta({
      description: "Whether readers have a page where they change what they get",
    }),
    title: line.meta({ description: "The title of this issue in an archive or a list" }),
    subject: line.meta({
      description: "The subject line: up to 60 characters are shown completely",
    }),
    preheader: line.meta({
      description: "The line after the subject in an inbox: 40 to 130 characters",
    }),
    composed: z
      .strictObject({ subject: phrase.optional(), preheader: phrase.optional() })
      .readonly()
      .optional()
      .meta({
        description: "The lines that Broadsheet wrote, with the confidence that they give the news",
      }),
    advice: adviceSchema.optional().meta({
      description: "A language model's advice about the issue, and its result",
    }),
    language: language.meta({ description: "BCP 47: en, de, pt-BR, ar" }),
    languages: z.array(language).readonly().optional().meta({
      description: "Other languages that its stories may be in",
    }),
    stories: storyEdits.optional().meta({
      description: "The articles that you have parted and joined; the next build uses it",
    }),
    offered: z.array(offeredPair).readonly().optional().meta({
      description:
        "Up to three pairs of stories that may be one: join or part them in `stories`, by their ids",
    }),
    removed: z.array(removal).readonly().optional().meta({
      description:
        "The texts that this build left out, with reasons: your operations can restore them",
    }),
    parts: partsSchema.optional().meta({
      description: "Which parts of a story are shown: false switches one off",
    }),
    modules: modulesSchema.optional().meta({
      description: "The modules of the issue: a module that you remove is not shown",
    }),
    letter: letterSchema.optional(),
    sections: z
      .array(
        z
          .strictObject({
            heading: line.meta({
              description: "Empty for the lead's section, and for stories without a section",
            }),
            entries: z.array(entrySchema).min(1).readonly(),
          })
          .readonly(),
      )
      .min(1)
      .readonly(),
  })
  .superRefine((digest, context) => {
    const excess = firstExcess(digest);
    if (excess) context.addIssue({ code: "custom", ...excess, path: [...excess.path] });
  })
  .readonly();

export type Digest = z.output<typeof digestSchema>;
/** A digest before an editor's changes, with the entries of the merged articles. */
export interface BuiltDigest extends Digest {
  readonly merged?: readonly Entry[] | undefined;
  /** Whether it contains an editor's changes, because an older version stored no unedited digest. */
  readonly isEdited?: true;
}
export type Publication = z.output<typeof publicationSchema>;
export type Logo = NonNullable<Publication["logo"]>;
export type Issue = z.output<typeof issueSchema>;
export type Section = Digest["sections"][number];
export type Entry = Section["entries"][number];
export type Phrase = z.output<typeof phrase>;
export type Removal = z.output<typeof removal>;
export type Advice = z.output<typeof adviceSchema>;
export type AdviceLine = NonNullable<Advice["subject"]>;
export type AlsoIn = z.output<typeof alsoInSchema>;

/** A phrase with a lower confidence is shown to an editor. */
export const SURE_ENOUGH = 0.6;

/** The id of a story in every build of its issue. Digests of older versions have only the id of its article. */
export function idOf({ id, article }: Entry): string {
  return id ?? article.id;
}

/** The line above a story: its title or, for a note without one, its gist. */
export function headlineOf({ article, summary }: Pick<Entry, "article" | "summary">): string {
  return article.title || summary.gist.text;
}

/** The fields of a merged article that a digest keeps, with the reason for the merge. */
export function alsoInOf(
  { site, url, title, source, id }: Article,
  merge?: { readonly as: NonNullable<AlsoIn["as"]>; readonly chance: number },
): AlsoIn {
  return {
    ...(site && { site }),
    ...(url && { url }),
    ...(title && { title }),
    source,
    id,
    ...(merge && { as: merge.as, confidence: Math.round(merge.chance * 100) / 100 }),
  };
}

/** The entries of all sections in order. */
export function flatEntries({ sections }: Pick<Digest, "sections">): Entry[] {
  return sections.flatMap(({ entries }) => entries);
}

/** Applies a function to each entry of a digest. */
export function withEntries<D extends Pick<Digest, "sections">>(
  digest: D,
  change: (entry: Entry) => Entry,
): D {
  const sections = digest.sections.map((section) => ({
    ...section,
    entries: section.entries.map((entry) => change(entry)),
  }));
  return { ...digest, sections };
}

/**
 * The digest for readers: without hidden stories, and without sections that contain no others.
 * @throws BroadsheetError DIGEST_INVALID if nothing remains.
 */
export function shownDigest(digest: Digest): Digest {
  const sections = digest.sections
    .map((section) => ({ ...section, entries: section.entries.filter(({ hidden }) => !hidden) }))
    .filter(({ entries }) => entries.length > 0);
  if (sections.length > 0 || digest.letter) return { ...digest, sections };
  throw new BroadsheetError(
    "DIGEST_INVALID",
    "all stories are hidden, so there is nothing to send",
    {
      fix: 'show one of them again: remove its "hidden" in digest.json',
    },
  );
}

/** The reasons why a story shows no picture although its article has one. */
export const LEFT_FOR_WEIGHT = "a picture, left out as the message would be too heavy";
export const LEFT_AS_BROKEN = "a picture, left out as it couldn't be had or shown";

/** An editor who misses a paragraph looks for its beginning here. */
const LONGEST_DROPPED = 240;
const MOST_DROPPED = 30;

/**
 * Shortens the omitted parts of an article for the digest, because menus and comments of a page can be longer than its story.
 * Text behind a paywall is not included. `broadsheet extract` shows everything.
 */
export function shortenDropped(dropped: readonly Dropped[]): readonly Dropped[] {
  const known = dropped.filter((one) => !isPrivate(one));
  const shown = known
    .slice(0, MOST_DROPPED)
    .map(({ text, reason }) => ({ text: shorten(text), reason }));
  const rest = known.length - shown.length;
  const left = { text: "…", reason: `${rest} more, which \`broadsheet extract\` lists` };
  return rest > 0 ? [...shown, left] : shown;
}

function shorten(text: string): string {
  if (text.length <= LONGEST_DROPPED) return text;
  const cut = text.slice(0, LONGEST_DROPPED);
  const space = cut.lastIndexOf(" ");
  return `${cut
    .slice(0, space > LONGEST_DROPPED / 2 ? space : LONGEST_DROPPED)
    .toWellFormed()
    .trimEnd()} …`;
}

/** Whether the gist says so little about the story that the headline alone serves readers better. */
export function hasPoorGist(entry: Entry): boolean {
  return isUnchanged(entry) && (entry.summary.confidence ?? 1) < LEAST_CONFIDENCE;
}

/** Whether a gist was written by the program or by the page, and no editor has accepted or changed it. */
export function isUnchanged({ summary: { gist, origin }, article, accepted }: Entry): boolean {
  if (accepted === true || article.kind === "letter") return false;
  if (origin === "author") return article.description?.trim() === gist.text;
  return origin === "extract" && gist.start !== undefined;
}

/** Whether a story was read with doubt, and no editor has accepted it. */
export function isDoubted({ article, accepted }: Entry): boolean {
  return accepted !== true && isDoubtful(article.reading);
}

/** The composed lines for an inbox that are unchanged and uncertain. */
export function unsureLines(digest: Digest): ("subject" | "preheader")[] {
  const { composed = {} } = digest;
  return (["subject", "preheader"] as const).filter((line) =>
    isUnsure(digest[line], composed[line]),
  );
}

function isUnsure(line: string, phrase: Phrase | undefined): boolean {
  return phrase !== undefined && phrase.text === line && phrase.confidence < SURE_ENOUGH;
}

/** The maximum number of stories of an issue. A longer one is no digest, and takes minutes to render. */
export const MOST_STORIES = 200;

/** The maximum number of characters of a text, by its field name, or by the names of its parent and itself. */
const LONGEST: ReadonlyMap<string, number> = new Map([
  ...["title", "subject", "preheader", "heading", "kicker"].map((name) => [name, 1000] as const),
  ["article.text", 20_000_000],
  ["article.html", 100_000_000],
  ["letter.text", 100_000],
  ["blocks.text", 100_000],
]);
const LONGEST_OTHER = 10_000;
/** The maximum length of a list without a limit of its own. */
const MOST_VALUES = 1000;
/** The maximum number of blocks of a letter. Its text has its own limit. */
const MOST_BLOCKS = 10_000;

interface Sections {
  readonly sections: readonly { readonly entries: readonly unknown[] }[];
}

interface Excess {
  readonly path: readonly (string | number)[];
  /** The rest of the message, after the name of the field. */
  readonly message: string;
}

/** The first text or list of a digest that exceeds its limit. */
export function firstExcess(digest: Sections): Excess | undefined {
  return excessIn(digest, []) ?? tooManyStories(digest);
}

/** Cuts each text and list of a digest at its limit. */
export function cutToLimits(value: unknown, path: Excess["path"] = []): unknown {
  if (typeof value === "string") return cutText(value, longestText(path));
  if (Array.isArray(value))
    return value.slice(0, longestList(path)).map((inner, at) => cutToLimits(inner, [...path, at]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, cutToLimits(inner, [...path, key])]),
  );
}

/** Adds the limits to the JSON Schema of a field. */
export function describeLimits(
  jsonSchema: z.core.JSONSchema.BaseSchema,
  path: Excess["path"],
): void {
  const names = path.filter((_, at) => path[at - 1] === "properties");
  const isFree = jsonSchema.enum === undefined && jsonSchema.const === undefined;
  if (jsonSchema.type === "string" && isFree) jsonSchema.maxLength = longestText(names);
  if (jsonSchema.type === "array" && !jsonSchema.prefixItems)
    jsonSchema.maxItems = longestList(names);
}

function excessIn(value: unknown, path: Excess["path"]): Excess | undefined {
  if (typeof value === "string") {
    const most = longestText(path);
    return fits(value, most) ? undefined : excess(path, value.length, most, "character");
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && value.length > longestList(path))
    return excess(path, value.length, longestList(path), "value");
  for (const [key, inner] of Object.entries(value)) {
    const found = excessIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

function tooManyStories({ sections }: Sections): Excess | undefined {
  const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
  return count > MOST_STORIES
    ? excess(["sections"], count, MOST_STORIES, "story", "stories")
    : undefined;
}

function excess(
  path: Excess["path"],
  count: number,
  most: number,
  ...noun: [string, string?]
): Excess {
  return {
    path,
    message: `has ${many(count, ...noun)}, and ${most.toLocaleString("en")} are the most`,
  };
}

/** Counts characters as people do. A character may consist of several units, and one with a million accents counts once. */
function fits(text: string, most: number): boolean {
  return text.length <= most || (text.length <= most * 10 && countCharacters(text) <= most);
}

function cutText(text: string, most: number): string {
  return fits(text, most) ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}

function longestText(path: Excess["path"]): number {
  const [outer = "", name = ""] = path.filter((key) => typeof key === "string").slice(-2);
  return LONGEST.get(`${outer}.${name}`) ?? LONGEST.get(name || outer) ?? LONGEST_OTHER;
}

function longestList(path: Excess["path"]): number {
  if (path.at(-1) === "blocks") return MOST_BLOCKS;
  return path.at(-1) === "entries" ? MOST_STORIES : MOST_VALUES;
}
