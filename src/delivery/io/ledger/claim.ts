import { change } from "../../../platform/sqlite/watermarks.ts";
import type { Addressee, Claim, ClaimRequest } from "../../ledger.ts";
import { type Row, dateIn, numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, plannedId } from "./ledger-context.ts";

/** Claims the next recipients that are due; those who are suppressed by now are left out for good. */
export function claimNext(context: LedgerContext, request: ClaimRequest): Claim[] {
  const issue = plannedId(context, request.issue);
  if (issue === undefined) return [];
  return change(context, () => {
    const claims: Claim[] = [];
    const now = context.clock().getTime();
    context.database.prepare(EXPIRE).run(now, issue, now);
    for (;;) {
      const missing = request.limit - claims.length;
      const due = missing > 0 ? context.database.prepare(DUE).all(issue, now, missing) : [];
      if (due.length === 0) return claims;
      for (const row of due) {
        if (!suppressNow(context, row, now)) claims.push(take(context, row, request));
      }
    }
  });
}

/** Yesterday's news is sent to nobody. */
const EXPIRE = `
  UPDATE delivery SET state = 'skipped', due = NULL, reply = 'expired', changed_at = ?
  WHERE issue = (SELECT id FROM issue WHERE id = ? AND expires_at < ?) AND due IS NOT NULL`;

const DUE = `
  SELECT delivery.*, suppression.reason
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  LEFT JOIN list ON list.newsletter = issue.newsletter
  LEFT JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  WHERE delivery.issue = ? AND delivery.due <= ?
  ORDER BY delivery.due, delivery.id
  LIMIT ?`;

/** Whether the address of this row is on the suppression list; the row ends there. */
export function suppressNow({ database }: LedgerContext, row: Row, now: number): boolean {
  const reason = optional(row, "reason", textIn);
  if (reason === undefined) return false;
  database.prepare(SUPPRESS).run(reason, now, numberIn(row, "id"));
  return true;
}

const SUPPRESS = `
  UPDATE delivery
  SET state = 'suppressed', due = NULL, lease_until = NULL, worker = NULL, reply = ?, changed_at = ?
  WHERE id = ?`;

function take({ database, clock }: LedgerContext, row: Row, request: ClaimRequest): Claim {
  const to = addressee(row);
  const firstTriedAt = optional(row, "first_tried_at", dateIn);
  const claim: Claim = {
    id: numberIn(row, "id"),
    fence: numberIn(row, "fence") + 1,
    attempt: numberIn(row, "attempt") + 1,
    messageId: optional(row, "message_id", textIn) ?? request.messageIdOf(to),
    ...(firstTriedAt && { firstTriedAt }),
    ...openRefusals(row),
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

function openRefusals(row: Row): Pick<Claim, "openRefusals"> {
  const since = optional(row, "refused_at", dateIn);
  return since ? { openRefusals: { count: numberIn(row, "open_refusals"), since } } : {};
}

function addressee(row: Row): Addressee {
  const name = optional(row, "name", textIn);
  const language = optional(row, "language", textIn);
  const subscriberId = optional(row, "subscriber", numberIn);
  return {
    address: textIn(row, "address"),
    ...(name !== undefined && { name }),
    ...(language !== undefined && { language }),
    ...(subscriberId !== undefined && { subscriberId }),
  };
}
