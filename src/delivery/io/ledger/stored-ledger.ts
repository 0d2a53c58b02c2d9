import type { Clock } from "../../../platform/clock.ts";
import type { Store } from "../../../platform/database.ts";
import type {
  History,
  IssueContent,
  IssueKey,
  KnownPace,
  Mishaps,
  PlannedIssue,
  RunEnd,
} from "../../ledger.ts";
import { contentOf } from "./issue-content.ts";
import { explainAddress, mishapsOf, paceOf, readIssue, readIssues } from "./read-ledger.ts";

export const INTERRUPTED: RunEnd = { ending: "waits", isListDone: false };

/** The methods that the ledgers of both engines share. Closing the ledger closes the store. */
export abstract class StoredLedger<Of extends Store> {
  protected readonly store: Of;
  protected readonly clock: Clock;

  constructor(store: Of, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  async content(issue: IssueKey): Promise<IssueContent | undefined> {
    return contentOf(this.store, issue);
  }

  async issues(newsletter?: string): Promise<PlannedIssue[]> {
    return readIssues(this.store, newsletter);
  }

  async issue(issue: IssueKey): Promise<PlannedIssue | undefined> {
    return readIssue({ queries: this.store, clock: this.clock }, issue);
  }

  async mishaps(newsletter: string): Promise<Mishaps[]> {
    return mishapsOf(this.store, newsletter);
  }

  async pace(account: string): Promise<KnownPace | undefined> {
    return paceOf(this.store, account);
  }

  async explain(address: string): Promise<History[]> {
    return explainAddress(this.store, address);
  }

  /** The issue that has just been planned. */
  protected async planned(issue: IssueKey): Promise<PlannedIssue> {
    const planned = await this.issue(issue);
    if (planned) return planned;
    throw new Error("an issue was planned and isn't there");
  }

  abstract close(): Promise<void>;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
