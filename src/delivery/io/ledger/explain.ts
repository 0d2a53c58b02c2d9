import { addressKey } from "../../../subscribers/address-key.ts";
import { DELIVERY_STATES, type DeliveryState, type History } from "../../ledger.ts";
import { type Row, dateIn, numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import type { LedgerContext } from "./ledger-context.ts";

/** Everything that happened to an address, the latest issue first. */
export function explainAddress(context: LedgerContext, address: string): History[] {
  return context.database
    .prepare(DELIVERIES)
    .all(addressKey(address))
    .map((row) => historyOf(context, row));
}

const DELIVERIES = `
  SELECT delivery.*, newsletter, slot
  FROM issue JOIN delivery ON delivery.issue = issue.id
  WHERE delivery.key = ? AND issue.planned_at IS NOT NULL
  ORDER BY issue.planned_at DESC, issue.id DESC`;

function historyOf({ database }: LedgerContext, row: Row): History {
  const id = numberIn(row, "id");
  const due = optional(row, "due", numberIn);
  const messageId = optional(row, "message_id", textIn);
  const reply = optional(row, "reply", textIn);
  return {
    issue: { newsletter: textIn(row, "newsletter"), slot: textIn(row, "slot") },
    state: stateIn(row),
    attempt: numberIn(row, "attempt"),
    changedAt: dateIn(row, "changed_at"),
    ...(messageId !== undefined && { messageId }),
    ...(due && { nextTry: new Date(due) }),
    ...(reply !== undefined && { reply }),
    events: database.prepare(EVENTS).all(id).map(eventOf),
  };
}

const EVENTS = "SELECT at, what, reply FROM delivery_event WHERE delivery = ? ORDER BY id";

function eventOf(row: Row): History["events"][number] {
  const reply = optional(row, "reply", textIn);
  const event = { at: dateIn(row, "at"), what: textIn(row, "what") };
  return reply === undefined ? event : { ...event, reply };
}

function stateIn(row: Row): DeliveryState {
  const text = textIn(row, "state");
  const state = DELIVERY_STATES.find((state) => state === text);
  if (state) return state;
  throw new TypeError(`${text} is no state of a delivery`);
}
