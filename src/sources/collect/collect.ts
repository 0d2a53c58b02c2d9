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

/** The new articles in the sources of a newsletter. */
export interface Collected {
  /** The articles of the issue. The issue takes their fingerprints when it is built. */
  readonly readings: readonly Reading[];
  /** The number of stories in them. */
  readonly stories: number;
  /** "tooFew": fewer stories than `minItems`, so they stay new. "unread": no source could be read. */
  readonly verdict: "enough" | "tooFew" | "nothing" | "unread";
  readonly sources: readonly SourceOutcome[];
  /** The number of new articles that `maxItems` and the limits of the sources leave for the next slot. */
  readonly leftOver: number;
  /** The articles of these failures stay new, except those with `hasStandIn`. */
  readonly failures: readonly SourceFailure[];
  /** The editor's files that are older than the window. */
  readonly old: readonly OldFile[];
  /** The number of requested addresses. */
  readonly fetched: number;
}

/** The settings that decide which articles are new, and how many make an issue. */
export interface CollectSettings
  extends ReaderSettings, SiftSettings, Pick<ArrangeOptions, "merge" | "order" | "pins"> {
  /** The fewest stories of an issue. */
  readonly minItems: number;
  /** An IANA time zone. */
  readonly timeZone: string;
}

interface CollectOptions {
  readonly slot: string;
  readonly flags: WebFlags;
  /** The folder to which file names are relative. */
  readonly cwd: string;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** The articles of earlier issues, which are not new. Without it all articles are new, as in a preview. */
  readonly cursor?: Pick<Cursor, "isTaken" | "lastTakenAt" | "gaveSeveral"> | undefined;
  /** The articles of earlier issues, for notes about old files only. `cursor` by default. */
  readonly past?: Pick<Cursor, "isTaken"> | undefined;
  readonly memory?: ReadingMemory | undefined;
  /** The day of the issue, YYYY-MM-DD. Today by default. */
  readonly day?: string | undefined;
}

/**
 * Collects the new articles for the issue of a slot. It records nothing: the caller that builds the issue takes the
 * fingerprints of `readings`, and records `sources`. A source or a page that can't be read does not throw.
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
 * An article is new if no other issue has taken it, and if it is not older than the window before the last issue. The window
 * does not end now, because a newsletter that paused for a month would lose the articles of that time. It never begins later
 * than the window before now: after one run with a clock that was months ahead, all new articles would be too old.
 */
async function newnessOf(
  { window, edited }: CollectSettings,
  { slot, cursor, past = cursor, clock }: CollectOptions,
): Promise<Newness> {
  const now = clock();
  const last = (await cursor?.lastTakenAt(slot)) ?? now;
  const from = Math.min(last.getTime(), now.getTime());
  return {
    since: window === undefined ? undefined : new Date(from - window),
    isTaken: async (print) => cursor?.isTaken(print, { slot, edited }) ?? false,
    wasTaken: async (print) => past?.isTaken(print, { slot, edited }) ?? false,
    gaveSeveral: async (source) => cursor?.gaveSeveral(source) ?? false,
  };
}

const HOUR_MS = 3_600_000;

/** The articles and sources that the issue of a slot lacks. */
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

/** Decides whether there are enough stories. An editor's letter counts as a story. */
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

/** The most rounds. If a page can't be read, another story takes its place, and its page may be missing too. */
const ROUNDS = 5;
const AT_ONCE = 12;

/** The chosen articles of an issue. Incomplete ones are completed by their pages. */
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

/** The chosen candidates of an issue. Candidates on which choosing crashes are left out. */
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
  /** The complete candidate. Undefined if it has no story. */
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
  /** The candidates in the given order. */
  readonly offers: readonly Candidate[];
  readonly stories: number;
}

interface Bounds extends ArrangeOptions {
  readonly most?: number | undefined;
}

/** Chooses the articles of an issue: all articles of its first stories, and one letter. */
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
