import type { Tally } from "../../delivery/sending/sending.ts";
import { counted } from "../../platform/counted.ts";
import { Progress } from "../reporter.ts";
import type { Terminal } from "../terminal.ts";

/** How far the sending has come, with what didn't go well so far. Whoever opens it closes it. */
export class SendProgress {
  readonly #progress: Progress;
  #done = 0;

  constructor(terminal: Terminal, total: number) {
    this.#progress = new Progress(terminal, "Sending", total);
  }

  show(tally: Tally): void {
    const done = DONE.reduce((sum, state) => sum + tally[state], 0);
    this.#progress.aside = ASIDES.filter(([state]) => tally[state] > 0)
      .map(([state, word]) => `${counted(tally[state])} ${word}`)
      .join(", ");
    this.#progress.step(done - this.#done);
    this.#done = done;
  }

  close(): void {
    this.#progress.close();
  }
}

const DONE = ["accepted", "deferred", "rejected", "uncertain", "suppressed", "skipped"] as const;

const ASIDES = [
  ["deferred", "put off"],
  ["rejected", "refused"],
  ["uncertain", "in doubt"],
  ["skipped", "skipped"],
] as const;
