import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import { story } from "../../tests/digest/stories/wire.ts";

const row = z.strictObject({
  event: z.string(),
  /** `one` and `again` are two papers on one event, `other` is alike and another, `later` is the next step of the same story. */
  tells: z.enum(["one", "again", "other", "later"]),
  hours: z.int(),
  title: z.string(),
  text: z.string(),
});

/** An event as two papers tell it, and others that are alike. */
export interface WrittenEvent {
  readonly event: string;
  readonly one: Article;
  readonly again: Article;
  readonly others: readonly Article[];
}

const START = Date.parse("2026-11-24T08:00:00Z");

/**
 * The events of a file in `bench/judged/`, which were written for it.
 * @param isOneDay Whether all are dated by one day, without an hour.
 */
export function writtenEvents(name: string, isOneDay = false): WrittenEvent[] {
  const file = path.join(import.meta.dirname, "../judged", name);
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => row.parse(JSON.parse(line)));
  return Object.entries(Object.groupBy(rows, ({ event }) => event)).map(([event, all = []]) => {
    const told = all.map(({ tells, hours, title, text }) =>
      story(tells, [title, text], {
        id: `${event}/${tells}`,
        source: `${event}/${tells}`,
        url: undefined,
        site: `${tells}.example`,
        language: "en",
        publishedAt: isOneDay ? "2026-11-24" : new Date(START + hours * 3_600_000).toISOString(),
      }),
    );
    const [one, again] = ["one", "again"].map((tells) =>
      told.find(({ id }) => id === `${event}/${tells}`),
    );
    if (!one || !again) throw new RangeError(`${name}: ${event} is not told twice`);
    return { event, one, again, others: told.filter((other) => other !== one && other !== again) };
  });
}
