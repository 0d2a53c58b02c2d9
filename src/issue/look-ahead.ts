import { BroadsheetError } from "../errors.ts";
import { openCursor } from "../sources/io/cursor.ts";
import type { NewsletterStore } from "../platform/store.ts";
import { systemClock } from "../platform/clock.ts";
import type { Target } from "./open-build.ts";
import { failedWhole, type ReadOptions } from "./read-all.ts";
import type { ReadIssue } from "./stages.ts";
import type { Failure } from "../platform/reporter.ts";
import type { Missing } from "../check/finding.ts";
import { oldText } from "../sources/left-out.ts";
import { hasStore } from "../platform/store.ts";
import {
  collect,
  type CollectSettings,
  type Collected,
  missingIn,
} from "../sources/collect/collect.ts";

const DAY_MS = 86_400_000;

interface LookAheadOptions extends ReadOptions {
  /** The issue to collect for. For an issue of the schedule, and for a next one, articles of other issues are not new. */
  readonly target?: Target | undefined;
}

/**
 * Returns the articles that a run would collect for a slot of the schedule. Without a slot, it returns the articles for an
 * issue of today, or of the day in the flags; articles of earlier issues then count as new. Nothing is recorded.
 * @throws BroadsheetError if no source could be read, or if one could not and `strict` is set; CONTENT_NO_STORY if nothing is
 * new.
 */
export async function lookAhead(
  config: CollectSettings & NewsletterStore,
  { target, ...options }: LookAheadOptions,
): Promise<ReadIssue> {
  const { flags, cwd, reporter, memory } = options;
  const { date, strict } = flags;
  const now = systemClock();
  const { at, skipsTaken = at !== undefined } = target ?? {};
  // Most newsletters that are built by hand have no store.
  await using past = (await hasStore(config.store))
    ? await openCursor(config, systemClock, { isLooking: true })
    : undefined;
  const end = at ? (now > at ? now : at) : dayEnd(date, now);
  const found = await collect(config, {
    slot: target?.slot ?? date ?? "",
    cursor: skipsTaken ? past : undefined,
    past,
    flags,
    cwd,
    reporter,
    memory,
    day: date,
    clock: () => end,
  });
  const failures = failuresIn(found);
  const [first, ...others] = failures;
  const isStrict = strict === true;
  if (first && (isStrict || found.verdict === "unread"))
    throw failedWhole([first, ...others], { isStrict, reporter });
  reporter.unread(failures);
  if (found.verdict === "tooFew")
    reporter.note(`${found.stories} of ${config.minItems} stories: no issue would be sent yet`);
  const missing = missingIn(found, config);
  if (found.readings.length === 0) throw nothingNew(missing.filter(({ why }) => why === "old"));
  return { readings: found.readings, failures, missing, fetched: found.fetched };
}

function dayEnd(date: string | undefined, now: Date): Date {
  return date === undefined ? now : new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS);
}

function failuresIn({ sources, failures }: Collected): Failure[] {
  const failed = sources.flatMap(({ name, error }) => (error ? [{ name, error }] : []));
  return [...failed, ...failures];
}

function nothingNew(old: readonly Missing[]): BroadsheetError {
  const what = "the sources have nothing new";
  const but = old.length > 0 ? `; ${oldText(old)}` : "";
  return new BroadsheetError("CONTENT_NO_STORY", what + but, {
    fix: "make `window` longer, or look at the articles of a source: broadsheet extract ADDRESS",
  });
}
