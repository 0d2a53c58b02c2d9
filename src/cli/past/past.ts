import type { Config } from "../../config.ts";
import type { Counts } from "../../delivery/ledger.ts";
import type { Clock } from "../../io/clock.ts";
import type { DayOfList } from "../../io/sqlite/audience/changes.ts";
import type { Mishaps } from "../../io/sqlite/ledger/mishaps.ts";
import type { SqliteLedger } from "../../io/sqlite/ledger/sqlite-ledger.ts";
import { openAudience } from "../../io/sqlite/open-audience.ts";
import { openCursor } from "../../io/sqlite/open-cursor.ts";
import { openSlots } from "../../io/sqlite/open-slots.ts";
import type { SlotState } from "../../io/sqlite/slots/slot-record.ts";
import { sourceName } from "../collect/source-name.ts";
import { dayIn } from "../project.ts";

/** What has become of a newsletter's issues, its list and its sources: sums, and nobody's address. */
export interface Past {
  readonly name: string;
  /** YYYY-MM-DD, in the newsletter's time zone. */
  readonly today: string;
  /** To whom an issue would go now. */
  readonly readers: number;
  /** In the order in which they were planned. */
  readonly issues: readonly PastIssue[];
  /** How many of the times at which an issue was due have come to which state. */
  readonly slots: ReadonlyMap<SlotState, number>;
  /** The oldest day first. */
  readonly list: readonly DayOfList[];
  readonly sources: readonly PastSource[];
}

export interface PastIssue {
  readonly slot: string;
  readonly counts: Counts;
  readonly mishaps: Omit<Mishaps, "slot">;
}

export interface PastSource {
  readonly name: string;
  /** How many articles issues have taken from it. */
  readonly articles: number;
  /** Absent where no run has read it yet. */
  readonly lastFetch?: Date | undefined;
  /** Issues in a row for which it couldn't be read. */
  readonly failures: number;
  /** Whether the config still has it. */
  readonly isCurrent: boolean;
}

export async function pastOf(ledger: SqliteLedger, config: Config, clock: Clock): Promise<Past> {
  const looking = { isLooking: true } as const;
  const audience = await openAudience(config, clock, looking);
  const cursor = await openCursor(config, clock, looking);
  const slots = await openSlots(config, clock, looking);
  try {
    return {
      name: config.name,
      today: dayIn(config.timeZone, clock()),
      readers: audience.counts().active,
      issues: await issuesOf(ledger, config),
      slots: slots.counts(),
      list: audience.changesByDay(),
      sources: sourcesOf(config, cursor),
    };
  } finally {
    audience.close();
    cursor.close();
    slots.close();
  }
}

const NONE = { putOff: 0, bounced: 0, complained: 0 };

async function issuesOf(ledger: SqliteLedger, { slug }: Config): Promise<PastIssue[]> {
  const mishaps = new Map((await ledger.mishaps(slug)).map(({ slot, ...told }) => [slot, told]));
  const issues = await ledger.issues(slug);
  return issues.toReversed().map(({ issue: { slot }, counts }) => ({
    slot,
    counts,
    mishaps: mishaps.get(slot) ?? NONE,
  }));
}

/** Those of the config in its order, then those that it had before. */
function sourcesOf(
  { sources }: Config,
  cursor: Pick<Awaited<ReturnType<typeof openCursor>>, "sources" | "takenBySource">,
): PastSource[] {
  const taken = cursor.takenBySource();
  const health = new Map(cursor.sources().map((one) => [one.source, one]));
  const current = new Set(sources.map(({ name }) => name));
  const before = [...health.keys()].filter((name) => !current.has(name));
  return [...current, ...before].map((source): PastSource => {
    const { name = sourceName(source), lastFetch, failures = 0 } = health.get(source) ?? {};
    const articles = taken.get(source) ?? 0;
    return { name, articles, lastFetch, failures, isCurrent: current.has(source) };
  });
}
