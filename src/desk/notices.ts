import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../platform/clock.ts";
import { Kept } from "../platform/kept.ts";
import type { Notice, NoticeCure } from "../platform/notice.ts";
import type { Sheet } from "./sheet.ts";
import { gatherNotices } from "../schedule/io/gather-notices.ts";
import { noticesOf } from "../schedule/notices.ts";
import { inPage } from "./trouble.ts";

/** Time alone brings notices too, such as one of a slot that nothing has run for. */
const FRESH_MS = 60_000;

/** What to do about a notice whose cure no button has, or that a button does not say. */
const SAYS: Readonly<Partial<Record<NoticeCure["does"], string>>> = {
  examine: "that counts against no reader",
  keepRunning:
    "no program on this machine watches the clock: the person who set the newsletter up can start one. You can also send each issue here",
};

/** A notice as the page says it, which has buttons for cures and no terminal. */
export function noticeInPage({ message, fix, ...notice }: Notice): Notice {
  const { command: _command, says, ...cures } = fix;
  const words = cures.cure ? SAYS[cures.cure.does] : says && inPage(says);
  return { ...notice, message: inPage(message), fix: { ...cures, ...(words && { says: words }) } };
}

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
