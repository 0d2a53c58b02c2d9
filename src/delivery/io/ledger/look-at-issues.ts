import { existsSync } from "node:fs";
import path from "node:path";
import type { IssueKey, Counts } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Clock } from "../../../platform/clock.ts";
import { numberIn, textIn } from "../../../platform/database.ts";
import {
  hasStore,
  type NewsletterStore,
  openStore,
  type StorePlace,
} from "../../../platform/store.ts";
import { Audience } from "../../../subscribers/io/audience.ts";
import { isFrozen, type IssueState } from "../../life.ts";
import { type IssueRecord, IssueRecords, issueState, recordIn } from "../issue-records.ts";
import { countsOf } from "./read-ledger.ts";

/** The store of a newsletter and the folder of its issues. */
interface StoreAndOutbox {
  readonly store: StorePlace;
  /** An absolute path. */
  readonly outbox: string;
}

/** The states in which the files of an issue must not change. */
export type FrozenSince = "sending" | "sent";

/**
 * The state of an issue. Without a store, each issue is a draft.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function stateInStore(place: StorePlace, issue: IssueKey): Promise<IssueState> {
  if (!(await hasStore(place))) return "draft";
  await using store = await openStore(place, { isLooking: true });
  return await issueState(store, issue);
}

/**
 * Whether the files of an issue in the outbox must not change any more, because readers get their content or have it. That
 * holds from the moment at which the recipients are planned. Undefined before that, and if there are no files.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED if the store cannot answer.
 */
export async function frozenSince(
  { store, outbox }: StoreAndOutbox,
  issue: IssueKey,
): Promise<FrozenSince | undefined> {
  if (!existsSync(path.join(outbox, issue.newsletter, issue.slot))) return undefined;
  const state = await stateInStore(store, issue);
  return isFrozen(state) ? state : undefined;
}

/**
 * Refuses to change the files of an issue whose sending has begun.
 * @throws BroadsheetError ISSUE_FROZEN; STORE_*, LEDGER_RESTORED.
 */
export async function assertNotFrozen(config: StoreAndOutbox, issue: IssueKey): Promise<void> {
  const since = await frozenSince(config, issue);
  if (!since) return;
  const { newsletter, slot } = issue;
  throw frozen(slot, path.join(config.outbox, newsletter, slot), since);
}

function frozen(slot: string, file: string, since: FrozenSince): BroadsheetError {
  const what =
    since === "sending"
      ? `${slot} is being sent, so its files cannot change`
      : `${slot} was sent, so its files cannot change`;
  const revise = `to send the remaining readers another text, edit its digest.json: broadsheet send ${slot} --revise`;
  const other =
    "for another issue give another day, --date YYYY-MM-DD, or another outbox, --out DIR";
  return new BroadsheetError("ISSUE_FROZEN", what, {
    where: { file },
    fix: since === "sending" ? `${revise}; ${other}` : other,
  });
}

/** The record of an issue, with the counts of its readers if it was planned. */
type LookedAt = IssueKey & IssueRecord & { readonly counts?: Counts | undefined };

/** All issues of a store, and facts of one newsletter. */
export interface StoreView {
  readonly issues: readonly LookedAt[];
  /** The number of readers who would get an issue of the newsletter now. */
  readonly readers: number;
  /** The time since which the newsletter is held. */
  readonly heldAt?: Date | undefined;
}

/**
 * The issues of a store with their counts. A missing store is not created.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function lookAtIssues(
  { store: place, slug: newsletter }: NewsletterStore,
  clock: Clock,
): Promise<StoreView> {
  await using store = await openStore(place, { isLooking: true });
  const issues: LookedAt[] = [];
  for (const row of await store.all("SELECT * FROM issue")) {
    const isPlanned = row["planned_at"] !== null;
    const counts = isPlanned ? await countsOf(store, numberIn(row, "id")) : undefined;
    issues.push({ newsletter: textIn(row, "newsletter"), ...recordIn(row), counts });
  }
  const { active: readers } = await new Audience(store, { newsletter, clock }).counts();
  const { heldAt } = await new IssueRecords(store, { newsletter, clock }).timetable();
  return { issues, readers, heldAt };
}
