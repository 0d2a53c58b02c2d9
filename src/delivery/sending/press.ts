import { BroadsheetError } from "../../errors.ts";
import type { Claim } from "../ledger.ts";
import type { Message } from "../message.ts";

/** A message that is ready to be handed over. */
export interface Prepared {
  readonly claim: Claim;
  readonly message: Message;
}

interface PressOptions {
  readonly messageOf: (claim: Claim) => Promise<Message>;
  /** So many are made ahead. */
  readonly ahead: number;
  /** Whoever can't be written to. */
  readonly onRefused: (claim: Claim, why: BroadsheetError) => void;
  /** A mistake of our own, which the next message would meet too. */
  readonly onBroken: (claim: Claim, error: Error) => void;
  readonly onDone: () => void;
}

/** Makes messages ahead, several at a time, so that no connection waits for one. */
export class Press {
  readonly #options: PressOptions;
  readonly #ready: Prepared[] = [];
  #making = 0;

  constructor(options: PressOptions) {
    this.#options = options;
  }

  /** How many more may be begun. */
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

  /** The next one that is ready, in the order in which they were. */
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
