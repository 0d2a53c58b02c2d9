import { BroadsheetError } from "../../errors.ts";
import type { Claim } from "../ledger.ts";
import type { Message } from "../message.ts";

/** A message that is ready to be handed to the transport. */
export interface Prepared {
  readonly claim: Claim;
  readonly message: Message;
}

interface ComposerOptions {
  readonly messageOf: (claim: Claim) => Promise<Message>;
  /** How many messages are composed ahead. */
  readonly ahead: number;
  /** No message can be made for this recipient. */
  readonly onRefused: (claim: Claim, why: BroadsheetError) => void;
  /** An error in Broadsheet, which the next message would meet too. */
  readonly onBroken: (claim: Claim, error: Error) => void;
  readonly onDone: () => void;
}

/** Composes messages ahead, several at a time, so that no connection waits for one. */
export class Composer {
  readonly #options: ComposerOptions;
  readonly #ready: Prepared[] = [];
  #making = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  /** How many more messages may be begun. */
  get room(): number {
    return this.#options.ahead - this.#making - this.#ready.length;
  }

  get isMaking(): boolean {
    return this.#making > 0;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  make(claim: Claim): void {
    this.#making++;
    void this.#make(claim).finally(() => {
      this.#making--;
      this.#options.onDone();
    });
  }

  /** The next message, in the order in which they became ready. */
  take(): Prepared | undefined {
    return this.#ready.shift();
  }

  async #make(claim: Claim): Promise<void> {
    const { messageOf, onRefused, onBroken } = this.#options;
    try {
      this.#ready.push({ claim, message: await messageOf(claim) });
    } catch (error) {
      if (error instanceof BroadsheetError) onRefused(claim, error);
      else onBroken(claim, error instanceof Error ? error : new Error(String(error)));
    }
  }
}
