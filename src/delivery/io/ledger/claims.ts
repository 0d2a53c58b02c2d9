import { change } from "../../../platform/sqlite/watermarks.ts";
import type { Addressee, Claim, ClaimRequest, Outcome, Turn, TurnResult } from "../../ledger.ts";
import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  textIn,
} from "../../../platform/sqlite/database.ts";
import { type LedgerContext, plannedId, noteEvent } from "./read-ledger.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";
import { countAnswers, judgeUnknown, noteUnknown, PAUSED, stateFor } from "./refusals.ts";
import { settleStates } from "./settle.ts";

/** Claims the next recipients that are due. A recipient who is suppressed or quarantined by now is left out. */
export function claimNext(context: LedgerContext, request: ClaimRequest): Claim[] {
  const issue = plannedId(context, request.issue);
  if (issue === undefined) return [];
  return change(context, () => {
    const claims: Claim[] = [];
    const now = context.clock().getTime();
    context.database.prepare(EXPIRE).run(now, issue, now);
    for (;;) {
      const missing = request.limit - claims.length;
      const due = missing > 0 ? context.database.prepare(DUE).all(now, issue, now, missing) : [];
      if (due.length === 0) return claims;
      for (const row of due) {
        if (!leaveOut(context, row, now)) claims.push(take(context, row, request));
      }
    }
  });
}

/** An issue that has expired is sent to no reader. */
const EXPIRE = `
  UPDATE delivery SET state = 'skipped', due = NULL, reply = 'expired', changed_at = ?
  WHERE issue = (SELECT id FROM issue WHERE id = ? AND expires_at < ?) AND due IS NOT NULL`;

/** Deliveries, each with the reason why nothing is sent to its reader now, where there is one. */
const WITH_REASON = `
  SELECT delivery.*, coalesce(suppression.reason, iif(quarantine.key IS NOT NULL, '${QUARANTINED}', NULL),
    iif(subscriber.paused_until > ?, '${PAUSED}', NULL)) AS reason
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  LEFT JOIN list ON list.newsletter = issue.newsletter
  LEFT JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  LEFT JOIN quarantine ON quarantine.list = list.id AND quarantine.key = delivery.key
  LEFT JOIN subscriber ON subscriber.list = list.id AND subscriber.key = delivery.key`;

const DUE = `${WITH_REASON}
  WHERE delivery.issue = ? AND delivery.due <= ?
  ORDER BY delivery.due, delivery.id
  LIMIT ?`;

/** Ends this row where nothing is sent to its reader any more, and returns whether that is so. */
function leaveOut({ database }: LedgerContext, row: Row, now: number): boolean {
  const reason = optional(row, "reason", textIn);
  if (reason === undefined) return false;
  database.prepare(LEAVE_OUT).run(stateFor(reason), reason, now, numberIn(row, "id"));
  return true;
}

const LEAVE_OUT = `
  UPDATE delivery
  SET state = ?, due = NULL, lease_until = NULL, worker = NULL, reply = ?, changed_at = ?
  WHERE id = ?`;

function take({ database, clock }: LedgerContext, row: Row, request: ClaimRequest): Claim {
  const to = addresseeIn(row);
  const claim: Claim = {
    ...begunIn(row),
    fence: numberIn(row, "fence") + 1,
    attempt: numberIn(row, "attempt") + 1,
    messageId: optional(row, "message_id", textIn) ?? request.messageIdOf(to),
    to,
  };
  const now = clock().getTime();
  const { worker, leaseMs } = request;
  database.prepare(TAKE).run(worker, claim.fence, now + leaseMs, claim.messageId, now, claim.id);
  return claim;
}

const TAKE = `
  UPDATE delivery
  SET state = 'claimed', due = NULL, worker = ?, fence = ?, lease_until = ?, message_id = ?, changed_at = ?
  WHERE id = ?`;

const begunIn = fieldsOf({
  id: numberIn,
  firstTriedAt: maybe(dateIn),
  openRefusals(row): Claim["openRefusals"] {
    const since = optional(row, "refused_at", dateIn);
    return since && { count: numberIn(row, "open_refusals"), since };
  },
});

const addresseeIn: (row: Row) => Addressee = fieldsOf({
  address: textIn,
  name: maybe(textIn),
  language: maybe(textIn),
  subscriberId: (row) => optional(row, "subscriber", numberIn),
});

/** Records outcomes and begins the next claims, in one commit. */
export function takeTurn(context: LedgerContext, { outcomes, start }: Turn): TurnResult {
  if (outcomes.length === 0 && start.length === 0) return { started: [], late: [] };
  return change(context, () => {
    const late = outcomes.filter((outcome) => !record(context, outcome));
    countAnswers(context, outcomes);
    const started = start.filter((claim) => begin(context, claim));
    return { started, late };
  });
}

function begin(context: LedgerContext, { id, fence }: Claim): boolean {
  const { database, clock } = context;
  const now = clock().getTime();
  const row = database.prepare(OWN).get(now, id, fence);
  if (!row || leaveOut(context, row, now)) return false;
  database.prepare(BEGIN).run(now, now, id);
  return true;
}

/** A claim that this run holds and that has not begun. */
const OWN = `${WITH_REASON}
  WHERE delivery.id = ? AND delivery.fence = ? AND delivery.state = 'claimed'`;

const BEGIN = `
  UPDATE delivery
  SET state = 'sending', attempt = attempt + 1, first_tried_at = coalesce(first_tried_at, ?), changed_at = ?
  WHERE id = ?`;

/** States that another state may follow, and so need an event that keeps them. */
const NOTED: ReadonlySet<string> = new Set(["deferred", "rejected", "uncertain", "skipped"]);

/** Whether the outcome counted. One that comes too late changes nothing, and is kept as an event. */
function record(context: LedgerContext, outcome: Outcome): boolean {
  const { state, claim } = outcome;
  const now = context.clock().getTime();
  const reply = outcome.state === "skipped" ? outcome.reason : outcome.reply;
  const changed = context.database
    .prepare(RECORD[state])
    .run(dueAfter(outcome), reply, now, claim.id, claim.fence);
  if (changed === 0) {
    noteEvent(context, { delivery: claim.id, what: `too late: ${state}`, reply });
    return false;
  }
  if (NOTED.has(state)) noteEvent(context, { delivery: claim.id, what: state, reply });
  if (outcome.state === "rejected" && outcome.isUnknown) noteUnknown(context, claim.id);
  return true;
}

function dueAfter(outcome: Outcome): number | null {
  if (outcome.state === "deferred") return outcome.nextTry.getTime();
  return outcome.state === "planned" ? (outcome.notBefore?.getTime() ?? 0) : null;
}

/* Parameters: when it is due, the server's words, now, the row, and its fence. */
const recordAs = (state: Outcome["state"], from: string, also = "") => `
  UPDATE delivery
  SET state = '${state}', due = ?, worker = NULL, lease_until = NULL, reply = ?, changed_at = ?${also}
  WHERE id = ? AND fence = ? AND state IN (${from})`;

/** An attempt that the server never saw isn't counted. */
const UNCOUNTED = `,
  first_tried_at = CASE WHEN attempt = (state = 'sending') THEN NULL ELSE first_tried_at END,
  attempt = attempt - (state = 'sending')`;

const BEGUN = "'sending'";
const HELD = "'claimed', 'sending'";

const RECORD: Readonly<Record<Outcome["state"], string>> = {
  accepted: recordAs("accepted", BEGUN),
  uncertain: recordAs("uncertain", BEGUN),
  deferred: recordAs("deferred", HELD),
  rejected: recordAs("rejected", HELD),
  skipped: recordAs("skipped", HELD),
  planned: recordAs("planned", HELD, UNCOUNTED),
  // Its lease stays: a run that dies leaves it claimed, as what hasn't begun, and not in doubt.
  refused: `
  UPDATE delivery
  SET state = 'claimed', reply = ?2, changed_at = ?3, open_refusals = open_refusals + 1,
    refused_at = coalesce(refused_at, ?3)${UNCOUNTED}
  WHERE id = ?4 AND fence = ?5 AND state IN (${BEGUN})`,
};

/** How many claims were planned again, how many are in doubt, and how many readers are quarantined. */
interface Recovered {
  readonly replanned: number;
  readonly uncertain: number;
  readonly quarantined: number;
}

/**
 * Settles what a run left, which has ended or died. Claims that hadn't begun are planned again. Where a message may
 * have gone out its recipient is in doubt. Readers whom a server doesn't know are judged. `worker`: only its claims.
 */
export function recover(context: LedgerContext, worker?: string): Recovered {
  const { database, clock } = context;
  const now = clock().getTime();
  return change(context, () => {
    database.prepare(NOTE_DOUBT).run(now, worker);
    const recovered = {
      uncertain: database.prepare(DOUBT).run(now, worker),
      replanned: database.prepare(PLAN_AGAIN).run(now, worker),
      quarantined: judgeUnknown(context),
    };
    settleStates(context);
    return recovered;
  });
}

const LEFT = "lease_until IS NOT NULL AND worker = coalesce(?, worker)";

const NOTE_DOUBT = `
  INSERT INTO delivery_event (delivery, at, what, reply)
  SELECT id, ?, 'uncertain', 'the sender stopped before the server answered'
  FROM delivery WHERE state = 'sending' AND ${LEFT}`;

const DOUBT = `
  UPDATE delivery
  SET state = 'uncertain', lease_until = NULL, worker = NULL,
    reply = 'the sender stopped before the server answered', changed_at = ?
  WHERE state = 'sending' AND ${LEFT}`;

const PLAN_AGAIN = `
  UPDATE delivery
  SET state = 'planned', due = 0, lease_until = NULL, worker = NULL, changed_at = ?
  WHERE state = 'claimed' AND ${LEFT}`;

/** Begins the counts of a run's answers, which the end of the run or the next one reads. */
export function signIn({ database, clock }: LedgerContext, worker: string): void {
  database
    .prepare("INSERT OR REPLACE INTO sender (one, worker, since) VALUES (1, ?, ?)")
    .run(worker, clock().getTime());
}

export function signOut({ database }: LedgerContext, worker: string): void {
  database.prepare("DELETE FROM sender WHERE worker = ?").run(worker);
}
