import { type Row, dateIn, fieldsOf, maybe, textIn } from "../../platform/sqlite/database.ts";

/**
 * What a slot may become:
 *
 *     begun → built → sending → sent
 *                  ↘ waiting (for an editor) ↗
 *
 * `empty`: there was nothing new. `skipped`: by `broadsheet skip`. `missed`: nothing ran in time. `merged`: its
 * stories are for a later slot. `expired`: it was begun, and could not be sent, or was not approved, in time. A slot
 * whose issue was removed before its recipients were planned is `begun` again.
 */
const NEXT = {
  begun: ["built", "sending", "empty", "skipped", "missed", "merged", "expired"],
  built: ["begun", "waiting", "sending", "skipped", "expired"],
  waiting: ["sending", "skipped", "expired"],
  sending: ["begun", "sent", "expired"],
} as const;

type Nexts = typeof NEXT;

/** A state in which something is still to be done. */
export type OpenState = keyof Nexts;

/** The states that may follow a state. */
export type After<State extends OpenState> = Nexts[State][number];

export type SlotState = OpenState | After<OpenState>;

/** A slot and what became of it. */
export interface SlotRecord {
  readonly slot: string;
  readonly at: Date;
  readonly state: SlotState;
  readonly changedAt: Date;
  /** Why the slot isn't further along, or why no issue came of it; of a merged one, the slot that has its stories. */
  readonly why?: string;
}

const STATES = new Set<string>([...Object.keys(NEXT), ...Object.values(NEXT).flat()]);

export function isOpen(state: SlotState): state is OpenState {
  return state in NEXT;
}

export const slotRecord: (row: Row) => SlotRecord = fieldsOf({
  slot: textIn,
  at: dateIn,
  state: stateIn,
  changedAt: dateIn,
  why: maybe(textIn),
});

function stateIn(row: Row, column: string): SlotState {
  const state = textIn(row, column);
  if (isState(state)) return state;
  throw new TypeError(`${state} is no state of a slot`);
}

function isState(text: string): text is SlotState {
  return STATES.has(text);
}
