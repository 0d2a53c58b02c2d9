import path from "node:path";
import type { Article } from "../../article/article.ts";
import { isDatedBefore } from "../../article/dates.ts";
import type { Source } from "../../config/sources.ts";
import { fingerprinter } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import { filterOf, type Candidate, latest, Pool } from "./candidates.ts";
import { BroadsheetError } from "../../errors.ts";
import {
  isOnTheWeb,
  type FoundFile,
  type Surroundings,
  findArticles,
  sourceName,
} from "../io/read-sources.ts";
import { tooThin } from "../../summary/summary.ts";
import {
  type ArticleReader,
  type ReaderSettings,
  type ReadOutcome,
  type Unfinished,
  numbered,
  readingId,
} from "../article-reader.ts";
import type { Failure } from "../../platform/reporter.ts";
import { failureOf } from "../left-out.ts";
import { readAhead } from "../../platform/read-ahead.ts";

export interface SourceOutcome {
  /** Its name in the store: the address, or the path in the config. */
  readonly source: string;
  /** The name of the source in messages. It has no part of an address that may be a key. */
  readonly name: string;
  /** The number of its articles. */
  readonly found: number;
  /** The number of its new articles that pass the filter, before `limit` and `maxItems`. */
  readonly fresh: number;
  readonly error?: Failure["error"];
}

/** A file, an item or a page that couldn't be read, though its source could. */
export interface SourceFailure extends Failure {
  /** The name of its source in the store. */
  readonly source: string;
  /** Whether the text of its feed is used instead. */
  readonly hasStandIn?: true;
}

/** An editor's file that is older than the window. */
export interface OldFile {
  /** The path from the folder of the project. */
  readonly name: string;
  /** The name of its source in the store. */
  readonly source: string;
}

/** The conditions for a new article. */
export interface Newness {
  /** Articles from before this time are old. */
  readonly since?: Date | undefined;
  /** Articles from before this time may be new, but can't get into the issue. They are only counted. */
  readonly hopeless?: Date | undefined;
  readonly isTaken: (print: Fingerprint) => Promise<boolean>;
  /** Whether an article was in an issue, even if it counts as new. There is no note about such a file that is too old. */
  readonly wasTaken: (print: Fingerprint) => Promise<boolean>;
  /** Whether an earlier issue has several articles of a source, by its name in the store. */
  readonly gaveSeveral: (source: string) => Promise<boolean>;
}

/** A file or an address of a source. */
interface Place extends FoundFile {
  readonly source: Source;
  /** The path from the folder of the project, for a file. */
  readonly file?: string | undefined;
}

/** The new articles of a place, and its failures. */
interface Sifted {
  /** The number of articles. */
  readonly found: number;
  readonly candidates: readonly Candidate[];
  /** The number of new articles, including those that can't get into the issue. */
  readonly fresh: number;
  readonly drafts: readonly Article[];
  readonly failures: readonly Failure[];
  /** Whether it is an editor's file that is older than the window and was in no issue. */
  readonly isOld: boolean;
}

type Failed = Extract<ReadOutcome, Failure>;
type Item = Exclude<ReadOutcome | Unfinished, { readonly error: unknown }>;

/** The articles from one file or address that are new and pass the filter of its source. */
async function sift(
  readings: readonly (ReadOutcome | Unfinished)[],
  place: Place,
  newness: Newness,
): Promise<Sifted> {
  const all = (await isPageOfFeed(readings, place, newness))
    ? [{ error: noFeedNow(place.source), name: place.name }]
    : readings.map((reading) => usable(reading, place.name));
  const items = all.filter((reading): reading is Item => !("error" in reading));
  const { broken, ...judged } = await judge(items, place, newness);
  return {
    found: items.length,
    ...judged,
    drafts: items.map(({ item }) => item.article).filter(({ draft }) => draft),
    failures: [...all.filter((reading): reading is Failed => "error" in reading), ...broken],
  };
}

/** Whether an address that was a feed answers with a page, such as one about maintenance. That page is no story. */
async function isPageOfFeed(
  readings: readonly (ReadOutcome | Unfinished)[],
  { file, source }: Place,
  { gaveSeveral }: Newness,
): Promise<boolean> {
  const isPage = readings.every((reading) => !("error" in reading) && !isCollected(reading));
  return file === undefined && readings.length > 0 && isPage && gaveSeveral(source.name);
}

function noFeedNow({ name }: Source): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${sourceName(name)} is a web page now, and it was a feed before`,
    { fix: "open it in a browser; if the feed has moved, correct its address in `sources`" },
  );
}

async function judge(
  items: readonly Item[],
  { source, file }: Place,
  { since, hopeless, isTaken, wasTaken }: Newness,
): Promise<
  Pick<Sifted, "candidates" | "fresh" | "isOld"> & { readonly broken: readonly Failure[] }
> {
  const { weight, pin: isPinned } = source;
  const offer = { source, isCollected: items.some(isCollected), isPinned, weight };
  const printOf = printerOf(items, offer, file);
  const isWanted = filterOf(source);
  const candidates: Candidate[] = [];
  const broken: Failure[] = [];
  let fresh = 0;
  let isOld = false;
  // An editor who gives the address of one page has chosen it, however old it is.
  const isChosen = file === undefined && !offer.isCollected;
  const isPast = (article: Article, date?: Date) => !isChosen && isDatedBefore(article, date);
  const judgeOne = async (next: Item): Promise<void> => {
    const { article } = next.item;
    if (article.draft || !isWanted(article, file)) return;
    if (isPast(article, since)) {
      if (!isOld && !offer.isCollected) isOld = !(await wasTaken(printOf(article)));
      return;
    }
    const hasChance = !isPast(article, hopeless);
    if (hasChance && !("page" in next) && tooThin(article)) return;
    const print = printOf(article);
    if (await isTaken(print)) return;
    fresh++;
    const unfinished = "page" in next ? { unfinished: next } : {};
    const id = readingId(article, offer.isCollected ? undefined : file);
    if (hasChance) candidates.push({ id, ...offer, article, print, ...unfinished });
  };
  for (const next of items) {
    try {
      await judgeOne(next);
    } catch (error) {
      // Errors of the store do not concern the article.
      if (error instanceof BroadsheetError) throw error;
      broken.push(failureOf({ article: next.item.article, error }));
    }
  }
  return { candidates, fresh, broken, isOld };
}

/** The function that makes the fingerprint of each article. Comparing the articles shows the parts that they share. */
function printerOf(
  items: readonly Item[],
  { source, isCollected }: Pick<Candidate, "source" | "isCollected">,
  file: string | undefined,
) {
  return fingerprinter(
    items.map(({ item }) => item.article),
    { source: source.name, file, isCollection: isCollected, site: items[0]?.item.feed?.url },
  );
}

/** A page or a file without text is an error. An item of a feed without text may be a picture, and is no error. */
function usable(reading: ReadOutcome | Unfinished, name: string): ReadOutcome | Unfinished {
  if ("error" in reading || isCollected(reading)) return reading;
  const error = tooThin(reading.item.article);
  return error ? { error, name } : reading;
}

function isCollected(item: Item): boolean {
  return "page" in item || item.isCollected;
}

/** The path of a file from the folder of the project. An article is recognised by it from any working directory. */
function fileIn(folder: string, name: string, cwd: string): string | undefined {
  if (isOnTheWeb(name)) return undefined;
  return path.relative(folder, path.resolve(cwd, name)).replaceAll(path.sep, "/");
}

/** The new articles of all sources, before their pages are fetched. */
export interface SiftedSources {
  readonly candidates: readonly Candidate[];
  readonly outcomes: readonly SourceOutcome[];
  /** Files of a folder that couldn't be read, if other files of it could. */
  readonly failures: readonly SourceFailure[];
  readonly old: readonly OldFile[];
  readonly addresses: readonly string[];
}

/** The number of places that are read at a time. Each host is asked for one page at a time. */
const AT_ONCE = 12;

interface SiftOptions extends Surroundings {
  readonly newness: Newness;
  /** Whether no reading is remembered, so that a feed may be read in part. */
  readonly isOnce: boolean;
}

/** The settings that decide which articles of the sources are new. */
export interface SiftSettings extends Pick<ReaderSettings, "sources" | "folder"> {
  readonly order?: "given" | "weight" | undefined;
  /** The most stories of an issue. */
  readonly maxItems?: number | undefined;
  /** Whether an article that was edited since it was in an issue is new again. */
  readonly edited: "ignore" | "again";
}

/** Reads every source, and keeps the articles that are new and pass the filter. */
export async function siftSources(
  reader: ArticleReader,
  config: SiftSettings,
  { newness, isOnce, ...surroundings }: SiftOptions,
): Promise<SiftedSources> {
  const { places, errors } = await findPlaces(config, surroundings);
  const tallies = new Map(config.sources.map((source) => [source, new Tally(source)]));
  const progress = surroundings.reporter.progress("Reading", places.length);
  // With `order: "given"` the first articles are preferred, even if they are old.
  const pool = new Pool(config.order === "given" ? undefined : config.maxItems);
  const read = async (place: Place) => {
    // With `edited: "again"` the text of every article is needed, to see whether it was edited.
    const isCounted = isOnce && config.edited === "ignore" && !place.source.pin;
    const hopeless = isCounted ? pool.hopeless : undefined;
    const readings = await reader.read(place, laterOf(newness.since, hopeless));
    progress.step();
    return { place, sifted: await sift(readings, place, { ...newness, hopeless }) };
  };
  let before: Tally | undefined;
  try {
    for await (const { place, sifted } of readAhead(places, AT_ONCE, read)) {
      for (const { source } of sifted.drafts)
        surroundings.reporter.note(`Left out ${source}: a draft`);
      const tally = tallies.get(place.source);
      if (before !== tally) pool.add(before?.take() ?? []);
      tally?.add(sifted, place.file ?? place.name);
      before = tally;
    }
  } finally {
    progress.close();
  }
  pool.add(before?.take() ?? []);
  const all = [...tallies.values()];
  return {
    candidates: numbered(pool.candidates),
    outcomes: all.map((tally) => tally.outcome(errors.get(tally.source))),
    failures: all.flatMap((tally) => tally.failures),
    old: all.flatMap((tally) => tally.old),
    addresses: places.map(({ name }) => name).filter(isOnTheWeb),
  };
}

/** The sum of the places of one source. */
class Tally {
  readonly source: Source;
  #found = 0;
  #fresh = 0;
  #candidates: Candidate[] = [];
  readonly #failures: Failure[] = [];
  readonly #old: string[] = [];

  constructor(source: Source) {
    this.source = source;
  }

  add({ found, candidates, fresh, failures, isOld }: Sifted, name: string): void {
    if (isOld) this.#old.push(name);
    this.#found += found;
    this.#fresh += fresh;
    for (const candidate of candidates) this.#candidates.push(candidate);
    for (const failure of failures) this.#failures.push(failure);
  }

  /** The candidates, at most as many as the source's limit. */
  take(): readonly Candidate[] {
    const candidates = this.#candidates;
    this.#candidates = [];
    return latest(candidates, this.source.limit ?? Infinity);
  }

  /** A source has failed if none of its articles could be read. Otherwise only some files have failed. */
  get #error(): BroadsheetError | undefined {
    return this.#found === 0 ? this.#failures[0]?.error : undefined;
  }

  get failures(): readonly SourceFailure[] {
    const { name: source } = this.source;
    return this.#error ? [] : this.#failures.map(({ name, error }) => ({ name, error, source }));
  }

  get old(): readonly OldFile[] {
    return this.#old.map((name) => ({ name, source: this.source.name }));
  }

  outcome(found?: BroadsheetError): SourceOutcome {
    const { name } = this.source;
    const error = found ?? this.#error;
    return {
      source: name,
      name: sourceName(name),
      found: this.#found,
      fresh: this.#fresh,
      ...(error && { error }),
    };
  }
}

function laterOf(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a && b && a > b ? a : (b ?? a);
}

interface Found {
  /** Each place once, in the order of the sources. */
  readonly places: readonly Place[];
  /** The errors of sources whose places couldn't be listed. */
  readonly errors: ReadonlyMap<Source, BroadsheetError>;
}

/** The files and addresses of a newsletter's sources. A folder without articles is not an error. */
async function findPlaces(
  { sources, folder }: SiftSettings,
  surroundings: Surroundings,
): Promise<Found> {
  const places = new Map<string, Place>();
  const errors = new Map<Source, BroadsheetError>();
  for (const source of sources) {
    for (const found of await filesOf(source, surroundings, errors)) {
      const file = fileIn(folder, found.name, surroundings.cwd);
      const key = file ?? found.name;
      if (!places.has(key)) places.set(key, { source, ...found, file });
    }
  }
  return { places: [...places.values()], errors };
}

async function filesOf(
  source: Source,
  surroundings: Surroundings,
  errors: Map<Source, BroadsheetError>,
): Promise<readonly FoundFile[]> {
  try {
    return await findArticles(source.from, surroundings);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code !== "CONTENT_NO_STORY") errors.set(source, missing(source, error));
    return [];
  }
}

/** The error for a missing file. A name such as "paper.example/feed.xml" may be meant as an address. */
function missing({ name }: Source, error: BroadsheetError): BroadsheetError {
  if (error.code !== "INPUT_MISSING" || !/^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\//i.test(name))
    return error;
  return new BroadsheetError(error.code, `there is no file ${name}`, {
    fix: `if it is an address, write it as "https://${name}"`,
    cause: error,
  });
}
