import { change } from "../../../platform/sqlite/watermarks.ts";
import type { Claim, Outcome, Turn, TurnResult } from "../../ledger.ts";
import { suppressNow } from "./claim.ts";
import { type LedgerContext, noteEvent } from "./ledger-context.ts";

/** Records outcomes and begins the next, in one commit. */
export function takeTurn(context: LedgerContext, { outcomes, start }: Turn): TurnResult {
  if (outcomes.length === 0 && start.length === 0) return { started: [], late: [] };
  return change(context, () => {
    const late = outcomes.filter((outcome) => !record(context, outcome));
    const started = start.filter((claim) => begin(context, claim));
    return { started, late };
  });
}

function begin(context: LedgerContext, { id, fence }: Claim): boolean {
  const { database, clock } = context;
  const row = database.prepare(OWN).get(id, fence);
  const now = clock().getTime();
  if (!row || suppressNow(context, row, now)) return false;
  database.prepare(BEGIN).run(now, now, id);
  return true;
}

/** One of its own that has not begun, with why its address may be suppressed by now. */
const OWN = `
  SELECT delivery.id, suppression.reason
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  LEFT JOIN list ON list.newsletter = issue.newsletter
  LEFT JOIN suppression ON suppression.list = list.id AND suppression.key = delivery.key
  WHERE delivery.id = ? AND delivery.fence = ? AND delivery.state = 'claimed'`;

const BEGIN = `
  UPDATE delivery
  SET state = 'sending', attempt = attempt + 1, first_tried_at = coalesce(first_tried_at, ?), changed_at = ?
  WHERE id = ?`;

/** What another state may follow, and would take the place of. */
const NOTED: ReadonlySet<string> = new Set(["deferred", "rejected", "uncertain", "skipped"]);

/** Whether the outcome counted. One that comes too late changes nothing, and is kept to be read. */
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
  if (outcome.state === "rejected" && outcome.suppress) {
    suppressAddress(context, claim.id, outcome.suppress);
  }
  return true;
}

function dueAfter(outcome: Outcome): number | null {
  if (outcome.state === "deferred") return outcome.nextTry.getTime();
  return outcome.state === "planned" ? (outcome.notBefore?.getTime() ?? 0) : null;
}

/* Each is given: when it is due, the words, now, the row, and its fence. */
const recordAs = (state: Outcome["state"], from: string, also = "") => `
  UPDATE delivery
  SET state = '${state}', due = ?, worker = NULL, lease_until = NULL, reply = ?, changed_at = ?${also}
  WHERE id = ? AND fence = ? AND state IN (${from})`;

/** No attempt is counted that the server never saw. */
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
  // Its lease stays: a run that dies leaves it as it leaves what hasn't begun, and not in doubt.
  refused: `
  UPDATE delivery
  SET state = 'claimed', reply = ?2, changed_at = ?3, open_refusals = open_refusals + 1,
    refused_at = coalesce(refused_at, ?3)${UNCOUNTED}
  WHERE id = ?4 AND fence = ?5 AND state IN (${BEGUN})`,
};

function suppressAddress(
  { database, clock }: LedgerContext,
  delivery: number,
  reason: string,
): void {
  database.prepare(ADD_LIST).run(delivery);
  database.prepare(ADD_SUPPRESSION).run(reason, clock().getTime(), delivery);
}

const ADD_LIST = `
  INSERT INTO list (newsletter, uid)
  SELECT newsletter, randomblob(6) FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE delivery.id = ?
  ON CONFLICT DO NOTHING`;

const ADD_SUPPRESSION = `
  INSERT INTO suppression (list, key, address, reason, since)
  SELECT list.id, key, address, ?, ?
  FROM delivery
  JOIN issue ON issue.id = delivery.issue
  JOIN list ON list.newsletter = issue.newsletter
  WHERE delivery.id = ?
  ON CONFLICT DO NOTHING`;
