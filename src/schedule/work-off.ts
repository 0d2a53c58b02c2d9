import path from "node:path";
import { toldEntries } from "../check/content/stories.ts";
import { isDoubted, parseDigest } from "../digest/digest.ts";
import { readIssue } from "../issue/io/outbox/outbox.ts";
import { BroadsheetError } from "../errors.ts";
import { isOpen, type OpenState, type SlotRecord } from "./io/slots/slot-record.ts";
import type { Agenda } from "./agenda.ts";
import type { Slot } from "./slots.ts";
import { counted } from "../platform/counted.ts";
import { askApproval } from "./ask-approval.ts";
import { buildSlot } from "./build-slot.ts";
import type { RunJob } from "./run-job.ts";
import { sendSlot } from "./send-slot.ts";
import { FOR_THE_NEXT } from "./slot-named.ts";
import { sourceReports } from "./source-reports.ts";
import { standingOf } from "./standing.ts";
import { done, failed, later, type Told } from "./told.ts";

/** Does what is on an agenda; what there is to tell of each slot. Whoever calls it holds the lock. */
export async function workOff(agenda: Agenda, job: RunJob): Promise<Told[]> {
  const told = await settled(job, agenda);
  const steps: (() => Promise<Told | undefined>)[] = [
    ...agenda.unfinished.map((record) => async () => goOn(record, job, told)),
    ...(agenda.due ? [startOf(agenda.due, mergedInto(agenda, job), { job, told })] : []),
  ];
  for (const step of steps) {
    if (job.signal.aborted) break;
    const result = await step();
    if (result) told.push(result);
  }
  if (agenda.due) told.push(...(await sourceReports(agenda.due, job)));
  return told;
}

/** Settles those of which no issue comes. */
async function settled(job: RunJob, agenda: Agenda): Promise<Told[]> {
  const { slots } = job;
  const told: Told[] = [];
  for (const record of agenda.late) {
    const isPlanned = (await standingOf(record.slot, job)) !== undefined;
    const result = isPlanned ? await goOn(record, job, told) : expire(record, job);
    if (result) told.push(result);
  }
  for (const { slot, why } of agenda.overtaken) {
    slots.change(slot, { from: "begun", to: "missed", why });
  }
  slots.passOver(agenda.missed, { state: "missed" });
  told.push(...missedTold(agenda.missed));
  slots.passOver(agenda.merged, { state: "merged", why: agenda.due?.name });
  return told;
}

/** However many there are, one line. */
function missedTold(missed: readonly Slot[]): Told[] {
  const latest = missed.at(-1);
  if (!latest) return [];
  const others = missed.length > 1 ? `, with ${counted(missed.length - 1)} before it` : "";
  return [done(latest.name, "missed", `missed${others}: nothing ran in time`)];
}

function expire({ slot, state, why }: SlotRecord, { slots }: RunJob): Told | undefined {
  if (!isOpen(state)) return undefined;
  const reason = state === "waiting" ? "nobody approved it" : (why ?? "it was never finished");
  if (!slots.change(slot, { from: state, to: "expired", why: reason })) return undefined;
  const error = new BroadsheetError("ISSUE_EXPIRED", `not sent in time: ${reason}`, {
    fix:
      state === "begun"
        ? FOR_THE_NEXT
        : `what is new in it is for the next issue; to send it all the same: broadsheet send ${slot}`,
  });
  return failed(slot, "expired", { error });
}

/** Goes on with a slot of which something has been built. */
async function goOn(
  { slot, state, at }: SlotRecord,
  job: RunJob,
  told: Told[],
): Promise<Told | undefined> {
  if (!isOpen(state)) return undefined;
  return guarded(slot, state, job, async () => {
    try {
      return state === "built"
        ? await release({ name: slot, at }, job)
        : await sendSlot(slot, state, job);
    } catch (error) {
      if (!(await beginsAgain(slot, error, job))) throw error;
      return startOf({ name: slot, at }, 0, { job, told })();
    }
  });
}

/** Sends what is built, or asks the editor first. What somebody has begun to send by hand needs no word. */
async function release(slot: Slot, job: RunJob): Promise<Told | undefined> {
  const { approval, notify } = job.schedule;
  if (await standingOf(slot.name, job)) return sendSlot(slot.name, "built", job);
  if (approval === "manual" && notify) return askApproval(slot, notify, job);
  if (await isWhollyDoubted(slot.name, job)) return heldBack(slot, job);
  return sendSlot(slot.name, "built", job);
}

/** Whether every story of an issue was read with doubt, and none was accepted. */
async function isWhollyDoubted(slot: string, { config }: RunJob): Promise<boolean> {
  const { digest, dir } = await readIssue(config.outbox, config.slug, slot);
  return toldEntries(parseDigest(digest, path.join(dir, "digest.json"))).every(isDoubted);
}

/** An issue of nothing but doubt waits for an editor, as one does that has to be approved. */
function heldBack({ name }: Slot, { slots }: RunJob): Told {
  const why = "all its stories were read with doubt";
  slots.change(name, { from: "built", to: "waiting", why });
  const error = new BroadsheetError("CONTENT_DOUBTFUL", `${why}, so that it waits for an editor`, {
    fix: `look at it: broadsheet preview; to send it: broadsheet approve ${name}; to leave it out: broadsheet skip ${name}`,
  });
  return failed(name, "waiting", { error, lasts: true });
}

/** How many earlier slots one takes the stories of, also where a run has noted that and died. */
function mergedInto({ due, merged }: Agenda, { slots, clock }: RunJob): number {
  const before = slots
    .recent(clock())
    .filter(({ why, state }) => state === "merged" && why === due?.name);
  const names = [...before.map(({ slot }) => slot), ...merged.map(({ name }) => name)];
  return new Set(names).size;
}

/** Makes the issue of a slot and sends it; what it goes without is told before. */
function startOf(
  slot: Slot,
  merged: number,
  { job, told }: { readonly job: RunJob; readonly told: Told[] },
): () => Promise<Told | undefined> {
  return async () =>
    guarded(slot.name, "begun", job, async () => {
      const claim = job.slots.begin(slot);
      if (!claim) return undefined;
      // Somebody has begun to send it by hand: what they began is finished.
      if (await standingOf(slot.name, job)) return sendSlot(slot.name, "begun", job);
      const ended = await buildSlot({ slot, claim, merged, lost: told }, job);
      if (ended) return ended;
      if (job.signal.aborted) return later(slot.name, "built", "built, and not sent yet");
      return guarded(slot.name, "built", job, async () => release(slot, job));
    });
}

/** What went wrong is noted with the slot, which the next run goes on with. */
async function guarded(
  slot: string,
  state: OpenState,
  job: RunJob,
  step: () => Promise<Told | undefined>,
): Promise<Told | undefined> {
  const { slots } = job;
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    // How long it is worth sending, and who has it; the ledger may be what is at fault.
    const planned = await standingOf(slot, job).catch(() => undefined);
    const found = slots.find(slot)?.state ?? state;
    const told = failed(slot, found, { error, planned, lasts: true });
    slots.note(slot, told.says);
    return told;
  }
}

/**
 * Begins a slot again whose issue is gone: somebody has taken the folder away, or the config names another outbox.
 * False where the error is another one, or where readers are planned, who are to get what the others got.
 */
export async function beginsAgain(
  slot: string,
  error: unknown,
  job: Pick<RunJob, "slots" | "config" | "clock" | "env">,
): Promise<boolean> {
  if (!(error instanceof BroadsheetError) || error.code !== "ISSUE_MISSING") return false;
  if (await standingOf(slot, job)) return false;
  const { slots } = job;
  const isBuilt = slots.change(slot, { from: "built", to: "begun" });
  return isBuilt || slots.change(slot, { from: "sending", to: "begun" });
}
