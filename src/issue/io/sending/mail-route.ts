import {
  chooseTransport,
  isLocal,
  type TransportChoice,
  type TransportSettings,
} from "../../../delivery/io/choose-transport.ts";
import { sampleAddresses, samplesSaid, sampleTexts } from "../../../review/samples.ts";
import type { Digest } from "../../../digest/digest.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Recipient } from "../../../subscribers/recipient.ts";
import { composeMessage, type Message } from "../../../delivery/compile-message.ts";
import { mailingFor, type MailingSettings, withInlinePictures } from "../../mailing.ts";
import { systemClock } from "../../../platform/clock.ts";
import { type DkimConfig, loadDkimKeys } from "../../../delivery/io/load-dkim-keys.ts";
import type { IssueToSend } from "../../issue-to-send.ts";

/** The transport's settings, and the sender that readers see. */
export type SenderSettings = TransportSettings &
  Pick<MailingSettings, "from" | "urls"> & { readonly postalAddress?: string | undefined };

/** The settings for composing and sending one copy of an issue. */
export type CopySettings = TransportSettings &
  MailingSettings &
  DkimConfig & {
    /** The prefix of a copy's subject. */
    readonly testSubject?: string | undefined;
  };

/**
 * Rejects sample content in an issue for a list. A server on this machine accepts it, so that sending can be tried out.
 * @throws BroadsheetError SENDER_PLACEHOLDER for an address, CONTENT_SAMPLE for a story or the letter.
 */
export function assertNoSample(digest: Digest, config: SenderSettings, next?: string): void {
  const refusal = sampleRefusal(digest, config, next);
  if (refusal) throw refusal;
}

/** Returns that error as a value; undefined if the issue may be sent to a list. */
export function sampleRefusal(
  digest: Digest,
  config: SenderSettings,
  next = "build it again",
): BroadsheetError | undefined {
  const { postalAddress } = digest.publication ?? config;
  const urls = { ...config.urls, web: digest.webUrl ?? config.urls.web };
  const addresses = sampleAddresses({ senders: [config.from.address], postalAddress, urls });
  const samples = [...addresses, ...sampleTexts(digest)];
  if (samples.length === 0 || isLocal(config)) return undefined;
  const { says, fix } = samplesSaid(samples);
  const code = addresses.length > 0 ? "SENDER_PLACEHOLDER" : "CONTENT_SAMPLE";
  return new BroadsheetError(code, `not sent: ${says}`, { fix: `${fix}; then ${next}` });
}

/** A composed and addressed copy, and its route. */
export interface Copy {
  readonly message: Message;
  readonly from: Recipient;
  readonly to: Recipient;
  readonly route: TransportChoice;
}

/** The state of a recipient in the ledger. */
export type State = "planned" | "accepted" | "deferred" | "rejected" | "uncertain";

/**
 * Composes the copy of an issue for one address.
 * @throws BroadsheetError SMTP_UNCONFIGURED, DKIM_KEY_UNUSABLE, CONFIG_INVALID, EMAIL_INVALID.
 */
export async function composeCopy(
  issue: Pick<IssueToSend, "digest" | "email" | "pictures" | "folder">,
  to: Recipient,
  config: CopySettings,
): Promise<Copy> {
  const route = chooseTransport(config, issue.folder);
  const { email, images } = withInlinePictures(issue.email, issue.pictures);
  const subject = [config.testSubject, email.subject].filter(Boolean).join(" ");
  const dkim = await loadDkimKeys(config);
  const mailing = { ...mailingFor(config, issue.digest, systemClock()), images, dkim };
  const message = composeMessage({ ...email, subject }, to, mailing);
  return { message, from: config.from, to, route };
}

/**
 * Sends a copy and returns the server's answer.
 * @throws BroadsheetError SMTP_*; `stateAfter` maps each error to a state of the recipient.
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

/** Returns the recipient's state after an error of sending; undefined for other errors. */
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
