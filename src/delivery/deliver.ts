import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import {
  type Addressee,
  type Claim,
  type DeliveryState,
  type IssueKey,
  type Ledger,
  type KnownPace,
  NO_READERS,
  type Outcome,
  type RunEnd,
} from "./ledger.ts";
import type { Transport } from "./transport.ts";
import type { Message } from "./compile-message.ts";
import { type Pause, AnswerPolicy, type Decision } from "./sending/answer-policy.ts";
import { type Round, type RoundEnd, sendAndAskAgain } from "./sending/ask-again.ts";
import { errorIn, NOTHING_JUDGED, RefusalRow } from "./judgement.ts";
import type { DomainLimits, Reservations, Wish } from "./sending/reservations.ts";
import { Scheduler } from "./sending/scheduler.ts";
import { domainOf } from "../subscribers/recipient.ts";
import { momentText } from "../platform/clock.ts";
import type { RateLimit } from "./settings.ts";

/** One sending of an issue: its messages, the transport and the limits. */
export interface Sending {
  readonly issue: IssueKey;
  readonly ledger: Ledger;
  readonly transport: Transport;
  /** The name of this run in the ledger. No other run ever has the same name. */
  readonly worker: string;
  /** Makes the finished message of a claim. If it throws a BroadsheetError, the recipient is skipped. */
  readonly messageOf: (claim: Claim) => Message;
  readonly messageIdOf: (to: Addressee) => string;
  readonly now: () => Date;
  /** The monotonic clock, in milliseconds, for the run's waits. The clock of the process by default. */
  readonly clock?: (() => number) | undefined;
  /** The most messages in flight over all connections. A crash leaves at most as many in doubt. */
  readonly concurrency: number;
  /** The rates at which the relay accepts messages of our account. */
  readonly rate?: readonly RateLimit[] | undefined;
  readonly perDomain?: DomainLimits | undefined;
  /** Reserves the start of messages, so that limits hold in sum for all senders; undefined if this one sends alone. */
  readonly reservations?: Reservations | undefined;
  /** The most recipients of this run. */
  readonly atMost?: number | undefined;
  /** The issue is sent to no reader after this time. */
  readonly expiresAt?: Date | undefined;
  /** Ends the sending. Messages that have begun get their answers, and no other message begins. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every turn with the tally so far and the number of deliveries in state `sending`. That many would be in
   * doubt if the run were killed now.
   */
  readonly onTurn?: ((tally: Tally, inFlight: number) => Promise<void> | void) | undefined;
}

export interface Sent {
  readonly tally: Tally;
  readonly run: number;
  /** The reason why the run ended before every recipient was tried, or why its refusals don't count. */
  readonly stoppedBy?: BroadsheetError | undefined;
  /** The readers that were quarantined, at the end of this run or of an earlier run whose refusals were still unjudged. */
  readonly quarantined?: number | undefined;
  /** The number of readers that this run removed from the list. */
  readonly suppressed?: number | undefined;
  /** Recipient domains that are paused, with the replies of their servers. */
  readonly paused?: readonly Pause[] | undefined;
}

/** The number of recipients that a run has brought to each state. */
export type Tally = Readonly<
  Record<Exclude<DeliveryState, "claimed" | "sending">, number> & {
    /** The number of skipped recipients whose message could not be made. */
    unmade: number;
    /** The number of outcomes that came after another run had taken over the recipient. */
    late: number;
  }
>;

const { claimed: _claimed, sending: _sending, ...ENDED } = NO_READERS;

const EMPTY_TALLY: Tally = { ...ENDED, unmade: 0, late: 0 };

const TALLIED = [
  "planned",
  "accepted",
  "deferred",
  "rejected",
  "uncertain",
  "suppressed",
  "skipped",
  "unmade",
  "late",
] as const satisfies readonly (keyof Tally)[];

/**
 * Sends an issue to every recipient who is due, each at most once. Claims are taken from the ledger one group ahead. A free
 * place takes the next claim at once. Its message is composed and given to the transport, which asks before the first byte.
 * Then one turn of the ledger records that the message is being sent, together with the outcomes of others. Only messages
 * that have begun can therefore be in doubt. A ledger that workers share records it while the message still waits for the
 * server; then at most `concurrency` messages can be in doubt.
 *
 * A run ends when no recipient is due any more, when it is aborted, or when more sending would do harm. It never waits for a
 * recipient that a server defers. At its end, refused readers are judged.
 * @throws BroadsheetError LEDGER_BUSY if another run is sending, and the ledger's error if outcomes can't be recorded.
 * Messages in flight then stay `sending`, and the next run has their recipients in doubt.
 */
export async function deliver(sending: Sending): Promise<Sent> {
  const run = await sending.ledger.begin(sending.worker, sending.issue);
  const dispatch = new Dispatch(sending, await knownPace(sending));
  let how: RunEnd | undefined;
  let judged = NOTHING_JUDGED;
  try {
    how = await sendAndAskAgain(run, async (round) => dispatch.run(round));
  } finally {
    judged = await run.end(how);
  }
  const { counts } = judged;
  const { tally, stoppedBy, paused = [] } = dispatch.sent;
  // The judgement may have planned readers again whose domain is paused.
  for (const { domain, until } of paused)
    await sending.ledger.postpone(sending.issue, domain, until);
  const missed = counts.suppress + counts.keep + counts.quarantine + counts["give up"];
  return {
    tally: { ...tally, rejected: tally.rejected + missed },
    run: run.number,
    stoppedBy: stoppedBy ?? errorIn(judged),
    paused,
    suppressed: counts.suppress,
    quarantined: run.quarantined + counts.quarantine,
  };
}

/** The sum of two sendings of an issue, one after the other. */
export function inSum(first: Sent, second: Sent): Sent {
  const tally: Record<keyof Tally, number> = { ...EMPTY_TALLY };
  for (const state of TALLIED) tally[state] = first.tally[state] + second.tally[state];
  const paused = [...(first.paused ?? []), ...(second.paused ?? [])];
  const suppressed = (first.suppressed ?? 0) + (second.suppressed ?? 0);
  const { quarantined = first.quarantined } = second;
  return { ...second, tally, paused, suppressed, quarantined };
}

async function knownPace({ ledger, transport }: Sending): Promise<KnownPace | undefined> {
  return transport.account === undefined ? undefined : ledger.pace(transport.account);
}

/** A run waits for recipients who are due again within this time, for example after they made room for other domains. */
const AWAITED_MS = 30_000;
/** The longest time that outcomes wait for the next message to begin. Both are then recorded in one turn. */
const RECORDED_WITHIN_MS = 100;
/** The interval at which a run stores the pace of the relay. */
const KEPT_EVERY_MS = 1_000;

/** A message that was given to the transport. */
interface Attempt {
  readonly claim: Claim;
  readonly startedAt: number;
  /** The reason why it did not begin: the run or the domain had stopped, or the ledger refused it. */
  withheld?: "stopped" | "refused";
}

/** A message that waits to begin. The next turn decides whether it may. */
interface Question {
  readonly attempt: Attempt;
  readonly answer: (isStarted: boolean) => void;
}

/**
 * One run: claims go from the ledger to the transport, and their outcomes back. Each event calls `#pump`, which gives
 * the free places their next message at once. The outcomes and the questions of one round of the event loop are one
 * turn of the ledger.
 */
class Dispatch {
  readonly #sending: Sending;
  readonly #scheduler: Scheduler;
  readonly #policy: AnswerPolicy;
  readonly #pauses = new Map<string, Pause>();
  /** The ids of the deliveries that are `sending` in the ledger. */
  readonly #inFlight = new Set<number>();
  #done = Promise.withResolvers<void>();
  #underway = 0;
  #outcomes: Outcome[] = [];
  #questions: Question[] = [];
  readonly #tally: Record<keyof Tally, number> = { ...EMPTY_TALLY };
  #isTurnPlanned = false;
  /** The number of ledger calls that have not returned. */
  #calls = 0;
  #isTurning = false;
  #timer: NodeJS.Timeout | undefined;
  #recording: NodeJS.Timeout | undefined;
  #keptAt = 0;
  /** The answers of the present round. */
  #answers = { accepted: 0, refused: 0 };
  /** The number of readers that were refused and not accepted since. */
  #refused = 0;
  #isFirst = true;
  #isStopping = false;
  #stoppedBy: Error | undefined;
  #broken: { readonly error: unknown } | undefined;

  constructor(sending: Sending, known: KnownPace | undefined) {
    const clock = sending.clock ?? (() => performance.now());
    const dayOffsetMs = sending.now().getTime() - clock();
    this.#sending = sending;
    const isShared = sending.reservations !== undefined;
    const { group } = sending.ledger;
    this.#scheduler = new Scheduler({ ...sending, known, clock, dayOffsetMs, isShared, group });
    this.#policy = new AnswerPolicy(this.#scheduler, sending);
  }

  /** The result so far. */
  get sent(): Pick<Sent, "tally" | "paused"> & { readonly stoppedBy: BroadsheetError | undefined } {
    const stoppedBy = this.#stoppedBy;
    if (stoppedBy && !(stoppedBy instanceof BroadsheetError)) throw stoppedBy;
    return { tally: this.#tally, stoppedBy, paused: [...this.#pauses.values()] };
  }

  /** Sends one round. Every round after the first goes over new connections. */
  async run(round: Round): Promise<RoundEnd> {
    const { transport, signal, atMost } = this.#sending;
    if (!this.#isFirst) {
      await transport.disconnect?.();
      this.#policy.begin(round.isAsking ? undefined : new RefusalRow(true));
    }
    this.#scheduler.begin(round.atMost ?? atMost);
    this.#answers = { accepted: 0, refused: 0 };
    this.#done = Promise.withResolvers();
    const stop = (): void => this.#stop();
    signal?.addEventListener("abort", stop);
    try {
      if (signal?.aborted) this.#stop();
      else this.#pump();
      await this.#done.promise;
      if (this.#broken) await this.#land(this.#broken.error);
      await this.#keepPace();
    } finally {
      clearTimeout(this.#timer);
      clearTimeout(this.#recording);
      signal?.removeEventListener("abort", stop);
      this.#isFirst = false;
    }
    const isStopped = this.#isStopping;
    const isListDone = !isStopped && this.#scheduler.isListDone;
    return { ...this.#answers, isStopped, isListDone, blamed: this.#policy.blamed };
  }

  /** Does all that is possible now. It is called after every event. */
  #pump(): void {
    if (!this.#isStopping) {
      for (let claim = this.#scheduler.take(); claim; claim = this.#scheduler.take()) {
        this.#send(claim);
      }
      this.#claimMore();
      this.#reserve();
      this.#watchQuota();
    }
    const isPending = this.#outcomes.length + this.#questions.length > 0;
    if (isPending && !this.#broken) this.#planTurn();
    else if (this.#isDone) this.#done.resolve();
    this.#sleep();
  }

  get #isDone(): boolean {
    if (this.#underway + this.#calls > 0) return false;
    return this.#isStopping || this.#scheduler.isEmpty;
  }

  /** Sets a timer for the next claim that becomes free by time and not by an event. */
  #sleep(): void {
    clearTimeout(this.#timer);
    const at = this.#isStopping ? Infinity : this.#scheduler.nextAt();
    if (at === Infinity) return;
    const waitMs = Math.max(1, at - this.#scheduler.clock());
    this.#timer = setTimeout(() => this.#pump(), waitMs);
  }

  /** Messages that have begun get their answers. No other message begins. */
  #stop(why?: Error): void {
    this.#isStopping = true;
    this.#stoppedBy ??= why;
    for (const question of this.#questions.splice(0)) withhold(question, "stopped");
    this.#sending.transport.callOff?.();
    setImmediate(() => this.#pump());
  }

  /** Called after the ledger failed and all messages in flight have answers. Records the answers if the ledger works again. */
  async #land(broken: unknown): Promise<never> {
    const { ledger } = this.#sending;
    // A delivery without a recorded outcome stays `sending`. The next run has it in doubt.
    await ledger.turn({ outcomes: this.#outcomes, start: [] }).catch(() => undefined);
    throw broken;
  }

  #watchQuota(): void {
    const until = this.#scheduler.quotaUntil;
    if (until !== undefined) this.#stop(quotaUsedUp(new Date(until)));
  }

  /** Takes more claims from the ledger, one group ahead. Claims of a domain that must wait are put back to make room. */
  #claimMore(): void {
    const { claims: crowdedOut = [], forMs = 0 } = this.#scheduler.crowdedOut() ?? {};
    for (const claim of crowdedOut) this.#putBack(claim, this.#later(forMs));
    const limit = this.#scheduler.toClaim();
    if (limit === 0) return;
    const { ledger, issue, messageIdOf } = this.#sending;
    void this.#call(async () => {
      const claims = await ledger.claim({ issue, limit, messageIdOf });
      this.#scheduler.add(claims);
      for (const pause of this.#pauses.values()) this.#withdraw(pause);
    });
  }

  /** Reserves start times if other senders share the limits. */
  #reserve(): void {
    const wish = this.#scheduler.toReserve();
    if (wish) void this.#call(async () => this.#exchange(wish));
  }

  async #exchange(wish: Wish | undefined): Promise<void> {
    const { reservations, transport, worker } = this.#sending;
    if (!wish || !reservations) return;
    const { account = "" } = transport;
    const answer = await reservations.reserve({ ...wish, account, worker }).catch(unlessForNow);
    this.#scheduler.reserved(wish, answer);
  }

  /** Calls the ledger. A failure ends the run. */
  async #call(work: () => Promise<void>): Promise<void> {
    this.#calls++;
    try {
      await work();
    } catch (error) {
      this.#broken ??= { error };
      this.#stop();
    } finally {
      this.#calls--;
      this.#pump();
    }
  }

  #send(claim: Claim): void {
    const message = this.#composed(claim);
    if (!message) return;
    const { ledger, transport } = this.#sending;
    const attempt: Attempt = { claim, startedAt: this.#scheduler.clock() };
    // A turn of a shared ledger takes as long as a message, so we ask while the message still waits for the server.
    const isStarted = ledger.mayBegin && this.#ask(attempt);
    this.#underway++;
    transport
      .send(
        message,
        async () => (await (isStarted ?? this.#ask(attempt))) && this.#mayBegin(attempt),
      )
      .then(
        ({ response }) => this.#ended(attempt, this.#policy.accepted(claim, response)),
        (error: unknown) => this.#failed(attempt, error),
      );
  }

  /** The message of a claim. One that can't be composed is skipped; an error in Broadsheet ends the run. */
  #composed(claim: Claim): Message | undefined {
    try {
      return this.#sending.messageOf(claim);
    } catch (error) {
      this.#scheduler.ended(claim);
      if (error instanceof BroadsheetError) {
        this.#outcomes.push({ claim, state: "skipped", reason: `template: ${error.message}` });
        this.#tally.skipped++;
        this.#tally.unmade++;
      } else this.#stop(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  /** Called when the server is ready for a message that is `sending` in the ledger. */
  #mayBegin(attempt: Attempt): boolean {
    const { claim } = attempt;
    const isStopped = this.#isStopping || this.#pauseOf(claim) !== undefined;
    const mayBegin = !isStopped && (this.#sending.ledger.mayBegin?.(claim) ?? true);
    if (!mayBegin) attempt.withheld = "stopped";
    return mayBegin;
  }

  /** Asks the next turn to record a message as `sending`. Returns whether it did. */
  async #ask(attempt: Attempt): Promise<boolean> {
    if (this.#isStopping || this.#pauseOf(attempt.claim)) {
      attempt.withheld = "stopped";
      return false;
    }
    return new Promise((answer) => {
      this.#questions.push({ attempt, answer });
      this.#planTurn();
    });
  }

  #failed(attempt: Attempt, error: unknown): void {
    const { claim, startedAt, withheld } = attempt;
    this.#questions = this.#questions.filter((question) => question.attempt !== attempt);
    if (withheld === undefined) {
      return this.#ended(attempt, this.#policy.failed({ claim, error, startedAt }));
    }
    if (withheld === "stopped") this.#putBack(claim, this.#pauseOf(claim)?.until);
    this.#ended(attempt);
  }

  #ended({ claim, startedAt }: Attempt, decision?: Decision): void {
    this.#underway--;
    this.#scheduler.ended(claim, startedAt);
    if (decision) this.#apply(decision);
    this.#pump();
  }

  #apply({ outcome, pause, stop }: Decision): void {
    const { state } = outcome;
    this.#outcomes.push(outcome);
    // A refusal is counted when it is judged.
    if (state !== "refused") this.#tally[state]++;
    if (state === "refused" || state === "accepted") this.#answers[state]++;
    if (this.#isFirst && state === "refused") this.#refused++;
    if (!this.#isFirst && state === "accepted") this.#refused--;
    if (pause) this.#pause(pause);
    if (stop) this.#stop(stop);
  }

  /** Recipients of a paused domain go back to the ledger. None of them is due before the pause ends. */
  #pause(pause: Pause): void {
    const { ledger, issue } = this.#sending;
    this.#pauses.set(pause.domain, pause);
    this.#withdraw(pause);
    void this.#call(async () => void (await ledger.postpone(issue, pause.domain, pause.until)));
  }

  #withdraw({ domain, until }: Pause): void {
    for (const claim of this.#scheduler.withdraw(domain)) this.#putBack(claim, until);
  }

  #pauseOf({ to }: Claim): Pause | undefined {
    return this.#pauses.get(domainOf(to.address));
  }

  #putBack(claim: Claim, notBefore?: Date): void {
    this.#outcomes.push({ claim, state: "planned", ...(notBefore && { notBefore }) });
  }

  /** Plans one turn for all events that have arrived. A turn for each event would cost as much as its message. */
  #planTurn(): void {
    if (this.#isTurnPlanned || this.#isTurning) return;
    const mayWait = this.#questions.length === 0 && this.#underway > 0 && !this.#isStopping;
    if (mayWait) this.#recording ??= setTimeout(() => this.#takeTurn(), RECORDED_WITHIN_MS);
    else this.#takeTurn();
  }

  #takeTurn(): void {
    clearTimeout(this.#recording);
    this.#recording = undefined;
    if (this.#isTurnPlanned || this.#isTurning || this.#broken) return;
    this.#isTurnPlanned = true;
    setImmediate(() => {
      this.#isTurnPlanned = false;
      void this.#call(async () => this.#turn());
    });
  }

  async #turn(): Promise<void> {
    const { ledger, onTurn } = this.#sending;
    const [outcomes, questions] = [this.#outcomes, this.#questions];
    [this.#outcomes, this.#questions] = [[], []];
    this.#isTurning = true;
    try {
      const start = questions.map(({ attempt }) => attempt.claim);
      const { started, late } = await ledger.turn({ outcomes, start });
      for (const { claim } of outcomes) this.#inFlight.delete(claim.id);
      for (const { id } of started) this.#inFlight.add(id);
      this.#tally.late += late.length;
    } catch (error) {
      this.#outcomes.unshift(...outcomes);
      for (const question of questions) withhold(question, "stopped");
      throw error;
    } finally {
      this.#isTurning = false;
    }
    for (const question of questions) this.#answer(question);
    for (const outcome of outcomes) if (outcome.state === "planned") this.#expect(outcome);
    const rejected = this.#tally.rejected + Math.max(0, this.#refused);
    await onTurn?.({ ...this.#tally, rejected }, this.#inFlight.size);
    this.#keepPaceInTime();
  }

  #answer(question: Question): void {
    const { attempt, answer } = question;
    if (this.#inFlight.has(attempt.claim.id)) return answer(true);
    // The address was suppressed meanwhile, or another run has taken over the claim.
    this.#tally.suppressed++;
    withhold(question, "refused");
  }

  /** A recipient who is planned again is due in this run too, unless the wait is long. */
  #expect({ notBefore }: { readonly notBefore?: Date }): void {
    const waitMs = notBefore ? notBefore.getTime() - this.#sending.now().getTime() : 0;
    this.#scheduler.expect(waitMs <= AWAITED_MS ? this.#scheduler.clock() + waitMs : Infinity);
  }

  #keepPaceInTime(): void {
    if (this.#sending.reservations) return;
    const now = this.#scheduler.clock();
    if (now < this.#keptAt + KEPT_EVERY_MS) return;
    this.#keptAt = now;
    void this.#call(async () => this.#keepPace());
  }

  /** Stores the learned pace of the relay's account for the next run. */
  async #keepPace(): Promise<void> {
    const { ledger, transport, reservations } = this.#sending;
    const { pace, clock } = this.#scheduler;
    if (reservations) {
      await this.#exchange(this.#scheduler.toReserve(true));
      // If the answer changed the learned rate, a second exchange shares it with the other senders.
      if (pace.isNews) await this.#exchange(this.#scheduler.toReserve(true));
    } else if (transport.account !== undefined)
      await ledger.keepPace(transport.account, pace.known(clock()));
  }

  #later(ms: number): Date {
    return new Date(this.#sending.now().getTime() + ms);
  }
}

/** Keeps a message from beginning. No byte of it is sent. */
function withhold({ attempt, answer }: Question, why: "stopped" | "refused"): void {
  attempt.withheld = why;
  answer(false);
}

/** A temporary error of the store means that nothing is reserved. Other errors are thrown. */
function unlessForNow(error: unknown): undefined {
  if (!(error instanceof BroadsheetError) || !ERROR_CODES[error.code].temporary) throw error;
}

/** The account has used its quota for now. */
function quotaUsedUp(until: Date): BroadsheetError {
  return new BroadsheetError("SMTP_DEFERRED", "the number of messages in smtp.rate is used up", {
    fix: `send again from ${momentText(until)}: the remaining readers still get it`,
  });
}
