import path from "node:path";
import type { Schedule } from "../config/config.ts";
import { type IssueRecords, openRecords } from "../delivery/io/issue-records.ts";
import { isFrozen } from "../delivery/life.ts";
import { slotTime } from "../digest/digest.ts";
import { listIssues, readBeside } from "../issue/io/outbox.ts";
import { parseArticles } from "../issue/issue-to-send.ts";
import type { Clock } from "../platform/clock.ts";
import type { NewsletterStore } from "../platform/sqlite/open-store.ts";
import { ISSUE_FILES } from "../preview/page-data.ts";
import { slotsAfter } from "./agenda.ts";

interface Settings extends NewsletterStore {
  readonly outbox: string;
  readonly schedule?: Schedule | undefined;
}

/** So many of the latest issues of an outbox are looked at. */
const LOOKED_AT = 20;

/**
 * The latest draft with an editor's changes that no schedule sends, though it was made for one: the schedule names its
 * slots otherwise by now, or a version before 0.2.0 built it under the date of that day. Undefined where there is none.
 */
export async function draftLeftBehind(
  { outbox, store, slug, schedule }: Settings,
  clock: Clock,
): Promise<string | undefined> {
  if (!schedule) return undefined;
  const drafts = (await listIssues(outbox))
    .filter(({ newsletter }) => newsletter === slug)
    .slice(-LOOKED_AT)
    .toReversed();
  if (drafts.length === 0) return undefined;
  using records = await openRecords({ store, slug }, clock, { isLooking: true });
  const after = lastSent(records);
  for (const { slot, dir } of drafts) {
    const isDraft = (records.find(slot)?.state ?? "draft") === "draft";
    if (!isDraft || (slotTime(slot) ?? 0) < after || isSlotOf(schedule, slot)) continue;
    if (await isEditedForSchedule(dir)) return slot;
  }
  return undefined;
}

/** The time of the last slot that went to readers; 0 where there was none. A draft from before it came too late. */
function lastSent(records: IssueRecords): number {
  const sent = records.latest(LOOKED_AT).find(({ state }) => isFrozen(state));
  return sent?.at?.getTime() ?? 0;
}

const DAY_MS = 86_400_000;
const MOST_SLOTS = 400;

function isSlotOf(schedule: Schedule, name: string): boolean {
  let seen = 0;
  // A slot of a week may be eight days after the time that its name stands for.
  const start = (slotTime(name) ?? 0) - 2 * DAY_MS;
  for (const slot of slotsAfter(schedule, new Date(start))) {
    if (slot.name === name) return true;
    if (slot.at.getTime() > start + 10 * DAY_MS || ++seen > MOST_SLOTS) return false;
  }
  return false;
}

/** Whether an editor has changed it, and it was not made as a separate issue. */
async function isEditedForSchedule(dir: string): Promise<boolean> {
  const [digest, built, articles] = await Promise.all(
    [ISSUE_FILES.digest, ISSUE_FILES.built, ISSUE_FILES.articles].map(async (name) =>
      readBeside(dir, path.basename(name)),
    ),
  );
  const isSeparate = articles !== undefined && parseArticles(articles)?.at === undefined;
  return digest !== undefined && built !== undefined && digest !== built && !isSeparate;
}
