import type { Config } from "../../config/config.ts";
import type { Source } from "../../config/sources.ts";
import { latest, type Candidate, Pool } from "./candidates.ts";
import { BroadsheetError } from "../../errors.ts";
import { isOnTheWeb, type Surroundings, findArticles } from "../io/read-sources.ts";
import type { ArticleReader } from "../article-reader.ts";
import type { Failure } from "../../platform/reporter.ts";
import { readAhead } from "../../platform/read-ahead.ts";
import { type SourceFailure, type SourceOutcome, sourceName } from "./collected.ts";
import { type Newness, type Place, sift, fileIn } from "./sift.ts";

/** What is new in all sources, before any page is fetched for it. */
export interface SiftedSources {
  readonly candidates: readonly Candidate[];
  readonly outcomes: readonly SourceOutcome[];
  /** Files of a folder that couldn't be read, where others could. */
  readonly failures: readonly SourceFailure[];
  readonly addresses: readonly string[];
}

/** So many places are read at a time; a host is asked for one page after another. */
const AT_ONCE = 12;

interface SiftOptions extends Surroundings {
  readonly newness: Newness;
  /** Whether nothing is remembered of what was read, so that it may be read in part. */
  readonly isOnce: boolean;
}

/** Reads every source, and keeps what is new and wanted of it. */
export async function siftSources(
  reader: ArticleReader,
  config: Config,
  { newness, isOnce, ...surroundings }: SiftOptions,
): Promise<SiftedSources> {
  const { places, errors } = await findPlaces(config, surroundings);
  const tallies = new Map(config.sources.map((source) => [source, new Tally(source)]));
  const progress = surroundings.reporter.progress("Reading", places.length);
  // As they come, the first have the chance, however old they are.
  const pool = new Pool(config.order === "given" ? undefined : config.maxItems);
  const read = async (place: Place) => {
    // Whether an article was edited is told by its text.
    const isCounted = isOnce && config.edited === "ignore" && !place.source.pin;
    const hopeless = isCounted ? pool.hopeless : undefined;
    const readings = await reader.read(place.name, laterOf(newness.since, hopeless));
    progress.step();
    return { place, sifted: sift(readings, place, { ...newness, hopeless }) };
  };
  let before: Tally | undefined;
  try {
    for await (const { place, sifted } of readAhead(places, AT_ONCE, read)) {
      for (const { source } of sifted.drafts)
        surroundings.reporter.note(`Left out ${source}: a draft`);
      const tally = tallies.get(place.source);
      if (before !== tally) pool.add(before?.take() ?? []);
      tally?.add(sifted);
      before = tally;
    }
  } finally {
    progress.close();
  }
  pool.add(before?.take() ?? []);
  const all = [...tallies.values()];
  return {
    candidates: pool.candidates,
    outcomes: all.map((tally) => tally.outcome(errors.get(tally.source))),
    failures: all.flatMap((tally) => tally.failures),
    addresses: places.map(({ name }) => name).filter(isOnTheWeb),
  };
}

/** What the places of one source come to. */
class Tally {
  readonly source: Source;
  #found = 0;
  #fresh = 0;
  #candidates: Candidate[] = [];
  readonly #failures: Failure[] = [];

  constructor(source: Source) {
    this.source = source;
  }

  add({ found, candidates, fresh, failures }: ReturnType<typeof sift>): void {
    this.#found += found;
    this.#fresh += fresh;
    for (const candidate of candidates) this.#candidates.push(candidate);
    for (const failure of failures) this.#failures.push(failure);
  }

  /** The candidates, no more of them than the source's limit. */
  take(): readonly Candidate[] {
    const candidates = this.#candidates;
    this.#candidates = [];
    return latest(candidates, this.source.limit ?? Infinity);
  }

  /** A source of which nothing could be read has failed; of one that could, some files have. */
  get #error(): BroadsheetError | undefined {
    return this.#found === 0 ? this.#failures[0]?.error : undefined;
  }

  get failures(): readonly SourceFailure[] {
    const { name: source } = this.source;
    return this.#error ? [] : this.#failures.map(({ name, error }) => ({ name, error, source }));
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
  /** Each once, in the order of the sources. */
  readonly places: readonly Place[];
  /** Why a source couldn't be looked into. */
  readonly errors: ReadonlyMap<Source, BroadsheetError>;
}

/** The files and addresses of a newsletter's sources. A folder without articles is one where nothing is new. */
async function findPlaces({ sources, folder }: Config, surroundings: Surroundings): Promise<Found> {
  const places = new Map<string, Place>();
  const errors = new Map<Source, BroadsheetError>();
  for (const source of sources) {
    for (const name of await filesOf(source, surroundings, errors)) {
      const file = fileIn(folder, name, surroundings.cwd);
      const key = file ?? name;
      if (!places.has(key)) places.set(key, { source, name, file });
    }
  }
  return { places: [...places.values()], errors };
}

async function filesOf(
  source: Source,
  surroundings: Surroundings,
  errors: Map<Source, BroadsheetError>,
): Promise<readonly string[]> {
  try {
    return await findArticles(source.from, surroundings);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code !== "CONTENT_NO_STORY") errors.set(source, missing(source, error));
    return [];
  }
}

/** "paper.example/feed.xml" is a path as far as anybody can tell, and no file. */
function missing({ name }: Source, error: BroadsheetError): BroadsheetError {
  if (error.code !== "INPUT_MISSING" || !/^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\//i.test(name))
    return error;
  return new BroadsheetError(error.code, `there is no file ${name}`, {
    fix: `where it is an address, write it as "https://${name}"`,
    cause: error,
  });
}
