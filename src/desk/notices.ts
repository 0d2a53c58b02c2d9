import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { systemClock } from "../platform/clock.ts";
import { Kept } from "../platform/kept.ts";
import type { Notice, NoticeCure } from "../platform/notice.ts";
import type { Sheet } from "./sheet.ts";
import { gatherNotices } from "../schedule/io/gather-notices.ts";
import { noticesOf } from "../schedule/notices.ts";
import { inPage } from "./trouble.ts";

/** Some notices depend only on the time, such as that a slot has not run. */
const FRESH_MS = 60_000;

/** The advice of notices whose cure has no button, or whose button does not explain it. */
const SAYS: Readonly<Partial<Record<NoticeCure["does"], string>>> = {
  examine: "it counts against no reader",
  keepRunning:
    "the schedule does not run on this machine: the person who set the newsletter up can start it. You can also send each issue here",
};

/** Returns a notice in the words of the page, which has buttons and no terminal. */
export function noticeInPage({ message, fix, ...notice }: Notice): Notice {
  const { command: _command, says, ...cures } = fix;
  const words = cures.cure ? SAYS[cures.cure.does] : says && inPage(says);
  return { ...notice, message: inPage(message), fix: { ...cures, ...(words && { says: words }) } };
}

/** The notices of a newsletter. They are gathered again after a change, and each minute. */
export class Notices {
  readonly #gathered = new Kept<readonly Notice[]>();

  forget(): void {
    this.#gathered.forget();
  }

  /** Returns the notices about the findings and the edits of an issue. */
  ofSheet(slot: string, { data, kept }: Sheet): readonly Notice[] {
    const { findings = [] } = data?.report ?? {};
    const facts = { slot, report: { findings }, edits: kept ?? undefined };
    return noticesOf({ issues: [facts] }, systemClock());
  }

  /** Returns the notices of the newsletter and of some issues, by their slots, beside the next and the latest one. */
  async all(config: Config, slots: readonly string[]): Promise<readonly Notice[]> {
    const minute = String(Math.floor(performance.now() / FRESH_MS));
    return this.#gathered.get(slots.join("/"), minute, async () => gathered(config, slots));
  }
}

async function gathered(config: Config, slots: readonly string[]): Promise<readonly Notice[]> {
  try {
    return await gatherNotices(config, { clock: systemClock, env: process.env }, slots);
  } catch (error) {
    // An error of the store is shown beside the list of issues.
    if (error instanceof BroadsheetError) return [];
    throw error;
  }
}
