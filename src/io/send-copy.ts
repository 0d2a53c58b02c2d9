import { type Config, isPlaceholder } from "../config.ts";
import { composeMessage } from "../delivery/compose-message.ts";
import { signMessage } from "../delivery/dkim/sign-message.ts";
import type { Message } from "../delivery/message.ts";
import type { Recipient } from "../audience/recipient.ts";
import type { Digest } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "./clock.ts";
import { loadDkimKeys } from "./load-dkim-keys.ts";
import { connectSmtp } from "./smtp/smtp.ts";
import { isLoopback } from "../config/loopback.ts";
import { parseSmtpUrl } from "./smtp/smtp-url.ts";
import type { Picture } from "../pipeline.ts";
import { mailingFor, withInlinePictures } from "../pipeline/sample.ts";
import type { Email } from "../render/email.ts";

/** An issue as it lies in the outbox. */
export interface IssueToSend {
  readonly digest: Digest;
  readonly email: Email;
  readonly pictures: readonly Picture[];
}

/** One copy, composed and addressed, and where it is to go. */
export interface Copy {
  readonly message: Message;
  readonly from: Recipient;
  readonly to: Recipient;
  /** `host:port` */
  readonly through: string;
  readonly url: string;
  readonly requireTls: boolean;
}

/** What became of a recipient: a state of the ledger. */
export type State = "planned" | "accepted" | "deferred" | "rejected" | "uncertain";

/**
 * The copy of an issue for one address, when the config allows it to go.
 * @throws BroadsheetError SMTP_UNCONFIGURED, SENDER_PLACEHOLDER, DKIM_KEY_UNUSABLE, CONFIG_INVALID,
 * EMAIL_INVALID.
 */
export async function composeCopy(
  issue: IssueToSend,
  to: Recipient,
  config: Config,
): Promise<Copy> {
  const { from, smtp } = config;
  const url = config.secrets.smtpUrl ?? "";
  if (url === "") throw unconfigured();
  const { host, port } = parseSmtpUrl(url);
  if (isPlaceholder(from.address) && !isLoopback(host)) throw placeholder(from.address);
  const { email, images } = withInlinePictures(issue.email, issue.pictures);
  const now = systemClock();
  const keys = await loadDkimKeys(config);
  const unsigned = composeMessage(email, to, { ...mailingFor(config, issue.digest, now), images });
  const message = await signMessage(unsigned, keys, now);
  return { message, from, to, through: `${host}:${port}`, url, requireTls: smtp.requireTls };
}

/**
 * Hands a copy over; the server's answer.
 * @throws BroadsheetError SMTP_*; `stateAfter` says what each leaves the recipient in.
 */
export async function sendCopy({ message, url, requireTls }: Copy): Promise<string> {
  const transport = connectSmtp(url, { requireTls });
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

function unconfigured(): BroadsheetError {
  return new BroadsheetError("SMTP_UNCONFIGURED", "there is no mail server to send through", {
    fix: "set SMTP_URL, in the environment or in .env beside the config: smtps://user:password@host:465",
  });
}

function placeholder(address: string): BroadsheetError {
  return new BroadsheetError("SENDER_PLACEHOLDER", `the sender ${address} is only an example`, {
    fix: "set `from` in the config to an address of your own",
  });
}
