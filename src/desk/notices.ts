import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../platform/clock.ts";
import type { KeptEdits } from "../issue/stages.ts";
import type { Notice } from "../platform/notice.ts";
import { gatherNotices } from "../schedule/io/gather-notices.ts";
import { noticesOf } from "../schedule/notices.ts";

/** Time alone brings notices too, such as one of a slot that nothing has run for. */
const FRESH_MS = 60_000;

/** The notices of a newsletter, which are gathered again where something has changed, and each minute. */
export class Notices {
  #gathered: Promise<readonly Notice[]> | undefined;
  #at = 0;

  forget(): void {
    this.#gathered = undefined;
  }

  /** Those about what became of an issue's edits. */
  ofEdits(slot: string, edits: KeptEdits | null): readonly Notice[] {
    if (!edits) return [];
    return noticesOf({ issues: [{ slot, report: { findings: [] }, edits }] }, systemClock());
  }

  /** `draft` is the name of the issue that is edited. */
  async all(config: Config, draft: string): Promise<readonly Notice[]> {
    if (performance.now() - this.#at > FRESH_MS) this.forget();
    if (!this.#gathered) this.#at = performance.now();
    this.#gathered ??= gathered(config, draft);
    return this.#gathered;
  }
}

async function gathered(config: Config, draft: string): Promise<readonly Notice[]> {
  try {
    const also = draft === "" ? [] : [draft.slice(draft.indexOf("/") + 1)];
    return await gatherNotices(config, { clock: systemClock, env: process.env }, also);
  } catch (error) {
    // What is wrong with the store stands beside the list of issues.
    if (error instanceof BroadsheetError) return [];
    throw error;
  }
}
