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

/** Those settings, and what readers are told of the sender. */
export type SenderSettings = TransportSettings &
  Pick<MailingSettings, "from" | "urls"> & { readonly postalAddress?: string | undefined };

/** The settings that a copy of an issue is composed and sent with. */
export type CopySettings = TransportSettings &
  MailingSettings &
  DkimConfig & {
    /** Stands before the subject of a copy. */
    readonly testSubject?: string | undefined;
  };

/**
 * Refuses to send a list what is only an example, except to a server on this machine: to test sending is what a sample
 * is for.
 * @throws BroadsheetError SENDER_PLACEHOLDER for an address, CONTENT_SAMPLE for a story or the letter.
 */
export function assertNoSample(digest: Digest, config: SenderSettings, next?: string): void {
  const refusal = sampleRefusal(digest, config, next);
  if (refusal) throw refusal;
}

/** The same as a value; undefined where a list may be sent it. */
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

/** A copy that is composed and addressed, and its destination. */
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
