import type { Schedule } from "../../src/config/config.ts";
import { emptyStore } from "../../src/platform/sqlite/open-store.ts";
import { SqliteSlots } from "../../src/schedule/io/sqlite-slots.ts";
import { agendaAt, ON_TIME_MS } from "../../src/schedule/agenda.ts";

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
export function timetable(schedule: Partial<Schedule> = {}, begins = "2026-11-20T12:00:00Z") {
  const state = { now: new Date(begins), schedule: { ...SCHEDULE, ...schedule } };
  const slots = new SqliteSlots(emptyStore(), {
    newsletter: "the-slipway",
    clock: () => state.now,
  });
  slots.enrol(new Date(state.now.getTime() - ON_TIME_MS));

  function agenda(isEarly = false) {
    const { since = state.now } = slots.timetable();
    const { now } = state;
    return agendaAt({ now, isEarly }, state.schedule, { since, records: slots.recent(now) });
  }

  /** One run; `dies` after it has begun the slot or built its issue. */
  function run(at?: string | Date, { isEarly = false, dies }: RunOptions = {}): Ran {
    if (at !== undefined) state.now = new Date(at);
    const todo = agenda(isEarly);
    const sent: string[] = [];
    for (const { slot, state: from } of todo.late)
      if (from === "begun") slots.change(slot, { from, to: "expired" });
    slots.passOver(todo.missed, { state: "missed" });
    slots.passOver(todo.merged, { state: "merged", why: todo.due?.name });
    for (const { slot } of todo.overtaken) slots.change(slot, { from: "begun", to: "missed" });
    for (const { slot, state: from } of todo.unfinished) {
      if (from === "built") slots.change(slot, { from, to: "sending" });
      if (slots.change(slot, { from: "sending", to: "sent" })) sent.push(slot);
    }
    const claim = todo.due && slots.begin(todo.due);
    if (claim && dies !== "begun" && slots.built(claim, { items: [] }) && dies !== "built") {
      slots.change(claim.slot, { from: "built", to: "sending" });
      if (slots.change(claim.slot, { from: "sending", to: "sent" })) sent.push(claim.slot);
    }
    return { sent, missed: names(todo.missed), merged: names(todo.merged) };
  }

  return { slots, run, agenda, state };
}

function names(slots: readonly { readonly name: string }[]): string[] {
  return slots.map(({ name }) => name);
}

interface RunOptions {
  readonly isEarly?: boolean;
  readonly dies?: "begun" | "built";
}
