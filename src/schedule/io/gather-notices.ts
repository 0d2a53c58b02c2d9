import { existsSync } from "node:fs";
import path from "node:path";
import { type Missing, type Report, parseReport } from "../../check/finding.ts";
import type { Config } from "../../config/config.ts";
import { openLedger } from "../../delivery/io/open-ledger.ts";
import {
  type IssueRecord,
  type IssueRecords,
  openRecords,
} from "../../delivery/io/issue-records.ts";
import { leftIn, leftWords, type PlannedIssue } from "../../delivery/ledger.ts";
import { isFrozen, takesArticles } from "../../delivery/life.ts";
import type { Digest } from "../../digest/digest.ts";
import { BroadsheetError } from "../../errors.ts";
import { keptOf } from "../../issue/io/keep-edits.ts";
import { editsFileOf, listIssues, readBeside } from "../../issue/io/outbox.ts";
import { changedText } from "../../issue/io/sending/load-issue.ts";
import { sampleRefusal } from "../../issue/io/sending/mail-route.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Environment } from "../../platform/environment.ts";
import type { Notice } from "../../platform/notice.ts";
import { hasStore } from "../../platform/store.ts";
import { ISSUE_FILES } from "../../preview/page-data.ts";
import { openCursor } from "../../sources/io/cursor.ts";
import { sourceName } from "../../sources/io/read-sources.ts";
import { openAudience } from "../../subscribers/io/audience.ts";
import { draftLeftBehind } from "../left-behind.ts";
import { meantIssue } from "../meant-issue.ts";
import { mailboxesOf } from "./read-bounces.ts";
import { type IssueFacts, type NoticeFacts, noticesOf, type SendingFacts } from "../notices.ts";

/** The sources of the facts. */
export interface Around {
  readonly clock: Clock;
  readonly env: Environment;
}

/** The loaded parts of the issue. */
interface KnownIssue {
  readonly digest: Digest;
  readonly report: Report;
}

/** The number of the latest slots that are examined. */
const LOOKED_AT = 50;

/**
 * All notices of a newsletter: about the next issue, the latest one in the outbox and the issues in `also`, and about its
 * sources, schedule and readers. Nothing is written.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function gatherNotices(
  config: Config,
  around: Around,
  also: readonly string[] = [],
): Promise<readonly Notice[]> {
  const { slot } = await meantIssue(config, {}, around.clock, around.env);
  const latest = (await listIssues(config.outbox)).findLast(
    ({ newsletter }) => newsletter === config.slug,
  );
  const slots = [...new Set([slot, ...also, ...(latest ? [latest.slot] : [])])];
  return noticesOf(await factsOf(config, around, await issuesIn(config, slots)), around.clock());
}

/** The notices about one issue, which a command or a page shows beside it. */
export async function noticesOn(
  { digest, report }: KnownIssue,
  config: Config,
  around: Around,
): Promise<readonly Notice[]> {
  const { slot, newsletter } = digest.issue;
  const edits = await editsIn(config, slot);
  const issue: IssueFacts = { slot, report, sample: sampleRefusal(digest, config), edits };
  const isOwn = newsletter === config.slug;
  const facts = isOwn ? await factsOf(config, around, [issue]) : { issues: [{ slot, report }] };
  const notices = noticesOf(facts, around.clock());
  return notices.filter(({ about }) => about.slot === slot);
}

async function issuesIn(config: Config, slots: readonly string[]): Promise<IssueFacts[]> {
  const found: IssueFacts[] = [];
  for (const slot of slots) {
    const dir = path.join(config.outbox, config.slug, slot);
    const report = parseReport((await readBeside(dir, ISSUE_FILES.report)) ?? "");
    if (!report) continue;
    const leftOut = (report.leftOut ?? []).filter((one) => isStillSo(one, config));
    const [faults, edits] = [await digestFaults(dir, config), await editsIn(config, slot)];
    found.push({ slot, report: { ...report, leftOut }, ...faults, edits });
  }
  return found;
}

/** Whether a missing article is still missing: the config still has its source, and a file that is too old still exists. */
function isStillSo({ why, name, source }: Missing, { folder, sources }: Config): boolean {
  if (why === "old" && !existsSync(path.resolve(folder, name))) return false;
  return source === undefined || sources.some((one) => sourceName(one.name) === source);
}

/** The state of the editor's operations on an issue. Undefined if there are none. */
async function editsIn({ outbox, slug }: Config, slot: string): Promise<IssueFacts["edits"]> {
  const issue = { newsletter: slug, slot };
  if (!existsSync(path.join(outbox, slug, editsFileOf(issue)))) return undefined;
  // Most issues have no editor, and need none of this code.
  const { lookAtEdits } = await import("../../issue/io/edits-file.ts");
  const { applyOperations } = await import("../../digest/operations/apply.ts");
  try {
    const { base, operations, unread } = await lookAtEdits(outbox, issue);
    return base && keptOf(applyOperations(base, operations), unread);
  } catch (error) {
    // The fault is reported by another notice.
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

/** The faults of an issue's digest: samples in it, or a digest.json that can't be read. */
async function digestFaults(
  dir: string,
  config: Config,
): Promise<Pick<IssueFacts, "sample" | "broken">> {
  const text = await readBeside(dir, ISSUE_FILES.digest);
  try {
    if (text === undefined) return {};
    const { editedDigest } = await import("../../issue/io/edits-file.ts");
    return { sample: sampleRefusal(await editedDigest(dir, text), config) };
  } catch (error) {
    if (error instanceof BroadsheetError) return { broken: error };
    throw error;
  }
}

async function factsOf(
  config: Config,
  { clock, env }: Around,
  issues: readonly IssueFacts[],
): Promise<NoticeFacts> {
  const { schedule } = config;
  // Without a list, no reader would get a sample.
  if (!schedule && !(await hasStore(config.store, env)))
    return { issues: issues.map(({ sample: _sample, ...issue }) => issue) };
  await using records = await openRecords(config, clock, { isLooking: true, env });
  const known = await records.all();
  return {
    issues: issues.map((issue) => ({ ...issue, isFrozen: isFrozenIn(known.get(issue.slot)) })),
    sources: await healthIn(config, { clock, env }),
    sendings: await sendingsIn(config, { clock, env }, known),
    lost: [...known.values()].filter(({ lost }) => lost !== undefined),
    ...(schedule && {
      schedule: {
        schedule,
        ...(await records.timetable()),
        ...(await recordsIn(records, clock())),
        leftBehind: await leftBehindIn(config, { clock, env }),
      },
    }),
    ...(await readersIn(config, { clock, env })),
  };
}

async function leftBehindIn(config: Config, { clock, env }: Around) {
  const draft = await draftLeftBehind(config, clock);
  if (draft === undefined) return undefined;
  const { slot, state } = await meantIssue(config, {}, clock, env);
  return { draft, next: takesArticles(state) ? undefined : slot };
}

function isFrozenIn(record: IssueRecord | undefined): boolean {
  return record !== undefined && isFrozen(record.state);
}

async function recordsIn(records: IssueRecords, now: Date) {
  return { latest: await records.latest(LOOKED_AT), recent: await records.recent(now) };
}

/** The results of the last reading of the config's sources. */
async function healthIn(config: Config, { clock, env }: Around): Promise<NoticeFacts["sources"]> {
  await using cursor = await openCursor(config, clock, { isLooking: true, env });
  const mailboxes = mailboxesOf(config).map(({ source }) => source);
  const collected = config.sources.filter(({ paused }) => !paused);
  const current = new Set([...collected.map(({ name }) => name), ...mailboxes]);
  return (await cursor.sources()).filter(({ source }) => current.has(source));
}

async function sendingsIn(
  config: Config,
  { clock, env }: Around,
  known: ReadonlyMap<string, IssueRecord>,
): Promise<SendingFacts[]> {
  await using ledger = await openLedger(config.store, { clock, env, isLooking: true });
  const sendings: SendingFacts[] = [];
  for (const planned of await ledger.issues(config.slug)) {
    const { slot } = planned.issue;
    const record = known.get(slot);
    // Only an issue that is not finished can be paused.
    const whole = leftIn(planned.counts) > 0 ? await ledger.issue(planned.issue) : undefined;
    sendings.push({
      ...planned,
      ...whole,
      isTended: record?.state === "sending" && record.at !== undefined,
      held: record?.state === "sending" ? record : undefined,
      since: await sinceIn(planned, config),
    });
  }
  return sendings;
}

/** If readers still wait: the text that the issue's files have changed since the sending began. */
async function sinceIn({ issue, counts }: PlannedIssue, config: Config) {
  return leftWords(counts).length > 0 ? changedText(issue.slot, config) : undefined;
}

async function readersIn(
  config: Config,
  { clock, env }: Around,
): Promise<Pick<NoticeFacts, "quarantined" | "blocked" | "leaveRequests" | "mails" | "store">> {
  await using audience = await openAudience(config, clock, { isLooking: true, env });
  return {
    quarantined: (await audience.quarantined()).length,
    blocked: await audience.blocked(),
    leaveRequests: await audience.leaveRequests(),
    mails: { ...(await audience.waitingMails()), perHour: config.serve?.joinsPerHour },
    store: [
      ...(await refusalOf("SECRET_CHANGED", async () => audience.assertSameSecret())),
      ...(await refusalOf("STORE_MOVED", async () => audience.assertAtHome())),
    ],
  };
}

/** Returns an error with this code. Other errors, such as a missing secret, matter only when mail is sent. */
async function refusalOf(
  code: BroadsheetError["code"],
  check: () => Promise<void>,
): Promise<BroadsheetError[]> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code === code) return [error];
  }
  return [];
}
