import type { BroadsheetError } from "../../errors.ts";
import {
  type Addressee,
  type Claim,
  type DeliveryState,
  type IssueKey,
  type Ledger,
  NO_READERS,
} from "../ledger.ts";
import type { Message } from "../message.ts";
import type { Transport } from "../transport.ts";
import type { Pause } from "./answer-policy.ts";
import type { ThrottleLimits } from "./throttle.ts";

/** One sending of an issue: what to send, over what, and within which limits. */
export interface Sending {
  readonly issue: IssueKey;
  readonly ledger: Ledger;
  readonly transport: Transport;
  /** Names this run in the ledger. No other run ever has the same name. */
  readonly worker: string;
  /** Makes the finished message of a claim. Where it throws a BroadsheetError the recipient is skipped. */
  readonly messageOf: (claim: Claim) => Promise<Message>;
  readonly messageIdOf: (to: Addressee) => string;
  readonly now: () => Date;
  /** How many messages may be in flight over all connections, which is how many a crash leaves in doubt. */
  readonly concurrency: number;
  readonly total?: ThrottleLimits | undefined;
  readonly perDomain?: ThrottleLimits | undefined;
  /** At most so many recipients in this run. */
  readonly atMost?: number | undefined;
  /** After this the issue is sent to no reader any more. */
  readonly expiresAt?: Date | undefined;
  /** Ends the sending: messages in flight get their answers, and no other one starts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every turn with what this run has done so far, and how many deliveries the ledger has as `sending`:
   * so many would be in doubt if the run were killed now.
   */
  readonly onTurn?: ((tally: Tally, inFlight: number) => void) | undefined;
}

export interface Sent {
  readonly tally: Tally;
  /** Why the run ended before every recipient was tried. */
  readonly stoppedBy?: BroadsheetError | undefined;
  /** How many readers are quarantined since: this run judged them, or found them unjudged. */
  readonly quarantined?: number | undefined;
  /** Recipient domains that are paused, and what their servers said. */
  readonly paused?: readonly Pause[] | undefined;
}

/** What a run has done so far: how many recipients came to each state. */
export type Tally = Readonly<
  Record<Exclude<DeliveryState, "claimed" | "sending">, number> & {
    /** How many of the skipped are recipients for whom no message could be made. */
    unmade: number;
    /** Outcomes that came after another run had taken the recipient over. */
    late: number;
  }
>;

const { claimed: _claimed, sending: _sending, ...ENDED } = NO_READERS;

export const EMPTY_TALLY: Tally = { ...ENDED, unmade: 0, late: 0 };

export function counted(tally: Tally, ...what: readonly (keyof Tally)[]): Tally {
  const next: Record<keyof Tally, number> = { ...tally };
  for (const one of what) next[one]++;
  return next;
}
