import { type Clock, dayIn } from "../../platform/clock.ts";
import type { Cursor } from "../io/cursor.ts";
import {
  ArticleReader,
  type ReaderSettings,
  type ReadingMemory,
  type WebFlags,
} from "../article-reader.ts";
import type { Reporter, Failure } from "../../platform/reporter.ts";
import type { Reading } from "../../digest/stories/story.ts";
import type { Candidate } from "./candidates.ts";
import {
  type Newness,
  type OldFile,
  siftSources,
  type SiftedSources,
  type SiftSettings,
  type SourceFailure,
  type SourceOutcome,
} from "./sift.ts";
import { tooThin } from "../../summary/summary.ts";
import { readAhead } from "../../platform/read-ahead.ts";
import type { Missing } from "../../check/finding.ts";
import { many } from "../../platform/text.ts";
import { sourceName } from "../io/read-sources.ts";
import { failureOf, missingOf, without, withoutBroken } from "../left-out.ts";
import { MOST_STORIES } from "../../digest/digest.ts";
import { arrangeStories, type ArrangeOptions } from "../../digest/arrange/arrange-stories.ts";

/** What is new in the sources of a newsletter. */
export interface Collected {
  /** The articles of the issue. It takes their fingerprints when it is built. */
  readonly readings: readonly Reading[];
  /** How many stories they tell, each counted once. */
  readonly stories: number;
  /** "tooFew": fewer stories than `minItems`; they stay new. "unread": no source could be read. */
  readonly verdict: "enough" | "tooFew" | "nothing" | "unread";
  readonly sources: readonly SourceOutcome[];
  /** How many new articles `maxItems` and the limits of the sources leave for the next slot. */
  readonly leftOver: number;
  /** Their articles stay new, but for those that have a stand-in. */
  readonly failures: readonly SourceFailure[];
  /** Files of one's own that the window leaves out. */
  readonly old: readonly OldFile[];
  /** How many addresses were asked. */
  readonly fetched: number;
}

/** The settings that decide what is new, and how much of it makes an issue. */
export interface CollectSettings
  extends ReaderSettings, SiftSettings, Pick<ArrangeOptions, "merge" | "order" | "pins"> {
  /** The fewest stories of an issue. */
  readonly minItems: number;
  /** IANA */
  readonly timeZone: string;
}

interface CollectOptions {
  readonly slot: string;
  readonly flags: WebFlags;
  /** The folder that files are named from. */
  readonly cwd: string;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** What has been in an issue. Without it nothing has: that is how an issue is looked at beforehand. */
  readonly cursor?: Pick<Cursor, "isTaken" | "lastTakenAt"> | undefined;
  /** What has been in an issue, where that doesn't make it old: `cursor` by default. */
  readonly past?: Pick<Cursor, "isTaken"> | undefined;
  readonly memory?: ReadingMemory | undefined;
  /** The day of the issue, YYYY-MM-DD: that of the clock by default. */
  readonly day?: string | undefined;
}

/**
 * What is new in the sources of a newsletter, for the issue of a slot. Nothing is noted: the caller that builds the issue
 * takes the fingerprints of `readings` and notes `sources`. A source or a page that can't be read is no exception.
 * @throws BroadsheetError STORE_*.
 */
export async function collect(
  { sources, ...settings }: CollectSettings,
  options: CollectOptions,
): Promise<Collected> {
  const config = { ...settings, sources: sources.filter(({ paused }) => !paused) };
  const { cwd, reporter, flags, memory, clock } = options;
  const newness = await newnessOf(config, options);
  await using reader = new ArticleReader({ cwd, reporter, config, flags, memory });
  const sifted = await siftSources(reader, config, {
    newness,
    cwd,
    reporter,
    isOnce: !memory,
  });
  const { day = dayIn(config.timeZone, clock()) } = options;
  const completed = await completeChosen(sifted.candidates, config, { reader, day });
  const { offers, stories } = completed;
  const verdict = verdictOf({ offers, stories, sifted, config });
  const all = sifted.outcomes.reduce((sum, { fresh }) => sum + fresh, 0);
  return {
    readings: offers.map(withTags),
    stories,
    verdict,
    sources: sifted.outcomes,
    leftOver: all - offers.length,
    failures: [...sifted.failures, ...completed.failures],
    old: sifted.old,
    fetched: new Set([...sifted.addresses, ...completed.addresses]).size,
  };
}

/**
 * New is what no other issue has taken, and is dated within the window before the last one: not before now, or a
 * newsletter that stood still for a month would lose what was published meanwhile.
 */
async function newnessOf(
  { window, edited }: CollectSettings,
  { slot, cursor, past = cursor, clock }: CollectOptions,
): Promise<Newness> {
  const last = (await cursor?.lastTakenAt(slot)) ?? clock();
  return {
    since: window === undefined ? undefined : new Date(last.getTime() - window),
    isTaken: async (print) => cursor?.isTaken(print, { slot, edited }) ?? false,
    wasTaken: async (print) => past?.isTaken(print, { slot, edited }) ?? false,
  };
}

const HOUR_MS = 3_600_000;

/** What the issue of a slot goes without. */
export function missingIn(
  {
    sources,
    failures,
    old,
    leftOver,
  }: Pick<Collected, "sources" | "failures" | "old" | "leftOver">,
  { window = 0, folder }: Pick<CollectSettings, "window" | "folder">,
): Missing[] {
  const hours = window / HOUR_MS;
  const length = hours % 24 === 0 ? many(hours / 24, "day") : many(hours, "hour");
  return [
    ...sources.flatMap(({ source, error }) =>
      error ? [missingOf({ name: source, source, error }, folder)] : [],
    ),
    ...failures.map((failure) => missingOf(failure, folder)),
    ...old.map(({ name, source }): Missing => ({
      why: "old",
      name,
      source: sourceName(source),
      message: length,
    })),
    ...(leftOver > 0 ? [{ why: "later", name: "", count: leftOver } as const] : []),
  ];
}

/** An editor's letter counts as a story: it was written to be sent. */
function verdictOf({
  offers,
  stories,
  sifted,
  config,
}: {
  readonly offers: readonly Candidate[];
  readonly stories: number;
  readonly sifted: SiftedSources;
  readonly config: CollectSettings;
}): Collected["verdict"] {
  const { outcomes } = sifted;
  if (outcomes.length > 0 && outcomes.every(({ error }) => error)) return "unread";
  if (offers.length === 0) return "nothing";
  const letters = offers.filter(({ article }) => article.kind === "letter").length;
  return stories + letters < config.minItems ? "tooFew" : "enough";
}

interface Completed extends Chosen {
  readonly failures: readonly SourceFailure[];
  readonly addresses: readonly string[];
}

/** A page that can't be read leaves its place to another story, whose page may not be there either. */
const ROUNDS = 5;
const AT_ONCE = 12;

/** The articles of an issue, each whole: those chosen whose source has only a part are completed by their pages. */
async function completeChosen(
  candidates: readonly Candidate[],
  config: CollectSettings,
  { reader, day }: { readonly reader: ArticleReader; readonly day: string },
): Promise<Completed> {
  const bounds = { ...config, day, most: Math.min(config.maxItems ?? MOST_STORIES, MOST_STORIES) };
  const failures: SourceFailure[] = [];
  const addresses: string[] = [];
  let pool = candidates;
  for (let round = 0; round < ROUNDS; round++) {
    const { chosen, broken, sound } = await chosenOf(pool, bounds);
    failures.push(...broken);
    pool = sound;
    const unfinished = chosen.offers.filter(({ unfinished }) => unfinished);
    if (unfinished.length === 0) return { ...chosen, failures, addresses };
    const settled = new Map<string, Candidate | undefined>();
    const complete = async (candidate: Candidate) => completed(candidate, reader);
    for await (const { candidate, whole, failure } of readAhead(unfinished, AT_ONCE, complete)) {
      settled.set(candidate.id, whole);
      if (failure) failures.push(failure);
      if (candidate.unfinished) addresses.push(candidate.unfinished.page);
    }
    pool = pool.flatMap((candidate) => {
      if (!settled.has(candidate.id)) return [candidate];
      const whole = settled.get(candidate.id);
      return whole ? [whole] : [];
    });
  }
  const whole = pool.filter(({ unfinished }) => !unfinished);
  const { chosen, broken } = await chosenOf(whole, bounds);
  return { ...chosen, failures: [...failures, ...broken], addresses };
}

/** The candidates that an issue has, without those on which choosing crashes. */
async function chosenOf(
  candidates: readonly Candidate[],
  bounds: Bounds,
): Promise<{
  readonly chosen: Chosen;
  readonly broken: readonly SourceFailure[];
  readonly sound: readonly Candidate[];
}> {
  const { result: chosen, leftOut } = await withoutBroken(candidates, (sound) =>
    chooseStories(sound, bounds),
  );
  const broken = leftOut.map((one) => {
    const { source } = candidates.find(({ id }) => id === one.id) ?? {};
    const failure = failureOf(one);
    return { ...failure, source: source?.name ?? failure.name };
  });
  return { chosen, broken, sound: without(candidates, leftOut) };
}

interface Settled {
  readonly candidate: Candidate;
  /** The whole candidate; undefined if it has no story. */
  readonly whole?: Candidate;
  readonly failure?: SourceFailure;
}

async function completed(candidate: Candidate, reader: ArticleReader): Promise<Settled> {
  const { unfinished, ...rest } = candidate;
  if (!unfinished) return { candidate, whole: candidate };
  const reading = await reader.complete(unfinished);
  if ("error" in reading) return { candidate, failure: failedAt(candidate, reading) };
  const { name, item, incomplete } = reading;
  const thin = tooThin(item.article);
  if (thin) return { candidate, failure: failedAt(candidate, { name, error: thin }) };
  const whole = { ...rest, article: item.article };
  if (!incomplete) return { candidate, whole };
  const failure = failedAt(candidate, { name, error: incomplete });
  return { candidate, whole, failure: { ...failure, hasStandIn: true } };
}

function failedAt({ source }: Candidate, { name, error }: Failure): SourceFailure {
  return { name, error, source: source.name };
}

/** The reading with the tags of its source before those of its article. */
function withTags(candidate: Candidate): Reading {
  const { article, source } = candidate;
  if (source.tags.length === 0) return candidate;
  const own = article.tags.filter((tag) => !source.tags.includes(tag));
  return { ...candidate, article: { ...article, tags: [...source.tags, ...own] } };
}

interface Chosen {
  /** The candidates in the order in which they were offered. */
  readonly offers: readonly Candidate[];
  /** How many stories they tell. */
  readonly stories: number;
}

interface Bounds extends ArrangeOptions {
  /** The most stories. */
  readonly most?: number | undefined;
}

/** What goes into an issue of some articles: the first stories as it will have them, whole, and one letter. */
async function chooseStories(
  offers: readonly Candidate[],
  { most = Infinity, ...arrangement }: Bounds,
): Promise<Chosen> {
  const { stories } = await arrangeStories(
    offers.filter((offer) => !isLetter(offer)),
    arrangement,
  );
  const first = stories.slice(0, most);
  const chosen = first.flatMap((story) => [story, ...story.merged]);
  const kept = new Set([...chosen, ...offers.filter(isLetter).slice(0, 1)].map(({ id }) => id));
  return { offers: offers.filter(({ id }) => kept.has(id)), stories: first.length };
}

function isLetter({ article }: Candidate): boolean {
  return article.kind === "letter";
}
