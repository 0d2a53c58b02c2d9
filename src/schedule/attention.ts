import type { Config, Schedule } from "../config/config.ts";
import type { PlannedIssue } from "../delivery/ledger.ts";
import { type Clock, momentText } from "../platform/clock.ts";
import type { SourceHealth } from "../sources/io/cursor/source-health.ts";
import { isOpen, type SlotRecord } from "./io/slots/slot-record.ts";
import type { SqliteSlots } from "./io/slots/sqlite-slots.ts";
import { type Agenda, agendaAt } from "./agenda.ts";
import { ON_TIME_MS } from "./due.ts";
import { counted } from "../platform/counted.ts";

/** What somebody may have to do something about. */
export interface Attention {
  /** The one that it is about, where it is about one alone. */
  readonly slot?: string;
  readonly says: string;
}

/** How to have the schedule run where nothing does. */
const HAVE_IT_RUN = "have it run: broadsheet schedule cron";

/** So many missed slots are named. */
const NAMED = 5;

/** So many slots back may be what is told. */
const LOOKED_AT = 50;

/** What there is to see of the slots of a newsletter: what waits, what was missed, and what doesn't get further. */
export function slotsToSee(schedule: Schedule, slots: SqliteSlots, clock: Clock): Attention[] {
  const { since, heldAt } = slots.timetable();
  const records = slots.latest(LOOKED_AT);
  const waiting = records
    .filter(({ state }) => state === "waiting")
    .map((record) => waitingFor(record, schedule));
  // What became of an older one is history when a later one went out.
  const open = sinceSent(records, 1).flatMap((record) => troubleIn(record, clock()));
  if (heldAt) {
    const held = { says: `held since ${momentText(heldAt)}: broadsheet hold --off` };
    return [held, ...waiting, ...open];
  }
  if (!since) return [{ says: `nothing has run for the schedule yet; ${HAVE_IT_RUN}` }];
  const agenda = agendaAt({ now: clock() }, schedule, { since, records: slots.recent(clock()) });
  return [...waiting, ...missedIn(records, agenda), ...overdue(agenda, records, clock()), ...open];
}

/** The records since the latest issue that went out, or since the one before it. */
function sinceSent(records: readonly SlotRecord[], nth: 1 | 2): readonly SlotRecord[] {
  const sent = records.flatMap(({ state }, at) => (state === "sent" ? [at] : []));
  return records.slice(0, sent[nth - 1]);
}

/** The run that notes them may send a later one: they are history when one more has gone out. */
function missedIn(records: readonly SlotRecord[], { missed }: Agenda): Attention[] {
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

/** One that is due, and to which nothing has come in the time that a cron may take. */
function overdue({ due }: Agenda, records: readonly SlotRecord[], now: Date): Attention[] {
  if (!due || records.some(({ slot }) => slot === due.name)) return [];
  if (now.getTime() - due.at.getTime() <= ON_TIME_MS) return [];
  const says = `${due.name} was due ${momentText(due.at)}, and nothing has run since: broadsheet run; ${HAVE_IT_RUN}`;
  return [{ slot: due.name, says }];
}

function waitingFor({ slot, at, why }: SlotRecord, { maxLate }: Schedule): Attention {
  const until = momentText(new Date(at.getTime() + maxLate));
  const since = why === undefined ? "" : `, as ${why}`;
  return {
    slot,
    says: `${slot} waits to be approved until ${until}${since}: broadsheet approve ${slot}`,
  };
}

function troubleIn({ slot, state, why, changedAt }: SlotRecord, now: Date): Attention[] {
  if (state === "expired") {
    return [{ slot, says: `${slot} was not sent in time: ${why ?? "it was never finished"}` }];
  }
  if (!isOpen(state) || state === "waiting") return [];
  if (why !== undefined) {
    return [{ slot, says: `${slot} is not sent yet: ${why.replace(/^not sent: /, "")}` }];
  }
  const isLeft = state !== "sending" && now.getTime() - changedAt.getTime() > ON_TIME_MS;
  const since = momentText(changedAt);
  return isLeft ? [{ slot, says: `${slot} is not sent yet: nothing has run since ${since}` }] : [];
}

/** Readers whom the next run of the schedule tries again by itself; undefined where none are put off. */
export function putOffText({ issue, counts, nextTry }: PlannedIssue): string | undefined {
  if (counts.deferred === 0) return undefined;
  const many = counts.deferred === 1 ? "1 reader" : `${counted(counts.deferred)} readers`;
  const are = counts.deferred === 1 ? "is" : "are";
  const next = nextTry ? `, next try from ${momentText(nextTry)}` : "";
  return `${many} of ${issue.slot} ${are} put off${next}: the next run goes on`;
}

/** Those of the config's sources that couldn't be read the last time. */
export function failingSources(
  health: readonly SourceHealth[],
  { sources }: Pick<Config, "sources">,
): Attention[] {
  const current = new Set(sources.map(({ name }) => name));
  return health
    .filter(({ source, failures }) => failures > 0 && current.has(source))
    .map(({ name, failures, error = "" }) => {
      const many = failures === 1 ? "the last issue" : `${counted(failures)} issues`;
      return { says: `${name} could not be read for ${many}: ${error}` };
    });
}
