import { change } from "../../../platform/sqlite/watermarks.ts";
import { optional, textIn } from "../../../platform/sqlite/database.ts";
import type { LedgerContext } from "./ledger-context.ts";

export interface Recovered {
  readonly returned: number;
  readonly uncertain: number;
}

/**
 * Settles what workers left behind: what hadn't begun is planned again, and where a message may have gone
 * out its recipient is in doubt. `worker`: only what this one left.
 */
export function recover(context: LedgerContext, worker?: string): Recovered {
  const { database, clock } = context;
  const now = clock().getTime();
  return change(context, () => {
    database.prepare(NOTE_DOUBT).run(now, worker);
    return {
      uncertain: database.prepare(DOUBT).run(now, worker),
      returned: database.prepare(RETURN).run(now, worker),
    };
  });
}

const LEFT = "lease_until IS NOT NULL AND worker = coalesce(?, worker)";

const NOTE_DOUBT = `
  INSERT INTO delivery_event (delivery, at, what, reply)
  SELECT id, ?, 'uncertain', 'the sender stopped before the server answered'
  FROM delivery WHERE state = 'sending' AND ${LEFT}`;

const DOUBT = `
  UPDATE delivery
  SET state = 'uncertain', lease_until = NULL, worker = NULL,
    reply = 'the sender stopped before the server answered', changed_at = ?
  WHERE state = 'sending' AND ${LEFT}`;

const RETURN = `
  UPDATE delivery
  SET state = 'planned', due = 0, lease_until = NULL, worker = NULL, changed_at = ?
  WHERE state = 'claimed' AND ${LEFT}`;

/** Notes who sends; the worker that did before, where it never said that it was done. */
export function signIn({ database, clock }: LedgerContext, worker: string): void {
  database
    .prepare("INSERT OR REPLACE INTO sender (one, worker, since) VALUES (1, ?, ?)")
    .run(worker, clock().getTime());
}

export function signOut({ database }: LedgerContext, worker: string): void {
  database.prepare("DELETE FROM sender WHERE worker = ?").run(worker);
}

/** Who is sending, as far as anybody has said so. */
export function senderIn({ database }: LedgerContext): string | undefined {
  return optional(database.prepare("SELECT worker FROM sender").get() ?? {}, "worker", textIn);
}
