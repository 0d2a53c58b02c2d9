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

/** The issue that a command means, and where it stands. */
export interface MeantIssue {
  readonly slot: string;
  readonly state: IssueState;
  /** When the schedule sends it; absent for a separate issue, which no schedule sends. */
  readonly at?: Date | undefined;
  /** The command that lets it go on, where it or the newsletter is held. */
  readonly liftedBy?: string | undefined;
  /** The hash of the digest for which approval was asked or given. */
  readonly digestHash?: string | undefined;
  /** The number that readers would see; absent where the newsletter counts no issues. */
  readonly number?: number | undefined;
}

/** What a command was given to name its issue by. */
export interface Named {
  /** A slot by its name. */
  readonly slot?: string | undefined;
  /** A day, YYYY-MM-DD: its first open slot, or a separate issue where it has none. */
  readonly date?: string | undefined;
  /** Whether articles were named, of which a separate issue is made. */
  readonly isSeparate?: boolean | undefined;
  /** Whether the outbox has the issue of that slot: then it may be one that no schedule sends. */
  readonly isBuilt?: boolean | undefined;
}

/** The settings that say which issue is next, and which readers get it. */
export type MeantSettings = ListConfig & {
  readonly schedule?: Schedule | undefined;
  /** IANA */
  readonly timeZone: string;
  /** The number of the first issue. */
  readonly number?: number | undefined;
};

/**
 * The issue that a command means: that of the next open slot where nothing is named, and today's where the newsletter has
 * no schedule. The store is only read.
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
 * The issue that `send` means where none is named: the one that is being sent, as long as there is one, and else as
 * `meantIssue`. An issue with readers in doubt counts as being sent until it expires, since `send` leaves with 75 for it:
 * a script that repeats the command begins no other issue.
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
 * The slot of the issue that an editor begins while the issue before it waits, is sent or is settled: the next slot whose
 * issue is a draft. Without a schedule it is that of today, a second one of today, or that of a later day.
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
      fix: `to send what was built for it: broadsheet send ${slot}; for the next issue leave the name out`,
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

/** Whether a run still sends the issue of a slot without a record. Of the slots that have passed, it may send the last one. */
async function isAhead(
  { name, at }: Slot,
  schedule: Schedule,
  { records, now }: Known,
): Promise<boolean> {
  return at > now || (await nextOpenSlot(schedule, records, now))?.name === name;
}

/** A separate issue of a day. Where the schedule has the day's date for the name of a slot, it has another name. */
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
 * Refuses to build an issue that is no draft. An issue that is being sent or was sent is left to the outbox, which says more.
 * @throws BroadsheetError USAGE, with the way on.
 */
export function assertBuildable({ slot, state }: MeantIssue): void {
  if (!isFrozen(state) && stateAfter(state, "begin") === undefined)
    throw refusal(slot, state, "begin");
}

/** An issue as a build takes it. */
export function targetOf({ slot, at, number }: MeantIssue, { schedule }: MeantSettings): Target {
  const date = at && schedule ? dayIn(schedule.zone, at) : dayOfSlot(slot);
  return { slot, at, date, number };
}

/** What `build` and `preview` work on. */
export interface MeantBuild {
  readonly issue: MeantIssue;
  readonly target: Target;
}

/**
 * The issue that a build means: of the next open slot, or a separate one where articles are named. `editsOf` is a draft whose
 * edits move to the slot that is named; without it, the one that was left behind. `isNext`: what an issue before it has
 * taken is not new, even where no schedule sends it.
 */
export async function meantBuild(
  names: readonly string[],
  { slot, date, editsOf, isNext }: Named & Pick<Target, "editsOf" | "isNext">,
  config: MeantSettings & { readonly outbox: string },
  clock: Clock,
): Promise<MeantBuild> {
  const isSeparate = names.length > 0 && slot === undefined;
  const issue = await meantIssue(config, { slot, date, isSeparate }, clock);
  const target = { ...targetOf(issue, config), isNext };
  // The edits of a draft left behind are moved where its new slot is named.
  if (slot === undefined || isSeparate || issue.at === undefined) return { issue, target };
  const left = editsOf ?? (await draftLeftBehind(config, clock));
  return { issue, target: { ...target, editsOf: left } };
}

/**
 * Which issue it is, in which state, and when it goes out to how many: the line that commands begin with.
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
  /** How many readers get it now. */
  readonly active: number;
  readonly now: Date;
  /** Whether a page says it, which has buttons in the place of commands. */
  readonly isInPage?: boolean;
}

/** The standing of an issue, in the words of every command and of the preview. */
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
