import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { counted } from "../platform/text.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import type { Segment } from "../subscribers/segment.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../platform/picture.ts";
import type { Fingerprint } from "../digest/stories/story.ts";
import type { Cause, Evidence, Judged } from "./judgement.ts";
import { type IssueState, STATE_TEXTS } from "./life.ts";
import type { Issue } from "../digest/digest.ts";
import { slotTime } from "../platform/slot.ts";

/** One edition of one newsletter. */
export interface IssueKey {
  readonly newsletter: string;
  readonly slot: string;
}

/**
 * The state of a recipient of an issue: exactly one of these.
 *
 *     planned → claimed → sending → accepted
 *                                 ↘ deferred (→ claimed) · rejected · uncertain
 *                                 ↘ claimed: refused, and judged at the end of the run (→ rejected · planned)
 *
 * `suppressed` and `skipped` are final states in which nothing was sent. `uncertain`: the server got the message, but its
 * reply never came. Only an operator's command changes that state.
 */
export const DELIVERY_STATES = [
  "planned",
  "claimed",
  "sending",
  "accepted",
  "deferred",
  "rejected",
  "uncertain",
  "suppressed",
  "skipped",
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The number of recipients in each state. */
export type Counts = Readonly<Record<DeliveryState, number>>;

export const NO_READERS: Counts = {
  planned: 0,
  claimed: 0,
  sending: 0,
  accepted: 0,
  deferred: 0,
  rejected: 0,
  uncertain: 0,
  suppressed: 0,
  skipped: 0,
};

/** A recipient as the plan has stored it, with the values that the message needs. */
export interface Addressee extends Recipient {
  /** The subscriber whose token ends this subscription; absent if the recipient is no subscriber. */
  readonly subscriberId?: number;
  /** A language tag by BCP 47. */
  readonly language?: string;
}

/** The content of an issue. It is stored with the plan, so that later changes of the files have no effect. */
export interface IssueContent {
  /** The text of its digest.json. */
  readonly digest: string;
  readonly email: Email;
  /** All pictures of the issue, even if the email shows only some. */
  readonly pictures: readonly Picture[];
}

export interface PlanRequest {
  readonly issue: IssueKey;
  /** A hash of all content. For a planned issue, another hash is refused unless `revise` is set. */
  readonly contentHash: string;
  /**
   * A hash of all that the config adds to each message. If machines share the sending of a planned issue, another hash is
   * refused unless `revise` is set.
   */
  readonly settingsHash?: string | undefined;
  /** The content to store. `content` returns it later. */
  readonly content?: IssueContent | undefined;
  /**
   * The subscribers of the newsletter, or other recipients, which are read once. They are ignored if the issue is already
   * planned. An address that occurs twice gets one message.
   */
  readonly recipients: Subscribers | Iterable<Addressee>;
  /** The issue is sent to no reader after this time. */
  readonly expiresAt?: Date | undefined;
  /** Whether recipients who haven't got the issue yet get the new content. */
  readonly revise?: boolean | undefined;
  /** The transition of the issue's life when it is planned. The default is `send` of a draft. */
  readonly start?: Start | undefined;
}

/** The subscribers of a newsletter at the time of planning. */
export interface Subscribers {
  /** Only the subscribers of this segment. All by default. */
  readonly segment?: Segment | undefined;
}

/** The beginning of an issue's sending. */
export interface Start {
  /** The state of the issue that the caller saw. */
  readonly seen: IssueState;
  readonly event: "send" | "release";
  /** The hash of the approved digest that the caller saw. */
  readonly seenHash?: string | undefined;
  /** The time of its slot, if the schedule contains it. */
  readonly at?: Date | undefined;
  /** The articles that the issue takes. */
  readonly articles?: readonly Fingerprint[] | undefined;
  /** The number of the issue as readers see it. */
  readonly number?: number | undefined;
}

/** An issue in the ledger. */
export interface PlannedIssue {
  readonly issue: IssueKey;
  readonly contentHash: string;
  readonly plannedAt: Date;
  readonly expiresAt?: Date;
  readonly counts: Counts;
  /** The earliest time at which a deferred recipient is due. */
  readonly nextTry?: Date;
  /** The number of its last run. */
  readonly run?: number;
  /** The canary, if the config has one and the first readers have the issue. */
  readonly canary?: Canary;
  /** Only `Ledger.issue` returns this field and the following ones. */
  readonly bounces?: Bounces;
  /** The last runs that changed the list, the latest first. */
  readonly runs?: readonly PastRun[];
  /** The number of planned recipients whose domain is paused, and the earliest end of a pause. */
  readonly postponed?: { readonly count: number; readonly until: Date };
}

/** The canary of an issue: its first readers. Their refusals and bounces decide whether the others get it. */
export interface Canary {
  /** The time at which the canary is judged. */
  readonly until: Date;
  /** "held": the issue is held. When an operator releases it, the verdict becomes "passed". */
  readonly verdict?: "passed" | "held";
}

/** A change of a canary. `held`: the reason why the issue is held. */
export type CanaryNote =
  { readonly until: Date } | { readonly passed: true } | { readonly held: string };

/** The numbers of readers whose message bounced after a server had accepted it, or who complained. */
export interface Bounces {
  readonly bounced: number;
  /** Temporary bounces, such as a full mailbox. These readers stay on the list. */
  readonly bouncedForNow: number;
  readonly complained: number;
  /** The number of readers of all these kinds, plus readers whose message a server blocked. */
  readonly returned: number;
}

/** The numbers of readers of an issue that were ever deferred, that bounced, and that complained. */
export interface Mishaps {
  readonly slot: string;
  readonly deferred: number;
  readonly bounced: number;
  readonly complained: number;
}

/** One recipient that a sender may send to, while no other sender has taken over its group. */
export interface Claim {
  /** The id of the row. It is the same in every attempt, and so is the jitter that comes from it. */
  readonly id: number;
  /** The group of recipients that were claimed together. An outcome counts while this sender holds the group. */
  readonly group: number;
  /** The number of this attempt, from 1. An attempt counts only if the server got the recipient's address. */
  readonly attempt: number;
  /** The Message-ID with angle brackets. Every attempt has the same one, even after the secret has changed. */
  readonly messageId: string;
  /** The time at which the first attempt began. Absent in the first attempt. */
  readonly firstTriedAt?: Date;
  readonly to: Addressee;
}

export interface ClaimRequest {
  readonly issue: IssueKey;
  readonly limit: number;
  /** Called for a recipient without a Message-ID. It must return the same one for the same addressee. */
  readonly messageIdOf: (to: Addressee) => string;
}

/** The outcome of a claim. `reply`: the server's text, or a description without one. `cause`: the party at fault. */
export type Outcome = { readonly claim: Claim; readonly cause?: Cause | undefined } & (
  | { readonly state: "accepted" | "uncertain" | "rejected"; readonly reply: string }
  | { readonly state: "deferred"; readonly reply: string; readonly nextTry: Date }
  /**
   * The server refused the recipient. The delivery stays claimed until it is judged at the end of the run. No attempt is
   * counted. `isUnknown`: the server replied that the address doesn't exist.
   */
  | { readonly state: "refused"; readonly reply: string; readonly isUnknown?: boolean | undefined }
  /** The server never got this recipient, so no attempt is counted. `notBefore`: the end of the domain's pause. */
  | { readonly state: "planned"; readonly reply?: string; readonly notBefore?: Date }
  /** Nothing was sent and nothing will be: the server lacks SMTPUTF8, or no message could be made. */
  | { readonly state: "skipped"; readonly reason: string }
);

/** One turn of the sender: the outcomes since the last turn, and the claims to send next. */
export interface Turn {
  readonly outcomes: readonly Outcome[];
  readonly start: readonly Claim[];
}

export interface TurnResult {
  /** The claims of `start` that are `sending` now. Only these may begin. */
  readonly started: readonly Claim[];
  /** Outcomes that came too late: another sender had taken over the group. They change no state. */
  readonly late: readonly Outcome[];
}

/**
 * One run of a sender, or of several workers. The claims of earlier runs that died are settled before it begins. The last
 * worker that ends judges the refusals of all workers together.
 */
export interface Run {
  /** The number of the run, from 1. It is unique in a store. */
  readonly number: number;
  /** The number of claims of dead runs that had not begun and are planned again. */
  readonly replanned: number;
  /** The number of claims of dead runs that had begun and have no outcome. */
  readonly uncertain: number;
  /** The number of readers quarantined by the judgement of dead runs. */
  readonly quarantined: number;

  /**
   * Plans at most `limit` refused readers again, before all other readers, and returns their number. Their refusals stay
   * open. Returns 0 while other workers are in the run, because the last worker asks again.
   */
  askSome(limit: number): Promise<number>;

  /**
   * Called when the server has contradicted itself. Discards all refusals of this run, plans their readers again before all
   * other readers, and returns their number.
   */
  tryAll(): Promise<number>;

  /**
   * Ends the run, so that the next sender can begin. Remaining claims are planned again. Refused readers are judged
   * (`judgement.ts`), and the judgement is returned. It is empty while other workers are in the run. Without `how` the run
   * was interrupted.
   */
  end(how?: RunEnd): Promise<Judged>;
}

export type RunEnd = Pick<Evidence, "ending" | "blamed" | "isListDone">;

/** The changes of the list by a run. */
export interface PastRun {
  readonly number: number;
  readonly began: Date;
  readonly accepted: number;
  /** The number of readers taken off the list. */
  readonly suppressed: number;
  readonly quarantined: number;
  /** The time at which an operator restored these readers. */
  readonly restored?: Date;
}

/** The learned pace of an account at a relay. Runs store it for the next run. */
export interface KnownPace {
  /** The rate that the relay accepts, in messages a second. Absent if it never complained. */
  readonly rate?: number | undefined;
  /** The number of accepted messages in each period of ten minutes, by the time at which the period began. */
  readonly sent: readonly (readonly [begin: number, count: number])[];
}

/** The history of one recipient of one issue. */
export interface History {
  readonly issue: IssueKey;
  readonly state: DeliveryState;
  readonly attempt: number;
  readonly messageId?: string;
  readonly changedAt: Date;
  readonly nextTry?: Date;
  /** The server's text, or another reason, for the present state. */
  readonly reply?: string;
  /** The party at fault. */
  readonly cause?: Cause;
  /** The events before the present state, oldest first. Empty after an acceptance at the first attempt. */
  readonly events: readonly DeliveryEvent[];
}

export interface DeliveryEvent {
  readonly at: Date;
  readonly what: string;
  readonly reply?: string;
  readonly cause?: Cause;
  /** The number of the run in which it happened. */
  readonly run?: number;
}

/** The word for a state. Other events are shown unchanged. */
export function wordFor(what: string): string {
  return WORDS.get(what) ?? what;
}

const WORDS: ReadonlyMap<string, string> = new Map<DeliveryState, string>([
  ["claimed", "planned"],
  ["sending", "under way"],
  ["rejected", "refused"],
  ["uncertain", "in doubt"],
]);

/**
 * The record of every delivery. There is one for each issue and address, and only these calls change it. A call is durable
 * when it resolves. A turn survives the death of the process at once, and a power cut after a later call has resolved. An
 * issue is sent to an address at most once, even if many processes send and die at any moment, unless `settle` resends.
 */
export interface Ledger {
  /**
   * Stores the recipients and the content of an issue. Does nothing if the issue is planned with the same content.
   * Addresses on the suppression list are planned as `suppressed`, quarantined and paused ones as `skipped`. The issue's
   * record changes to `sending` in the same transaction.
   * @throws BroadsheetError ISSUE_CHANGED if the content has changed; CONFIG_CHANGED if the config has changed; LEDGER_BUSY
   * if the issue is no longer in the state that the caller saw; LEDGER_RESTORED.
   */
  plan(request: PlanRequest): Promise<PlannedIssue>;

  /** The content of a planned issue. Undefined if it is not planned, or if an older version of Broadsheet sent it. */
  content(issue: IssueKey): Promise<IssueContent | undefined>;

  /** The planned issues of one newsletter, or of all, the latest first. */
  issues(newsletter?: string): Promise<PlannedIssue[]>;
  issue(issue: IssueKey): Promise<PlannedIssue | undefined>;

  /** The numbers of deferred deliveries, bounces and complaints, for each issue of a newsletter. */
  mishaps(newsletter: string): Promise<Mishaps[]>;

  /**
   * Begins a run, after the claims of dead senders are settled. If several workers may send at once, the worker joins the
   * open run of the issue.
   * @throws BroadsheetError LEDGER_BUSY if another run is sending and the ledger allows only one; LEDGER_RESTORED if the
   * ledger is older than the latest sending.
   */
  begin(worker: string, issue: IssueKey): Promise<Run>;

  /**
   * Claims the next due recipients: planned ones first, then deferred ones whose time has come. The claims are durable when
   * it resolves. It may return fewer than `limit`. It returns none only if no recipient is due. After a power cut, claimed
   * recipients without an outcome may be in doubt. A sender therefore claims about a hundred at a time, shortly before it
   * needs them.
   */
  claim(request: ClaimRequest): Promise<Claim[]>;

  /** The number of recipients to claim at a time. Absent if the sender's own number should be used. */
  readonly group?: number;

  /**
   * Records outcomes and begins the next claims, in one transaction. When it resolves, the started claims are `sending`,
   * which survives the death of the process. A claim that was taken over, or whose address was suppressed meanwhile, is not
   * started.
   */
  turn(turn: Turn): Promise<TurnResult>;

  /**
   * Whether a started claim may begin now. It is asked at the last moment, because a process that was stopped meanwhile may
   * have lost the claim to another one. Absent if no other process can have the claim.
   */
  mayBegin?(claim: Claim): boolean;

  /** Records a change of the issue's canary. A verdict is final, and "held" holds the issue. */
  noteCanary(issue: IssueKey, note: CanaryNote): Promise<void>;

  /** Lets no recipient of a domain be claimed before `until`. Existing claims are not affected. */
  postpone(issue: IssueKey, domain: string, until: Date): Promise<number>;

  /** The pace that earlier runs learned for an account at a relay. */
  pace(account: string): Promise<KnownPace | undefined>;

  /** Stores the pace for the next run. It replaces the former one. */
  keepPace(account: string, pace: KnownPace): Promise<void>;

  /**
   * Decides about recipients in doubt. "accept" takes them for accepted. "resend" plans them again with the same
   * Message-ID.
   * @throws BroadsheetError LEDGER_RESTORED: the restored store must be accepted first.
   */
  settle(issue: IssueKey, how: "accept" | "resend"): Promise<number>;

  /**
   * Makes deferred recipients and recipients of paused domains due at once. Rejected and skipped recipients are planned
   * again, unless they are suppressed, quarantined or paused.
   */
  retry(issue: IssueKey): Promise<number>;

  /** The history of an address, the latest issue first. */
  explain(address: string): Promise<History[]>;

  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The number of recipients who have yet to get the issue. */
export function leftIn({ planned, claimed, sending, deferred }: Counts): number {
  return planned + claimed + sending + deferred;
}

/** The remaining recipients in words, while no run works: "2 not sent yet", "1 deferred". */
export function leftWords({ planned, claimed, deferred }: Counts): string[] {
  const left = [
    [planned + claimed, "not sent yet"],
    [deferred, "deferred"],
  ] as const;
  return left.filter(([count]) => count > 0).map(([count, what]) => `${counted(count)} ${what}`);
}

/** The error of an issue that every server refused, so that no reader has it. Undefined for other issues. */
export function refusedByAll({
  counts,
  issue,
}: Pick<PlannedIssue, "counts" | "issue">): BroadsheetError | undefined {
  const { accepted, rejected, uncertain } = counts;
  if (leftIn(counts) + accepted + uncertain > 0 || rejected === 0) return undefined;
  const what = `no reader has it: ${counted(rejected)} refused, and none accepted`;
  return new BroadsheetError("SMTP_REFUSED", what, {
    fix: `look at the servers' replies: broadsheet explain ADDRESS; to try again: broadsheet retry ${issue.slot}, then send`,
  });
}

/** An issue's state in the ledger, as `status --json` prints it. */
export function countsLine({ issue, counts, ...more }: PlannedIssue) {
  const { planned, claimed, sending, ...rest } = counts;
  const { nextTry, plannedAt, bounces, run, runs, canary } = more;
  const line = { issue, planned: planned + claimed, sending, ...rest, ...bounces };
  return { ...line, plannedAt, nextTry, run, runs, canary };
}

/**
 * The issue with this slot or folder, or the `latest` one whose sending has begun. Its files need not be in the outbox any
 * more. A slot may also belong to an issue that a restored ledger doesn't know.
 * @throws BroadsheetError ISSUE_MISSING, USAGE.
 */
export async function issueNamed(
  name: string,
  ledger: Ledger,
  { slug }: { readonly slug: string },
): Promise<IssueKey> {
  if (name !== "latest") return { newsletter: slug, slot: slotOf(name) };
  const [latest] = await ledger.issues(slug);
  if (latest) return latest.issue;
  throw new BroadsheetError("ISSUE_MISSING", "no issue has been sent yet", {
    fix: "send one: broadsheet send latest",
  });
}

function slotOf(name: string): string {
  const slot = path.basename(name);
  if (slotTime(slot) !== undefined) return slot;
  throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is not an issue`, {
    fix: "name its slot, its folder, or: latest",
  });
}

/** The error for an issue without recorded readers. `record` is that of the issue, if it has one. */
export function notSent(
  { slot }: IssueKey,
  { state, lost }: { readonly state?: IssueState; readonly lost?: string } = {},
): BroadsheetError {
  if (lost !== undefined) {
    return new BroadsheetError(
      "ISSUE_MISSING",
      `the store has no record of the readers of ${slot}`,
      {
        fix: "the next step is in: broadsheet status",
      },
    );
  }
  const why = state === undefined ? " yet" : `: it is ${STATE_TEXTS[state]}`;
  return new BroadsheetError("ISSUE_MISSING", `${slot} has not been sent to any reader${why}`, {
    fix: "list the sent issues: broadsheet status",
  });
}

/**
 * The counts of an issue for other programs. `claimed` counts as `planned`, and `sending` as `uncertain`, because these
 * states exist only while a run works.
 */
export function deliveryCounts(issue: Issue, counts: Counts, nextTry?: Date) {
  const { claimed, sending, ...rest } = counts;
  return {
    issue,
    ...rest,
    planned: rest.planned + claimed,
    uncertain: rest.uncertain + sending,
    ...(nextTry && { nextTry: nextTry.toISOString() }),
  };
}
