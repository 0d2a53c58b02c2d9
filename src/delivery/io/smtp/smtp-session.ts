import { type Message, sizeOf } from "../../message.ts";
import { DeliveryError, type DeliveryFacts, type Receipt } from "../../transport.ts";
import { Conversation, ConversationError } from "./conversation.ts";
import { connectAndLogin } from "./smtp-connect.ts";
import { smtpError } from "./smtp-error.ts";
import { type Extensions, extensionsIn, needsUtf8, parametersFor } from "./smtp-extensions.ts";
import type { SmtpPolicy } from "./smtp-policy.ts";
import type { SmtpServer } from "./smtp-url.ts";

const GOODBYE_MS = 2_000;

/** One connection to the server, logged in, over which messages go one after the other. */
export class SmtpSession {
  readonly #server: SmtpServer;
  readonly #conversation: Conversation;
  readonly #extensions: Extensions;

  private constructor(server: SmtpServer, conversation: Conversation, extensions: Extensions) {
    this.#server = server;
    this.#conversation = conversation;
    this.#extensions = extensions;
  }

  /** @throws DeliveryError SMTP_UNREACHABLE, SMTP_TLS, SMTP_AUTH, SMTP_DEFERRED or SMTP_REFUSED. */
  static async open(server: SmtpServer, policy: SmtpPolicy): Promise<SmtpSession> {
    const { socket, capabilities } = await connectAndLogin(server, policy);
    const extensions = extensionsIn(capabilities);
    const conversation = new Conversation(socket, {
      ...policy.timeouts,
      isPipelining: extensions.isPipelining,
      parametersFor: (message) => parametersFor(message, extensions),
    });
    return new SmtpSession(server, conversation, extensions);
  }

  get isOpen(): boolean {
    return this.#conversation.isOpen;
  }

  /** How many messages are under way. */
  get depth(): number {
    return this.#conversation.depth;
  }

  /** How many may be: two where commands may follow each other, of which only the first can have begun. */
  get capacity(): number {
    return this.#conversation.capacity;
  }

  /** @throws DeliveryError SMTP_UNREACHABLE, SMTP_DEFERRED, SMTP_REFUSED or SMTP_UNCERTAIN. */
  async send(message: Message): Promise<Receipt> {
    this.#assertDeliverable(message);
    try {
      return { response: oneLine(await this.#conversation.send(message)) };
    } catch (error) {
      if (!(error instanceof ConversationError)) throw error;
      const { failure, hasBegun } = error;
      throw smtpError(failure, { server: this.#server, hasBegun });
    }
  }

  /** Says goodbye. Only when nothing is under way: within a message it would be text. */
  async quit(): Promise<void> {
    await this.#conversation.quit(GOODBYE_MS);
  }

  /** Hangs up at once. */
  abort(): void {
    this.#conversation.abort();
  }

  /** What the server is known not to take isn't begun. */
  #assertDeliverable(message: Message): void {
    const { isUtf8, largest = Infinity } = this.#extensions;
    // RFC 6531 §3.2: an internationalised address goes only where it is understood.
    if (needsUtf8(message) && !isUtf8) {
      throw this.#refusal({
        what: "takes no address with letters beyond ASCII before its @ (it lacks SMTPUTF8)",
        fix: "use another address of this recipient, or another server",
        facts: { stage: "recipient", lacks: "SMTPUTF8" },
      });
    }
    if (sizeOf(message) > largest) {
      throw this.#refusal({
        what: `takes messages of at most ${largest} bytes, and this one is larger`,
        fix: "use fewer or smaller pictures",
        facts: { stage: "message", lacks: "SIZE" },
      });
    }
  }

  #refusal(refusal: {
    readonly what: string;
    readonly fix: string;
    readonly facts: Omit<DeliveryFacts, "said">;
  }): DeliveryError {
    const { what, fix } = refusal;
    const { host, port } = this.#server;
    const facts = { ...refusal.facts, said: what };
    return new DeliveryError("SMTP_REFUSED", `${host}:${port} ${what}`, { fix, facts });
  }
}

function oneLine(response: string): string {
  return response.slice(0, 200).replace(/[\p{Cc}\s]+/gu, " ");
}
