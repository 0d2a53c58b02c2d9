import type { Claim, Outcome } from "../ledger.ts";
import { nextTry } from "../retry.ts";
import type { Fate } from "./verdict.ts";

interface Circumstances {
  readonly now: Date;
  /** After this nobody wants the issue any more. */
  readonly expiresAt?: Date | undefined;
  /** Where the recipient can't be sent to now: when to look again. */
  readonly notBefore?: Date | undefined;
}

/** What the ledger notes of a claim: whoever was put off too often is rejected. */
export function outcomeOf(claim: Claim, fate: Fate, circumstances: Circumstances): Outcome {
  if (fate.state === "skipped") return { claim, ...fate };
  const { state, said: reply } = fate;
  if (state === "deferred") return putOff(claim, reply, circumstances);
  if (state === "rejected") return { claim, state, reply, suppress: fate.suppress };
  return state === "planned"
    ? { claim, state, reply, ...notBefore(circumstances) }
    : { claim, state, reply };
}

function notBefore({ notBefore: at }: Circumstances): { notBefore?: Date } {
  return at === undefined ? {} : { notBefore: at };
}

function putOff(claim: Claim, reply: string, { now, expiresAt }: Circumstances): Outcome {
  const { id, attempt, firstTriedAt = now } = claim;
  const at = nextTry({ id, attempt, firstTriedAt, now, expiresAt });
  if (at) return { claim, state: "deferred", reply, nextTry: at };
  return { claim, state: "rejected", reply: `given up: ${reply}` };
}
