import { isPlaceholder } from "../../../subscribers/recipient.ts";
import type { Config } from "../../../config/config.ts";
import type { Transport } from "../../../delivery/transport.ts";
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
 * @throws BroadsheetError SMTP_UNCONFIGURED, CONFIG_INVALID, SENDER_PLACEHOLDER.
 */
export function chooseTransport(config: Config, folder: string): TransportChoice {
  if (config.transport === "outbox") {
    return { through: "messages/ in its folder", open: () => new OutboxTransport(folder) };
  }
  const { from, smtp, secrets, sendmail } = config;
  if (config.transport === "sendmail") {
    if (isPlaceholder(from.address)) throw placeholder(from.address);
    // As many processes as messages in flight: one that waited would be in doubt after a crash, for nothing.
    const processes = smtp.concurrency;
    return { through: sendmail, open: () => new SendmailTransport(sendmail, { processes }) };
  }
  const url = secrets.smtpUrl ?? "";
  if (url === "") throw unconfigured();
  const oauth = secrets.smtpOAuth;
  const { host, port } = parseSmtpUrl(url, oauth);
  if (isPlaceholder(from.address) && !isLoopback(host)) throw placeholder(from.address);
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

function placeholder(address: string): BroadsheetError {
  return new BroadsheetError("SENDER_PLACEHOLDER", `the sender ${address} is only an example`, {
    fix: "set `from` in the config to an address of your own",
  });
}
