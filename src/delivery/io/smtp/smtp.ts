import type { OAuthSecrets } from "./oauth/grant.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Transport } from "../../transport.ts";
import { SmtpPool } from "./smtp-pool.ts";
import { type SmtpTimeouts, TIMEOUTS } from "./smtp-policy.ts";
import { parseSmtpUrl } from "./smtp-url.ts";

export interface SmtpOptions {
  /** At most so many at a time; 1 by default. */
  readonly connections?: number | undefined;
  /** Whether a connection in clear is refused; true by default. A password never goes in clear. */
  readonly requireTls?: boolean | undefined;
  /**
   * Whether both rules are lifted for a server on this machine, as one that only catches mail is;
   * true by default.
   */
  readonly trustLoopback?: boolean | undefined;
  /** For a user without a password in the URL. */
  readonly oauth?: OAuthSecrets | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
}

/**
 * A transport to the server of an `smtp://` or `smtps://` URL (RFC 5321, 3207, 8314): one recipient
 * a transaction, the message's bytes as they are. It connects when there is something to send, keeps the
 * connections for what follows, and sends one message at a time over each. Whoever opens it closes it.
 *
 * `send` rejects with SMTP_UNREACHABLE, SMTP_TLS or SMTP_AUTH (nothing was sent), SMTP_DEFERRED
 * (4yz), SMTP_REFUSED (5yz), or SMTP_UNCERTAIN, where the server may or may not have taken it.
 * @throws BroadsheetError SMTP_UNCONFIGURED for an empty URL, CONFIG_INVALID for one that is wrong.
 */
export function connectSmtp(url: string, options: SmtpOptions = {}): Transport {
  if (url.trim() === "") {
    throw new BroadsheetError("SMTP_UNCONFIGURED", "SMTP_URL is not set", {
      fix: "set it to smtp://user:password@host:587",
    });
  }
  return new SmtpPool(parseSmtpUrl(url, options.oauth), {
    connections: options.connections ?? 1,
    requireTls: options.requireTls ?? true,
    trustLoopback: options.trustLoopback ?? true,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
  });
}
