import type { Schedule } from "../config/config.ts";
import { type IssueRecord, type IssueRecords, openRecords } from "../delivery/io/issue-records.ts";
import { isFrozen, type IssueState, refusal, STATE_TEXTS, stateAfter } from "../delivery/life.ts";
import { BroadsheetError } from "../errors.ts";
import { dayOfSlot, extraSlot } from "../platform/slot.ts";
import { type Clock, dayIn } from "../platform/clock.ts";
import type { Target } from "../issue/open-build.ts";
import type { StandingData } from "../preview/page-data.ts";
import { many } from "../platform/text.ts";
import type { Environment } from "../platform/environment.ts";
import { hasStore } from "../platform/store.ts";
import { type ListConfig, openAudience } from "../subscribers/io/audience.ts";
import {
  localText,
  nextOpenSlot,
  offsetText,
  type Slot,
  slotsAfter,
  slotsBetween,
} from "./agenda.ts";
import { draftLeftBehind } from "./left-behind.ts";
import { comingSlot, comingTimes, plannedIssueOf } from "./slot.ts";

/** The issue that a command means, with its state. */
export interface MeantIssue {
  readonly slot: string;
  readonly state: IssueState;
  /** The time at which the schedule sends it. Absent for a separate issue. */
  readonly at?: Date | undefined;
  /** The command that releases it, if it or the newsletter is held. */
  readonly liftedBy?: string | undefined;
  /** The hash of the digest for which approval was asked or given. */
  readonly digestHash?: string | undefined;
  /** The number of the issue as readers see it. Absent if the newsletter does not number its issues. */
  readonly number?: number | undefined;
}

/** The arguments by which a command names its issue. */
export interface Named {
  /** The name of a slot. */
  readonly slot?: string | undefined;
  /** A day, YYYY-MM-DD. It means the first open slot of that day, or a separate issue if there is none. */
  readonly date?: string | undefined;
  /** Whether articles were named. They make a separate issue. */
  readonly isSeparate?: boolean | undefined;
  /** Whether the outbox has an issue of that slot. It need not be in the schedule then. */
  readonly isBuilt?: boolean | undefined;
}

/** The settings that decide which issue is next, and which readers get it. */
export type MeantSettings = ListConfig & {
  readonly schedule?: Schedule | undefined;
  /** An IANA time zone. */
  readonly timeZone: string;
  /** The number of the first issue. */
  readonly number?: number | undefined;
};

/**
 * The issue that a command means. Without arguments it is the issue of the next open slot, or today's issue if the
 * newsletter has no schedule. The store is only read.
 * @throws BroadsheetError USAGE for a slot that the schedule doesn't have; STORE_*, LEDGER_RESTORED.
 */
export async function meantIssue(
  config: MeantSettings,
  named: Named,
  clock: Clock,
  env?: Environment,
): Promise<MeantIssue> {
  if (!config.schedule && !(await hasStore(config.store, env))) {
    const slot = named.slot ?? named.date ?? dayIn(config.timeZone, clock());
    return { slot, state: "draft", number: config.number };
  }
  await using records = await openRecords(config, clock, { isLooking: true, env });
  const slot = await slotMeant(config, named, { records, now: clock() });
  return await issueOf(slot, config, records);
}

/**
 * The issue that `send` without a name means: the one that is being sent if there is one, otherwise as `meantIssue`. An
 * issue with readers in doubt counts as being sent until it expires. `send` exits with 75 for it, and a script that repeats
 * the command must not begin another issue.
 */
export async function meantToSend(
  config: MeantSettings,
  clock: Clock,
  env: Environment,
): Promise<MeantIssue> {
  if (await hasStore(config.store)) {
    await using records = await openRecords(config, clock, { isLooking: true });
    const all = [...(await records.all()).values()].sort(
      (a, b) => a.changedAt.getTime() - b.changedAt.getTime(),
    );
    const sending = all.find(({ state }) => state === "sending");
    const last = sending ?? all.findLast(({ state }) => state === "sent");
    if (last && (sending || (await isInDoubt(last.slot, { config, clock, env }))))
      return meantOf(last);
  }
  return meantIssue(config, {}, clock);
}

async function isInDoubt(
  slot: string,
  { config, clock, env }: Parameters<typeof plannedIssueOf>[1],
): Promise<boolean> {
  const planned = await plannedIssueOf(slot, { config, clock, env });
  return !!planned?.expiresAt && planned.counts.uncertain > 0 && planned.expiresAt > clock();
}

/**
 * The slot for a new issue while the issue before it waits, is being sent or is finished: the next slot whose issue is a
 * draft. Without a schedule, it is today's issue, a second issue of today, or the issue of a later day.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function slotToBegin(config: MeantSettings, clock: Clock): Promise<string> {
  await using records = await openRecords(config, clock, { isLooking: true });
  const known = await records.all();
  const now = clock();
  const ahead = slotsAhead(config, now);
  let { name } = await slotMeant(config, {}, { records, now });
  while ((known.get(name)?.state ?? "draft") !== "draft") name = ahead.next().value;
  return name;
}

function* slotsAhead({ schedule, timeZone }: MeantSettings, now: Date): Generator<string, never> {
  if (schedule) for (const { name } of slotsAfter(schedule, now)) yield name;
  yield extraSlot(dayIn(timeZone, now));
  for (let days = 1; ; days++) yield dayIn(timeZone, new Date(now.getTime() + days * DAY_MS));
}

interface Known {
  readonly records: IssueRecords;
  readonly now: Date;
}

async function slotMeant(
  { schedule, timeZone }: MeantSettings,
  { slot, date, isSeparate, isBuilt }: Named,
  known: Known,
): Promise<Partial<Slot> & Pick<Slot, "name">> {
  const { records, now } = known;
  if (slot !== undefined) {
    if (!schedule || (await records.find(slot))) return { name: slot };
    if (isBuilt) return { name: slot, at: comingTimes([slot], schedule, now).get(slot) };
    const coming = comingSlot(slot, schedule, now);
    if (await isAhead(coming, schedule, known)) return coming;
    throw new BroadsheetError("USAGE", `the time of ${slot} has passed: no run sends it any more`, {
      fix: `to send its built issue: broadsheet send ${slot}; for the next issue leave the name out`,
    });
  }
  const today = dayIn(schedule?.zone ?? timeZone, now);
  if (!schedule) return { name: date ?? today };
  if (date === undefined && !isSeparate) {
    return (await nextOpenSlot(schedule, records, now)) ?? separate(today, schedule, records);
  }
  const day = date ?? today;
  for (const slot of isSeparate ? [] : slotsOf(day, schedule))
    if (await isFree(slot, schedule, known)) return slot;
  return separate(day, schedule, records);
}

async function isFree(slot: Slot, schedule: Schedule, known: Known): Promise<boolean> {
  const record = await known.records.find(slot.name);
  if (!record) return isAhead(slot, schedule, known);
  return stateAfter(record.state, "release") !== undefined;
}

/** Whether a run will still send the issue of a slot without a record. Of past slots, it may send the last one. */
async function isAhead(
  { name, at }: Slot,
  schedule: Schedule,
  { records, now }: Known,
): Promise<boolean> {
  return at > now || (await nextOpenSlot(schedule, records, now))?.name === name;
}

/** The name of a separate issue of a day. It differs from the day's date if a slot of the schedule has that name. */
async function separate(
  day: string,
  schedule: Schedule,
  records: IssueRecords,
): Promise<{ readonly name: string }> {
  const isSlot =
    slotsOf(day, schedule).some(({ name }) => name === day) ||
    (await records.find(day))?.at !== undefined;
  return { name: isSlot ? extraSlot(day) : day };
}

const DAY_MS = 86_400_000;

/** The slots of a schedule on a day of its zone. */
function slotsOf(day: string, schedule: Schedule): readonly Slot[] {
  const start = Date.parse(`${day}T00:00:00Z`);
  const around = slotsBetween(schedule, {
    after: new Date(start - DAY_MS),
    until: new Date(start + 2 * DAY_MS),
  });
  return around.filter(({ at }) => dayIn(schedule.zone, at) === day);
}

async function issueOf(
  { name, at }: Partial<Slot> & Pick<Slot, "name">,
  { number, schedule }: MeantSettings,
  records: IssueRecords,
): Promise<MeantIssue> {
  const record = await records.find(name);
  // The schedule counts up from the number in the config.
  const next = number && schedule ? await records.nextNumber(number, name) : number;
  const liftedBy = await records.liftedBy(name);
  return { slot: name, state: "draft", at, number: next, liftedBy, ...(record && meantOf(record)) };
}

function meantOf({ slot, state, at, digestHash }: IssueRecord): MeantIssue {
  return {
    slot,
    state,
    ...(at && { at }),
    ...(digestHash !== undefined && { digestHash }),
  };
}

/**
 * Refuses to build an issue that is not a draft. For an issue that was sent or is being sent, the outbox has a better error.
 * @throws BroadsheetError USAGE, with a fix.
 */
export function assertBuildable({ slot, state }: MeantIssue): void {
  if (!isFrozen(state) && stateAfter(state, "begin") === undefined)
    throw refusal(slot, state, "begin");
}

export function targetOf({ slot, at, number }: MeantIssue, { schedule }: MeantSettings): Target {
  const date = at && schedule ? dayIn(schedule.zone, at) : dayOfSlot(slot);
  return { slot, at, date, number };
}

export interface MeantBuild {
  readonly issue: MeantIssue;
  readonly target: Target;
}

/**
 * The issue that a build means: that of the next open slot, or a separate one if articles are named. `editsOf` is a draft
 * whose edits move to the named slot. Without it, the edits of the draft that was left behind move.
 */
export async function meantBuild(
  names: readonly string[],
  { slot, date, editsOf, skipsTaken }: Named & Pick<Target, "editsOf" | "skipsTaken">,
  config: MeantSettings & { readonly outbox: string },
  clock: Clock,
): Promise<MeantBuild> {
  const isSeparate = names.length > 0 && slot === undefined;
  const issue = await meantIssue(config, { slot, date, isSeparate }, clock);
  const target = { ...targetOf(issue, config), skipsTaken };
  // The edits of a draft that was left behind are moved only if the new slot is named.
  if (slot === undefined || isSeparate || issue.at === undefined) return { issue, target };
  const left = editsOf ?? (await draftLeftBehind(config, clock));
  return { issue, target: { ...target, editsOf: left } };
}

/**
 * The first line of commands: the issue, its state, its time and the number of its readers.
 * `2026-W49 is a draft; it goes out Mon 2026-11-30 07:00 +01:00 to 50 readers`
 */
export async function issueLine(
  issue: MeantIssue,
  config: MeantSettings,
  clock: Clock,
): Promise<string> {
  await using audience = await openAudience(config, clock, { isLooking: true });
  const { active } = await audience.counts();
  const { says, goes } = standingOf(issue, config, { active, now: clock() });
  return `${issue.slot} is ${says}${goes && `; ${goes}`}`;
}

interface Circumstances {
  /** The number of readers who get it now. */
  readonly active: number;
  readonly now: Date;
  /** Whether the text is for a page, which has buttons instead of commands. */
  readonly isInPage?: boolean;
}

/** The state of an issue in the words of all commands and the preview. */
export function standingOf(
  issue: MeantIssue,
  { schedule }: Pick<MeantSettings, "schedule">,
  { active, now, isInPage = false }: Circumstances,
): Pick<StandingData, "says" | "goes"> {
  const { slot, state, at, liftedBy } = issue;
  const says = STATE_TEXTS[state];
  if (state !== "draft" && state !== "waiting" && state !== "approved") return { says, goes: "" };
  if (liftedBy !== undefined)
    return { says: `${says}, and is held${isInPage ? "" : ` until: ${liftedBy}`}`, goes: "" };
  const readers = many(active, "reader");
  if (!at || !schedule)
    return {
      says,
      goes: isInPage
        ? `it goes to ${readers} when you send it`
        : `it goes out by broadsheet send ${slot} to ${readers}: no schedule sends it`,
    };
  const time = `${localText(at, schedule.zone)} ${offsetText(at, schedule.zone)}`;
  const isAsked = state === "waiting" || (state === "draft" && schedule.approval === "manual");
  if (!isAsked) return { says, goes: `it goes out ${time} to ${readers}` };
  const when = at > now ? `it goes out ${time}` : `it was due ${time}, and goes out`;
  return { says, goes: `${when}, once it is approved, to ${readers}` };
}
