import { Dispatch } from "./dispatch.ts";
import type { Sending, Sent } from "./sending.ts";

/**
 * Sends an issue to everybody who is due, each at most once. Claims are taken from the ledger, their
 * messages made, and handed to the transport after the ledger has noted it; what became of them is noted in
 * the turn in which the next ones start, so that never more than `concurrency` are in doubt. It ends when
 * nobody is due any more, when it is aborted, or when going on would do harm. It never waits for those whom a
 * server puts off.
 * @throws BroadsheetError LEDGER_BUSY where another run is sending, and what the ledger throws when it can't
 * note what happened: it then has those who were in flight as being sent, and the next run has them in doubt.
 */
export async function deliver(sending: Sending): Promise<Sent> {
  const run = await sending.ledger.begin(sending.worker);
  try {
    return await new Dispatch(sending).run();
  } finally {
    await run.end();
  }
}
