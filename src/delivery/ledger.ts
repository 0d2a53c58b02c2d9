import path from "node:path";
import { BroadsheetError } from "../errors.ts";
import { counted } from "../platform/text.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import type { Segment } from "../subscribers/segment.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../platform/picture.ts";
import type { Fingerprint } from "../digest/stories/story.ts";
import type { Cause, Evidence, Judged } from "./judgement.ts";
import type { IssueState } from "./life.ts";
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
 *                                 ↘ claimed: refused, and not yet clear whose fault that is (→ rejected · planned)
 *
 * `suppressed` and `skipped` come before anything is sent, and end it. `uncertain`: the server was given
 * the message and its answer never came. Nothing leaves that state by itself.
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

/** How many recipients are in each state. */
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

/** A recipient as the plan froze it, with what a message to them needs. */
export interface Addressee extends Recipient {
  /** The subscriber whose token ends this subscription; absent if the recipient is no subscriber. */
  readonly subscriberId?: number;
  /** BCP 47. */
  readonly language?: string;
}

/** What an issue is sent from. It is kept with the plan, so that later changes of the files change nothing. */
export interface IssueContent {
  /** The text of its digest.json. */
  readonly digest: string;
  readonly email: Email;
  /** All pictures of the issue, also where the email shows only some. */
  readonly pictures: readonly Picture[];
}

export interface PlanRequest {
  readonly issue: IssueKey;
  /** A hash of all that is sent. Another one for a planned issue is refused, unless `revise` is set. */
  readonly contentHash: string;
  /**
   * A hash of what the config adds to each message. Where machines share the sending, another one for a planned issue is
   * refused, unless `revise` is set.
   */
  readonly settingsHash?: string | undefined;
  /** Kept, and given back by `content`. */
  readonly content?: IssueContent | undefined;
  /**
   * Subscribers of the newsletter, or others, who are read once. Used only where the issue isn't planned yet. An address
   * that comes a second time is left out.
   */
  readonly recipients: Subscribers | Iterable<Addressee>;
  /** The issue is sent to no reader after this time. */
  readonly expiresAt?: Date | undefined;
  /** Recipients who haven't got the issue yet get the new content. */
  readonly revise?: boolean | undefined;
  /** How its life goes on when it is planned: `send` of a draft by default. */
  readonly start?: Start | undefined;
}

/** The subscribers of a newsletter, as they are when the issue is planned. */
export interface Subscribers {
  /** Only these; all of them by default. */
  readonly segment?: Segment | undefined;
}

/** The beginning of an issue's sending. */
export interface Start {
  /** The state in which the caller has seen the issue. */
  readonly seen: IssueState;
  readonly event: "send" | "release";
  /** The digest for which the caller has seen approval. */
  readonly seenHash?: string | undefined;
  /** The time of its slot, where the schedule has it. */
  readonly at?: Date | undefined;
  /** The articles that it takes. */
  readonly articles?: readonly Fingerprint[] | undefined;
  /** The number that readers see. */
  readonly number?: number | undefined;
}

/** What the ledger has of an issue. */
export interface PlannedIssue {
  readonly issue: IssueKey;
  readonly contentHash: string;
  readonly plannedAt: Date;
  readonly expiresAt?: Date;
  readonly counts: Counts;
  /** The earliest moment at which a deferred recipient is due. */
  readonly nextTry?: Date;
  /** The number of its last run. */
  readonly run?: number;
  /** Present when the first readers have it, where the config asks for a canary. */
  readonly canary?: Canary;
  /** Given by `issue` alone, as are the following. */
  readonly bounces?: Bounces;
  /** The last runs that changed the list, the latest first. */
  readonly runs?: readonly PastRun[];
  /** How many of the planned aren't due before a moment, since their domain is paused. */
  readonly postponed?: { readonly count: number; readonly until: Date };
}

/** The first readers of an issue, who show whether the others should get it. */
export interface Canary {
  /** When they are judged. */
  readonly until: Date;
  /** "held": the issue is held. When an operator lets it go on this becomes "passed". */
  readonly verdict?: "passed" | "held";
}

/** What is new about a canary. `held`: why the issue is held. */
export type CanaryNote =
  { readonly until: Date } | { readonly passed: true } | { readonly held: string };

/** How many readers' messages bounced after a server had accepted them, or were complained of. */
export interface Bounces {
  readonly bounced: number;
  /** A full mailbox, or a server that was down: these readers stay on the list. */
  readonly bouncedForNow: number;
  readonly complained: number;
  /** All of these, and those whose message a server blocked. */
  readonly returned: number;
}

/**
 * How many readers of an issue were deferred, in one attempt or several, bounced or complained, whatever became of
 * them since.
 */
export interface Mishaps {
  readonly slot: string;
  readonly putOff: number;
  readonly bounced: number;
  readonly complained: number;
}

/** One recipient that a sender may send to, as long as no other sender has taken its group over. */
export interface Claim {
  /** The id of the row. It is the same in every attempt, and so is the jitter that comes from it. */
  readonly id: number;
  /** The recipients that were claimed together with it: an outcome counts as long as this sender holds them. */
  readonly group: number;
  /** The number of this attempt, from 1. An attempt counts only if the server was told the recipient. */
  readonly attempt: number;
  /** The Message-ID with angle brackets. Every attempt has the same, even after the secret has changed. */
  readonly messageId: string;
  /** When the first attempt began; absent in the first. */
  readonly firstTriedAt?: Date;
  readonly to: Addressee;
}

export interface ClaimRequest {
  readonly issue: IssueKey;
  readonly limit: number;
  /** Called for a recipient without a Message-ID. It must give the same for the same addressee. */
  readonly messageIdOf: (to: Addressee) => string;
}

/** What became of a claim. `reply`: the server's words, or what happened instead. `cause`: whose fault that is. */
export type Outcome = { readonly claim: Claim; readonly cause?: Cause | undefined } & (
  | { readonly state: "accepted" | "uncertain" | "rejected"; readonly reply: string }
  | { readonly state: "deferred"; readonly reply: string; readonly nextTry: Date }
  /**
   * Refused: still claimed, until the end of the run decides what follows. It leaves no attempt and no doubt.
   * `isUnknown`: the address doesn't exist, as the server says.
   */
  | { readonly state: "refused"; readonly reply: string; readonly isUnknown?: boolean | undefined }
  /** The server never got this recipient: no attempt is counted. `notBefore`: leave the domain alone. */
  | { readonly state: "planned"; readonly reply?: string; readonly notBefore?: Date }
  /** Nothing was sent and nothing will be: no SMTPUTF8 there, or no message could be made. */
  | { readonly state: "skipped"; readonly reason: string }
);

/** One turn of the sender: the outcomes since the last turn, and the claims to send next. */
export interface Turn {
  readonly outcomes: readonly Outcome[];
  readonly start: readonly Claim[];
}

export interface TurnResult {
  /** The claims of `start` that are `sending` now: only these may be handed to the transport. */
  readonly started: readonly Claim[];
  /** Outcomes that came too late: another sender had taken the group over, and the recipient keeps their state. */
  readonly late: readonly Outcome[];
}

/**
 * One run of a sender, or of several workers. Every claim of a run that has died before it has been settled. The refusals of
 * all workers are judged together, by the last one that ends.
 */
export interface Run {
  /** The number of the run, from 1. Each run of a store has another. */
  readonly number: number;
  /** How many claims of earlier runs had not begun, and are planned again. */
  readonly replanned: number;
  /** How many had begun and left no outcome. */
  readonly uncertain: number;
  /** How many readers are quarantined for what an earlier run was told, which died before its end. */
  readonly quarantined: number;

  /**
   * Plans up to so many refused readers again, to be claimed before all others, and returns how many. Their refusals are
   * still open. It returns 0 where other workers are still in the run: the last one asks.
   */
  askSome(limit: number): Promise<number>;

  /** Plans all refused readers again in the same way, since the server contradicts itself: no refusal of this run counts. */
  tryAll(): Promise<number>;

  /**
   * Lets the next sender in. Claims that are left go back to planned. Refused readers are judged (`judgement.ts`): it
   * returns what became of them, and nothing where other workers are still in the run. Without `how` the run was interrupted.
   */
  end(how?: RunEnd): Promise<Judged>;
}

/** How a run has ended. */
export type RunEnd = Pick<Evidence, "ending" | "blamed" | "isListDone">;

/** What a run did to the list. */
export interface PastRun {
  readonly number: number;
  readonly began: Date;
  readonly accepted: number;
  /** How many readers it took off the list, and how many it quarantined. */
  readonly suppressed: number;
  readonly quarantined: number;
  /** When that was taken back. */
  readonly restored?: Date;
}

/** What runs learn of the account at a relay, and keep for the next one. */
export interface KnownPace {
  /** The rate that it takes, in messages a second; absent where it never complained. */
  readonly rate?: number | undefined;
  /** How many messages it accepted, by the time of day at which ten minutes began. */
  readonly sent: readonly (readonly [begin: number, count: number])[];
}

/** What happened to one recipient of one issue, newest issue first. */
export interface History {
  readonly issue: IssueKey;
  readonly state: DeliveryState;
  readonly attempt: number;
  readonly messageId?: string;
  readonly changedAt: Date;
  readonly nextTry?: Date;
  /** The server's words, or the reason, for the state as it is, and whose fault that is. */
  readonly reply?: string;
  readonly cause?: Cause;
  /** What was before, oldest first; an acceptance at the first attempt leaves nothing here. */
  readonly events: readonly DeliveryEvent[];
}

export interface DeliveryEvent {
  readonly at: Date;
  readonly what: string;
  readonly reply?: string;
  readonly cause?: Cause;
  /** The number of the run that was told so. */
  readonly run?: number;
}

/** The word for a state. Other events are shown as the ledger has them. */
export function wordFor(what: string): string {
  return WORDS.get(what) ?? what;
}

const WORDS: ReadonlyMap<string, string> = new Map<DeliveryState, string>([
  ["claimed", "planned"],
  ["sending", "under way"],
  ["deferred", "put off"],
  ["rejected", "refused"],
  ["uncertain", "in doubt"],
]);

/**
 * The record of every delivery: one for each issue and address, changed only by these calls. A call is durable when it
 * resolves; a turn survives the death of the process, and a power cut once a later call has resolved. However many processes call it and wherever they die, an address is sent an issue at
 * most once, unless `settle` says otherwise.
 */
export interface Ledger {
  /**
   * Freezes the recipients and the content of an issue; does nothing to an issue that is planned with the same
   * content. Addresses on the suppression list are planned as `suppressed`, quarantined and paused ones as `skipped`. The issue's record
   * comes to `sending` in the same transaction.
   * @throws BroadsheetError ISSUE_CHANGED where the content is another; CONFIG_CHANGED where another config would send the rest; LEDGER_BUSY where the issue is no longer in the
   * state that the caller has seen; LEDGER_RESTORED.
   */
  plan(request: PlanRequest): Promise<PlannedIssue>;

  /** The content with which an issue was planned. It is undefined before that, and for an issue that an older version sent. */
  content(issue: IssueKey): Promise<IssueContent | undefined>;

  /** All issues, or those of a newsletter, the latest planned first. */
  issues(newsletter?: string): Promise<PlannedIssue[]>;
  issue(issue: IssueKey): Promise<PlannedIssue | undefined>;

  /** What has happened to readers of a newsletter's issues. */
  mishaps(newsletter: string): Promise<Mishaps[]>;

  /**
   * Begins to send: settles what dead senders left. Where the ledger lets several workers send at once, a worker joins the
   * open run of the issue.
   * @throws BroadsheetError LEDGER_BUSY where another run is sending and the ledger has room for one; LEDGER_RESTORED where
   * the ledger is older than what has been sent.
   */
  begin(worker: string, issue: IssueKey): Promise<Run>;

  /**
   * The next recipients that are due: planned ones first, then deferred ones whose time has come. They are claimed
   * durably when it resolves. It returns none where no recipient is due, and may return fewer than `limit` where others are.
   * After a power cut all who are claimed and have no outcome may be in doubt, so that a sender claims a hundred at a time,
   * and only shortly before it needs them.
   */
  claim(request: ClaimRequest): Promise<Claim[]>;

  /** How many recipients a sender claims at a time, where a claim leaves no doubt and each takes long. */
  readonly group?: number;

  /**
   * One transaction for a turn: outcomes are recorded, and the next claims are `sending` when it resolves, which
   * survives the death of the process. A claim that was taken over, or whose address is suppressed by now, isn't
   * started.
   */
  turn(turn: Turn): Promise<TurnResult>;

  /**
   * Whether a claim that was started may begin now: a process that was stopped meanwhile may have lost it to another one. It
   * is asked at the last moment. Where the ledger has no such function, no other process can have a claim.
   */
  mayBegin?(claim: Claim): boolean;

  /** Notes how far the canary of an issue is. A verdict stays, and "held" holds the issue. */
  noteCanary(issue: IssueKey, note: CanaryNote): Promise<void>;

  /** No recipient of a domain is claimed before `until`; claims that were taken before go on. */
  postpone(issue: IssueKey, domain: string, until: Date): Promise<number>;

  /** What earlier runs learned of an account at a relay. */
  pace(account: string): Promise<KnownPace | undefined>;

  /** Keeps it for the next run, in the place of what was kept before. */
  keepPace(account: string, pace: KnownPace): Promise<void>;

  /**
   * Settles recipients who are in doubt: "accept" believes that they have it, "resend" plans them again under the
   * same Message-ID.
   * @throws BroadsheetError LEDGER_RESTORED: the restored store must be accepted first.
   */
  settle(issue: IssueKey, how: "accept" | "resend"): Promise<number>;

  /**
   * Deferred recipients and those of paused domains are due at once; those who were rejected or skipped, and aren't
   * suppressed, quarantined or paused, are planned again.
   */
  retry(issue: IssueKey): Promise<number>;

  /** Everything that happened to an address. */
  explain(address: string): Promise<History[]>;

  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How many recipients an issue is still to be sent to. */
export function leftIn({ planned, claimed, sending, deferred }: Counts): number {
  return planned + claimed + sending + deferred;
}

/** Those who are left, while no run works: "2 not sent yet", "1 put off". */
export function leftWords({ planned, claimed, deferred }: Counts): string[] {
  const left = [
    [planned + claimed, "not sent yet"],
    [deferred, "put off"],
  ] as const;
  return left.filter(([count]) => count > 0).map(([count, what]) => `${counted(count)} ${what}`);
}

/** The error of a run in which every recipient was refused, so that no reader has the issue; undefined for other runs. */
export function refusedByAll({
  counts,
  issue,
}: Pick<PlannedIssue, "counts" | "issue">): BroadsheetError | undefined {
  const { accepted, rejected, uncertain } = counts;
  if (leftIn(counts) + accepted + uncertain > 0 || rejected === 0) return undefined;
  const what = `no reader has it: ${counted(rejected)} refused, and none took it`;
  return new BroadsheetError("SMTP_REFUSED", what, {
    fix: `see what the servers said: broadsheet explain ADDRESS; to have them tried again: broadsheet retry ${issue.slot}, then send`,
  });
}

/** An issue's whole state in the ledger: the line of `status --json`. */
export function countsLine({ issue, counts, ...more }: PlannedIssue) {
  const { planned, claimed, sending, ...rest } = counts;
  const { nextTry, plannedAt, bounces, run, runs, canary } = more;
  const line = { issue, planned: planned + claimed, sending, ...rest, ...bounces };
  return { ...line, plannedAt, nextTry, run, runs, canary };
}

/**
 * The issue with this slot or folder, or the `latest`, among those whose sending has begun, whether their files are
 * still in the outbox or not. A slot may also be of an issue that a restored ledger doesn't know.
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
  throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is no issue`, {
    fix: "name its slot, its folder, or: latest",
  });
}

/** The error for an issue whose sending hasn't begun. */
export function notSent({ slot }: IssueKey): BroadsheetError {
  return new BroadsheetError("ISSUE_MISSING", `${slot} has not been sent to any reader yet`, {
    fix: "see what has been sent: broadsheet status",
  });
}

/**
 * The counts of an issue as programs get them. Claimed and sending count as planned and uncertain: they last only while
 * a run works.
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
