import {
  ISSUE_FILES,
  type IssueRow,
  type SendingData,
  type StandingData,
} from "../preview/page-data.ts";
import { openLocalFile, readLocalText } from "../platform/files/local-file.ts";
import { fileStamp, Kept } from "../platform/kept.ts";
import { type IssueFolder, listIssues } from "../issue/io/outbox.ts";
import { type Tally, parseReport } from "../check/finding.ts";
import { tallyOf } from "../review/review.ts";
import type { Counts, IssueKey } from "../delivery/ledger.ts";
import { liftedBy } from "../delivery/io/issue-records.ts";
import { lookAtIssues, type StoreView } from "../delivery/io/ledger/look-at-issues.ts";
import type { IssueState } from "../delivery/life.ts";
import { systemClock } from "../platform/clock.ts";
import type { NewsletterStore } from "../platform/store.ts";
import { type MeantSettings, standingOf } from "../schedule/meant-issue.ts";
import { comingTimes } from "../schedule/slot.ts";
import path from "node:path";

/** The fields before the stories of a digest fit in this, except with a long letter. */
const HEAD_BYTES = 16_384;
const AT_ONCE = 16;

/** The values from the files of an issue. */
type StoredRow = Omit<IssueRow, "standing">;

/** The newsletter whose schedule decides when its issues are sent. */
type Newsletter = NewsletterStore & Pick<MeantSettings, "schedule">;

/**
 * Lists the issues of an outbox, the latest first. Only the beginning of each digest is read, and only once, so that an
 * outbox of years is listed quickly.
 */
export class IssueRows {
  readonly #heads = new Kept<Head>();
  readonly #tallies = new Kept<Tally | null>();

  async list(outbox: string): Promise<StoredRow[]> {
    const issues = (await listIssues(outbox)).toReversed();
    const rows: StoredRow[] = [];
    const queue = issues.entries();
    const work = async (): Promise<void> => {
      for (const [at, issue] of queue) rows[at] = await this.#row(issue);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return rows;
  }

  async #row({ newsletter, slot, dir }: IssueFolder): Promise<StoredRow> {
    const [head, tally] = await Promise.all([
      made(this.#heads, path.join(dir, ISSUE_FILES.digest), headOf),
      made(this.#tallies, path.join(dir, ISSUE_FILES.report), tallyIn),
    ]);
    const { title = slot, template = "", number = null } = head ?? {};
    return { newsletter, slot, title, template, number, tally: tally ?? null };
  }
}

/** Computes a value from a file, once for each version of it. Undefined if the file is missing or unreadable. */
async function made<T>(
  kept: Kept<T>,
  file: string,
  make: (file: string) => Promise<T>,
): Promise<T | undefined> {
  const stamp = await fileStamp(file);
  if (stamp === undefined) return undefined;
  return kept.get(file, stamp, async () => make(file)).catch(() => undefined);
}

async function tallyIn(file: string): Promise<Tally | null> {
  const report = parseReport(await readLocalText(file, { within: path.dirname(file) }));
  return report && tallyOf(report);
}

interface Head {
  readonly title?: string | undefined;
  readonly template?: string | undefined;
  readonly number?: number | undefined;
}

/** Reads the fields before the sections. A field that an editor has moved behind them is not found. */
async function headOf(file: string): Promise<Head> {
  const text = await beginningOf(file);
  const field = (name: string) =>
    new RegExp(`^ {0,8}"${name}":\\s*("(?:[^"\\\\]|\\\\.)*"|\\d+)`, "m").exec(text)?.[1];
  const [title, template, number] = [field("title"), field("template"), field("number")];
  return {
    title: title && String(JSON.parse(title)),
    template: template && String(JSON.parse(template)),
    number: number === undefined ? undefined : Number(number),
  };
}

async function beginningOf(file: string): Promise<string> {
  await using handle = await openLocalFile(file, { within: path.dirname(file) });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const text = buffer.subarray(0, bytesRead).toString("utf8");
  const end = text.search(/^ {0,8}"(?:sections|letter)":/m);
  return end < 0 ? text : text.slice(0, end);
}

/** The pauses between reads of the store. It changes continually during a send, and reading takes time from the page. */
const LEAST_PAUSE_MS = 1_000;
const MOST_SHARE = 10;

/** The states of the issues of a newsletter, from its store. */
export class Standings {
  #known: StoreView | undefined;
  #byName: ReadonlyMap<string, StoreView["issues"][number]> = new Map();
  #trouble = "";
  #stamp = "";
  #notBefore = 0;
  #looking: Promise<unknown> = Promise.resolve();

  /** Adds the states to the rows of issues. An unknown state is null. */
  added(rows: readonly StoredRow[], config: Newsletter): IssueRow[] {
    const slots = rows.map(({ slot }) => slot);
    const times = config.schedule && comingTimes(slots, config.schedule, systemClock());
    return rows.map((row) =>
      Object.assign({ standing: this.#of(row, config, times?.get(row.slot)) }, row),
    );
  }

  /** `at` is the time of its slot, for an issue without a record. */
  #of(key: IssueKey, config: Newsletter, at: Date | undefined): StandingData | null {
    if (!this.#known) return null;
    const { readers, heldAt } = this.#known;
    const { counts, ...record } = this.#byName.get(nameOf(key)) ?? {};
    const isOwn = key.newsletter === config.slug;
    const lifted = liftedBy(
      key.slot,
      isOwn ? heldAt : undefined,
      this.#byName.get(nameOf(key))?.heldAt,
    );
    const issue = { state: "draft", at, ...key, ...record, liftedBy: lifted } as const;
    const { says, goes } = standingOf(issue, config, {
      active: readers,
      now: systemClock(),
      isInPage: true,
    });
    const sending = counts ? dataOf(counts) : null;
    // Another newsletter has its own schedule and readers.
    const isHeld = isOwn && lifted !== undefined;
    const held = isHeld ? (heldAt ? "newsletter" : "issue") : "";
    const time = issue.at?.toISOString() ?? "";
    return { state: issue.state, says, goes: isOwn ? goes : "", sending, readers, at: time, held };
  }

  get readers(): number {
    return this.#known?.readers ?? 0;
  }

  /** Undefined if it is unknown. */
  stateOf(name: string): IssueState | undefined {
    return this.#known && (this.#byName.get(name)?.state ?? "draft");
  }

  get trouble(): string {
    return this.#trouble;
  }

  /**
   * Reads the states again if the store has changed. Returns whether anything is different. Reads happen one after the
   * other, so that a caller never gets an older state than an earlier caller.
   */
  async look(config: NewsletterStore, isAtOnce = false): Promise<boolean> {
    const looked = this.#looking.then(async () => this.#look(config, isAtOnce));
    this.#looking = looked.catch(() => false);
    return looked;
  }

  async #look(config: NewsletterStore, isAtOnce: boolean): Promise<boolean> {
    const { store, slug } = config;
    if (!isAtOnce && performance.now() < this.#notBefore) return false;
    // A database has no sign of a change.
    const stamps =
      "file" in store
        ? await Promise.all([store.file, `${store.file}-wal`].map(fileStamp))
        : [performance.now()];
    const stamp = JSON.stringify([store, slug, ...stamps]);
    // An error may be gone without a change of the store.
    if (stamp === this.#stamp && this.#trouble === "") return false;
    this.#stamp = stamp;
    const [before, started] = [this.#said(), cpuMs()];
    await this.#read(config);
    const pause = Math.max(LEAST_PAUSE_MS, MOST_SHARE * (cpuMs() - started));
    this.#notBefore = performance.now() + pause;
    return this.#said() !== before;
  }

  async #read(config: NewsletterStore): Promise<void> {
    try {
      this.#known = await lookAtIssues(config, systemClock);
      this.#byName = new Map(this.#known.issues.map((issue) => [nameOf(issue), issue]));
      this.#trouble = "";
    } catch (error) {
      // The page works without the store and reports the error.
      this.#known = undefined;
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #said(): string {
    return JSON.stringify([this.#trouble, this.#known]);
  }
}

/** Returns the CPU time of this thread, which excludes waiting on a busy machine. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function nameOf({ newsletter, slot }: IssueKey): string {
  return `${newsletter}/${slot}`;
}

function dataOf(counts: Counts): SendingData {
  const { accepted, planned, claimed, sending, deferred, rejected, uncertain } = counts;
  const waiting = planned + claimed + sending + deferred;
  return { accepted, waiting, deferred, rejected, uncertain };
}
