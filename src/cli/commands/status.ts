import { openAudience } from "../../subscribers/io/audience.ts";
import { bringIssues } from "../../issue/io/bring-issues.ts";
import { listIssues } from "../../issue/io/outbox.ts";
import type { Config } from "../../config/config.ts";
import { countsLine, type PlannedIssue, issueNamed, notSent } from "../../delivery/ledger.ts";
import {
  type IssueRecord,
  type IssueRecords,
  openRecords,
} from "../../delivery/io/issue-records.ts";
import { isOpen, type IssueState } from "../../delivery/life.ts";
import type { Ledger } from "../../delivery/ledger.ts";
import { slotTime } from "../../platform/slot.ts";
import { counted, many } from "../../platform/text.ts";
import {
  type Configure,
  contradiction,
  JSON_AND_PAGE,
  outboxFlags,
  type OutboxFlags,
  type PageFlag,
  parsePageName,
} from "../flags.ts";
import { noticesView } from "../notices-view.ts";
import { countsView, quarantineView, runsView } from "../counts-view.ts";
import { momentText, systemClock } from "../../platform/clock.ts";
import { exitOf } from "../../platform/notice.ts";
import { gatherNotices } from "../../schedule/io/gather-notices.ts";
import { localText, nextSlot, offsetText } from "../../schedule/agenda.ts";
import { openCursor, type SourceHealth } from "../../sources/io/cursor.ts";
import { withoutName } from "../../sources/left-out.ts";
import { lookAtLedger, recordOf } from "../with-store.ts";
import { shortened, table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import type { TeamView } from "../../delivery/io/postgres/team.ts";
import { writePageTo } from "../self-contained-page.ts";

interface StatusFlags extends OutboxFlags {
  readonly html?: PageFlag;
}

const status: Configure = (command, terminal) => {
  outboxFlags(command)
    .argument("[ISSUE]", "its slot, its folder, or: latest (default: all)")
    .option(
      "--html [FILE]",
      "its past as a page with charts, into a file or to stdout",
      parsePageName,
    )
    .addHelpText(
      "after",
      `
The state of an issue is draft, waiting, approved, sending or sent; or it says why no issue came of the slot: skipped,
missed, empty, merged or expired. docs/sending.md has the whole life of an issue.

The last lines are notices. Fix: the issue does not reach its readers until this is fixed. Look: an editor should look. Note: for
information. The exit code is that of the gravest Fix, a permanent one before a temporary one (75), and 0 without any Fix.

The page contains sums and no address of a reader: how many readers got each issue, what went wrong, how the list has
grown, and what each source gave.

Examples:
  broadsheet status
  broadsheet status latest
  broadsheet status --html past.html`,
    )
    .action(async (name: string | undefined, flags: StatusFlags) => {
      refuseContradictions(name, flags);
      return lookAtLedger(flags, terminal, async (ledger, config) => {
        if (flags.html !== undefined) {
          const { pastOf, PAST_PAGE, pastPage } = await import("../past-page.ts");
          const html = pastPage(await pastOf(ledger, config, systemClock));
          await writePageTo(flags.html, { html, mark: PAST_PAGE }, terminal);
          if (!flags.json) return;
        }
        if (name === undefined) return all(ledger, config, { flags, terminal });
        const issue = await issueNamed(name, ledger, config);
        const planned = await ledger.issue(issue);
        if (!planned) throw notSent(issue, await recordOf(issue.slot, config));
        if (flags.json) terminal.printJson(countsLine(planned));
        else {
          terminal.print(countsView(planned, terminal));
          if (planned.runs?.length) terminal.print(`\n${runsView(planned.runs, terminal)}`);
        }
      });
    });
};

function refuseContradictions(name: string | undefined, { html, json }: StatusFlags): void {
  const both =
    (html !== undefined &&
      name !== undefined &&
      "an issue and --html, whose page is of all issues,") ||
    (html === true && json && JSON_AND_PAGE);
  if (both) throw contradiction(both);
}

interface Saying {
  readonly flags: StatusFlags;
  readonly terminal: Terminal;
}

async function all(ledger: Ledger, config: Config, { flags, terminal }: Saying): Promise<void> {
  await bringIssues(config);
  const sent = await ledger.issues(config.slug);
  await using records = await openRecords(config, systemClock, { isLooking: true });
  const known = await records.all();
  const stateOf = (slot: string): IssueState => known.get(slot)?.state ?? "draft";
  const unsent = await unsentSlots(config, sent, [...known.values()]);
  const { subscribers, paused, changes, quarantined } = await audienceOf(config);
  const sources = await sourcesOf(config);
  const next = await nextOf(config, records);
  const sending = "file" in config.store ? undefined : await teamOf(config.store.url, config.slug);
  const notices = await gatherNotices(config, { clock: systemClock, env: process.env });
  terminal.exitCode ||= exitOf(notices);
  if (flags.json) {
    const issues = [
      ...unsent.map((slot) => ({ slot, state: stateOf(slot) })),
      ...sent.map((planned) => ({ state: stateOf(planned.issue.slot), ...issueJson(planned) })),
    ];
    const { slug } = config;
    const list = { subscribers, paused, changes, quarantined };
    const line = { newsletter: slug, issues, nextSlot: next, ...list, sources, sending, notices };
    terminal.printJson(line);
    return;
  }
  const pauses = paused > 0 ? `, ${counted(paused)} paused` : "";
  const head = `${config.name}, ${counted(subscribers)} subscribers${pauses}`;
  terminal.print(terminal.paint("bold", head));
  const { joined, left, erased, days } = changes;
  const forgotten = erased > 0 ? `, ${counted(erased)} erased` : "";
  terminal.print(
    `List   ${counted(joined)} joined and ${counted(left)} left${forgotten} in ${days} days`,
  );
  if (next) terminal.print(`Next   ${next.slot}, ${next.local}`);
  if (sent.length + unsent.length > 0)
    terminal.print(`\n${view(sent, unsent, { stateOf, terminal })}`);
  if (sending) terminal.print(`\n${teamView(sending, terminal)}`);
  if (quarantined.length > 0) {
    terminal.print(`\n${quarantineView(quarantined.slice(0, NAMED), terminal)}`);
  }
  if (sources.length > 0) terminal.print(`\n${sourcesView(sources, terminal)}`);
  const lines = noticesView(notices, terminal);
  if (lines.length > 0) terminal.print(["", ...lines].join("\n"));
}

async function teamOf(url: string, slug: string): Promise<TeamView> {
  const { viewTeam } = await import("../../delivery/io/postgres/team.ts");
  return viewTeam(url, slug);
}

/** The workers, the remaining shards, and the rate of each relay. */
function teamView({ workers, shards, relays }: TeamView, terminal: Terminal): string {
  const up = workers.filter(({ staysUp }) => staysUp);
  const names = up.map(({ host, pid, quietSince }) => {
    const quiet = quietSince ? `, not heard of since ${quietSince.slice(11, 19)}Z` : "";
    return `${host} (${pid}${quiet})`;
  });
  const left = `${many(shards.left, "shard")} of issues left, ${counted(shards.held)} in hand`;
  const paces = relays.map(({ account, rate, sent }) => {
    const limit = rate === undefined ? "" : `, at most ${rate.toFixed(1)} a second`;
    return `Pace   ${account}: ${counted(sent)} in the last minutes${limit}`;
  });
  const who = names.length === 0 ? "none stays up" : names.join(", ");
  const lines = [`Work   ${many(up.length, "worker")}: ${who}`, `       ${left}`, ...paces];
  return lines.map((line) => shortened(line, terminal.columns)).join("\n");
}

/** The time of the next issue; undefined without a schedule, or if no issue remains in it. */
async function nextOf({ schedule }: Config, records: IssueRecords) {
  const now = systemClock();
  const next = schedule && nextSlot(schedule, now, await records.recent(now));
  if (!next) return undefined;
  const { name: slot, at } = next;
  return { slot, at, local: `${localText(at, schedule.zone)} ${offsetText(at, schedule.zone)}` };
}

type ShownSource = Omit<SourceHealth, "source">;

/** The results of reading the sources for the last issue, without their full addresses, which may contain a key. */
async function sourcesOf(config: Config): Promise<readonly ShownSource[]> {
  await using cursor = await openCursor(config, systemClock, { isLooking: true });
  return (await cursor.sources()).map(({ source: _source, ...shown }) => shown);
}

/** The maximum number of quarantined readers named. */
const NAMED = 20;

function sourcesView(sources: readonly ShownSource[], terminal: Terminal): string {
  const rows = sources.map(({ name, lastFetch, error = "" }) => [
    name,
    momentText(lastFetch),
    error === "" ? terminal.paint("ready", "well") : withoutName(error, name),
  ]);
  return table(["Source", "Last read", ""], rows, terminal);
}

function issueJson(planned: PlannedIssue): object {
  const { issue, ...line } = countsLine(planned);
  return { slot: issue.slot, ...line };
}

/** The number of slots without an issue that are shown, since the latest sent issue. */
const SETTLED = 5;

/** The slots of unsent issues, the latest first: those in the outbox, those whose folder is gone, and slots that got no issue. */
async function unsentSlots(
  config: Config,
  sent: readonly PlannedIssue[],
  records: readonly IssueRecord[],
): Promise<string[]> {
  const isSent = new Set(sent.map(({ issue }) => issue.slot));
  const there = (await listIssues(config.outbox)).filter(
    ({ newsletter }) => newsletter === config.slug,
  );
  const gone = records.filter(({ state }) => state === "waiting" || state === "approved");
  const known = [...there, ...gone, ...withoutIssue(records)].map(({ slot }) => slot);
  return [...new Set(known)]
    .filter((slot) => !isSent.has(slot))
    .sort((a, b) => timeOf(b) - timeOf(a) || b.localeCompare(a));
}

function timeOf(slot: string): number {
  return slotTime(slot) ?? 0;
}

/** The latest slots since the last sent issue that got no issue, the latest first. */
function withoutIssue(records: readonly IssueRecord[]): readonly IssueRecord[] {
  const latest = records
    .flatMap((record) => (record.at ? [{ ...record, time: record.at.getTime() }] : []))
    .sort((a, b) => b.time - a.time);
  const sent = latest.findIndex(({ state }) => state === "sent");
  const since = sent === -1 ? latest : latest.slice(0, sent);
  return since.filter(({ state }) => !isOpen(state)).slice(0, SETTLED);
}

/** The period in days for counting changes of the list. */
const DAYS = 30;

async function audienceOf(config: Config) {
  await using audience = await openAudience(config, systemClock, { isLooking: true });
  const since = new Date(systemClock().getTime() - DAYS * 86_400_000);
  const changes = { days: DAYS, ...(await audience.changesSince(since)) };
  const quarantined = await audience.quarantined();
  const { active: subscribers, paused } = await audience.counts();
  return { subscribers, paused, changes, quarantined };
}

interface ViewOptions {
  readonly stateOf: (slot: string) => IssueState;
  readonly terminal: Terminal;
}

function view(
  sent: readonly PlannedIssue[],
  unsent: readonly string[],
  { stateOf, terminal }: ViewOptions,
): string {
  const headings = ["Accepted", "Planned", "Put off", "Refused", "In doubt", "Left out", "Run"];
  return table(
    ["Issue", "State", ...headings.map((numbers) => ({ numbers }))],
    [
      ...unsent.map((slot) => [slot, stateOf(slot)]),
      ...sent.map((planned) => cells(planned, stateOf(planned.issue.slot))),
    ],
    terminal,
  );
}

function cells({ issue, counts, run }: PlannedIssue, state: IssueState): string[] {
  const { accepted, planned, claimed, sending, deferred, rejected, uncertain } = counts;
  const left = counts.suppressed + counts.skipped;
  const numbers = [accepted, planned + claimed + sending, deferred, rejected, uncertain, left];
  return [issue.slot, state, ...numbers.map(counted), String(run ?? "")];
}

export const commands = { status };
