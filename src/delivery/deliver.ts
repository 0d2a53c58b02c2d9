import { BroadsheetError } from "../errors.ts";
import {
  type Addressee,
  type Claim,
  type DeliveryState,
  type IssueKey,
  type Ledger,
  NO_READERS,
  type Outcome,
  type RunEnd,
} from "./ledger.ts";
import type { Transport } from "./transport.ts";
import type { Message } from "./compile-message.ts";
import { type Pause, AnswerPolicy, type Decision } from "./sending/answer-policy.ts";
import { type ThrottleLimits, Throttle } from "./sending/throttle.ts";
import { domainOf } from "../subscribers/recipient.ts";
import { CircuitBreaker } from "./sending/circuit-breaker.ts";
import { type Prepared, Composer, SendQueue } from "./sending/queue.ts";
import { type Round, type RoundEnd, sendAndAskAgain } from "./sending/ask-again.ts";
import { errorIn, NOTHING_JUDGED, RefusalRow } from "./judgement.ts";

/** One sending of an issue: what to send, over what, and within which limits. */
export interface Sending {
  readonly issue: IssueKey;
  readonly ledger: Ledger;
  readonly transport: Transport;
  /** Names this run in the ledger. No other run ever has the same name. */
  readonly worker: string;
  /** Makes the finished message of a claim. Where it throws a BroadsheetError the recipient is skipped. */
  readonly messageOf: (claim: Claim) => Message;
  readonly messageIdOf: (to: Addressee) => string;
  readonly now: () => Date;
  /** How many messages may be in flight over all connections, which is how many a crash leaves in doubt. */
  readonly concurrency: number;
  readonly total?: ThrottleLimits | undefined;
  readonly perDomain?: ThrottleLimits | undefined;
  /** At most so many recipients in this run. */
  readonly atMost?: number | undefined;
  /** After this the issue is sent to no reader any more. */
  readonly expiresAt?: Date | undefined;
  /** Ends the sending: messages that have begun get their answers, and no other one starts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every turn with what this run has done so far, and how many deliveries the ledger has as `sending`:
   * so many would be in doubt if the run were killed now.
   */
  readonly onTurn?: ((tally: Tally, inFlight: number) => void) | undefined;
}

export interface Sent {
  readonly tally: Tally;
  /** The number of the run. */
  readonly run: number;
  /** Why the run ended before every recipient was tried, or why its refusals don't count. */
  readonly stoppedBy?: BroadsheetError | undefined;
  /** How many readers are quarantined since: this run judged them, or found them unjudged. */
  readonly quarantined?: number | undefined;
  /** How many readers this run took off the list. */
  readonly suppressed?: number | undefined;
  /** Recipient domains that are paused, and what their servers said. */
  readonly paused?: readonly Pause[] | undefined;
}

/** What a run has done so far: how many recipients came to each state. */
export type Tally = Readonly<
  Record<Exclude<DeliveryState, "claimed" | "sending">, number> & {
    /** How many of the skipped are recipients for whom no message could be made. */
    unmade: number;
    /** Outcomes that came after another run had taken the recipient over. */
    late: number;
  }
>;

const { claimed: _claimed, sending: _sending, ...ENDED } = NO_READERS;

const EMPTY_TALLY: Tally = { ...ENDED, unmade: 0, late: 0 };

function counted(tally: Tally, ...what: readonly (keyof Tally)[]): Tally {
  const next: Record<keyof Tally, number> = { ...tally };
  for (const one of what) next[one]++;
  return next;
}

/**
 * Sends an issue to every recipient who is due, each at most once. Claims are taken from the ledger, their
 * messages composed, and handed to the transport only after the ledger has recorded that they are being sent. Their
 * outcomes are recorded in the turn in which the next claims start, so that never more than `concurrency` are in
 * doubt. A run ends when no recipient is due any more, when it is aborted, or when going on would do harm. It never
 * waits for a recipient whom a server defers. At its end refused readers are judged.
 * @throws BroadsheetError LEDGER_BUSY where another run is sending, and what the ledger throws when it can't
 * record outcomes: messages in flight then stay `sending`, and the next run has their recipients in doubt.
 */
export async function deliver(sending: Sending): Promise<Sent> {
  const run = await sending.ledger.begin(sending.worker, sending.issue);
  const dispatch = new Dispatch(sending);
  let how: RunEnd | undefined;
  let judged = NOTHING_JUDGED;
  try {
    how = await sendAndAskAgain(run, async (round) => dispatch.run(round));
  } finally {
    judged = await run.end(how);
  }
  const { counts } = judged;
  const { tally, stoppedBy, paused } = dispatch.sent;
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

/** A turn of the ledger is as slow as its disk: 0.1 ms, or 10 ms where other programs use the disk too. */
const LONGEST_WAIT_MS = 50;

/**
 * When to take a turn at the ledger. A turn for each message would leave no time to send. So while messages are in
 * flight, outcomes are collected for as long as a turn takes, and recorded together.
 */
class TurnTimer {
  #costMs = 1;
  #pendingSince: number | undefined;

  /** Something waits to be recorded. */
  pending(now: number): void {
    this.#pendingSince ??= now;
  }

  /** When the next turn should be taken at the latest. */
  get dueAt(): number {
    return this.#pendingSince === undefined ? Infinity : this.#pendingSince + this.#costMs;
  }

  taken(costMs: number): void {
    this.#pendingSince = undefined;
    this.#costMs = Math.min(LONGEST_WAIT_MS, Math.max(1, (this.#costMs + costMs) / 2));
  }
}

/** Lets the loop sleep until it is notified or a time limit passes. Notifications that come together wake it once. */
class Signal {
  #isNotified = false;
  #wakeUp: () => void = () => undefined;

  notify(): void {
    this.#isNotified = true;
    this.#wakeUp();
  }

  /** Resolves at the next notification or after the time limit; at once where it was notified since the last wait. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isNotified) await this.#sleep(timeoutMs);
    // Events that have arrived already are handled first: one turn of the ledger costs as much as a hundred rows.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#isNotified = false;
  }

  async #sleep(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
      if (timeoutMs < Infinity) timer = setTimeout(resolve, Math.max(1, timeoutMs));
    });
    clearTimeout(timer);
  }
}

/** When claims are due again that were put back to make room for other domains. */
const CROWDED_OUT_MS = 30_000;

/** One run: claims go from the ledger to the transport, and their outcomes back. */
class Dispatch {
  readonly #sending: Sending;
  #queue: SendQueue;
  readonly #total: Throttle;
  readonly #policy: AnswerPolicy;
  readonly #composer: Composer;
  readonly #circuit = new CircuitBreaker();
  readonly #signal = new Signal();
  readonly #turnTimer = new TurnTimer();
  readonly #pauses = new Map<string, Pause>();
  #newPauses: Pause[] = [];
  /** The ids of the deliveries that the ledger has as `sending`. */
  readonly #inFlight = new Set<number>();
  #underway = 0;
  #outcomes: Outcome[] = [];
  #tally: Tally = EMPTY_TALLY;
  /** Of the present round. */
  #answers = { accepted: 0, refused: 0 };
  /** How many readers have been refused and not accepted since. */
  #refused = 0;
  #isFirst = true;
  #isStopping = false;
  #stoppedBy: Error | undefined;

  constructor(sending: Sending) {
    const { messageOf, concurrency } = sending;
    this.#sending = sending;
    this.#total = new Throttle(sending.total);
    this.#policy = new AnswerPolicy({ circuit: this.#circuit, total: this.#total }, sending);
    this.#composer = new Composer({
      messageOf,
      ahead: concurrency,
      onRefused: (claim, why) => this.#skip(claim, why),
      onBroken: (claim, error) => {
        this.#queue.ended(claim);
        this.#stop(error);
      },
      onDone: () => this.#signal.notify(),
    });
    this.#queue = this.#queueOf({});
  }

  /** What has been done so far. */
  get sent(): Pick<Sent, "tally" | "paused"> & { readonly stoppedBy: BroadsheetError | undefined } {
    const stoppedBy = this.#stoppedBy;
    if (stoppedBy && !(stoppedBy instanceof BroadsheetError)) throw stoppedBy;
    return { tally: this.#tally, stoppedBy, paused: [...this.#pauses.values()] };
  }

  #queueOf({ atMost = this.#sending.atMost }: Round): SendQueue {
    const { ledger, issue, messageIdOf, perDomain } = this.#sending;
    return new SendQueue(ledger, { issue, messageIdOf }, { perDomain, atMost });
  }

  /** Sends one round. Every round after the first goes over new connections. */
  async run(round: Round): Promise<RoundEnd> {
    const { transport, signal } = this.#sending;
    if (!this.#isFirst) {
      await transport.disconnect?.();
      this.#queue = this.#queueOf(round);
      this.#policy.begin(round.isAsking ? undefined : new RefusalRow(true));
    }
    this.#answers = { accepted: 0, refused: 0 };
    const stop = (): void => {
      this.#stop();
      transport.callOff?.();
    };
    signal?.addEventListener("abort", stop);
    try {
      if (signal?.aborted) this.#stop();
      else await this.#work();
    } catch (error) {
      await this.#land();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#isFirst = false;
    }
    const isStopped = this.#isStopping;
    const isListDone = !isStopped && this.#queue.isListDone;
    return { ...this.#answers, isStopped, isListDone, blamed: this.#policy.blamed };
  }

  async #work(): Promise<void> {
    for (;;) {
      await this.#postpone();
      if (!this.#isStopping) await this.#prepareNext();
      if (this.#isTurnDue()) await this.#turn(this.#startable());
      else if (this.#isDone) return;
      else await this.#signal.wait(this.#nextMoment() - this.#now);
    }
  }

  /** A turn is taken at once where nothing could be added to it soon. */
  #isTurnDue(): boolean {
    const pending = this.#outcomes.length;
    if (pending === 0 && !this.#mayStart) return false;
    this.#turnTimer.pending(this.#now);
    const isQuiet = this.#underway === 0 || pending >= this.#sending.concurrency / 2;
    return isQuiet || this.#turnTimer.dueAt <= this.#now;
  }

  /** Whether a composed message may be handed over now. */
  get #mayStart(): boolean {
    const now = this.#now;
    const isOpen = !this.#isStopping && now >= this.#circuit.probeAt;
    return isOpen && this.#composer.hasReady && this.#room > 0 && this.#total.mayStart(now);
  }

  /** The ledger failed. Messages in flight get their answers, which are recorded if the ledger works again. */
  async #land(): Promise<void> {
    this.#stop();
    while (this.#underway > 0) await this.#signal.wait(Infinity);
    // A delivery whose outcome can't be recorded stays `sending`, and the next run has it in doubt.
    const { ledger } = this.#sending;
    await ledger.turn({ outcomes: this.#outcomes, start: [] }).catch(() => undefined);
  }

  #stop(why?: Error): void {
    this.#isStopping = true;
    this.#stoppedBy ??= why;
    this.#signal.notify();
  }

  get #now(): number {
    return this.#sending.now().getTime();
  }

  get #isDone(): boolean {
    if (this.#underway > 0 || this.#composer.isMaking) return false;
    return this.#isStopping || (!this.#composer.hasReady && this.#queue.isEmpty);
  }

  get #room(): number {
    return (this.#circuit.isProbing ? 1 : this.#sending.concurrency) - this.#underway;
  }

  /** When there may next be something to do, if no event comes before. */
  #nextMoment(): number {
    if (this.#isStopping) return this.#turnTimer.dueAt;
    const start = Math.max(this.#circuit.probeAt, this.#total.nextAt);
    return Math.min(
      this.#turnTimer.dueAt,
      this.#composer.hasReady && this.#room > 0 && this.#total.room > 0 ? start : Infinity,
      this.#composer.room > 0 ? this.#queue.nextAt() : Infinity,
    );
  }

  async #prepareNext(): Promise<void> {
    const now = this.#now;
    const crowdedOut = await this.#queue.refill(now);
    for (const claim of crowdedOut) this.#putBack(claim, new Date(now + CROWDED_OUT_MS));
    while (this.#composer.room > 0) {
      const claim = this.#queue.next(now);
      if (!claim) return;
      this.#composer.make(claim);
    }
  }

  #skip(claim: Claim, { message }: BroadsheetError): void {
    this.#queue.ended(claim);
    this.#outcomes.push({ claim, state: "skipped", reason: `template: ${message}` });
    this.#count("skipped", "unmade");
  }

  /** The composed messages that may be handed over now. */
  #startable(): Prepared[] {
    const now = this.#now;
    const start: Prepared[] = [];
    while (this.#mayStart && start.length < this.#room) {
      const next = this.#composer.take();
      if (!next) break;
      const pause = this.#pauses.get(domainOf(next.claim.to.address));
      if (pause) {
        this.#queue.ended(next.claim);
        this.#putBack(next.claim, pause.until);
      } else {
        this.#total.start(now);
        start.push(next);
      }
    }
    return start;
  }

  async #turn(start: readonly Prepared[]): Promise<void> {
    const { ledger, onTurn } = this.#sending;
    const begunAt = this.#now;
    const noted = this.#outcomes;
    const turn = { outcomes: noted, start: start.map(({ claim }) => claim) };
    const { started, late } = await ledger.turn(turn);
    this.#outcomes = this.#outcomes.slice(noted.length);
    this.#turnTimer.taken(this.#now - begunAt);
    const begun = new Set(started.map(({ id }) => id));
    for (const { claim } of noted) this.#inFlight.delete(claim.id);
    for (const id of begun) this.#inFlight.add(id);
    for (const prepared of start) {
      if (begun.has(prepared.claim.id)) void this.#send(prepared);
      else this.#drop(prepared);
    }
    for (const _ of late) this.#count("late");
    for (const outcome of noted) if (outcome.state === "planned") this.#expect(outcome);
    const rejected = this.#tally.rejected + Math.max(0, this.#refused);
    onTurn?.({ ...this.#tally, rejected }, this.#inFlight.size);
  }

  /** A recipient who is planned again is due in this run too, unless that would be a long wait. */
  #expect({ notBefore }: { readonly notBefore?: Date }): void {
    const now = this.#now;
    const at = notBefore?.getTime() ?? now;
    this.#queue.expect(at <= now + CROWDED_OUT_MS ? at : Infinity);
  }

  /** The address was suppressed meanwhile, or another run has taken the claim over. */
  #drop({ claim }: Prepared): void {
    this.#total.end();
    this.#queue.ended(claim);
    this.#count("suppressed");
  }

  async #send({ claim, message }: Prepared): Promise<void> {
    const startedAt = this.#now;
    this.#underway++;
    try {
      const decision = await this.#sending.transport.send(message).then(
        ({ response }) => this.#policy.accepted(claim, response),
        (error: unknown) => this.#policy.failed({ claim, error, startedAt }),
      );
      this.#apply(decision);
    } finally {
      this.#underway--;
      this.#total.end();
      this.#queue.ended(claim);
      this.#signal.notify();
    }
  }

  #apply({ outcome, pause, stop }: Decision): void {
    const { state } = outcome;
    this.#outcomes.push(outcome);
    // A refusal is counted when it is judged.
    if (state !== "refused") this.#count(state);
    if (state === "refused" || state === "accepted") this.#answers[state]++;
    if (this.#isFirst && state === "refused") this.#refused++;
    if (!this.#isFirst && state === "accepted") this.#refused--;
    if (pause) this.#newPauses.push(pause);
    if (stop) this.#stop(stop);
  }

  /** Recipients of paused domains go back to the ledger, and those that are there aren't due before the pause ends. */
  async #postpone(): Promise<void> {
    for (const pause of this.#newPauses.splice(0)) {
      const { domain, until } = pause;
      this.#pauses.set(domain, pause);
      for (const claim of this.#queue.withdraw(domain)) this.#putBack(claim, until);
      await this.#sending.ledger.postpone(this.#sending.issue, domain, until);
    }
  }

  #putBack(claim: Claim, notBefore: Date): void {
    this.#outcomes.push({ claim, state: "planned", notBefore });
  }

  #count(...what: readonly (keyof Tally)[]): void {
    this.#tally = counted(this.#tally, ...what);
  }
}
