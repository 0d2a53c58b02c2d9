import {
  type Database,
  dateIn,
  fieldsOf,
  numberIn,
  textIn,
} from "../../platform/sqlite/database.ts";
import { addressKey } from "../recipient.ts";
import { forgetRefusals, type ListContext, suppress } from "./depart.ts";

/** A reader to whom nothing is sent until an operator decides, and the server's words in its answer to an issue. */
export type Quarantined = ReturnType<typeof quarantinedIn>;

const quarantinedIn = fieldsOf({ address: textIn, since: dateIn, slot: textIn, said: textIn });

/** The quarantined readers of a list, the first ones first. */
export function readQuarantine(database: Database, list: number | undefined): Quarantined[] {
  return database.prepare(ALL).all(list).map(quarantinedIn);
}

const ALL = `
  SELECT address, since, slot, reply AS said
  FROM quarantine JOIN delivery ON delivery.id = delivery JOIN issue ON issue.id = issue
  WHERE list = ? ORDER BY since, quarantine.key`;

/** "release": the server was wrong, and its answers are forgotten. "suppress": the address doesn't exist. */
export type Settlement = "release" | "suppress";

/** Ends the quarantine of an address, and returns whether it was quarantined. */
export function endQuarantine(context: ListContext, address: string, how: Settlement): boolean {
  const { database, list, now } = context;
  const key = addressKey(address);
  const row = database.prepare(END).get(list.id, key);
  if (!row) return false;
  if (how === "suppress") return suppress(context, address, "bounced");
  forgetRefusals(context, key);
  database.prepare(NOTE_RELEASE).run(numberIn(row, "delivery"), now.getTime());
  return true;
}

const END = "DELETE FROM quarantine WHERE list = ? AND key = ? RETURNING delivery";

const NOTE_RELEASE = "INSERT INTO delivery_event (delivery, at, what) VALUES (?, ?, 'released')";
