import type { Schedule } from "../config/config.ts";
import { type IssueRecords, openRecords } from "../delivery/io/issue-records.ts";
import { isFrozen, stateAfter } from "../delivery/life.ts";
import { slotTime } from "../platform/slot.ts";
import { isEdited } from "../issue/io/edits-file.ts";
import { type IssueFolder, listIssues, readBeside } from "../issue/io/outbox.ts";
import { parseArticles } from "../issue/issue-to-send.ts";
import type { Clock } from "../platform/clock.ts";
import type { NewsletterStore } from "../platform/store.ts";
import { ISSUE_FILES } from "../preview/page-data.ts";
import { comingTimes } from "./slot.ts";

interface Settings extends NewsletterStore {
  readonly outbox: string;
  readonly schedule?: Schedule | undefined;
}

/** The number of the latest issues of an outbox that are examined. */
const LOOKED_AT = 20;

/**
 * The latest draft with an editor's changes that was made for the schedule but will not be sent by it. Its slot may have
 * passed, the slots of the schedule may have other names now, or a version before 0.2.0 may have built it under the date of
 * that day. Undefined if there is none.
 */
export async function draftLeftBehind(
  { outbox, store, slug, schedule }: Settings,
  clock: Clock,
): Promise<string | undefined> {
  if (!schedule) return undefined;
  const drafts = await draftsOf({ outbox, slug });
  if (drafts.length === 0) return undefined;
  await using records = await openRecords({ store, slug }, clock, { isLooking: true });
  const after = await lastSent(records);
  const known = await records.all();
  const now = clock();
  const coming = comingTimes(
    drafts.map(({ slot }) => slot),
    schedule,
    now,
  );
  const left = drafts.filter(({ slot }) => {
    const { state = "draft", at = now } = known.get(slot) ?? {};
    const isPast = state !== "draft" && at <= now;
    const isMovable = stateAfter(state, "merge") !== undefined;
    return isMovable && (slotTime(slot) ?? 0) >= after && (isPast || !coming.has(slot));
  });
  return latestEdited(left, outbox);
}

/** The slot of the latest draft with an editor's changes. Undefined if there is none. */
export async function latestEditedOf(
  slots: readonly string[],
  place: Pick<Settings, "outbox" | "slug">,
): Promise<string | undefined> {
  const drafts = (await draftsOf(place)).filter(({ slot }) => slots.includes(slot));
  return latestEdited(drafts, place.outbox);
}

/** The issues that were built for a time of the schedule with `after < at ≤ until`. */
export async function draftsBetween(
  after: Date,
  until: Date,
  place: Pick<Settings, "outbox" | "slug">,
): Promise<{ readonly slot: string; readonly at: Date }[]> {
  const found: { slot: string; at: Date }[] = [];
  for (const { slot, dir } of await draftsOf(place)) {
    const { at } = parseArticles(await readBeside(dir, ISSUE_FILES.articles)) ?? {};
    const time = at === undefined ? undefined : new Date(at);
    if (time && time > after && time <= until) found.push({ slot, at: time });
  }
  return found;
}

/** The issues that may be drafts, the latest first. */
async function draftsOf({
  outbox,
  slug,
}: Pick<Settings, "outbox" | "slug">): Promise<IssueFolder[]> {
  return (await listIssues(outbox))
    .filter(({ newsletter }) => newsletter === slug)
    .slice(-LOOKED_AT)
    .toReversed();
}

/** The first draft with an editor's changes that was not made as a separate issue. */
async function latestEdited(
  drafts: readonly IssueFolder[],
  outbox: string,
): Promise<string | undefined> {
  for (const { newsletter, slot, dir } of drafts)
    if ((await isForSchedule(dir)) && (await isEdited(outbox, { newsletter, slot }))) return slot;
  return undefined;
}

/** The time of the last slot that was sent. 0 if there is none. An older draft is too late. */
async function lastSent(records: IssueRecords): Promise<number> {
  const sent = (await records.latest(LOOKED_AT)).find(({ state }) => isFrozen(state));
  return sent?.at?.getTime() ?? 0;
}

/** Whether the draft was made for the schedule, and not as a separate issue. */
async function isForSchedule(dir: string): Promise<boolean> {
  const articles = await readBeside(dir, ISSUE_FILES.articles);
  return articles === undefined || parseArticles(articles)?.at !== undefined;
}
