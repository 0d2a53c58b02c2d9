import type { Article } from "../article/article.ts";
import type { Config } from "../config/config.ts";
import type { Digest } from "../digest/digest.ts";
import { openMjmlCache } from "../email/io/mjml-cache.ts";
import { loadTemplate } from "../email/io/load-template.ts";
import { dayIn, systemClock } from "../platform/clock.ts";
import { foreignCachesNotice, projectCache } from "../platform/files/cache-folder.ts";
import { userCacheFolder } from "../platform/files/only-ours.ts";
import type { Failure, Reporter } from "../platform/reporter.ts";
import type { WebFlags } from "../sources/article-reader.ts";
import type { Gathered } from "../sources/collect/collected.ts";
import type { Surroundings } from "../sources/io/read-sources.ts";
import { type BrokenArticle, leftOut, without, withoutBroken } from "../sources/broken-article.ts";
import type { AdvisedArrangement, AdviseOptions } from "./advise.ts";
import { type Arrangement, arrange } from "./arrange.ts";
import { failedWhole, type Everything, readAll } from "./read-all.ts";
import type { ArrangedStory } from "../digest/arrange/arrange-stories.ts";
import { earlierIssues } from "./io/outbox/find-issue.ts";
import { keepEdits } from "./io/keep-edits.ts";
import { placeIssue, refuseFrozen } from "./io/outbox/outbox.ts";
import {
  type BuiltIssue,
  issueFiles,
  isStory,
  type KeptEdits,
  templateFor,
  withPreview,
  type WrittenIssue,
} from "./issue-files.ts";
import type { Memory } from "./memory.ts";
import type { PlacedPictures } from "./pictures/place-pictures.ts";
import type { ModelWriter } from "./model-writer.ts";
import { openWriter, writeSummaries } from "./write-summaries.ts";

/** What is asked of an issue beside its articles. */
export interface BuildFlags extends WebFlags {
  /** Whether it is an error that something can't be read, and not a reason to go without. */
  readonly strict?: true;
  /** The day on the front page, YYYY-MM-DD: today by default. */
  readonly date?: string;
  readonly subject?: string;
  readonly preheader?: string;
  readonly number?: number;
  /** Whether what was edited in the issue's digest.json is left out of it, and not made again. */
  readonly discardEdits?: true;
}

export interface BuildOptions extends Surroundings {
  readonly flags: BuildFlags;
  readonly memory?: Memory | undefined;
}

/**
 * Builds the issue that the articles named make, or what is new in the sources of the config, and writes it into the
 * outbox. What can't be read is reported, and the issue is made of the rest; with `strict`, or where nothing is left,
 * it is an error.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; whatever reading, rendering and writing throw.
 */
export async function buildIssue(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<WrittenIssue> {
  // Asked once: a build that goes on over midnight is of the day on which it began.
  const { date = dayIn(config.timeZone, systemClock()) } = options.flags;
  const flags = { ...options.flags, date };
  const issue = { newsletter: config.slug, slot: date };
  // First, so that nothing is read or asked for an issue that can't be written.
  await refuseFrozen(config, issue);
  const made = await makeIssue(names, config, { ...options, flags });
  const { built: fresh, failures, fetched } = made;
  const given = givenIn(flags);
  const built = withPreview(flags.discardEdits ? fresh : await keepEdits(fresh, { config, given }));
  if (built.edits?.file !== undefined) options.reporter.warn(lostText(built.edits));
  const folder = await placeIssue(config, built.digest.issue, built.files);
  return { built, folder, failures, fetched };
}

function lostText({ lost, file }: KeptEdits): string {
  const titles = lost.map((title) => `“${title}”`).join(", ");
  const what = lost.length > 0 ? `Not all that was edited is in it: ${titles}` : UNKNOWN_EDITS;
  return `${what}; digest.json is kept as it was in ${file}`;
}

const UNKNOWN_EDITS = "Nothing says what was edited in the issue before this one";

/** The fields of the digest that flags say, which count more than what was edited. */
function givenIn({ subject, preheader, number }: BuildFlags): (keyof Digest)[] {
  const given = { subject, preheader, issue: number };
  return (["subject", "preheader", "issue"] as const).filter((field) => given[field] !== undefined);
}

/** An issue that is made and not written yet. */
export interface MadeIssue {
  readonly built: BuiltIssue;
  readonly failures: readonly Failure[];
  readonly fetched: number;
}

/** The issue that `buildIssue` would write, without an editor's changes to the one before it. */
export async function makeIssue(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<MadeIssue> {
  const { flags, reporter } = options;
  // Opened first, so that a model that can't be asked is an error before anything is read.
  const writer = await openWriter(config, flags);
  const { failures, fetched, ...gathered } = await gather(names, config, options);
  const named = names.length > 0 ? { names } : {};
  const made = await makeIssueOf(gathered, config, { ...options, ...named, writer });
  const lost = made.broken.map(leftOut);
  const all = gathered.articles.length;
  const [first, ...others] = lost;
  if (first && flags.strict)
    throw failedWhole([first, ...others], all, { isStrict: true, reporter });
  reporter.unread(lost, all);
  return {
    built: made.built,
    failures: [...failures, ...lost],
    fetched: fetched + made.fetched,
  };
}

/** Where the config says nothing of what is new, the content folder is taken whole. */
async function gather(
  names: readonly string[],
  config: Config,
  options: BuildOptions,
): Promise<Everything> {
  const hasBounds = config.window !== undefined || config.maxItems !== undefined;
  if (names.length > 0 || !hasBounds) return readAll(names, config, options);
  const { lookAhead } = await import("./look-ahead.ts");
  return lookAhead(config, options);
}

interface MakeOptions {
  readonly flags: BuildFlags;
  readonly reporter: Reporter;
  readonly memory?: Memory | undefined;
  /** What the articles were read from, as it was named: the sources of the config by default. */
  readonly names?: readonly string[] | undefined;
  /** The slot that the issue is for; its day where none is given. */
  readonly slot?: string | undefined;
  readonly writer?: ModelWriter | undefined;
}

/** An issue of articles that were read. */
export interface IssueOfArticles {
  readonly built: BuiltIssue;
  /** How many addresses were asked for its pictures. */
  readonly fetched: number;
  /** Those of the articles given that it had to go without, as our own work broke at them. */
  readonly broken: readonly BrokenArticle[];
}

/**
 * The issue that some articles make: arranged, with a model's advice where there is one, illustrated, summarised, composed,
 * rendered and checked. Drafts are left out, and articles at which something breaks.
 * @throws BroadsheetError CONTENT_NO_STORY where there is nothing but drafts; INTERNAL where something broke at all
 * articles; whatever composing and rendering throw.
 */
export async function makeIssueOf(
  gathered: Gathered,
  config: Config,
  options: MakeOptions,
): Promise<IssueOfArticles> {
  const { flags, reporter, memory, writer = await openWriter(config, flags) } = options;
  const unused = await foreignCachesNotice(cachesOf(config));
  if (unused !== undefined) reporter.warn(unused);
  const date = flags.date ?? dayIn(config.timeZone, systemClock());
  const slot = options.slot ?? date;
  const known = await earlierIssues(config.outbox, { newsletter: config.slug, slot });
  const earlier = flags.discardEdits ? { ...known, edits: {} } : known;
  const { edits } = earlier;
  const arrangement = await arrange(gathered, config, {
    day: date,
    reporter,
    isStrict: flags.strict,
    edits,
  });
  const { merge } = config;
  const { advice, ...advised } = writer
    ? await withAdvice(arrangement, writer, { reporter, edits, merge })
    : { ...arrangement, advice: undefined };
  const illustrated = await illustrate(advised, config, { ...options, ...gathered });
  const summarised = await writeSummaries(illustrated.articles.filter(isStory), writer, {
    reporter,
    memory,
    atOnce: config.summary?.concurrency,
  });
  const articles = without(illustrated.articles, summarised.broken);
  const [unsummarised] = summarised.broken;
  if (unsummarised && articles.length === 0) throw leftOut(unsummarised).error;
  const template = await loadTemplate(config.template ?? templateFor(articles), config.templates);
  const { pictures, logo, storyOf, fetched } = illustrated;
  const rendering = { config, template, pictures, cache: openMjmlCache() };
  const { number, subject, preheader } = flags;
  const { summaries } = summarised;
  const texts = { slot, date, number, subject, preheader, advice };
  const note = (text: string) => reporter.note(text);
  const { result: built, broken: unbuilt } = await withoutBroken(articles, async (articles) =>
    issueFiles({
      ...rendering,
      ...texts,
      note,
      articles,
      stories: storyOf,
      earlier,
      summaries,
      logo,
    }),
  );
  const broken = [...summarised.broken, ...unbuilt].map(illustrated.asGiven);
  return { built, fetched, broken: [...arrangement.broken, ...broken] };
}

function cachesOf({ folder }: Config): string[] {
  return [projectCache(folder, "http"), projectCache(folder, "model"), userCacheFolder("mjml")];
}

/** What asks a model about the whole issue is loaded where there is one. */
async function withAdvice(
  arrangement: Arrangement,
  writer: ModelWriter,
  options: AdviseOptions,
): Promise<AdvisedArrangement> {
  const { advise } = await import("./advise.ts");
  return advise(arrangement, writer, options);
}

/** The pictures of an issue, and its articles with each named as it stands there. */
async function illustrate(
  { letters, stories }: Arrangement,
  config: Config,
  options: MakeOptions & Pick<Gathered, "collected">,
) {
  const given = [...letters, ...stories.map(({ article }) => article)];
  const placed = await withPictures(given, config, options);
  // With its pictures in place an article is another object.
  const byPlaced = new Map(placed.articles.map((article, at) => [article, given[at] ?? article]));
  const storyOf: ReadonlyMap<Article | undefined, ArrangedStory> = new Map(
    stories.map((story, at) => [placed.articles[letters.length + at], story]),
  );
  const asGiven = ({ article, error }: BrokenArticle): BrokenArticle => ({
    article: byPlaced.get(article) ?? article,
    error,
  });
  return { ...placed, storyOf, asGiven };
}

/** Where an issue has no picture, nothing that reads one is loaded. */
async function withPictures(
  articles: readonly Article[],
  config: Config,
  {
    names = config.sources.map(({ from }) => from),
    ...options
  }: MakeOptions & Pick<Gathered, "collected">,
): Promise<PlacedPictures> {
  if (!config.logo && articles.every(({ images }) => images.length === 0))
    return { articles, pictures: [], fetched: 0 };
  const { placePictures } = await import("./pictures/place-pictures.ts");
  return placePictures(articles, config, { ...options, names });
}
