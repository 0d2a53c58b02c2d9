import type { Schedule } from "../../src/config/config.ts";
import { emptyStore } from "../../src/platform/sqlite/open-store.ts";
import { SqliteStore } from "../../src/platform/sqlite/sqlite-store.ts";
import { IssueRecords } from "../../src/delivery/io/issue-records.ts";
import type { IssueState } from "../../src/delivery/life.ts";
import { agendaAt, ON_TIME_MS } from "../../src/schedule/agenda.ts";
import { timed } from "../../src/schedule/slot.ts";

const SCHEDULE: Schedule = {
  cron: "0 7 * * *",
  zone: "Europe/Berlin",
  catchUp: "once",
  maxLate: 12 * 3_600_000,
  approval: "auto",
};

/** What a run ran, and what became of the slots before. */
interface Ran {
  readonly sent: readonly string[];
  readonly missed: readonly string[];
  readonly merged: readonly string[];
}

/**
 * A newsletter's timetable in a store of its own, with a clock that a test sets. Its runs do with the slots what
 * `broadsheet run` does, and send nothing.
 */
export async function timetable(schedule: Partial<Schedule> = {}, begins = "2026-11-20T12:00:00Z") {
  const state = { now: new Date(begins), schedule: { ...SCHEDULE, ...schedule } };
  const records = new IssueRecords(new SqliteStore(emptyStore()), {
    newsletter: "the-slipway",
    clock: () => state.now,
  });
  await records.enrol(new Date(state.now.getTime() - ON_TIME_MS));

  async function agenda(isEarly = false) {
    const { since = state.now } = await records.timetable();
    const { now } = state;
    return agendaAt({ now, isEarly }, state.schedule, {
      since,
      records: await records.recent(now),
    });
  }

  /** One run; `dies` after it has begun the slot or brought its issue to its sending. */
  async function run(at?: string | Date, { isEarly = false, dies }: RunOptions = {}): Promise<Ran> {
    if (at !== undefined) state.now = new Date(at);
    const todo = await agenda(isEarly);
    const sent: string[] = [];
    for (const { slot, state: seen } of todo.late)
      await records.move({ slot }, { seen, event: "expire" });
    await records.passOver(todo.missed.map(timed), "miss");
    await records.passOver(todo.merged.map(timed), "merge", todo.due?.name);
    for (const { slot } of todo.overtaken)
      await records.move({ slot }, { seen: "draft", event: "miss" });
    for (const { slot, state: seen } of todo.unfinished)
      if (await send(slot, seen)) sent.push(slot);
    const claim = todo.due && (await records.begin(timed(todo.due)));
    const isOurs = claim && (await records.isOurs(claim)) && dies !== "begun";
    if (isOurs && (await send(claim.slot, "draft", dies))) sent.push(claim.slot);
    return { sent, missed: names(todo.missed), merged: names(todo.merged) };
  }

  async function send(slot: string, seen: IssueState, dies?: RunOptions["dies"]): Promise<boolean> {
    await records.move({ slot }, { seen, event: "release" });
    return dies !== "sending" && records.move({ slot }, { seen: "sending", event: "finish" });
  }

  return { records, run, agenda, state };
}

function names(slots: readonly { readonly name: string }[]): string[] {
  return slots.map(({ name }) => name);
}

interface RunOptions {
  readonly isEarly?: boolean;
  readonly dies?: "begun" | "sending" | undefined;
}
