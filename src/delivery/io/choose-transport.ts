import { BroadsheetError } from "../../errors.ts";
import { isLoopback } from "../../platform/http/web-address.ts";
import type { Transport } from "../transport.ts";
import type { OAuthSecrets, SmtpTimeouts } from "../settings.ts";
import { OutboxTransport } from "./outbox-transport.ts";
import { SendmailTransport } from "./sendmail-transport.ts";
import { connectSmtp } from "./smtp/smtp-pool.ts";
import { parseSmtpUrl, policyOf } from "./smtp/smtp-server.ts";
import { attempt } from "../../platform/attempt.ts";

/** The settings that decide how messages are sent. */
export interface TransportSettings {
  readonly transport: "smtp" | "sendmail" | "outbox";
  readonly sendmail: string;
  readonly smtp: {
    readonly requireTls: boolean;
    readonly concurrency: number;
    readonly timeouts: SmtpTimeouts;
  };
  readonly secrets: { readonly smtpUrl?: string; readonly smtpOAuth?: OAuthSecrets };
}

/** A chosen transport before it is opened. */
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
export function chooseTransport(config: TransportSettings, folder: string): TransportChoice {
  if (config.transport === "outbox") {
    return { through: "messages/ in its folder", open: () => new OutboxTransport(folder) };
  }
  const { smtp, secrets, sendmail } = config;
  if (config.transport === "sendmail") {
    // One process for each message in flight. A message that waited for a process would be in doubt after a crash.
    const processes = smtp.concurrency;
    const timeoutMs = smtp.timeouts.sendMs;
    return {
      through: sendmail,
      open: () => new SendmailTransport(sendmail, { processes, timeoutMs }),
    };
  }
  const url = secrets.smtpUrl ?? "";
  if (url === "")
    throw new BroadsheetError("SMTP_UNCONFIGURED", "there is no mail server to send through", {
      fix: "set SMTP_URL, in the environment or in .env beside the config: smtps://user:password@host:465",
    });
  const oauth = secrets.smtpOAuth;
  const { host, port } = parseSmtpUrl(url, oauth);
  // Two messages for each connection, one sent and one ready to follow, so that none waits for the ledger.
  const connections = Math.ceil(smtp.concurrency / 2);
  return {
    through: `${host}:${port}`,
    open: () => connectSmtp(url, { ...policyOf(smtp), connections, oauth }),
  };
}

/** Whether messages are known to stay on this machine. */
export function isLocal({
  transport,
  secrets: { smtpUrl, smtpOAuth },
}: TransportSettings): boolean {
  if (transport !== "smtp") return transport === "outbox";
  const server = attempt(() => parseSmtpUrl(smtpUrl ?? "", smtpOAuth));
  return server !== undefined && isLoopback(server.host);
}
