import { domainOf } from "../../subscribers/recipient.ts";
import type { Claim, KnownPace } from "../ledger.ts";
import type { RateLimit } from "../settings.ts";

/** The ceilings for one recipient domain. Absent: no ceiling. */
export interface DomainLimits {
  /** Messages in flight at a time. */
  readonly concurrency?: number | undefined;
  /** Messages a second. */
  readonly rate?: number | undefined;
}

/** The messages to a domain that may be in flight at first. Each acceptance adds one, and a timeout leaves one. */
const FIRST_WINDOW = 2;
/** The timeouts and lost connections after which a domain is cut off, with no acceptance between them. */
const STRIKES = 2;
/** The failed connections in a row after which nothing more is sent. */
const TRIES = 3;
const FIRST_WAIT_MS = 250;
/** How long the first message goes alone. Then one to another domain follows, since only the first domain may be silent. */
const SILENCE_MS = 5_000;
/** The claims that are fetched together. One group is fetched ahead. */
const GROUP = 100;
/** If no domain with claims may be sent to for this long, the one with the most claims makes room for others. */
const CROWDED_MS = 1_000;
/** The claims that such a domain keeps. */
const KEPT = GROUP / 5;
/** If there are more domains, those without a message are forgotten. */
const MOST_DOMAINS = 2_000;

/** A recipient domain: its claims, and what it takes. */
interface Domain {
  readonly name: string;
  readonly queued: Claim[];
  inFlight: number;
  window: number;
  strikes: number;
  lostAt: number;
  /** When its rate lets the next message go. */
  nextAt: number;
}

/** A connection that ended, or an answer that did not come in time. */
interface Loss {
  readonly claim: Claim;
  readonly startedAt: number;
  /** Whether there was no connection yet. If no server ever answered, the run tries no second one. */
  readonly isConnecting: boolean;
  readonly isTimeout: boolean;
  /** Whether the server said that it ends the connection. */
  readonly isAnswer: boolean;
}

export interface SchedulerOptions {
  /** Messages in flight over all connections. */
  readonly concurrency: number;
  readonly perDomain?: DomainLimits | undefined;
  readonly rate?: readonly RateLimit[] | undefined;
  /** What earlier runs learned of the relay. */
  readonly known?: KnownPace | undefined;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
  /** Added to that clock, the time of day. */
  readonly dayOffsetMs: number;
}

/**
 * Decides which claim goes next, and when. Recipient domains take turns, each at its own pace. The relay's account has
 * one pace for all. The connection is tried by one message before all others go, and again after it failed: so a wrong
 * password is tried once, a server that is down costs a few connections, and one that hangs up after every message
 * leaves few recipients in doubt.
 */
export class Scheduler {
  readonly pace: Pace;
  readonly clock: () => number;
  readonly #options: SchedulerOptions;
  readonly #domains = new Map<string, Domain>();
  /** The domains that have claims, the next one first. */
  readonly #waiting = new Map<string, Domain>();
  #queued = 0;
  #inFlight = 0;
  #left = Infinity;
  /** When the ledger may have a recipient who is due. */
  #claimAt = 0;
  /** Since when there has been room for a message, and no domain with claims may go. */
  #crowdedSince: number | undefined;
  #isClaiming = false;
  #failures = 0;
  #hasAnswered = false;
  /** When the first message went. */
  #firstAt = Infinity;
  #failedAt = -Infinity;
  #probeAt = 0;
  /** The domain that has accepted a message last, and when another one did. */
  #lastAccepted = { domain: "", at: -Infinity };
  #acceptedElsewhereAt = -Infinity;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.clock = options.clock;
    const { rate, known, dayOffsetMs } = options;
    this.pace = new Pace({ limits: rate, known, now: this.clock(), dayOffsetMs });
  }

  /** Begins a round over the recipients who are due. */
  begin(atMost = Infinity): void {
    this.#left = atMost;
    this.#claimAt = 0;
  }

  /** Whether no claim waits or is in flight, and none will be due in this run. */
  get isEmpty(): boolean {
    return this.#queued === 0 && !this.#isClaiming && !this.#mayClaim(Infinity);
  }

  /** Whether the ledger had no other recipient who is due, when it was last asked. */
  get isListDone(): boolean {
    return this.#claimAt === Infinity;
  }

  /** When the account's quota lets messages go again; undefined where it does, or where nothing is left to send. */
  get quotaUntil(): number | undefined {
    return this.isEmpty ? undefined : this.pace.usedUpUntil(this.clock());
  }

  /** How many claims to fetch from the ledger now; the caller adds them. */
  toClaim(): number {
    const isShort = this.#queued + this.#inFlight <= GROUP;
    if (!isShort || this.#isClaiming || !this.#mayClaim(this.clock())) return 0;
    this.#isClaiming = true;
    // `expect` says when a recipient is due who is planned again meanwhile.
    this.#claimAt = Infinity;
    return Math.min(GROUP, this.#left);
  }

  /** Takes the claims that the ledger returned. `asked`: how many were asked for. */
  add(claims: readonly Claim[], asked: number): void {
    this.#isClaiming = false;
    this.#left -= claims.length;
    if (claims.length === asked) this.#claimAt = 0;
    for (const claim of claims) {
      const domain = this.#domainOf(claim);
      domain.queued.push(claim);
      this.#waiting.set(domain.name, domain);
    }
    this.#queued += claims.length;
  }

  /** A recipient is planned again, and due at a moment. */
  expect(at: number): void {
    this.#claimAt = Math.min(this.#claimAt, at);
    this.#left++;
  }

  /** The next claim, which is in flight until `ended`; undefined where none may go now. */
  take(): Claim | undefined {
    const now = this.clock();
    const domain = this.#mayTake(now) ? this.#nextDomain(now) : undefined;
    const claim = domain?.queued.shift();
    if (!domain || !claim) return undefined;
    this.#waiting.delete(domain.name);
    if (domain.queued.length > 0) this.#waiting.set(domain.name, domain);
    this.#queued--;
    this.#inFlight++;
    this.#firstAt = Math.min(this.#firstAt, now);
    domain.inFlight++;
    domain.nextAt = now + 1000 / (this.#options.perDomain?.rate ?? Infinity);
    this.pace.start(now);
    return claim;
  }

  #mayTake(now: number): boolean {
    const isOpen = this.#queued > 0 && this.#inFlight < this.#room && now >= this.#probeAt;
    if (isOpen && this.pace.mayStart(now, this.#inFlight)) return true;
    this.#crowdedSince = undefined;
    return false;
  }

  /** The first domain that may be sent to. */
  #nextDomain(now: number): Domain | undefined {
    for (const domain of this.#waiting.values()) {
      if (!this.#isOpen(domain, now)) continue;
      this.#crowdedSince = undefined;
      return domain;
    }
    this.#crowdedSince ??= now;
    return undefined;
  }

  ended(claim: Claim): void {
    const domain = this.#domainOf(claim);
    domain.inFlight--;
    this.#inFlight--;
    this.pace.ended(this.clock());
    const isIdle = domain.inFlight + domain.queued.length + domain.strikes === 0;
    if (isIdle && this.#domains.size > MOST_DOMAINS) this.#domains.delete(domain.name);
  }

  /** When a claim may go or be fetched, where no message that is in flight has ended before. */
  nextAt(): number {
    const isShort = this.#queued + this.#inFlight <= GROUP;
    const mayClaimAt = this.#left > 0 && !this.#isClaiming ? this.#claimAt : Infinity;
    const roomAt = (this.#crowdedSince ?? Infinity) + CROWDED_MS;
    const claimAt = isShort ? mayClaimAt : Math.max(mayClaimAt, roomAt);
    const silentAt = this.#hasAnswered ? Infinity : this.#firstAt + SILENCE_MS;
    const otherAt = silentAt > this.clock() ? silentAt : Infinity;
    if (this.#queued === 0) return isShort ? claimAt : Infinity;
    if (this.#inFlight >= this.#room) return Math.min(isShort ? claimAt : Infinity, otherAt);
    let domainAt = Infinity;
    for (const domain of this.#waiting.values()) {
      if (domain.inFlight < this.#windowOf(domain)) domainAt = Math.min(domainAt, domain.nextAt);
    }
    const paceAt = this.pace.nextAt(this.#inFlight);
    return Math.min(claimAt, Math.max(this.#probeAt, paceAt, domainAt));
  }

  /** Removes the claims of a domain and returns them, but for the first `kept`. */
  withdraw(name: string, kept = 0): readonly Claim[] {
    const domain = this.#domains.get(name);
    const claims = domain?.queued.splice(kept) ?? [];
    this.#queued -= claims.length;
    if (domain?.queued.length === 0) this.#waiting.delete(name);
    return claims;
  }

  /** If no domain with claims may be sent to for a while: most claims of the longest one, which the caller puts back. */
  crowdedOut(): readonly Claim[] {
    const now = this.clock();
    const isFull = this.#queued + this.#inFlight > GROUP && this.#mayClaim(now);
    if (!isFull || now < (this.#crowdedSince ?? Infinity) + CROWDED_MS) return [];
    this.#crowdedSince = now;
    const [longest] = [...this.#waiting.values()].sort((a, b) => b.queued.length - a.queued.length);
    return longest ? this.withdraw(longest.name, KEPT) : [];
  }

  /** The server gave an answer, whatever it said. */
  answered(): void {
    this.#hasAnswered = true;
    this.#failures = 0;
    this.#probeAt = 0;
  }

  accepted(claim: Claim): void {
    const now = this.clock();
    const domain = this.#domainOf(claim);
    domain.window++;
    domain.strikes = 0;
    if (this.#lastAccepted.domain !== domain.name)
      this.#acceptedElsewhereAt = this.#lastAccepted.at;
    this.#lastAccepted = { domain: domain.name, at: now };
    this.answered();
    this.pace.accepted(now);
  }

  /**
   * A connection was lost, or an answer didn't come. "cut off": it is the recipient's domain, for the second time in a
   * row. "stop": it is the server, which is given up.
   */
  lost(loss: Loss): "go on" | "cut off" | "stop" {
    const now = this.clock();
    const domain = this.#domainOf(loss.claim);
    if (!loss.isConnecting && !loss.isAnswer) {
      const isDomains = this.#isOnly(domain, loss.startedAt);
      this.#strike(domain, loss, now);
      if (isDomains) return domain.strikes >= STRIKES ? "cut off" : "go on";
    }
    // Messages that were in flight together all found the same connection gone.
    if (loss.startedAt >= this.#failedAt) {
      this.#probeAt = now + FIRST_WAIT_MS * 4 ** this.#failures;
      this.#failures++;
      this.#failedAt = now;
    }
    const isGoingOn = this.#failures < TRIES && (this.#hasAnswered || !loss.isConnecting);
    return isGoingOn ? "go on" : "stop";
  }

  #strike(domain: Domain, { startedAt, isTimeout }: Loss, now: number): void {
    domain.window = 1;
    // Each timeout counts, but a server that restarts takes all connections of a domain at once.
    if (!isTimeout && startedAt < domain.lostAt) return;
    domain.strikes++;
    domain.lostAt = now;
  }

  /** Whether other domains were accepted while this one was silent, or before that if no other message is in flight. */
  #isOnly(domain: Domain, since: number): boolean {
    const { domain: last, at } = this.#lastAccepted;
    const elsewhereAt = last === domain.name ? this.#acceptedElsewhereAt : at;
    const isAlone = this.#inFlight === domain.inFlight && this.#failures === 0;
    return elsewhereAt > (isAlone ? -Infinity : since);
  }

  get #room(): number {
    const { concurrency } = this.#options;
    if (this.#failures > 0 || this.pace.complaints > 0) return 1;
    if (this.#hasAnswered) return concurrency;
    return Math.min(concurrency, this.clock() < this.#firstAt + SILENCE_MS ? 1 : 2);
  }

  #mayClaim(now: number): boolean {
    return this.#left > 0 && this.#claimAt < Infinity && this.#claimAt <= now;
  }

  #windowOf({ window }: Domain): number {
    return Math.min(window, this.#options.perDomain?.concurrency ?? Infinity);
  }

  #isOpen(domain: Domain, now: number): boolean {
    const window = this.#hasAnswered ? this.#windowOf(domain) : 1;
    return domain.inFlight < window && domain.nextAt <= now;
  }

  #domainOf({ to }: Claim): Domain {
    const name = domainOf(to.address);
    const seen = this.#domains.get(name);
    if (seen) return seen;
    const domain: Domain = {
      name,
      queued: [],
      inFlight: 0,
      window: FIRST_WINDOW,
      strikes: 0,
      lostAt: -Infinity,
      nextAt: 0,
    };
    this.#domains.set(name, domain);
    return domain;
  }
}

/** Limits over a longer time are quotas, which may be used up at once; others are rates, at which messages are spread. */
const LONGEST_RATE_MS = 60_000;
const DAY_MS = 86_400_000;
const BUCKET_MS = 600_000;
/** The most messages over which a rate is kept. A lower rate is kept over the messages of a second. */
const MOST_AT_ONCE = 100;
/** After the first complaint in a row nothing goes for twice this time, after the second for four times, and so on. */
const BREATHER_MS = 250;
const LONGEST_BREATHER_MS = 8_000;
/** The lowest rate, in messages a second. */
const SLOWEST = 0.1;
/** The new rate after a complaint, as a part of the rate at which messages were accepted before it. */
const DECREASE = 0.97;
/** A rate that was kept for this long is more exact than a measured one: relays count over a second or so. */
const SUSTAINED_MS = 5_000;
const SHORTEST_MEASURE_MS = 1_000;
/** A server that accepts nothing for longer counts its limit over a longer time, which the measure includes. */
const SHORT_BLOCK_MS = 2_000;
/** How long the rate rises by a thousandth a second after a complaint, since the limit is near. Later it doubles. */
const NEAR_LIMIT_MS = 30_000;
const NEAR_LIMIT_RISE = 1.001;
const DOUBLING_MS = 20_000;
/** The longest time between two acceptances for which the rate rises. */
const LONGEST_STEP_MS = 1_000;

interface PaceOptions {
  readonly limits?: readonly RateLimit[] | undefined;
  readonly known?: KnownPace | undefined;
  readonly now: number;
  readonly dayOffsetMs: number;
}

/**
 * The pace of one account at a relay. Messages go within the limits that are set. When the relay complains, they go on
 * a little below the rate at which it accepted them, and the rate recovers while it accepts. Moments are in
 * milliseconds of a clock that nobody sets.
 */
class Pace {
  readonly #ceiling: number;
  readonly #quotas: readonly RateLimit[];
  readonly #known: number | undefined;
  readonly #dayOffsetMs: number;
  #sent: (readonly [begin: number, count: number])[];
  #rate: number;
  #raisedAt = Infinity;
  /** When the messages ended that may still count at the relay, the first one first. */
  #recent: number[] = [];
  #pausedUntil = 0;
  #slowedAt: number;
  #complaints = 0;
  #blockedSince: number | undefined;
  /** How many messages were accepted since the rate was last set. */
  #measure: { since: number | undefined; accepted: number } = { since: undefined, accepted: 0 };

  constructor({ limits = [], known, now, dayOffsetMs }: PaceOptions) {
    const rates = limits.filter(({ perMs }) => perMs <= LONGEST_RATE_MS);
    this.#ceiling = Math.min(Infinity, ...rates.map(({ count, perMs }) => (count * 1000) / perMs));
    this.#quotas = limits.filter(({ perMs }) => perMs > LONGEST_RATE_MS);
    this.#known = known?.rate;
    this.#dayOffsetMs = dayOffsetMs;
    this.#sent = [...(known?.sent ?? [])];
    this.#rate = Math.min(this.#ceiling, this.#known ?? Infinity);
    this.#slowedAt = this.#known === undefined ? -Infinity : now;
  }

  /** What the next run should know. */
  known(now: number): KnownPace {
    const day = now + this.#dayOffsetMs - DAY_MS;
    this.#sent = this.#sent.filter(([begin]) => begin + BUCKET_MS > day);
    const isLearned = this.#rate < this.#ceiling;
    return { sent: this.#sent, ...(isLearned && { rate: this.#rate }) };
  }

  /** How many complaints there were since a message was last accepted. */
  get complaints(): number {
    return this.#complaints;
  }

  /** How long nothing has been accepted, from the first of these complaints on; 0 where there is none. */
  blockedMs(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** When the rate lets the next message go; Infinity where one that is in flight has to end first. */
  nextAt(inFlight: number): number {
    const over = this.#recent.length + inFlight - this.#atOnce;
    if (this.#rate === Infinity || over < 0) return this.#pausedUntil;
    return Math.max(this.#pausedUntil, (this.#recent[over] ?? Infinity) + this.#spanMs);
  }

  mayStart(now: number, inFlight: number): boolean {
    if (this.nextAt(inFlight) > now) return false;
    return this.#quotas.every((quota) => this.#used(quota, now) + inFlight < quota.count);
  }

  /** The time of day from which messages may go again where a quota is used up. */
  usedUpUntil(now: number): number | undefined {
    const ends = this.#quotas
      .filter((quota) => this.#used(quota, now) >= quota.count)
      .map(({ perMs }) => this.freeAt(perMs, now));
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  /** The time of day at which the first of the messages of so many milliseconds no longer counts. */
  freeAt(perMs: number, now: number): number {
    const day = now + this.#dayOffsetMs;
    const [first] = this.#sent.find(([begin]) => begin + BUCKET_MS > day - perMs) ?? [day];
    return first + BUCKET_MS + perMs;
  }

  start(now: number): void {
    this.#measure.since ??= now;
  }

  /**
   * A message has ended. The relay has counted it before that, so that a second from now it counts it no more, however
   * late its answer came and our timers are.
   */
  ended(now: number): void {
    if (this.#rate === Infinity) return;
    const old = this.#recent.findIndex((at) => at + this.#spanMs > now);
    this.#recent.splice(0, old < 0 ? this.#recent.length : old);
    this.#recent.push(now);
  }

  /** So many messages may go in a span of time: a second's, rounded up, and the time that the rate gives them. */
  get #atOnce(): number {
    return Math.min(MOST_AT_ONCE, Math.ceil(this.#rate));
  }

  get #spanMs(): number {
    return (this.#atOnce * 1000) / this.#rate;
  }

  accepted(now: number): void {
    this.#count(now + this.#dayOffsetMs);
    if (this.#complaints > 0 && this.blockedMs(now) < SHORT_BLOCK_MS) {
      this.#measure = { since: now, accepted: 0 };
    }
    this.#measure.accepted++;
    this.#complaints = 0;
    this.#blockedSince = undefined;
    const seconds = Math.min(LONGEST_STEP_MS, Math.max(0, now - this.#raisedAt)) / 1000;
    const isNear = now - this.#slowedAt < NEAR_LIMIT_MS;
    const rise = isNear ? NEAR_LIMIT_RISE ** seconds : 2 ** ((seconds * 1000) / DOUBLING_MS);
    this.#rate = Math.min(this.#ceiling, this.#rate * rise);
    this.#raisedAt = now;
  }

  /**
   * The relay complained about a message, of our rate or of a fault of its own. Complaints about messages that were in
   * flight together count once.
   */
  slowDown(startedAt: number, now: number, about: "rate" | "fault" = "rate"): void {
    if (startedAt <= this.#slowedAt) return;
    const isKnown = this.#rate < Infinity;
    const isSustained = isKnown && now - this.#slowedAt > SUSTAINED_MS;
    this.#blockedSince ??= now;
    this.#complaints++;
    // Where nothing was accepted since the last complaint, the rate says nothing: the relay has had enough for now.
    if (this.#measure.accepted > 0 && about === "rate") this.#learn(now, isSustained);
    this.#slowedAt = now;
    const isFirst = isSustained && this.#complaints === 1;
    const breatherMs = isFirst
      ? 0
      : Math.min(BREATHER_MS * 2 ** this.#complaints, LONGEST_BREATHER_MS);
    this.#pausedUntil = now + Math.max(1000 / this.#rate, breatherMs);
  }

  /** The complaint turned out to be about something else: the pace is as it was before. */
  forget(): void {
    this.#rate = Math.min(this.#ceiling, this.#known ?? Infinity);
    this.#pausedUntil = 0;
    this.#complaints = 0;
    this.#blockedSince = undefined;
  }

  #learn(now: number, isSustained: boolean): void {
    const { since = now, accepted } = this.#measure;
    const measured = (accepted * 1000) / Math.max(SHORTEST_MEASURE_MS, now - since);
    // A few complaints close to each other tell little.
    const lowest = this.#rate === Infinity ? SLOWEST : Math.max(SLOWEST, this.#rate / 2);
    const taken = isSustained ? this.#rate : Math.min(this.#rate, measured);
    this.#rate = Math.max(lowest, DECREASE * taken);
    this.#measure = { since: now, accepted: 0 };
  }

  #count(day: number): void {
    const begin = day - (day % BUCKET_MS);
    const [last, count] = this.#sent.at(-1) ?? [0, 0];
    if (last === begin) this.#sent[this.#sent.length - 1] = [begin, count + 1];
    else this.#sent.push([begin, 1]);
  }

  #used({ perMs }: RateLimit, now: number): number {
    const from = now + this.#dayOffsetMs - perMs;
    return this.#sent.reduce(
      (sum, [begin, count]) => (begin + BUCKET_MS > from ? sum + count : sum),
      0,
    );
  }
}
