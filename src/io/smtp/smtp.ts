import type { Message, Receipt, Transport } from "../../delivery/message.ts";
import { BroadsheetError } from "../../errors.ts";
import { type SmtpPolicy, SmtpSession, type SmtpTimeouts } from "./smtp-session.ts";
import { parseSmtpUrl, type SmtpServer } from "./smtp-url.ts";

export interface SmtpOptions {
  /** Whether a connection in clear is refused; true by default. A password never goes in clear. */
  readonly requireTls?: boolean | undefined;
  /**
   * Whether both rules are lifted for a server on this machine, as one that only catches mail is;
   * true by default.
   */
  readonly trustLoopback?: boolean | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
}

/**
 * Long enough for a slow relay and short enough to sit through. RFC 5321 §4.5.3.2.6 would wait ten
 * minutes for the last answer, because a client that gives up may send twice; this one does not.
 */
const TIMEOUTS: SmtpTimeouts = {
  connectMs: 20_000,
  greetingMs: 30_000,
  replyMs: 120_000,
  sendMs: 300_000,
};

/**
 * A transport to the server of an `smtp://` or `smtps://` URL (RFC 5321, 3207, 8314): one recipient
 * a transaction, the message's bytes as they are. It connects at the first message, keeps the
 * connection for the next ones, and sends one at a time. Whoever opens it closes it.
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
  return new SmtpTransport(parseSmtpUrl(url), {
    requireTls: options.requireTls ?? true,
    trustLoopback: options.trustLoopback ?? true,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
  });
}

class SmtpTransport implements Transport {
  readonly name = "smtp";
  readonly #server: SmtpServer;
  readonly #policy: SmtpPolicy;
  #session: SmtpSession | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(server: SmtpServer, policy: SmtpPolicy) {
    this.#server = server;
    this.#policy = policy;
  }

  async send(message: Message): Promise<Receipt> {
    const receipt = this.#last.then(() => this.#deliver(message));
    this.#last = receipt.catch(() => undefined);
    return receipt;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#session?.quit();
    this.#session = undefined;
  }

  async #deliver(message: Message): Promise<Receipt> {
    const isReused = this.#session?.isOpen === true;
    try {
      return await this.#transact(message);
    } catch (error) {
      // A server may end an idle connection at any time; nothing of the message had gone out.
      if (!isReused || !isCode(error, "SMTP_UNREACHABLE")) throw error;
      return this.#transact(message);
    }
  }

  async #transact(message: Message): Promise<Receipt> {
    if (!this.#session?.isOpen) this.#session = await SmtpSession.open(this.#server, this.#policy);
    const session = this.#session;
    try {
      return await session.send(message, this.#policy);
    } catch (error) {
      this.#session = undefined;
      // A definite answer leaves the server listening; after anything else it may still take text.
      if (isCode(error, "SMTP_UNCERTAIN")) session.abort();
      else await session.quit();
      throw error;
    }
  }
}

function isCode(error: unknown, code: BroadsheetError["code"]): boolean {
  return error instanceof BroadsheetError && error.code === code;
}
