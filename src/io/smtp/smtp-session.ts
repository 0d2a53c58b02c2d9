import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Message } from "../../delivery/message.ts";
import { DeliveryError, type DeliveryFacts, type Receipt } from "../../delivery/transport.ts";
import { BroadsheetError, type ErrorCode } from "../../errors.ts";
import { ReadyPayload } from "./ready-payload.ts";
import { smtpError, type SmtpFailure } from "./smtp-error.ts";
import { isLoopback } from "../../config/loopback.ts";
import type { SmtpServer } from "./smtp-url.ts";

/** How long each wait may last. */
export interface SmtpTimeouts {
  /** Until the connection stands, names and TLS included. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** The longest silence, the one after the message's end included. */
  readonly replyMs: number;
  /** One message from first to last, so that a server that drips cannot hold it for ever. */
  readonly sendMs: number;
}

/** What the connection must be like before anything is said over it. */
export interface SmtpPolicy {
  /** Whether a connection in clear is refused. */
  readonly requireTls: boolean;
  /** Whether a server on this machine may be spoken to in clear, and show any certificate. */
  readonly trustLoopback: boolean;
  readonly timeouts: SmtpTimeouts;
}

const GOODBYE_MS = 2_000;

/** One connection to the server, logged in, over which messages go one after the other. */
export class SmtpSession {
  readonly #server: SmtpServer;
  readonly #connection: SMTPConnection;
  readonly #extensions: string;

  private constructor(server: SmtpServer, connection: SMTPConnection) {
    this.#server = server;
    this.#connection = connection;
    this.#extensions = connection.lastServerResponse || "";
  }

  /** @throws BroadsheetError SMTP_UNREACHABLE, SMTP_TLS, SMTP_AUTH, SMTP_DEFERRED or SMTP_REFUSED. */
  static async open(server: SmtpServer, policy: SmtpPolicy): Promise<SmtpSession> {
    const { default: SMTPConnection } = await import("nodemailer/lib/smtp-connection");
    const connection = new SMTPConnection(connectionOptions(server, policy));
    // A connection that fails while nobody waits for it, as an idle one may, must not throw.
    connection.on("error", () => undefined);
    try {
      const { sendMs } = policy.timeouts;
      await settled(connection, sendMs, (done) => connection.connect(done));
      const session = new SmtpSession(server, connection);
      if (server.login) await session.#login(server.login, policy);
      return session;
    } catch (error) {
      connection.close();
      throw isFailure(error) ? smtpError(error, { server, isOpening: true }) : error;
    }
  }

  get isOpen(): boolean {
    return !this.#connection.destroyed;
  }

  /** @throws BroadsheetError SMTP_UNREACHABLE, SMTP_DEFERRED, SMTP_REFUSED or SMTP_UNCERTAIN. */
  async send({ envelope, raw }: Message, { timeouts }: SmtpPolicy): Promise<Receipt> {
    this.#assertDeliverable(envelope.from + envelope.to);
    const payload = new ReadyPayload(raw);
    try {
      const accepted = await settled<{ response: string }>(
        this.#connection,
        timeouts.sendMs,
        (done) => this.#connection.send({ ...envelope, size: raw.length }, payload, done),
      );
      return { response: oneLine(accepted?.response ?? "") };
    } catch (error) {
      const { hasBegun } = payload;
      throw isFailure(error) ? smtpError(error, { server: this.#server, hasBegun }) : error;
    }
  }

  /** Ends a message that was refused, so that the next one can follow; hangs up where that fails. */
  async reset({ timeouts }: SmtpPolicy): Promise<void> {
    try {
      await settled(this.#connection, timeouts.replyMs, (done) => this.#connection.reset(done));
    } catch {
      this.abort();
    }
  }

  /** Says goodbye and waits a moment for the answer. Only between messages: within one it would be text. */
  async quit(): Promise<void> {
    if (!this.isOpen) return;
    const ended = new Promise<void>((resolve) => this.#connection.once("end", resolve));
    const timer = setTimeout(() => this.#connection.close(), GOODBYE_MS);
    this.#connection.quit();
    await ended;
    clearTimeout(timer);
  }

  /** Hangs up at once. */
  abort(): void {
    this.#connection.close();
  }

  async #login(login: NonNullable<SmtpServer["login"]>, policy: SmtpPolicy): Promise<void> {
    if (!this.#connection.secure && !isTrusted(this.#server, policy)) {
      throw this.#refusal("SMTP_TLS", "would get the password in clear", {
        fix: "use a port with STARTTLS, or smtps:// in SMTP_URL",
        stage: "connection",
      });
    }
    if (!this.#connection.allowsAuth) {
      throw this.#refusal("SMTP_AUTH", "takes no login", {
        fix: "use another port, or remove user and password from SMTP_URL",
        stage: "connection",
      });
    }
    const credentials = { user: login.user, pass: login.password };
    await settled(this.#connection, policy.timeouts.sendMs, (done) =>
      this.#connection.login({ credentials }, done),
    );
  }

  /** RFC 6531 §3.2: an internationalised address goes only where it is understood. */
  #assertDeliverable(addresses: string): void {
    if (/^[\x20-\x7e]*$/.test(addresses) || /\bSMTPUTF8\b/i.test(this.#extensions)) return;
    const what = "takes no address with letters beyond ASCII before its @ (it lacks SMTPUTF8)";
    throw this.#refusal("SMTP_REFUSED", what, {
      fix: "use another address of this recipient, or another server",
      stage: "recipient",
      lacks: "SMTPUTF8",
    });
  }

  /** Of our own: the server wasn't asked. */
  #refusal(
    code: ErrorCode,
    what: string,
    { fix, ...facts }: { readonly fix: string } & Omit<DeliveryFacts, "said">,
  ): DeliveryError {
    const { host, port } = this.#server;
    const options = { fix, facts: { ...facts, said: what } };
    return new DeliveryError(code, `${host}:${port} ${what}`, options);
  }
}

function oneLine(response: string): string {
  return response.slice(0, 200).replace(/[\p{Cc}\s]+/gu, " ");
}

function isTrusted({ host }: SmtpServer, { trustLoopback }: SmtpPolicy): boolean {
  return trustLoopback && isLoopback(host);
}

function connectionOptions(server: SmtpServer, policy: SmtpPolicy): object {
  const { connectMs, greetingMs, replyMs } = policy.timeouts;
  const isClearAllowed = isTrusted(server, policy);
  return {
    host: server.host,
    port: server.port,
    secure: server.isImplicitTls,
    requireTLS: !server.isImplicitTls && policy.requireTls && !isClearAllowed,
    tls: { rejectUnauthorized: server.isImplicitTls || !isClearAllowed, minVersion: "TLSv1.2" },
    connectionTimeout: connectMs,
    dnsTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: replyMs,
    socketCloseTimeout: GOODBYE_MS,
  };
}

type Done<T> = (error?: SmtpFailure | null, result?: T) => void;

/**
 * What a command comes to. nodemailer tells some failures to the callback and others to the
 * "error" event only; a connection that just ends, or that drips, is told to neither.
 */
async function settled<T>(
  connection: SMTPConnection,
  limitMs: number,
  start: (done: Done<T>) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const settle: Done<T> = (error, result) => {
      clearTimeout(timer);
      connection.off("error", onError).off("end", onEnd);
      if (error) reject(error);
      else resolve(result);
    };
    const onError = (error: SmtpFailure): void => settle(error);
    // Later, because a 421 ends the connection first and is told to the callback after that.
    const onEnd = (): void => void setImmediate(() => settle(failure("ECONNECTION")));
    const timer = setTimeout(() => {
      settle(failure("ETIMEDOUT"));
      connection.close();
    }, limitMs);
    connection.on("error", onError).on("end", onEnd);
    start(settle);
  });
}

function failure(code: string): SmtpFailure {
  return Object.assign(new Error("the conversation ended"), { code });
}

function isFailure(error: unknown): error is SmtpFailure {
  return error instanceof Error && !(error instanceof BroadsheetError);
}
