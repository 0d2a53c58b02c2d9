import type { Message } from "../../delivery/message.ts";
import { DeliveryError, type Receipt, type Transport } from "../../delivery/transport.ts";
import { type SmtpPolicy, SmtpSession } from "./smtp-session.ts";
import type { SmtpServer } from "./smtp-url.ts";

export interface PoolPolicy extends SmtpPolicy {
  /** At most so many at a time. */
  readonly connections: number;
}

/** A connection to send over, and whether it had been used before. */
interface Lease {
  readonly session: SmtpSession;
  readonly isReused: boolean;
}

/**
 * Connections to one server. They are opened as messages come, and stay open for the next ones. A server
 * that wants fewer of them gets fewer.
 */
export class SmtpPool implements Transport {
  readonly name = "smtp";
  readonly #server: SmtpServer;
  readonly #policy: PoolPolicy;
  readonly #idle: SmtpSession[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #underway = new Set<Promise<unknown>>();
  #limit: number;
  /** Those that are open, being opened or being closed. */
  #count = 0;

  constructor(server: SmtpServer, policy: PoolPolicy) {
    this.#server = server;
    this.#policy = policy;
    this.#limit = policy.connections;
  }

  async send(message: Message): Promise<Receipt> {
    const sending = this.#deliver(message);
    const settled = sending.catch(() => undefined).finally(() => this.#underway.delete(settled));
    this.#underway.add(settled);
    return sending;
  }

  async close(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
    await Promise.all(this.#idle.splice(0).map((session) => this.#discard(session)));
  }

  async #deliver(message: Message): Promise<Receipt> {
    for (;;) {
      const { session, isReused } = await this.#lease();
      try {
        const receipt = await session.send(message, this.#policy);
        this.#giveBack(session);
        return receipt;
      } catch (error) {
        await this.#afterFailure(session, error);
        // A server may end an idle connection at any time; nothing of the message had gone out.
        if (!isReused || !wasEnded(error)) throw error;
      }
    }
  }

  async #lease(): Promise<Lease> {
    for (;;) {
      const session = this.#idle.pop();
      if (session?.isOpen) return { session, isReused: true };
      if (session) this.#forget();
      else if (this.#count < this.#limit) {
        const opened = await this.#open();
        if (opened) return { session: opened, isReused: false };
      } else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Undefined where the server has enough of us: there are others to wait for. */
  async #open(): Promise<SmtpSession | undefined> {
    this.#count++;
    try {
      return await SmtpSession.open(this.#server, this.#policy);
    } catch (error) {
      this.#forget();
      if (!isDeferral(error) || this.#count === 0) throw error;
      this.#limit = this.#count;
      return undefined;
    }
  }

  #giveBack(session: SmtpSession): void {
    this.#idle.push(session);
    this.#waiting.shift()?.();
  }

  /** After a definite answer the server listens; after anything else it may still take text. */
  async #afterFailure(session: SmtpSession, error: unknown): Promise<void> {
    const reply = error instanceof DeliveryError ? error.facts.reply : undefined;
    const isUntouched = error instanceof DeliveryError && error.facts.lacks !== undefined;
    if (reply && session.isOpen) await session.reset(this.#policy);
    else if (!isUntouched) session.abort();
    if (session.isOpen) this.#giveBack(session);
    else this.#forget();
  }

  async #discard(session: SmtpSession): Promise<void> {
    await session.quit();
    this.#forget();
  }

  #forget(): void {
    this.#count--;
    this.#waiting.shift()?.();
  }
}

/** Whether the connection was at its end before anything of the message was said: idle, or 421. */
function wasEnded(error: unknown): boolean {
  if (!(error instanceof DeliveryError)) return false;
  const { reply, stage, isTimeout } = error.facts;
  if (isTimeout) return false;
  return error.code === "SMTP_UNREACHABLE" || (reply?.code === 421 && stage === "sender");
}

function isDeferral(error: unknown): boolean {
  return error instanceof DeliveryError && error.code === "SMTP_DEFERRED";
}
