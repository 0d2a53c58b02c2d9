import { SILENT } from "../platform/reporter.ts";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { openCursor, type SourceHealth } from "../sources/io/cursor.ts";
import type { Claim } from "../delivery/io/issue-records.ts";
import type { Slot } from "./agenda.ts";
import { collect, type Collected, missingIn } from "../sources/collect/collect.ts";
import { STATE_TEXTS } from "../delivery/life.ts";
import { draftIssue, finishIssue } from "../issue/build.ts";
import { openBuild } from "../issue/open-build.ts";
import { latestEditedOf } from "./left-behind.ts";
import { dayIn } from "../platform/clock.ts";
import { assertNoSample } from "../issue/io/sending/mail-route.ts";
import { assertFit } from "../issue/issue-to-send.ts";
import { failureOf, type LeftOut, oldText } from "../sources/left-out.ts";
import { type RunJob, done, withoutArticle, later, type SlotOutcome, failed } from "./slot.ts";

/** A slot, the run's claim on it, and the earlier slots whose stories go into its issue. */
interface BegunSlot {
  readonly slot: Slot;
  readonly claim: Claim;
  readonly merged: readonly string[];
  /** The articles that the issue leaves out, or has without the text of their pages, are added here. */
  readonly lost: SlotOutcome[];
}

/**
 * Collects the new articles, makes the draft of a slot and checks it. Undefined if the draft can be sent.
 * @throws BroadsheetError CHECK_FAILED, SENDER_PLACEHOLDER, CONTENT_SAMPLE; if a source that could not be read may still have
 * the missing articles, FETCH_DEFERRED or the error of that source; the errors of building.
 */
export async function buildSlot(
  { slot, claim, merged, lost }: BegunSlot,
  job: RunJob,
): Promise<SlotOutcome | undefined> {
  const { config, records } = job;
  const collected = await collectFor(slot, merged.length, job);
  lost.push(
    ...collected.failures.map(({ error, ...more }) => withoutArticle(slot.name, error, more)),
  );
  const nothing = nothingIn(collected, config);
  if (nothing !== undefined) return empty(slot, claim, { job, nothing });
  // The number in the config is the number of the first issue.
  const number = config.number && (await records.nextNumber(config.number, slot.name));
  const isMerging = job.schedule.catchUp === "merge" && merged.length > 0;
  const build = await openBuild(config, {
    flags: {},
    reporter: SILENT,
    target: {
      slot: slot.name,
      at: slot.at,
      date: dayIn(job.schedule.zone, slot.at),
      number,
      isUnseen: job.schedule.approval === "auto",
      editsOf: isMerging ? await latestEditedOf(merged, config) : undefined,
    },
  });
  const missing = missingIn(collected, config);
  const composed = await draftIssue(async () => ({ ...collected, missing, failures: [] }), build);
  // The build keeps an editor's changes to the draft.
  const issue = await finishIssue(composed, build, async () => records.isOurs(claim));
  if (!issue) return takenOver(slot, job);
  lost.push(...issue.leftOut.map((one) => withoutArticle(slot.name, failureOf(one).error)));
  if (issue.leftOut.length > 0) await noteLeftOut(issue.leftOut, collected, { slot, job });
  assertFit(
    issue,
    issue.report,
    `correct it, and the next run builds it again; to send it unchanged: broadsheet send ${slot.name} --force`,
  );
  assertNoSample(issue.digest, config, "the next run builds it again");
  return undefined;
}

/** The reasons why no issue is made. */
const NOTHING: Partial<Record<Collected["verdict"], string>> = {
  nothing: "nothing new",
  tooFew: "fewer new stories than an issue has at least",
};

/** Collects the new articles, and records the result of each source. The limit of articles is multiplied by the number of slots. */
async function collectFor(slot: Slot, merged: number, job: RunJob): Promise<Collected> {
  const { flags, cwd, clock } = job;
  const { maxItems, ...rest } = job.config;
  const most = maxItems === undefined ? {} : { maxItems: maxItems * (1 + merged) };
  await using cursor = await openCursor(job.config, clock);
  const asked = { slot: slot.name, cursor, flags, cwd, reporter: SILENT, clock };
  const collected = await collect({ ...rest, ...most }, asked);
  await cursor.noteSources(slot.name, outcomesOf(collected));
  if (isWaitedFor(collected, await cursor.sources())) throw unread(collected);
  return collected;
}

/** Records articles on which Broadsheet crashed, with their sources. */
async function noteLeftOut(
  leftOut: readonly LeftOut[],
  { readings, ...collected }: Collected,
  { slot, job: { config, clock } }: { readonly slot: Slot; readonly job: RunJob },
): Promise<void> {
  const failures = leftOut.flatMap((one): Collected["failures"][number][] => {
    const reading = readings.find(({ id }) => id === one.id);
    return reading ? [{ ...failureOf(one), source: reading.print.source }] : [];
  });
  await using cursor = await openCursor(config, clock);
  const all = [...collected.failures, ...failures];
  await cursor.noteSources(slot.name, outcomesOf({ ...collected, failures: all }));
}

/** The result of each source, with its articles that were left out. */
function outcomesOf({ sources, failures }: Pick<Collected, "sources" | "failures">) {
  return sources.map((outcome) => {
    const [first, ...others] = failures.filter(
      ({ source, hasStandIn }) => source === outcome.source && !hasStandIn,
    );
    if (!first) return outcome;
    const more = others.length > 0 ? `, and ${others.length} more` : "";
    const { code, message } = first.error;
    return { ...outcome, leftOut: { code, message: `${message}${more}` } };
  });
}

/**
 * Whether a later run should try again, because a source that could not be read may have the missing articles. A server may
 * be down for a minute, a machine that just woke up may have no network yet, or the config may name a wrong folder. A source
 * that is reported as failing does not count, and neither does one that was read and is empty, such as a feed without items.
 */
function isWaitedFor(
  { verdict, sources }: Collected,
  health: readonly Pick<SourceHealth, "source" | "failures">[],
): boolean {
  if (verdict === "enough" || verdict === "unread") return verdict === "unread";
  const lasting = health.filter(({ failures }) => failures >= PERSISTENT);
  const given = new Set(lasting.map(({ source }) => source));
  return sources.some(
    ({ source, error }) => error && error.code !== "CONTENT_EMPTY" && !given.has(source),
  );
}

/** The error of the sources that could not be read. If a server may answer later, it is FETCH_DEFERRED, which is not reported. */
function unread({ verdict, sources }: Collected): BroadsheetError {
  const errors = errorsOf(sources);
  const first = errors.find(({ code }) => code !== "CONTENT_EMPTY") ?? errors[0];
  if (first && !errors.some(({ code }) => ERROR_CODES[code].temporary)) return first;
  const why = errors.map(({ message }) => message).join(", ");
  const nothing = NOTHING[verdict];
  const what = nothing ? `${nothing}, and not every source` : "no source";
  return new BroadsheetError("FETCH_DEFERRED", `${what} could be read: ${why}`);
}

function errorsOf(sources: Collected["sources"]): BroadsheetError[] {
  return sources.flatMap(({ error }) => error ?? []);
}

/** The reason why there is no issue, with the number of unread sources, because a new config may have mistakes. */
function nothingIn(collected: Collected, config: RunJob["config"]): string | undefined {
  const { verdict, sources } = collected;
  const old = missingIn(collected, config).filter(({ why }) => why === "old");
  const said = NOTHING[verdict];
  const nothing = said !== undefined && old.length > 0 ? `${said}; ${oldText(old)}` : said;
  const failed = errorsOf(sources).length;
  if (nothing === undefined || failed === 0) return nothing;
  return `${nothing}, and ${failed} of ${sources.length} sources could not be read: broadsheet status`;
}

/** A slot that was tried before its time is run again at its time. */
async function empty(
  { name, at }: Slot,
  claim: Claim,
  { job: { records, clock }, nothing }: { readonly job: RunJob; readonly nothing: string },
): Promise<SlotOutcome> {
  if (at > clock()) await records.letGo(claim);
  else await records.move({ slot: name }, { seen: "draft", event: "empty", why: nothing });
  return done(name, "empty", nothing);
}

async function takenOver({ name }: Slot, { records }: RunJob): Promise<SlotOutcome> {
  const state = (await records.find(name))?.state ?? "draft";
  const says = state === "draft" ? "another run builds it" : `it is ${STATE_TEXTS[state]} now`;
  return later(name, state, says);
}

/** After this number of failures in a row, a source is reported. It will probably not recover by itself. */
const PERSISTENT = 3;

/** The sources to report as failing now. Each is reported once. */
export async function sourceReports(
  { name: slot }: Slot,
  { config, clock, records }: RunJob,
): Promise<SlotOutcome[]> {
  await using cursor = await openCursor(config, clock);
  const reports = await cursor.takeReports(PERSISTENT);
  if (reports.length === 0) return [];
  const { state = "draft" } = (await records.find(slot)) ?? {};
  return reports.map(({ name, failures, error: why = "" }) => {
    const what = `${name} could not be read for ${failures} issues: ${why}`;
    const error = new BroadsheetError("SOURCE_FAILING", what, {
      fix: "correct its address, or remove it from `sources` in the config",
    });
    return failed(slot, state, { error });
  });
}
