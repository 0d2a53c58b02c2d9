import type { Fingerprint } from "../../digest/known/fingerprint.ts";
import { writeIssue } from "../../io/outbox/outbox.ts";
import type { SlotClaim } from "../../io/sqlite/slots/sqlite-slots.ts";
import { withPreview } from "../../preview/with-preview.ts";
import type { Slot } from "../../schedule/slots.ts";
import type { Gathered } from "../collect/collected.ts";
import { issueOf } from "../issue-of.ts";
import { dayIn } from "../project.ts";
import { readAll } from "../read-all.ts";
import { assertFit, readReport } from "../send/verdict.ts";
import type { RunJob } from "./run-job.ts";
import { done, later, type Told } from "./told.ts";

/** What there is to make an issue of. */
interface Content {
  readonly gathered: Gathered;
  /** What is taken when it is built. */
  readonly items: readonly Fingerprint[];
  /** Why there is no issue to make, where there is none. */
  readonly nothing?: string;
}

/** Collects what is new, makes the issue of a slot of it and checks it. Undefined where it is ready to go. */
export async function buildSlot(
  slot: Slot,
  claim: SlotClaim,
  job: RunJob,
): Promise<Told | undefined> {
  const { config, slots } = job;
  const { gathered, items, nothing } = await contentFor(slot, job);
  if (nothing !== undefined) return empty(slot, claim, { job, nothing });
  const { built: bare } = await issueOf(gathered, config, {
    flags: { quiet: true, date: dayIn(job.schedule.zone, slot.at) },
    terminal: job.terminal,
    slot: slot.name,
  });
  const built = withPreview(bare);
  if (!slots.isOurs(claim)) return takenOver(slot);
  const folder = await writeIssue(config.outbox, built.digest.issue, built.files);
  assertFit({ ...built, folder, pictures: [] }, await readReport(folder));
  return slots.built(claim, items) ? undefined : takenOver(slot);
}

async function contentFor(_slot: Slot, { config, flags, terminal }: RunJob): Promise<Content> {
  const gathered = await readAll([], config, { flags, terminal });
  return { gathered, items: [] };
}

/** A slot that was only tried early has its time yet before it. */
function empty(
  { name, at }: Slot,
  claim: SlotClaim,
  { job: { slots, clock }, nothing }: { readonly job: RunJob; readonly nothing: string },
): Told {
  if (at > clock()) slots.forget(claim);
  else slots.change(name, { from: "begun", to: "empty", why: nothing });
  return done(name, "empty", nothing);
}

function takenOver({ name }: Slot): Told {
  return later(name, "begun", "another run has taken it over");
}
