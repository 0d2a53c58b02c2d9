import { addressKey } from "../recipient.ts";
import type { RestoredRun, Settlement } from "../subscriber.ts";
import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  type Queries,
  type Row,
  textIn,
} from "../../platform/database.ts";
import { forgetRefusals, type ListContext, suppress } from "./depart.ts";

/** The reason for leaving out a quarantined reader. It is also the name of the event. */
export const QUARANTINED = "quarantined";

/** Ends the quarantine of an address, and returns whether it was quarantined. */
export async function endQuarantine(
  context: ListContext,
  address: string,
  how: Settlement,
): Promise<boolean> {
  const { tx, list, now } = context;
  const key = addressKey(address);
  const row = await tx.get(END_QUARANTINE, list.id, key);
  if (!row) return false;
  if (how === "suppress") return suppress(context, address, "bounced");
  await forgetRefusals(context, key);
  await tx.run(NOTE_RELEASE, numberIn(row, "delivery"), now.getTime());
  return true;
}

const END_QUARANTINE = "DELETE FROM quarantine WHERE list = ? AND key = ? RETURNING delivery";

const NOTE_RELEASE = "INSERT INTO delivery_event (delivery, at, what) VALUES (?, ?, 'released')";

/** Readers who unsubscribed since then have another reason, and are not selected. */
const suppressedBy = (refusals: string) => `
  SELECT refusal.id, refusal.at, refusal.delivery, newsletter, suppression.list, suppression.key
  FROM refusal
  JOIN delivery ON delivery.id = refusal.delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list USING (newsletter)
  JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  WHERE verdict = 'suppress' AND ${refusals} AND reason = 'bounced' AND suppression.since >= refusal.at
  ORDER BY refusal.id`;

const SUPPRESSED = {
  issue: suppressedBy("delivery.issue = ?"),
  since: suppressedBy("refusal.at >= ?"),
};

/** Quarantines the readers that refusals of an issue, or refusals since a time, have suppressed. Returns their number. */
export async function quarantineSuppressed(
  tx: Queries,
  [by, value]: readonly [by: keyof typeof SUPPRESSED, value: number],
  now: Date,
): Promise<number> {
  let count = 0;
  for (const row of await tx.all(SUPPRESSED[by], value)) {
    const [list, key, at] = [numberIn(row, "list"), textIn(row, "key"), numberIn(row, "at")];
    const isFirst = await tx.run("DELETE FROM suppression WHERE list = ? AND key = ?", list, key);
    if (isFirst === 0) continue;
    await tx.run(SKIP, QUARANTINED, key, at, textIn(row, "newsletter"));
    await quarantineReader(tx, row, now);
    count += 1;
  }
  return count;
}

/** Quarantines the reader of a refusal. Returns false if the reader was quarantined before or has left meanwhile. */
export async function quarantineReader(tx: Queries, refusal: Row, now: Date): Promise<boolean> {
  const delivery = numberIn(refusal, "delivery");
  await tx.run(VERDICT, numberIn(refusal, "id"));
  const isNew = (await tx.run(QUARANTINE, now.getTime(), delivery)) > 0;
  if (isNew) await tx.run(NOTE_QUARANTINE, delivery, now.getTime());
  return isNew;
}

const VERDICT = "UPDATE refusal SET verdict = 'quarantine' WHERE id = ?";

const QUARANTINE = `
  INSERT INTO quarantine (list, key, delivery, since)
  SELECT list.id, key, delivery.id, ?
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list ON list.newsletter = issue.newsletter
  WHERE delivery.id = ?
    AND NOT EXISTS (SELECT 1 FROM suppression AS gone WHERE gone.list = list.id AND gone.key = delivery.key)
  ON CONFLICT (list, key) DO NOTHING`;

const NOTE_QUARANTINE = `
  INSERT INTO delivery_event (delivery, at, what) VALUES (?, ?, '${QUARANTINED}')`;

/** Marks issues as skipped that were not sent to the reader meanwhile. After a release, `retry` sends them. */
const SKIP = `
  UPDATE delivery SET state = 'skipped', reply = ?
  WHERE key = ? AND state = 'suppressed' AND reply = 'bounced' AND changed_at >= ?
    AND issue IN (SELECT id FROM issue WHERE newsletter = ?)`;

/**
 * Undoes the changes of the list by a run. Readers that the run took off are on the list again, and readers that it
 * quarantined are released. Readers who left or bounced since then stay off. Undefined if there was no such run.
 */
export async function restoreRun(
  context: ListContext,
  run: number,
): Promise<RestoredRun | undefined> {
  const { tx, list, newsletter, now } = context;
  const row = await tx.get(ENDED_RUN, run, newsletter);
  if (!row) return undefined;
  const { slot, before } = runIn(row);
  const readers: string[] = [];
  for (const changed of await tx.all(CHANGED_BY, run, newsletter)) {
    const { key, address, at, delivery } = changedIn(changed);
    const isBack =
      (await tx.run(TAKE_BACK, list.id, key, at, newsletter, run)) +
      (await tx.run(RELEASE, list.id, key, delivery));
    if (isBack === 0) continue;
    await tx.run(SKIP, RESTORED, key, at, newsletter);
    await tx.run(NOTE_RESTORE, delivery, now.getTime(), run);
    readers.push(address);
  }
  await tx.run(FORGET_RUN, run);
  await tx.run("UPDATE run SET restored_at = ? WHERE id = ?", now.getTime(), run);
  return { slot, before, readers };
}

const RESTORED = "restored";

const runIn = fieldsOf({ slot: textIn, before: maybe(dateIn) });
const changedIn = fieldsOf({ key: textIn, address: textIn, at: numberIn, delivery: numberIn });

const ENDED_RUN = `
  SELECT slot, restored_at AS before FROM run JOIN issue ON issue.id = run.issue
  WHERE run.id = ? AND newsletter = ? AND ended_at IS NOT NULL`;

const CHANGED_BY = `
  SELECT refusal.at, refusal.delivery, delivery.key, delivery.address
  FROM refusal JOIN delivery ON delivery.id = refusal.delivery JOIN issue ON issue.id = delivery.issue
  WHERE run = ? AND newsletter = ? AND verdict IN ('suppress', 'quarantine') ORDER BY refusal.id`;

const TAKE_BACK = `
  DELETE FROM suppression
  WHERE list = ? AND key = ? AND reason = 'bounced' AND since >= ?
    AND NOT EXISTS (
      SELECT 1 FROM issue JOIN delivery ON delivery.issue = issue.id
        JOIN refusal ON refusal.delivery = delivery.id
      WHERE newsletter = ? AND delivery.key = suppression.key AND verdict = 'suppress'
        AND run IS DISTINCT FROM ?)`;

const RELEASE = "DELETE FROM quarantine WHERE list = ? AND key = ? AND delivery = ?";

const NOTE_RESTORE = `
  INSERT INTO delivery_event (delivery, at, what, run) VALUES (?, ?, '${RESTORED}', ?)`;

/** The refusals of a restored run no longer count. */
const FORGET_RUN = "UPDATE refusal SET verdict = 'again' WHERE run = ? AND verdict IS NOT NULL";
