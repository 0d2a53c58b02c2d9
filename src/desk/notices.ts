import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../platform/clock.ts";
import { Kept } from "../platform/kept.ts";
import type { Notice } from "../platform/notice.ts";
import type { Sheet } from "./sheet.ts";
import { gatherNotices } from "../schedule/io/gather-notices.ts";
import { noticesOf } from "../schedule/notices.ts";

/** Time alone brings notices too, such as one of a slot that nothing has run for. */
const FRESH_MS = 60_000;

/** The notices of a newsletter, which are gathered again where something has changed, and each minute. */
export class Notices {
  readonly #gathered = new Kept<readonly Notice[]>();

  forget(): void {
    this.#gathered.forget();
  }

  /** Those about what the check found in an issue, and what became of its edits. */
  ofSheet(slot: string, { data, kept }: Sheet): readonly Notice[] {
    const { findings = [] } = data?.report ?? {};
    const facts = { slot, report: { findings }, edits: kept ?? undefined };
    return noticesOf({ issues: [facts] }, systemClock());
  }

  /** Those that a page shows with some issues of the newsletter, by their slots, beside the next one and the latest one. */
  async all(config: Config, slots: readonly string[]): Promise<readonly Notice[]> {
    const minute = String(Math.floor(performance.now() / FRESH_MS));
    return this.#gathered.get(slots.join("/"), minute, async () => gathered(config, slots));
  }
}

async function gathered(config: Config, slots: readonly string[]): Promise<readonly Notice[]> {
  try {
    return await gatherNotices(config, { clock: systemClock, env: process.env }, slots);
  } catch (error) {
    // What is wrong with the store stands beside the list of issues.
    if (error instanceof BroadsheetError) return [];
    throw error;
  }
}
