import type { Sending, Sent } from "./sending.ts";
import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import { Circuit } from "./circuit.ts";
import { Judge, type Pause, type Ruling } from "./judge.ts";
import { Pace } from "./pace.ts";
import { type Prepared, Press } from "./press.ts";
import { Roster } from "./roster.ts";
import { counted, NOTHING_YET, type Tally } from "./tally.ts";

/**
 * Sends an issue to everybody who is due, each at most once. Claims are taken from the ledger, their
 * messages made, and handed to the transport after the ledger has noted it; what became of them is noted in
 * the turn in which the next ones start, so that never more than `concurrency` are in doubt. It ends when
 * nobody is due any more, when it is aborted, or when going on would do harm. It never waits for those whom a
 * server puts off.
 * @throws BroadsheetError LEDGER_BUSY where another run is sending, and what the ledger throws when it can't
 * note what happened: it then has those who were in flight as being sent, and the next run has them in doubt.
 */
export async function deliver(sending: Sending): Promise<Sent> {
  const run = await sending.ledger.begin(sending.worker);
  try {
    return await new Dispatch(sending).run();
  } finally {
    await run.end();
  }
}

/** A turn of the ledger is as slow as its disk: 0.1 ms, or 10 where others use it too. */
const LONGEST_WAIT_MS = 50;

/**
 * When to take a turn at the ledger. One for each message would leave no time to send: what happens within as
 * long as a turn takes goes into one, as long as there is something in flight meanwhile.
 */
class TurnPace {
  #costMs = 1;
  #newsSince: number | undefined;

  /** There is something to note. */
  news(now: number): void {
    this.#newsSince ??= now;
  }

  /** When it should be noted at the latest. */
  get dueAt(): number {
    return this.#newsSince === undefined ? Infinity : this.#newsSince + this.#costMs;
  }

  taken(costMs: number): void {
    this.#newsSince = undefined;
    this.#costMs = Math.min(LONGEST_WAIT_MS, Math.max(1, (this.#costMs + costMs) / 2));
  }
}

/** Lets a loop sleep until something happens, or a moment comes. What happens together wakes it once. */
class Wake {
  #isCalled = false;
  #rouse: () => void = () => undefined;

  call(): void {
    this.#isCalled = true;
    this.#rouse();
  }

  /** Resolves after the next call, or after so many milliseconds; at once where it was called meanwhile. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isCalled) await this.#sleep(timeoutMs);
    // What else has arrived is dealt with first: one turn of the ledger costs as much as a hundred rows.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#isCalled = false;
  }

  async #sleep(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#rouse = resolve;
      if (timeoutMs < Infinity) timer = setTimeout(resolve, Math.max(1, timeoutMs));
    });
    clearTimeout(timer);
  }
}

/** Longer than one message may take. */
const LEASE_MS = 600_000;
/** When those are looked at again who had to make room for others. */
const CROWDED_OUT_MS = 30_000;

/** One run: from the ledger to the transport, and back. */
class Dispatch {
  readonly #sending: Sending;
  readonly #roster: Roster;
  readonly #total: Pace;
  readonly #judge: Judge;
  readonly #press: Press;
  readonly #circuit = new Circuit();
  readonly #wake = new Wake();
  readonly #turnPace = new TurnPace();
  readonly #pauses = new Map<string, Pause>();
  #newPauses: Pause[] = [];
  /** Those whom the ledger has as being sent. */
  readonly #inFlight = new Set<number>();
  #underway = 0;
  #outcomes: Outcome[] = [];
  #tally: Tally = NOTHING_YET;
  #isStopping = false;
  #stoppedBy: Error | undefined;

  constructor(sending: Sending) {
    const { ledger, issue, worker, messageIdOf, messageOf, concurrency } = sending;
    this.#sending = sending;
    this.#total = new Pace(sending.total);
    this.#judge = new Judge({ circuit: this.#circuit, total: this.#total }, sending);
    this.#press = new Press({
      messageOf,
      ahead: concurrency,
      onRefused: (claim, why) => this.#skip(claim, why),
      onBroken: (claim, error) => {
        this.#roster.ended(claim);
        this.#stop(error);
      },
      onDone: () => this.#wake.call(),
    });
    this.#roster = new Roster(ledger, { issue, worker, leaseMs: LEASE_MS, messageIdOf }, sending);
  }

  async run(): Promise<Sent> {
    const { ledger, worker, signal } = this.#sending;
    const renewal = setInterval(() => {
      // Where that fails, the next turn does too.
      ledger.renew(worker, LEASE_MS).catch(() => undefined);
    }, LEASE_MS / 4);
    const stop = (): void => this.#stop();
    signal?.addEventListener("abort", stop);
    try {
      if (signal?.aborted) return { tally: this.#tally };
      await this.#work();
    } catch (error) {
      await this.#land();
      throw error;
    } finally {
      clearInterval(renewal);
      signal?.removeEventListener("abort", stop);
    }
    const stoppedBy = this.#stoppedBy;
    if (stoppedBy && !(stoppedBy instanceof BroadsheetError)) throw stoppedBy;
    return { tally: this.#tally, stoppedBy, paused: [...this.#pauses.values()] };
  }

  async #work(): Promise<void> {
    for (;;) {
      await this.#postpone();
      if (!this.#isStopping) await this.#prepareNext();
      if (this.#isTurnDue()) await this.#turn(this.#startable());
      else if (this.#isDone) return this.#settle();
      else await this.#wake.wait(this.#nextMoment() - this.#now);
    }
  }

  /** Noted at once is what nothing else could be added to soon. */
  #isTurnDue(): boolean {
    const news = this.#outcomes.length;
    if (news === 0 && !this.#mayStart) return false;
    this.#turnPace.news(this.#now);
    const isQuiet = this.#underway === 0 || news >= this.#sending.concurrency / 2;
    return isQuiet || this.#turnPace.dueAt <= this.#now;
  }

  /** Whether somebody is ready who may go now. */
  get #mayStart(): boolean {
    const now = this.#now;
    const isOpen = !this.#isStopping && now >= this.#circuit.probeAt;
    return isOpen && this.#press.hasReady && this.#room > 0 && this.#total.mayStart(now);
  }

  /** The ledger failed. What is in flight lands, and is noted if that can be done again. */
  async #land(): Promise<void> {
    this.#stop();
    while (this.#underway > 0) await this.#wake.wait(Infinity);
    // Whoever can't be noted stays as being sent, and the next run has them in doubt.
    const { ledger } = this.#sending;
    await ledger.turn({ outcomes: this.#outcomes, start: [] }).catch(() => undefined);
  }

  #stop(why?: Error): void {
    this.#isStopping = true;
    this.#stoppedBy ??= why;
    this.#wake.call();
  }

  get #now(): number {
    return this.#sending.now().getTime();
  }

  get #isDone(): boolean {
    if (this.#underway > 0 || this.#press.isMaking) return false;
    return this.#isStopping || (!this.#press.hasReady && this.#roster.isEmpty);
  }

  get #room(): number {
    return (this.#circuit.isProbing ? 1 : this.#sending.concurrency) - this.#underway;
  }

  /** When there may be something to do that isn't now, though nothing happens until then. */
  #nextMoment(): number {
    if (this.#isStopping) return this.#turnPace.dueAt;
    const start = Math.max(this.#circuit.probeAt, this.#total.nextAt);
    return Math.min(
      this.#turnPace.dueAt,
      this.#press.hasReady && this.#room > 0 && this.#total.room > 0 ? start : Infinity,
      this.#press.room > 0 ? this.#roster.nextAt() : Infinity,
    );
  }

  async #prepareNext(): Promise<void> {
    const now = this.#now;
    const crowdedOut = await this.#roster.refill(now);
    for (const claim of crowdedOut) this.#putBack(claim, new Date(now + CROWDED_OUT_MS));
    while (this.#press.room > 0) {
      const claim = this.#roster.next(now);
      if (!claim) return;
      this.#press.make(claim);
    }
  }

  #skip(claim: Claim, { message }: BroadsheetError): void {
    this.#roster.ended(claim);
    this.#outcomes.push({ claim, state: "skipped", reason: `template: ${message}` });
    this.#count("skipped", "unmade");
  }

  /** Those who may be handed over now. */
  #startable(): Prepared[] {
    const now = this.#now;
    const start: Prepared[] = [];
    while (this.#mayStart && start.length < this.#room) {
      const next = this.#press.take();
      if (!next) break;
      const pause = this.#pauses.get(domainOf(next.claim.to.address));
      if (pause) {
        this.#roster.ended(next.claim);
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
    this.#turnPace.taken(this.#now - begunAt);
    const begun = new Set(started.map(({ id }) => id));
    for (const { claim } of noted) this.#inFlight.delete(claim.id);
    for (const id of begun) this.#inFlight.add(id);
    for (const prepared of start) {
      if (begun.has(prepared.claim.id)) void this.#send(prepared);
      else this.#drop(prepared);
    }
    for (const _ of late) this.#count("late");
    for (const outcome of noted) if (outcome.state === "planned") this.#expect(outcome);
    onTurn?.(this.#tally, this.#inFlight.size);
  }

  /** Who is planned again is due in this run too, unless that would be a long wait. */
  #expect({ notBefore }: { readonly notBefore?: Date }): void {
    const now = this.#now;
    const at = notBefore?.getTime() ?? now;
    this.#roster.returned(at <= now + CROWDED_OUT_MS ? at : Infinity);
  }

  /** Suppressed meanwhile, or taken over. */
  #drop({ claim }: Prepared): void {
    this.#total.end();
    this.#roster.ended(claim);
    this.#count("suppressed");
  }

  async #send({ claim, message }: Prepared): Promise<void> {
    const startedAt = this.#now;
    this.#underway++;
    try {
      const ruling = await this.#sending.transport.send(message).then(
        ({ response }) => this.#judge.accepted(claim, response, startedAt),
        (error: unknown) => this.#judge.failed({ claim, error, startedAt }),
      );
      this.#rule(ruling);
    } finally {
      this.#underway--;
      this.#total.end();
      this.#roster.ended(claim);
      this.#wake.call();
    }
  }

  #rule({ outcomes, pause, stop }: Ruling): void {
    for (const outcome of outcomes) {
      this.#outcomes.push(outcome);
      // What is open is counted when it is settled.
      if (outcome.state !== "refused") this.#count(outcome.state);
    }
    if (pause) this.#newPauses.push(pause);
    if (stop) this.#stop(stop);
  }

  /** Nobody is under way any more: the last word on those whose refusal was left open. */
  async #settle(): Promise<void> {
    const isListDone = !this.#isStopping && this.#roster.isListDone;
    const { outcomes, stop } = this.#judge.close(isListDone);
    this.#rule({ outcomes: outcomes.map((outcome) => this.#notWhilePaused(outcome)), stop });
    if (this.#outcomes.length > 0) await this.#turn([]);
  }

  #notWhilePaused(outcome: Outcome): Outcome {
    const pause = this.#pauses.get(domainOf(outcome.claim.to.address));
    return pause && outcome.state === "planned" ? { ...outcome, notBefore: pause.until } : outcome;
  }

  /** Whoever of these domains is in the ledger or in the house stays there. */
  async #postpone(): Promise<void> {
    for (const pause of this.#newPauses.splice(0)) {
      const { domain, until } = pause;
      this.#pauses.set(domain, pause);
      for (const claim of this.#roster.withdraw(domain)) this.#putBack(claim, until);
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
