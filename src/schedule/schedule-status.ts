import type { Schedule } from "../config/config.ts";
import { type Clock, momentText } from "../platform/clock.ts";
import { type SourceHealth, openCursor } from "../sources/io/cursor.ts";
import { openRecords, type IssueRecord, type IssueRecords } from "../delivery/io/issue-records.ts";
import { isOpen } from "../delivery/life.ts";
import {
  nextSlot,
  type Agenda,
  agendaAt,
  ON_TIME_MS,
  localText,
  offsetText,
  type Slot,
} from "./agenda.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";
import type { NewsletterStore } from "../platform/sqlite/open-store.ts";
import { counted, many } from "../platform/counted.ts";
import { draftLeftBehind } from "./left-behind.ts";

/** How a newsletter's schedule and sources are, for a person to read. */
export interface ScheduleStatus {
  readonly nextSlot?: { readonly slot: string; readonly at: Date; readonly local: string };
  /** Without their addresses, which may hold a key. */
  readonly sources: readonly Omit<SourceHealth, "source">[];
  readonly attention: readonly Attention[];
  /** Slots that the next run goes on with by itself. */
  readonly tended: ReadonlySet<string>;
}

/** A draft with an editor's changes that no schedule sends. */
async function leftBehind(config: Scheduled, clock: Clock): Promise<Attention[]> {
  const slot = await draftLeftBehind(config, clock);
  const says = `the draft ${slot} has edits, and no schedule sends it; to have them in the next issue: broadsheet build --slot, with its slot`;
  return slot === undefined ? [] : [{ slot, says }];
}

interface Scheduled extends NewsletterStore {
  readonly outbox: string;
  readonly schedule?: Schedule | undefined;
  readonly sources: readonly { readonly name: string }[];
}

export async function scheduleStatus(config: Scheduled, clock: Clock): Promise<ScheduleStatus> {
  using records = await openRecords(config, clock, { isLooking: true });
  using cursor = await openCursor(config, clock, { isLooking: true });
  const { schedule } = config;
  const health = cursor.sources();
  const recent = records.recent(clock());
  const next = schedule && nextSlot(schedule, clock(), recent);
  return {
    ...(next && { nextSlot: nextSlotOf(next, schedule) }),
    sources: health.map(({ source: _source, ...shown }) => shown),
    attention: [
      ...(schedule ? slotsToSee(schedule, records, clock) : []),
      ...failingSources(health, config),
      ...health.flatMap(leftOutText),
      ...(await leftBehind(config, clock)),
    ],
    tended: new Set(recent.filter(isTended).map(({ slot }) => slot)),
  };
}

function nextSlotOf({ name, at }: Slot, { zone }: Schedule) {
  return { slot: name, at, local: `${localText(at, zone)} ${offsetText(at, zone)}` };
}

/** A source that could be read, but for an article that the last issue had to leave out. */
function leftOutText({ failures, error }: SourceHealth): Attention[] {
  const isPartial = failures === 0 && error !== undefined;
  return isPartial ? [{ says: `left out of the last issue: ${error}` }] : [];
}

/** Something that a person may have to act on. */
export interface Attention {
  /** The slot that it is about, where it is about one. */
  readonly slot?: string;
  readonly says: string;
}

/** The fix where nothing runs for the schedule. */
const HAVE_IT_RUN = "have it run: broadsheet schedule cron";

/** How many missed slots are named. */
const NAMED = 5;

/** How many of the latest slots are looked at. */
const LOOKED_AT = 50;

/** The slots of a newsletter that need attention: those that wait, were missed, or don't get further. */
function slotsToSee(schedule: Schedule, records: IssueRecords, clock: Clock): Attention[] {
  const { since, heldAt } = records.timetable();
  const latest = records.latest(LOOKED_AT);
  const waiting = latest
    .filter(({ state }) => state === "waiting")
    .map((record) => waitingFor(record, schedule));
  // Slots before the latest issue that was sent are history.
  const open = sinceSent(latest, 1).flatMap((record) => troubleIn(record, clock()));
  if (heldAt) {
    const held = { says: `held since ${momentText(heldAt)}: broadsheet hold --off` };
    return [held, ...waiting, ...open];
  }
  if (!since) return [{ says: `nothing has run for the schedule yet; ${HAVE_IT_RUN}` }];
  const agenda = agendaAt({ now: clock() }, schedule, { since, records: records.recent(clock()) });
  return [...waiting, ...missedIn(latest, agenda), ...overdue(agenda, latest, clock()), ...open];
}

/** The next run goes on with an issue by itself that it, or the schedule's time, has brought to be sent. */
function isTended({ state, at }: IssueRecord): boolean {
  return state === "sending" && at !== undefined;
}

/** The records since the latest issue that was sent, or since the one before it. */
function sinceSent(records: readonly IssueRecord[], nth: 1 | 2): readonly IssueRecord[] {
  const sent = records.flatMap(({ state }, at) => (state === "sent" ? [at] : []));
  return records.slice(0, sent[nth - 1]);
}

/** The run that notes missed slots may send a later one: they are history when one more was sent. */
function missedIn(records: readonly IssueRecord[], { missed }: Agenda): Attention[] {
  const noted = sinceSent(records, 2).filter(({ state }) => state === "missed");
  const overtaken = noted.filter(({ why }) => why !== undefined);
  const alone = noted.filter(({ why }) => why === undefined).map(({ slot }) => slot);
  const names = new Set([...alone.toReversed(), ...missed.map(({ name }) => name)]);
  const hint = missed.length > 0 ? `; ${HAVE_IT_RUN}` : "";
  return [
    ...(names.size > 0 ? [missedText([...names], hint)] : []),
    ...overtaken.map(({ slot, why = "" }) => ({ slot, says: `${slot} was missed: ${why}` })),
  ];
}

function missedText(names: readonly string[], hint: string): Attention {
  const [only] = names;
  const why = "since nothing ran in time";
  if (names.length === 1 && only !== undefined) {
    return { slot: only, says: `${only} was missed, ${why}${hint}` };
  }
  return { says: `${counted(names.length)} issues were missed, ${why}: ${listed(names)}${hint}` };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(-NAMED);
  const more = names.length - shown.length;
  const last = more > 0 ? `${counted(more)} before` : shown.pop();
  return `${shown.join(", ")} and ${last}`;
}

/** A slot that is due, and that no run has come to in the time that a cron may take. */
function overdue({ due }: Agenda, records: readonly IssueRecord[], now: Date): Attention[] {
  if (!due || records.some(({ slot }) => slot === due.name)) return [];
  if (now.getTime() - due.at.getTime() <= ON_TIME_MS) return [];
  const says = `${due.name} was due ${momentText(due.at)}, and nothing has run since: broadsheet run; ${HAVE_IT_RUN}`;
  return [{ slot: due.name, says }];
}

function waitingFor({ slot, at, changedAt, why }: IssueRecord, { maxLate }: Schedule): Attention {
  const until = momentText(new Date((at ?? changedAt).getTime() + maxLate));
  const since = why === undefined ? "" : `, as ${why}`;
  return {
    slot,
    says: `${slot} waits to be approved until ${until}${since}: broadsheet approve ${slot}`,
  };
}

function troubleIn(
  { slot, state, why, at, changedAt, heldAt }: IssueRecord,
  now: Date,
): Attention[] {
  if (state === "expired") {
    return [{ slot, says: `${slot} was not sent in time: ${why ?? "it was never finished"}` }];
  }
  if (!isOpen(state)) return [];
  if (heldAt) {
    const since = momentText(heldAt);
    return [{ slot, says: `${slot} is held since ${since}: broadsheet hold ${slot} --off` }];
  }
  if (state === "waiting") return [];
  if (why !== undefined) {
    return [{ slot, says: `${slot} is not sent yet: ${why.replace(/^not sent: /, "")}` }];
  }
  // A draft or an approved issue whose time is still to come waits for nothing but that.
  const isDue = state !== "sending" && at !== undefined && at <= now;
  const isLeft = isDue && now.getTime() - changedAt.getTime() > ON_TIME_MS;
  const since = momentText(changedAt);
  return isLeft ? [{ slot, says: `${slot} is not sent yet: nothing has run since ${since}` }] : [];
}

/** The deferred readers of an issue, whom the next run tries again by itself; undefined where there are none. */
export function putOffText({ issue, counts, nextTry }: PlannedIssue): string | undefined {
  if (counts.deferred === 0) return undefined;
  const are = counts.deferred === 1 ? "is" : "are";
  const next = nextTry ? `, next try from ${momentText(nextTry)}` : "";
  return `${many(counts.deferred, "reader")} of ${issue.slot} ${are} put off${next}: the next run goes on`;
}

/** The config's sources that couldn't be read the last time. */
function failingSources(health: readonly SourceHealth[], { sources }: Scheduled): Attention[] {
  const current = new Set(sources.map(({ name }) => name));
  return health
    .filter(({ source, failures }) => failures > 0 && current.has(source))
    .map(({ name, failures, error = "" }) => {
      const many = failures === 1 ? "the last issue" : `${counted(failures)} issues`;
      return { says: `${name} could not be read for ${many}: ${error}` };
    });
}
