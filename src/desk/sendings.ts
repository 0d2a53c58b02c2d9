import type { Counts, IssueKey } from "../delivery/ledger.ts";
import { fileStamp } from "../platform/kept.ts";
import { lookAtIssues } from "../delivery/io/ledger/look-at-issues.ts";
import type { SendingData } from "../preview/page-data.ts";

/** While an issue is being sent the store changes all the time, and to look takes time from the page. */
const LEAST_PAUSE_MS = 1_000;
const MOST_SHARE = 10;

/** Which issues were sent, and to how many, as the ledger has it. */
export class Sendings {
  #known: ReadonlyMap<string, SendingData> | undefined;
  #trouble = "";
  #stamp = "";
  #notBefore = 0;

  /** Null where it isn't known. */
  of(issue: IssueKey): SendingData | "draft" | null {
    return this.#known ? (this.#known.get(nameOf(issue)) ?? "draft") : null;
  }

  get trouble(): string {
    return this.#trouble;
  }

  /** Looks again where the store has changed; whether anything is other than it was. */
  async look(store: string): Promise<boolean> {
    if (performance.now() < this.#notBefore) return false;
    const stamps = await Promise.all([store, `${store}-wal`].map(fileStamp));
    const stamp = JSON.stringify([store, ...stamps]);
    // What was wrong may be right by now without a change of the store: its mark comes a moment after it.
    if (stamp === this.#stamp && this.#trouble === "") return false;
    this.#stamp = stamp;
    const [before, started] = [this.#said(), cpuMs()];
    await this.#read(store);
    const pause = Math.max(LEAST_PAUSE_MS, MOST_SHARE * (cpuMs() - started));
    this.#notBefore = performance.now() + pause;
    return this.#said() !== before;
  }

  async #read(store: string): Promise<void> {
    try {
      const issues = await lookAtIssues(store);
      this.#known = new Map(issues.map(({ issue, counts }) => [nameOf(issue), dataOf(counts)]));
      this.#trouble = "";
    } catch (error) {
      // Whatever it is, the page works without it, and says so.
      this.#known = undefined;
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #said(): string {
    return JSON.stringify([this.#trouble, this.#known && [...this.#known]]);
  }
}

/** What this thread has worked, not counting what it waited for on a busy machine. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function nameOf({ newsletter, slot }: IssueKey): string {
  return `${newsletter}/${slot}`;
}

function dataOf(counts: Counts): SendingData {
  const { accepted, planned, claimed, sending, deferred, rejected, uncertain } = counts;
  return { accepted, waiting: planned + claimed + sending + deferred, rejected, uncertain };
}
