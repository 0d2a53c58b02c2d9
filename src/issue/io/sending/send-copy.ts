import type { Recipient } from "../../../subscribers/recipient.ts";
import type { Config } from "../../../config/config.ts";
import { composeMessage } from "../../../delivery/compile-message.ts";
import { signMessage } from "../../../delivery/dkim.ts";
import type { Message } from "../../../delivery/message.ts";
import { BroadsheetError } from "../../../errors.ts";
import { mailingFor, withInlinePictures } from "../../mailing.ts";
import { systemClock } from "../../../platform/clock.ts";
import { loadDkimKeys } from "../../../delivery/io/load-dkim-keys.ts";
import type { IssueToSend } from "../../issue-to-send.ts";
import { type TransportChoice, chooseTransport } from "../../../delivery/io/choose-transport.ts";

/** One copy, composed and addressed, and where it is to go. */
export interface Copy {
  readonly message: Message;
  readonly from: Recipient;
  readonly to: Recipient;
  readonly route: TransportChoice;
}

/** What became of a recipient: a state of the ledger. */
export type State = "planned" | "accepted" | "deferred" | "rejected" | "uncertain";

/**
 * The copy of an issue for one address, when the config allows it to go.
 * @throws BroadsheetError SMTP_UNCONFIGURED, DKIM_KEY_UNUSABLE, CONFIG_INVALID,
 * EMAIL_INVALID.
 */
export async function composeCopy(
  issue: IssueToSend,
  to: Recipient,
  config: Config,
): Promise<Copy> {
  const route = chooseTransport(config, issue.folder);
  const { email, images } = withInlinePictures(issue.email, issue.pictures);
  const subject = [config.testSubject, email.subject].filter(Boolean).join(" ");
  const now = systemClock();
  const mailing = { ...mailingFor(config, issue.digest, now), images };
  const keys = await loadDkimKeys(config);
  const message = await signMessage(composeMessage({ ...email, subject }, to, mailing), keys, now);
  return { message, from: config.from, to, route };
}

/**
 * Hands a copy over; the server's answer.
 * @throws BroadsheetError SMTP_*; `stateAfter` says what each leaves the recipient in.
 */
export async function sendCopy({ message, route }: Copy): Promise<string> {
  const transport = route.open();
  try {
    const { response } = await transport.send(message);
    return response;
  } finally {
    await transport.close();
  }
}

/** The state that a failure to send leaves the recipient in; undefined for any other failure. */
export function stateAfter(error: unknown): State | undefined {
  if (!(error instanceof BroadsheetError)) return undefined;
  switch (error.code) {
    case "SMTP_REFUSED":
      return "rejected";
    case "SMTP_DEFERRED":
      return "deferred";
    case "SMTP_UNCERTAIN":
      return "uncertain";
    case "SMTP_UNREACHABLE":
    case "SMTP_AUTH":
    case "SMTP_TLS":
      return "planned";
    default:
      return undefined;
  }
}
