import type { Config } from "../../config/config.ts";
import { dayOfSlot } from "../../digest/slot.ts";
import { type Clock, dayIn } from "../../platform/clock.ts";
import type { SqliteLedger } from "../../delivery/io/ledger/sqlite-ledger.ts";
import { openAudience } from "../../subscribers/io/sqlite-audience.ts";
import { openCursor } from "../../sources/io/cursor/sqlite-cursor.ts";
import { openSlots } from "../../schedule/io/sqlite-slots.ts";
import { sourceName } from "../../sources/collect/collected.ts";

export type Past = Awaited<ReturnType<typeof pastOf>>;

/** What has become of a newsletter's issues, its list and its sources, the oldest first: sums, and nobody's address. */
export async function pastOf(ledger: SqliteLedger, config: Config, clock: Clock) {
  const looking = { isLooking: true } as const;
  const audience = await openAudience(config, clock, looking);
  const cursor = await openCursor(config, clock, looking);
  const slots = await openSlots(config, clock, looking);
  try {
    const mishaps = new Map((await ledger.mishaps(config.slug)).map((one) => [one.slot, one]));
    const issues = await ledger.issues(config.slug);
    const taken = cursor.takenBySource();
    const health = new Map(cursor.sources().map((one) => [one.source, one]));
    const current = new Set(config.sources.map(({ name }) => name));
    return {
      name: config.name,
      today: dayIn(config.timeZone, clock()),
      /** To whom an issue would go now. */
      readers: audience.counts().active,
      issues: issues.toReversed().map(({ issue: { slot }, counts: of }) => ({
        slot,
        day: dayOfSlot(slot) ?? slot,
        /** What its messages have come to; some have come to two of these. */
        fates: {
          accepted: of.accepted,
          "to be sent": of.planned + of.claimed + of.sending + of.deferred,
          refused: of.rejected,
          "in doubt": of.uncertain,
          "came back": mishaps.get(slot)?.bounced ?? 0,
          "complained of": mishaps.get(slot)?.complained ?? 0,
          "put off": mishaps.get(slot)?.putOff ?? 0,
          "left out": of.suppressed + of.skipped,
        },
      })),
      /** How many of the times at which an issue was due have come to which state. */
      slots: slots.counts(),
      list: audience.changesByDay(),
      /** Those of the config in its order, then those that it had before. */
      sources: [...new Set([...current, ...health.keys()])].map((source) => {
        const { name = sourceName(source), lastFetch, failures = 0 } = health.get(source) ?? {};
        const articles = taken.get(source) ?? 0;
        return { name, articles, lastFetch, failures, isCurrent: current.has(source) };
      }),
    };
  } finally {
    audience.close();
    cursor.close();
    slots.close();
  }
}
