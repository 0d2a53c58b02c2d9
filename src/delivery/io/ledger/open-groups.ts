import * as z from "zod";
import {
  type Database,
  type Row,
  numberIn,
  optional,
  textIn,
} from "../../../platform/sqlite/database.ts";
import { CAUSES } from "../../judgement.ts";

/*
 * The format of groups. The row of a group lists its members: the id of the delivery and the Message-ID of each. The
 * rows of its turns list entries, in order.
 */

/** What a turn says of one recipient: that the message begins, or what became of it. */
const entrySchema = z.object({
  id: z.number(),
  state: z.enum([
    "sending",
    "accepted",
    "uncertain",
    "deferred",
    "rejected",
    "refused",
    "planned",
    "suppressed",
    "skipped",
  ]),
  reply: z.string().optional(),
  due: z.number().optional(),
  isUnknown: z.boolean().optional(),
  cause: z.enum(CAUSES).optional(),
});

export type Entry = z.infer<typeof entrySchema>;

const entriesSchema = z.array(entrySchema);
const membersSchema = z.array(z.tuple([z.number(), z.string()]));

/** A recipient of an open group, with the latest entry about them. */
export interface Member {
  readonly id: number;
  readonly messageId: string;
  /** When the message began. */
  readonly startedAt?: number;
  readonly state: Entry["state"] | "claimed";
  readonly entry?: Entry;
  /** When the entry was written. */
  readonly at?: number;
}

/** A group that isn't folded into the deliveries yet. */
export interface OpenGroup {
  readonly id: number;
  readonly issue: number;
  readonly run: number | undefined;
  /** The kernel's id of the start of the machine; undefined where it gives none. */
  readonly boot: string | undefined;
  readonly members: readonly Member[];
}

/** The groups that are open, whichever process holds them. */
export function openGroups(database: Database): OpenGroup[] {
  return database
    .prepare("SELECT * FROM delivery_group ORDER BY id")
    .all()
    .map((row) => {
      const id = numberIn(row, "id");
      const parsed = membersSchema.parse(JSON.parse(textIn(row, "members")));
      const members = new Map<number, Member>(
        parsed.map(([id, messageId]) => [id, { id, messageId, state: "claimed" }]),
      );
      for (const turn of database.prepare(TURNS).all(id)) {
        const at = numberIn(turn, "at");
        for (const entry of entriesSchema.parse(JSON.parse(textIn(turn, "entries")))) {
          const member = members.get(entry.id);
          if (member) members.set(entry.id, after(member, entry, at));
        }
      }
      return {
        id,
        issue: numberIn(row, "issue"),
        run: optional(row, "run", numberIn),
        boot: optional(row, "boot", textIn),
        members: [...members.values()],
      };
    });
}

const TURNS = "SELECT at, entries FROM delivery_turn WHERE held = ? ORDER BY turn";

/** The member after a turn. */
export function after(member: Member, entry: Entry, at: number): Member {
  const { state } = entry;
  return { ...member, state, entry, at, ...(state === "sending" && { startedAt: at }) };
}

/**
 * Whether a group knows better than the row of a delivery. Another command may have ended the delivery since the claim,
 * which holds where nothing was sent.
 */
export function prevails({ state }: Member, row: Row): boolean {
  return row["due"] !== null || state === "sending" || WITH_SERVER.has(state);
}

/** A server has the message, or may have it. */
export const WITH_SERVER: ReadonlySet<string> = new Set(["accepted", "uncertain"]);

/** Whether an attempt counts: not where the server never saw the recipient, or where a refusal isn't judged. */
export function isAttempt({ state }: Member): boolean {
  return (
    state === "sending" || state === "deferred" || state === "rejected" || WITH_SERVER.has(state)
  );
}
