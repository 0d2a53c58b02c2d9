import { sampleAddresses, samplesSaid, sampleTexts } from "../../../check/samples.ts";
import type { Config } from "../../../config/config.ts";
import type { Transport } from "../../../delivery/transport.ts";
import type { Digest } from "../../../digest/digest.ts";
import { BroadsheetError } from "../../../errors.ts";
import { OutboxTransport } from "../../../delivery/io/outbox-transport.ts";
import { SendmailTransport } from "../../../delivery/io/sendmail-transport.ts";
import { connectSmtp } from "../../../delivery/io/smtp/smtp-pool.ts";
import { isLoopback } from "../../../platform/http/trust.ts";
import { parseSmtpUrl } from "../../../delivery/io/smtp/smtp-url.ts";

/** The transport that messages go over, before it is opened. */
export interface TransportChoice {
  /** `host:port`, the program, or the folder. */
  readonly through: string;
  /** Opens the transport, which the caller closes. */
  readonly open: () => Transport;
}

/**
 * The transport that the config names: the server of SMTP_URL, a program, or files in the folder.
 * @throws BroadsheetError SMTP_UNCONFIGURED, CONFIG_INVALID.
 */
export function chooseTransport(config: Config, folder: string): TransportChoice {
  if (config.transport === "outbox") {
    return { through: "messages/ in its folder", open: () => new OutboxTransport(folder) };
  }
  const { smtp, secrets, sendmail } = config;
  if (config.transport === "sendmail") {
    // As many processes as messages in flight: one that waited would be in doubt after a crash, for nothing.
    const processes = smtp.concurrency;
    return { through: sendmail, open: () => new SendmailTransport(sendmail, { processes }) };
  }
  const url = secrets.smtpUrl ?? "";
  if (url === "") throw unconfigured();
  const oauth = secrets.smtpOAuth;
  const { host, port } = parseSmtpUrl(url, oauth);
  const { requireTls, concurrency } = smtp;
  // Two messages for each connection, one sent and one ready to follow, so that none waits for the ledger.
  const connections = Math.ceil(concurrency / 2);
  return {
    through: `${host}:${port}`,
    open: () => connectSmtp(url, { requireTls, connections, oauth }),
  };
}

function unconfigured(): BroadsheetError {
  return new BroadsheetError("SMTP_UNCONFIGURED", "there is no mail server to send through", {
    fix: "set SMTP_URL, in the environment or in .env beside the config: smtps://user:password@host:465",
  });
}

/** Whether messages stay on this machine, as far as can be told. */
export function isLocal({ transport, secrets: { smtpUrl, smtpOAuth } }: Config): boolean {
  if (transport !== "smtp") return transport === "outbox";
  try {
    return smtpUrl !== undefined && isLoopback(parseSmtpUrl(smtpUrl, smtpOAuth).host);
  } catch {
    return false;
  }
}

/**
 * Refuses to send a list what is only an example, except to a server on this machine: to test sending is what a sample
 * is for.
 * @throws BroadsheetError SENDER_PLACEHOLDER for an address, CONTENT_SAMPLE for a story or the letter.
 */
export function assertNoSample(digest: Digest, config: Config, next = "build it again"): void {
  const { postalAddress } = digest.publication ?? config;
  const urls = { ...config.urls, web: digest.webUrl ?? config.urls.web };
  const addresses = sampleAddresses({ senders: [config.from.address], postalAddress, urls });
  const samples = [...addresses, ...sampleTexts(digest)];
  if (samples.length === 0 || isLocal(config)) return;
  const { says, fix } = samplesSaid(samples);
  const code = addresses.length > 0 ? "SENDER_PLACEHOLDER" : "CONTENT_SAMPLE";
  throw new BroadsheetError(code, `not sent: ${says}`, { fix: `${fix}; then ${next}` });
}
