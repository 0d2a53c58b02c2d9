import * as z from "zod";
import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  type Queries,
  type Row,
  textIn,
} from "../../../platform/database.ts";
import { CAUSES } from "../../judgement.ts";
import type { Addressee, Claim, ClaimRequest, Outcome, Turn, TurnResult } from "../../ledger.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";

/*
 * The format of groups. The row of a group lists the delivery id and the Message-ID of each member. The rows of its turns
 * list entries, in order.
 */

/** A turn's record about one recipient: the message begins, or it has an outcome. */
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

/** A recipient of an open group, with the latest entry of a turn. */
export interface Member {
  readonly id: number;
  readonly messageId: string;
  /** The time at which the message began. */
  readonly startedAt?: number;
  readonly state: Entry["state"] | "claimed";
  readonly entry?: Entry;
  /** The time at which the entry was written. */
  readonly at?: number;
}

/** A group that isn't folded into the deliveries yet. */
export interface OpenGroup {
  readonly id: number;
  readonly issue: number;
  readonly run: number | undefined;
  /** The kernel's id of the machine's last start. Undefined if the kernel has none. */
  readonly boot: string | undefined;
  readonly members: readonly Member[];
}

/** The open groups of an issue, of all processes. */
export async function openGroups(queries: Queries, issue: number): Promise<OpenGroup[]> {
  const groups: OpenGroup[] = [];
  for (const row of await queries.all(GROUPS, issue))
    groups.push(groupIn(row, await queries.all(TURNS, numberIn(row, "id"))));
  return groups;
}

const GROUPS = "SELECT * FROM delivery_group WHERE issue = ? ORDER BY id";

export const TURNS = "SELECT at, entries FROM delivery_turn WHERE held = ? ORDER BY turn";

/** The group in its row and the rows of its turns. */
export function groupIn(row: Row, turns: readonly Row[]): OpenGroup {
  const parsed = membersSchema.parse(JSON.parse(textIn(row, "members")));
  const members = new Map<number, Member>(
    parsed.map(([id, messageId]) => [id, { id, messageId, state: "claimed" }]),
  );
  for (const turn of turns) {
    const at = numberIn(turn, "at");
    for (const entry of entriesSchema.parse(JSON.parse(textIn(turn, "entries")))) {
      const member = members.get(entry.id);
      if (member) members.set(entry.id, after(member, entry, at));
    }
  }
  return {
    id: numberIn(row, "id"),
    issue: numberIn(row, "issue"),
    run: optional(row, "run", numberIn),
    boot: optional(row, "boot", textIn),
    members: [...members.values()],
  };
}

/** The member after a turn. */
export function after(member: Member, entry: Entry, at: number): Member {
  const { state } = entry;
  return { ...member, state, entry, at, ...(state === "sending" && { startedAt: at }) };
}

/**
 * Whether the entry in a group is valid, and not the row of the delivery. Another command may have ended the delivery since
 * the claim. Then the row is valid, unless the message was sent or is being sent.
 */
export function prevails({ state }: Member, row: Row): boolean {
  return row["due"] !== null || state === "sending" || WITH_SERVER.has(state);
}

/** The states in which a server has the message or may have it. */
export const WITH_SERVER: ReadonlySet<string> = new Set(["accepted", "uncertain"]);

/** Whether an attempt counts. It does not if the server never saw the recipient, or if a refusal is not judged yet. */
export function isAttempt({ state }: Member): boolean {
  return (
    state === "sending" || state === "deferred" || state === "rejected" || WITH_SERVER.has(state)
  );
}

export function hasOutcome({ state }: Member): boolean {
  return state !== "claimed" && state !== "sending";
}

export const DROP = "DELETE FROM delivery_group WHERE id = ?";
export const SHRINK = "UPDATE delivery_group SET members = ? WHERE id = ?";

export function membersText(members: readonly Pick<Member, "id" | "messageId">[]): string {
  return JSON.stringify(members.map(({ id, messageId }) => [id, messageId]));
}

/** The member in doubt: its message may have gone out, but its sender died. */
export function doubted(member: Member, at: number): Member {
  const entry = { id: member.id, state: "uncertain", reply: STOPPED } as const;
  return { startedAt: at, ...member, state: "uncertain", entry, at };
}

const STOPPED = "the sender stopped before the server answered";

/** The number of claims that had not begun and are planned again, and the number that are in doubt. */
export interface Left {
  readonly replanned: number;
  readonly uncertain: number;
}

/** States that another state may replace. An event keeps them in the history. */
export const NOTED: ReadonlySet<string> = new Set(["deferred", "rejected", "uncertain", "skipped"]);

/** The new values of a delivery's row. */
export interface Folded {
  readonly id: number;
  readonly state: string;
  readonly due: number | null;
  /** The number of attempts to add. */
  readonly attempts: number;
  readonly firstTriedAt: number | null;
  readonly messageId: string;
  readonly reply: string | undefined;
  readonly cause: string | undefined;
  readonly at: number;
}

/** The new values of a member's delivery. Undefined if the member has no outcome yet. */
export function foldedOf(member: Member): Folded | undefined {
  const { id, state, entry, at, messageId, startedAt } = member;
  if (!entry || at === undefined || !hasOutcome(member)) return undefined;
  const isCounted = isAttempt(member);
  return {
    id,
    state: state === "refused" ? "claimed" : state,
    due: state === "planned" || state === "deferred" ? (entry.due ?? 0) : null,
    attempts: Number(isCounted),
    firstTriedAt: isCounted ? (startedAt ?? at) : null,
    messageId,
    reply: entry.reply,
    cause: entry.cause,
    at,
  };
}

/** A group that this process holds. */
export interface HeldGroup {
  readonly issue: number;
  /** The number of batches of outcomes (`Turn`) that were written to the group. */
  turns: number;
  /** The members that aren't folded yet, with the state of the group's rows. */
  readonly members: Map<number, Member>;
}

/** The entries for a turn's outcomes, by group. An outcome that comes too late gets none. */
export function entriesOf(
  groups: ReadonlyMap<number, HeldGroup>,
  { outcomes }: Pick<Turn, "outcomes">,
): Map<number, Entry[]> {
  const entries = new Map<number, Entry[]>();
  for (const outcome of outcomes) {
    const { claim, state } = outcome;
    const before = stateIn(groups, claim);
    const mayFollow = before === "sending" || (before === "claimed" && !WITH_SERVER.has(state));
    if (mayFollow) addEntry(entries, claim, entryOf(outcome));
  }
  return entries;
}

export function stateIn(
  groups: ReadonlyMap<number, HeldGroup>,
  { group, id }: Claim,
): Member["state"] | undefined {
  return groups.get(group)?.members.get(id)?.state;
}

export function addEntry(entries: Map<number, Entry[]>, { group }: Claim, entry: Entry): void {
  const added = entries.get(group);
  if (added) added.push(entry);
  else entries.set(group, [entry]);
}

function entryOf(outcome: Outcome): Entry {
  const { claim, state } = outcome;
  const reply = outcome.state === "skipped" ? outcome.reason : outcome.reply;
  const due =
    outcome.state === "deferred"
      ? outcome.nextTry
      : outcome.state === "planned"
        ? outcome.notBefore
        : undefined;
  const isUnknown = "isUnknown" in outcome ? outcome.isUnknown : undefined;
  return { id: claim.id, state, reply, due: due?.getTime(), isUnknown, cause: outcome.cause };
}

/** The result of a turn, from the entries that were written. */
export function resultOf(
  entries: ReadonlyMap<number, readonly Entry[]>,
  { start, outcomes }: Turn,
): TurnResult {
  const written = ({ group, id }: Claim) => entries.get(group)?.find((entry) => entry.id === id);
  return {
    started: start.filter((claim) => written(claim)?.state === "sending"),
    late: outcomes.filter(({ claim }) => !written(claim)),
  };
}

/** The event for an outcome that came too late. */
export function lateEvent(outcome: Outcome, at: number) {
  const reply = outcome.state === "skipped" ? outcome.reason : outcome.reply;
  return { delivery: outcome.claim.id, at, what: `too late: ${outcome.state}`, reply };
}

/** The entry for a message that should begin. `row`: the delivery `WITH_REASON`; undefined if it is no longer due. */
export function beginningOf(id: number, row: Row | undefined): Entry {
  if (!row) return { id, state: "planned" };
  const reply = optional(row, "reason", textIn);
  return reply === undefined ? { id, state: "sending" } : { id, state: stateFor(reply), reply };
}

export function addTurn(held: HeldGroup, added: readonly Entry[], at: number): void {
  held.turns++;
  for (const entry of added) {
    const member = held.members.get(entry.id);
    if (member) held.members.set(entry.id, after(member, entry, at));
  }
}

/** A claimed recipient before the group has its number. */
export interface NewMember extends Member {
  readonly claim: Omit<Claim, "group">;
}

export function memberIn(row: Row, { messageIdOf }: ClaimRequest): NewMember {
  const to = addresseeIn(row);
  const messageId = optional(row, "message_id", textIn) ?? messageIdOf(to);
  const claim = { ...begunIn(row), attempt: numberIn(row, "attempt") + 1, messageId, to };
  return { id: claim.id, messageId, state: "claimed", claim };
}

const begunIn = fieldsOf({ id: numberIn, firstTriedAt: maybe(dateIn) });

const addresseeIn: (row: Row) => Addressee = fieldsOf({
  address: textIn,
  name: maybe(textIn),
  language: maybe(textIn),
  subscriberId: (row) => optional(row, "subscriber", numberIn),
});

/** Ends the open deliveries of an issue that has expired. */
export const EXPIRE = `
  UPDATE delivery SET state = 'skipped', due = NULL, reply = 'expired', changed_at = ?
  WHERE issue = (SELECT id FROM issue WHERE id = ? AND expires_at < ?) AND due IS NOT NULL`;

/** Ends the delivery to a reader who must get nothing any more. */
export const LEAVE_OUT = `
  UPDATE delivery SET state = ?, due = NULL, reply = ?, changed_at = ? WHERE id = ?`;

export function claimsOf(members: readonly NewMember[], group: number): Claim[] {
  return members.map(({ claim: { id, attempt, messageId, firstTriedAt, to } }) => {
    const claim = { id, group, attempt, messageId, to };
    return firstTriedAt ? { ...claim, firstTriedAt } : claim;
  });
}

/** The reason for leaving out a reader who paused the subscription. */
export const PAUSED = "paused";

/** The state of a delivery to a reader who is left out. */
export function stateFor(reason: string): "suppressed" | "skipped" {
  return reason === QUARANTINED || reason === PAUSED ? "skipped" : "suppressed";
}

/** SQL for the reason why a reader gets nothing, from the tables suppression, quarantine and subscriber. `now` is SQL too. */
export const reasonAt = (now: string) => `coalesce(suppression.reason,
      CASE WHEN quarantine.key IS NOT NULL THEN '${QUARANTINED}' END,
      CASE WHEN paused_until > ${now} THEN '${PAUSED}' END)`;

/** Deliveries with the reason why their reader gets nothing now, or NULL. Parameter: now. */
export const WITH_REASON = `
  SELECT delivery.id, due, delivery.attempt, first_tried_at, message_id, delivery.address, delivery.name,
    delivery.language, delivery.subscriber, ${reasonAt("?")} AS reason
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  LEFT JOIN list ON list.newsletter = issue.newsletter
  LEFT JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  LEFT JOIN quarantine ON quarantine.list = list.id AND quarantine.key = delivery.key
  LEFT JOIN subscriber ON subscriber.list = list.id AND subscriber.key = delivery.key`;
