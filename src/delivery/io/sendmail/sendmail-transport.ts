import type { Message } from "../../message.ts";
import type { Receipt, Transport } from "../../transport.ts";
import { TIMEOUTS } from "../smtp/smtp-policy.ts";
import { type Ending, runSendmail } from "./run-sendmail.ts";
import { notStarted, sendmailFailure } from "./sendmail-failure.ts";

export interface SendmailOptions {
  /** At most so many at a time. */
  readonly processes: number;
  /** How long one may take. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A transport that gives each message to a local program with sendmail's command line, as all mail servers for Unix
 * have it: `-i -f SENDER -- RECIPIENT`, the message on stdin, an exit code of sysexits(3). Who ends in another way
 * may have taken the message or not.
 */
export class SendmailTransport implements Transport {
  readonly name = "sendmail";
  readonly #program: string;
  readonly #timeoutMs: number;
  readonly #underway = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `program`: its path. */
  constructor(program: string, { processes, timeoutMs = TIMEOUTS.sendMs }: SendmailOptions) {
    this.#program = program;
    this.#free = processes;
    this.#timeoutMs = timeoutMs;
  }

  async send(message: Message): Promise<Receipt> {
    const sending = this.#inTurn(message);
    const settled = sending.catch(() => undefined).finally(() => this.#underway.delete(settled));
    this.#underway.add(settled);
    return sending;
  }

  async close(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async #inTurn(message: Message): Promise<Receipt> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#handOver(message);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #handOver(message: Message): Promise<Receipt> {
    const ending = await this.#run(message);
    if (ending.code !== 0) throw sendmailFailure(this.#program, ending);
    return { response: `taken by ${this.#program}` };
  }

  async #run(message: Message): Promise<Ending> {
    try {
      return await runSendmail(this.#program, message, this.#timeoutMs);
    } catch (error) {
      // Anything else is a mistake of ours.
      if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
      const { code, syscall } = error;
      throw notStarted(this.#program, { code: String(code), syscall: String(syscall) });
    }
  }
}
