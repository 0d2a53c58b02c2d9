import type { Message } from "../compile-message.ts";
import { DeliveryError, type Transport } from "../transport.ts";
import { nextTry } from "./answer-policy.ts";
import { classifyFailure, type Fate } from "./failure.ts";

/** A mail outside the ledger. */
interface SingleMail {
  readonly id: number;
  readonly message: Message;
  /** The number of attempts, including this one. */
  readonly attempt: number;
  readonly firstTriedAt: Date;
}

/** The outcome. "doubtful": the server may have the mail, so it must not be sent again. */
type SingleOutcome =
  | { readonly state: "sent" | "dropped" | "doubtful" }
  | { readonly state: "waiting"; readonly due: Date };

interface SingleResult {
  readonly outcome: SingleOutcome;
  /** The failure, if no other mail can be sent now either. */
  readonly trouble?: DeliveryError | undefined;
}

/** The wait for a server that accepts no mail at all. */
const SERVER_MS = 60_000;

/** Sends one mail. The outcome of a failure is a value too. After any other error, the mail may have been sent or not. */
export async function sendSingle(
  transport: Transport,
  mail: SingleMail,
  now: Date,
): Promise<SingleResult> {
  try {
    await transport.send(mail.message);
    return { outcome: { state: "sent" } };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { fate, consequence } = classifyFailure(error);
    const isOurs = consequence !== "none" && consequence !== "pauseDomain";
    return { outcome: outcomeOf(fate, mail, now), trouble: isOurs ? error : undefined };
  }
}

function outcomeOf({ state }: Fate, mail: SingleMail, now: Date): SingleOutcome {
  if (state === "uncertain") return { state: "doubtful" };
  if (state === "planned") return { state: "waiting", due: new Date(now.getTime() + SERVER_MS) };
  const due = state === "deferred" ? nextTry({ ...mail, now }) : undefined;
  return due ? { state: "waiting", due } : { state: "dropped" };
}
