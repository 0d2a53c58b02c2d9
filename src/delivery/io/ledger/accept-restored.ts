import type { StoreCheck } from "../../../platform/sqlite/watermarks.ts";
import { foldAll } from "./groups.ts";
import type { LedgerContext } from "./read-ledger.ts";
import { settleStates } from "./settle.ts";

/** What is in doubt since a restored store was accepted. */
export interface AcceptedStore {
  /** How many recipients may have got what they were still to be sent. */
  readonly inDoubt: number;
  /** `<newsletter>/<slot>` of issues that the store doesn't know: all readers may have those. */
  readonly lost: readonly string[];
}

/**
 * Accepts a restored store: a recipient who was still to be sent an issue may have got it since the backup, so all
 * of these are in doubt, and so are all recipients of an issue that the store doesn't know.
 */
export function acceptRestored(
  context: LedgerContext,
  { lost, highest }: StoreCheck,
): AcceptedStore {
  const { database, clock, marks } = context;
  const now = clock().getTime();
  const inDoubt = database.transaction(() => {
    foldAll(context);
    database.prepare(NOTE_RESTORED).run(now);
    const doubted = database.prepare(ALL_IN_DOUBT).run(now);
    database.exec(DROP_MAILS);
    database.exec("DELETE FROM refusal WHERE verdict IS NULL");
    for (const name of lost) {
      const [newsletter, slot] = name.split("/");
      database.prepare(ADD_LOST).run(newsletter, slot, now);
    }
    settleStates(context);
    database.prepare("UPDATE store SET epoch = max(epoch, ?) + 1").run(highest);
    return doubted;
  });
  marks.note();
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
  WHERE planned_at IS NULL`;
