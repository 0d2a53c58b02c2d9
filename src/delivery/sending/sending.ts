import type { BroadsheetError } from "../../errors.ts";
import type { Addressee, Claim, IssueKey, Ledger } from "../ledger.ts";
import type { Message } from "../message.ts";
import type { Transport } from "../transport.ts";
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
