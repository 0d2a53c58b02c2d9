import type { Queries } from "../../../platform/database.ts";
import type { Clock } from "../../../platform/clock.ts";
import { settleStates } from "./settle.ts";

/** The deliveries and issues that are in doubt since a restored store was accepted. */
export interface AcceptedStore {
  /** The number of open deliveries. Their recipients may have got the message after the backup. */
  readonly inDoubt: number;
  /** `<newsletter>/<slot>` of issues that the store doesn't know. All readers may have got them. */
  readonly lost: readonly string[];
}

export interface Accepted extends AcceptedStore {
  /** Whether the store is new and empty because the former one was lost. */
  readonly isNew: boolean;
  /** Whether the store may be older than the latest sending. */
  readonly isOlder: boolean;
  /** The former place of a store that was moved; absent if it was not moved. */
  readonly movedFrom?: string | undefined;
}

/**
 * Accepts a restored store. A recipient with an open delivery may have got the issue after the backup. All open deliveries
 * are therefore in doubt, and so are all recipients of an issue that the store doesn't know. The caller has begun a
 * transaction, in which no group is open any more.
 */
export async function acceptRestored(
  queries: Queries,
  clock: Clock,
  lost: readonly string[],
): Promise<AcceptedStore> {
  const now = clock().getTime();
  await queries.run(NOTE_RESTORED, now);
  const inDoubt = await queries.run(ALL_IN_DOUBT, now);
  await queries.run(DROP_MAILS);
  await queries.run("DELETE FROM refusal WHERE verdict IS NULL");
  for (const name of lost) {
    const [newsletter, slot] = name.split("/");
    await queries.run(ADD_LOST, newsletter, slot, now);
  }
  await settleStates({ queries, clock });
  return { inDoubt, lost: [...new Set(lost)] };
}

const OPEN = "(due IS NOT NULL OR state = 'claimed')";

const NOTE_RESTORED = `
  INSERT INTO delivery_event (delivery, at, what)
  SELECT id, ?, 'uncertain: the ledger was restored from a backup' FROM delivery WHERE ${OPEN}`;

const ALL_IN_DOUBT = `
  UPDATE delivery
  SET state = 'uncertain', due = NULL, reply = 'the ledger was restored from a backup', changed_at = ?
  WHERE ${OPEN}`;

/** Single mails that waited when the backup was made may have been sent since. */
const DROP_MAILS = `
  UPDATE mail SET state = 'dropped', address = NULL, subject = NULL, text = NULL, html = NULL
  WHERE state = 'waiting'`;

const ADD_LOST = `
  INSERT INTO issue (newsletter, slot, content_hash, lost, state, changed_at) VALUES (?, ?, '', 'doubt', 'sending', ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET lost = 'doubt', state = 'sending', changed_at = excluded.changed_at
  WHERE issue.planned_at IS NULL`;
