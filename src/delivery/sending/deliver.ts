import type { BroadsheetError } from "../../errors.ts";
import type { Addressee, Claim, IssueKey, Ledger } from "../ledger.ts";
import type { Message } from "../message.ts";
import type { Transport } from "../transport.ts";
import { Dispatch } from "./dispatch.ts";
import type { Pause } from "./judge.ts";
import type { PaceLimits } from "./pace.ts";
import type { Tally } from "./tally.ts";

export interface Sending {
  readonly issue: IssueKey;
  readonly ledger: Ledger;
  readonly transport: Transport;
  /** Names this run in the ledger: no other one ever has the same name. */
  readonly worker: string;
  /** The finished message of a claim. A recipient that it refuses, with a BroadsheetError, is skipped. */
  readonly messageOf: (claim: Claim) => Promise<Message>;
  readonly messageIdOf: (to: Addressee) => string;
  readonly now: () => Date;
  /** So many messages may be in flight, over all connections: after a crash so many are in doubt. */
  readonly concurrency: number;
  readonly total?: PaceLimits | undefined;
  readonly perDomain?: PaceLimits | undefined;
  /** So many recipients and no more. */
  readonly atMost?: number | undefined;
  /** After this nobody wants the issue any more. */
  readonly expiresAt?: Date | undefined;
  /** Ends the sending: what is in flight lands, nothing else starts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told after every turn what this run has done so far, and how many the ledger has as being sent: so many would be
   * in doubt if the run ended now.
   */
  readonly onTurn?: ((tally: Tally, inFlight: number) => void) | undefined;
}

export interface Sent {
  readonly tally: Tally;
  /** Why it ended before everybody had their turn. */
  readonly stoppedBy?: BroadsheetError | undefined;
  /** Recipient domains that are left alone for a time, and what their servers said. */
  readonly paused?: readonly Pause[] | undefined;
}

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
