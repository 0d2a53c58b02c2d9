import { domainOf } from "../../subscribers/recipient.ts";
import type { Claim, KnownPace } from "../ledger.ts";
import type { RateLimit } from "../settings.ts";
import { type DomainLimits, type Reserved, StartTimes, type Wish } from "./reservations.ts";

/** The most messages in flight to a domain at first. Each acceptance adds one, and a timeout resets it to one. */
const FIRST_WINDOW = 2;
/** The timeouts and lost connections after which a domain is cut off, with no acceptance between them. */
const STRIKES = 2;
/** The failed connections in a row after which nothing more is sent. */
const TRIES = 3;
const FIRST_WAIT_MS = 250;
/**
 * The time that the first message is sent alone. Then one to another domain follows, because only the first domain may be
 * silent.
 */
const SILENCE_MS = 5_000;
/** The number of claims that are fetched together, if the ledger has no number of its own. One group is fetched ahead. */
const GROUP = 100;
/** If no domain with claims may be sent to for this long, the one with the most claims makes room for others. */
const CROWDED_MS = 1_000;
/** The number of claims that the domain with the most claims keeps then. */
const KEPT = GROUP / 5;
/** The other claims of that domain are due again when the kept ones have gone, and after this time at the latest. */
const LONGEST_CROWDED_MS = 30_000;
/** If there are more domains, those without a message are forgotten. */
const MOST_DOMAINS = 2_000;
const SECOND_MS = 1_000;
/** Senders that share limits exchange the learned pace at least this often. */
const EXCHANGE_MS = 1_000;
/** Start times are reserved for this part of a second, so that no sender holds many while others have none. */
const WINDOW = 0.5;

/** A recipient domain, with its claims and limits. */
interface Domain {
  readonly name: string;
  readonly queued: Claim[];
  inFlight: number;
  /** The duration of the last message that has ended. */
  tookMs: number;
  window: number;
  strikes: number;
  lostAt: number;
  /** The time at which its rate lets the next message go. */
  nextAt: number;
  /** Reserved start times and the messages that may be in flight. They are shared if several workers send. */
  readonly starts: StartTimes;
  places: number;
  /** The time at which places may be requested again. */
  askAt: number;
}

/** A connection that ended, or a reply that did not come in time. */
interface Loss {
  readonly claim: Claim;
  readonly startedAt: number;
  /** Whether the connection was still being opened. If no server ever replied, the run does not try a second one. */
  readonly isConnecting: boolean;
  readonly isTimeout: boolean;
  /** Whether the server replied that it ends the connection. */
  readonly isAnswer: boolean;
}

export interface SchedulerOptions {
  /** The most messages in flight over all connections. */
  readonly concurrency: number;
  readonly perDomain?: DomainLimits | undefined;
  readonly rate?: readonly RateLimit[] | undefined;
  /** The pace that earlier runs learned. */
  readonly known?: KnownPace | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
  /** The difference between the time of day and that clock. */
  readonly dayOffsetMs: number;
  /** Whether other senders share the limits. A message then starts only at a reserved time. */
  readonly isShared?: boolean | undefined;
  /** The number of claims that are fetched together. */
  readonly group?: number | undefined;
}

/**
 * Decides which claim goes next, and when. Recipient domains take turns, each at its own pace. The relay's account has one
 * pace for all. One message tries the connection before all others go, and again after a failure. A wrong password is
 * therefore tried once. A server that is down costs a few connections. A server that hangs up after every message leaves few
 * recipients in doubt.
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
  /** The time at which the ledger may have a due recipient. */
  #claimAt = 0;
  /** The times, in whole seconds, at which recipients are due later in this run. */
  readonly #dueAt = new Set<number>();
  /** The time since which there is room for a message, but every domain with claims has to wait. */
  #crowdedSince: number | undefined;
  #isClaiming = false;
  #isReserving = false;
  /** Whether the last reservation gave no start time. */
  #isDenied = false;
  /** The time of the next exchange. */
  #exchangeAt = 0;
  #failures = 0;
  #hasAnswered = false;
  /** The time at which the first message went. */
  #firstAt = Infinity;
  #failedAt = -Infinity;
  #probeAt = 0;
  /** The domain that accepted the last message, and the last time at which another domain did. */
  #lastAccepted = { domain: "", at: -Infinity };
  #acceptedElsewhereAt = -Infinity;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.clock = options.clock;
    const { rate, known, dayOffsetMs, isShared } = options;
    this.pace = new Pace({ limits: rate, known, now: this.clock(), dayOffsetMs, isShared });
  }

  /** Begins a round over the due recipients. */
  begin(atMost = Infinity): void {
    this.#left = atMost;
    this.#claimAt = 0;
    this.#dueAt.clear();
  }

  /** Whether no claim waits, and none will be due in this run. */
  get isEmpty(): boolean {
    return this.#queued === 0 && !this.#isClaiming && !this.#mayClaim(Infinity);
  }

  /** Whether the ledger had no more due recipients when it was last asked. */
  get isListDone(): boolean {
    return this.#claimAt === Infinity;
  }

  /** The end of the wait for the account's quota. Undefined if it is not used up, or if there is nothing to send. */
  get quotaUntil(): number | undefined {
    return this.isEmpty || this.#isReserving ? undefined : this.pace.usedUpUntil(this.clock());
  }

  /** The number of claims to fetch from the ledger now. The caller passes them to `add`. */
  toClaim(): number {
    const now = this.clock();
    if (!this.#isShort || this.#isClaiming || !this.#mayClaim(now)) return 0;
    this.#isClaiming = true;
    for (const at of this.#dueAt) if (at <= now) this.#dueAt.delete(at);
    // If a recipient is planned again meanwhile, `expect` sets the time.
    this.#claimAt = Math.min(...this.#dueAt, Infinity);
    return Math.min(this.#options.group ?? GROUP, this.#left);
  }

  /** Whether the claims will soon be used up. A group that takes long to fetch is fetched sooner. */
  get #isShort(): boolean {
    const { group, concurrency } = this.#options;
    const few = group === undefined ? GROUP : Math.max(GROUP, 2 * concurrency);
    return this.#queued + this.#inFlight <= few;
  }

  /** Takes the claims that the ledger returned. */
  add(claims: readonly Claim[]): void {
    this.#isClaiming = false;
    this.#left -= claims.length;
    if (claims.length > 0) this.#claimAt = 0;
    for (const claim of claims) {
      const domain = this.#domainOf(claim);
      domain.queued.push(claim);
      this.#waiting.set(domain.name, domain);
    }
    this.#queued += claims.length;
  }

  /** The reservation to make now. The caller passes its result to `reserved`. Undefined if it can wait. `isLast`: the sender ends. */
  toReserve(isLast = false): Wish | undefined {
    if (!this.#options.isShared || this.#isReserving) return undefined;
    const now = this.clock();
    const free = Math.max(Math.ceil(this.#room / 4), this.#room - this.#inFlight);
    const starts = isLast ? 0 : this.pace.wanted(Math.min(this.#queued, free), now);
    const domains = this.#domainWishes(now, isLast);
    const isUrgent = (starts > 0 && !this.#isDenied) || domains.some(({ isNew }) => isNew);
    const isWorking = this.#queued + this.#inFlight > 0;
    const isDue = now >= this.#exchangeAt && (isWorking || domains.length > 0);
    if (!isLast && !isDue && !isUrgent && !this.pace.isNews) return undefined;
    this.#isReserving = true;
    if (isLast) this.pace.learnSoon();
    const { perDomain = {} } = this.#options;
    return { ...this.pace.wish(starts), perDomain, domains };
  }

  /** Takes the answer to a wish. It is undefined if the store can't be reached now. */
  reserved(wish: Wish, answer: Reserved | undefined): void {
    const now = this.clock();
    this.#isReserving = false;
    this.#exchangeAt = now + EXCHANGE_MS;
    this.#isDenied = wish.starts > 0 && !answer?.starts;
    this.pace.share(wish, answer, now);
    for (const asked of wish.domains) {
      const domain = this.#domains.get(asked.domain);
      const given = answer?.domains.find((one) => one.domain === asked.domain);
      if (!domain) continue;
      const places = given?.places ?? 0;
      if (given) Object.assign(domain, { places });
      if (given) domain.starts.add(given, now);
      if (this.#hasDomainRate) domain.nextAt = domain.starts.next;
      domain.askAt = given && places >= asked.places ? 0 : this.#exchangeAt;
    }
  }

  #domainWishes(now: number, isLast: boolean) {
    const { rate, concurrency } = this.#options.perDomain ?? {};
    if (rate === undefined && concurrency === undefined) return [];
    return [...this.#domains.values()].flatMap((domain) => {
      const { name, queued, inFlight, starts } = domain;
      const active = isLast ? 0 : queued.length + inFlight;
      const places = concurrency === undefined ? 0 : Math.min(concurrency, active);
      const room = concurrency === undefined ? domain.window : domain.places;
      const most = Math.min(queued.length, room, Math.ceil((rate ?? 0) * WINDOW));
      const wanted = isLast || starts.count > 0 ? 0 : most;
      if (wanted + places + domain.places === 0) return [];
      const isNew = now >= domain.askAt && (wanted > 0 || places > domain.places);
      return [{ domain: name, starts: wanted, places, isNew }];
    });
  }

  get #hasDomainRate(): boolean {
    return this.#options.isShared === true && this.#options.perDomain?.rate !== undefined;
  }

  /** Notes that a recipient was planned again and is due at `at`. */
  expect(at: number): void {
    const isLater = at > this.clock() && at < Infinity;
    const dueAt = isLater ? SECOND_MS * Math.floor(1 + at / SECOND_MS) : at;
    if (isLater) this.#dueAt.add(dueAt);
    this.#claimAt = Math.min(this.#claimAt, dueAt);
    this.#left++;
  }

  /** The next claim. It is in flight until `ended` is called. Undefined if none may go now. */
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
    domain.starts.use();
    domain.nextAt = this.#hasDomainRate
      ? domain.starts.next
      : now + 1000 / (this.#options.perDomain?.rate ?? Infinity);
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

  /** Ends a claim. `startedAt`: the time at which its message was given to the transport. Absent if it never was. */
  ended(claim: Claim, startedAt?: number): void {
    const now = this.clock();
    const domain = this.#domainOf(claim);
    domain.inFlight--;
    domain.tookMs = now - (startedAt ?? now);
    this.#inFlight--;
    this.pace.ended(now);
    const isIdle = domain.inFlight + domain.queued.length + domain.strikes + domain.places === 0;
    if (isIdle && this.#domains.size > MOST_DOMAINS) this.#domains.delete(domain.name);
  }

  /** The time at which a claim may go or be fetched, if no message in flight ends before. */
  nextAt(): number {
    const isShort = this.#isShort;
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
    const exchangeAt = this.#options.isShared && !this.#isReserving ? this.#exchangeAt : Infinity;
    return Math.min(claimAt, exchangeAt, Math.max(this.#probeAt, paceAt, domainAt));
  }

  /** Removes and returns the claims of a domain, except the first `kept`. */
  withdraw(name: string, kept = 0): readonly Claim[] {
    const domain = this.#domains.get(name);
    const claims = domain?.queued.splice(kept) ?? [];
    this.#queued -= claims.length;
    if (domain?.queued.length === 0) this.#waiting.delete(name);
    return claims;
  }

  /**
   * The claims that must make room for others, if every domain with claims has had to wait for a while. They are most claims
   * of the domain with the longest queue. The caller puts them back. They are due again in `forMs`, when the domain's
   * remaining claims will have gone.
   */
  crowdedOut(): { readonly claims: readonly Claim[]; readonly forMs: number } | undefined {
    const now = this.clock();
    const isFull = !this.#isShort && this.#mayClaim(now);
    const since = this.#crowdedSince ?? Infinity;
    if (!isFull || now < since + CROWDED_MS) return undefined;
    this.#crowdedSince = now;
    const [longest] = [...this.#waiting.values()].sort((a, b) => b.queued.length - a.queued.length);
    if (!longest) return undefined;
    const tookMs = Math.max(longest.tookMs, now - since);
    return { claims: this.withdraw(longest.name, KEPT), forMs: this.#timeOf(longest, tookMs) };
  }

  /** The time that a domain needs for the claims that it keeps. Each acceptance allows one more message in flight. */
  #timeOf(domain: Domain, tookMs: number): number {
    const { concurrency = this.#room, rate = Infinity } = this.#options.perDomain ?? {};
    let [left, ms] = [KEPT, 0];
    for (let window = Math.max(1, this.#windowOf(domain)); left > 0; window *= 2) {
      left -= Math.min(window, concurrency);
      ms += tookMs;
    }
    return Math.min(LONGEST_CROWDED_MS, Math.max(ms, (KEPT * 1000) / rate));
  }

  /** Notes any reply of the server. */
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
   * Notes a lost connection or a missing reply. Returns "cut off" if the recipient domain is the cause for the second time
   * in a row, and "stop" if the server has failed too often.
   */
  lost(loss: Loss): "go on" | "cut off" | "stop" {
    const now = this.clock();
    const domain = this.#domainOf(loss.claim);
    if (!loss.isConnecting && !loss.isAnswer) {
      const isDomains = this.#isOnly(domain, loss.startedAt);
      this.#strike(domain, loss, now);
      if (isDomains) return domain.strikes >= STRIKES ? "cut off" : "go on";
    }
    // Messages that were in flight together count as one failure.
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
    // Each timeout counts. Lost connections of one moment count once, because a server that restarts ends all of them.
    if (!isTimeout && startedAt < domain.lostAt) return;
    domain.strikes++;
    domain.lostAt = now;
  }

  /** Whether other domains accepted messages while this one was silent, or before that if no other message is in flight. */
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

  #windowOf({ window, places }: Domain): number {
    const { perDomain, isShared } = this.#options;
    const most = perDomain?.concurrency ?? Infinity;
    return Math.min(this.#hasAnswered ? window : 1, isShared && most < Infinity ? places : most);
  }

  #isOpen(domain: Domain, now: number): boolean {
    if (this.#hasDomainRate && domain.starts.giveUp(now) > 0) domain.nextAt = domain.starts.next;
    return domain.inFlight < this.#windowOf(domain) && domain.nextAt <= now;
  }

  #domainOf({ to }: Claim): Domain {
    const name = domainOf(to.address);
    const seen = this.#domains.get(name);
    if (seen) return seen;
    const domain: Domain = {
      name,
      queued: [],
      inFlight: 0,
      tookMs: 0,
      window: FIRST_WINDOW,
      strikes: 0,
      lostAt: -Infinity,
      nextAt: this.#hasDomainRate ? Infinity : 0,
      starts: new StartTimes(),
      places: 0,
      askAt: 0,
    };
    this.#domains.set(name, domain);
    return domain;
  }
}

/** A limit over a longer time is a quota, which may be used up at once. Other limits are rates: messages are spread out. */
const LONGEST_RATE_MS = 60_000;
const DAY_MS = 86_400_000;
const BUCKET_MS = 600_000;
/** A rate is kept over the messages of one second, and over at most this many. */
const MOST_AT_ONCE = 100;
/** The unit of the pause after complaints. The first in a row causes a pause of twice this time, the second of four times. */
const BREATHER_MS = 250;
const LONGEST_BREATHER_MS = 8_000;
/** The lowest rate, in messages a second. */
const SLOWEST = 0.1;
/** The new rate after a complaint, as a part of the rate at which messages were accepted before it. */
const DECREASE = 0.97;
/** A rate that was kept for this long is more exact than a measured one, because relays count over about a second. */
const SUSTAINED_MS = 5_000;
const SHORTEST_MEASURE_MS = 1_000;
/** A server that accepts nothing for longer counts its limit over a longer time, which the measure includes. */
const SHORT_BLOCK_MS = 2_000;
/** For this time after a complaint, the rate rises by a thousandth a second, because the limit is near. */
const NEAR_LIMIT_MS = 30_000;
const NEAR_LIMIT_RISE = 1.001;
/** Later the rate doubles in this time. */
const DOUBLING_MS = 20_000;
/** The longest time between two acceptances for which the rate rises. */
const LONGEST_STEP_MS = 1_000;

interface PaceOptions {
  readonly limits?: readonly RateLimit[] | undefined;
  readonly known?: KnownPace | undefined;
  readonly now: number;
  readonly dayOffsetMs: number;
  readonly isShared?: boolean | undefined;
}

/** A sender's part of an account that other senders use too. */
interface Share {
  readonly starts: StartTimes;
  /** The number of messages in flight with a start time. */
  begun: number;
  /** The last change and rate that the store returned. */
  change: number;
  rate: number;
  counted: number;
  complaint: Wish["complaint"];
  /** The number of messages of all senders at the last exchange. */
  total: number | undefined;
  /** The time at which the first rate is set. By then the numbers of the other senders are known. */
  learnAt: number | undefined;
}

/**
 * The pace of one account at a relay. Messages go within the configured limits. After a complaint of the relay, they go a
 * little below the rate at which it accepted them. The rate recovers while the relay accepts. Times are in milliseconds of
 * a monotonic clock.
 */
class Pace {
  readonly #ceiling: number;
  readonly #quotas: readonly RateLimit[];
  readonly #known: number | undefined;
  #dayOffsetMs: number;
  #sent: (readonly [begin: number, count: number])[];
  #rate: number;
  #raisedAt = Infinity;
  /** The end times of the messages that the relay may still count, in order. */
  #recent: number[] = [];
  #pausedUntil = 0;
  #slowedAt: number;
  #complaints = 0;
  #blockedSince: number | undefined;
  /** The number of messages accepted since the rate was last set. */
  #measure: { since: number | undefined; accepted: number } = { since: undefined, accepted: 0 };
  readonly #share: Share | undefined;

  constructor({ limits = [], known, now, dayOffsetMs, isShared }: PaceOptions) {
    const rates = limits.filter(({ perMs }) => perMs <= LONGEST_RATE_MS);
    this.#ceiling = Math.min(Infinity, ...rates.map(({ count, perMs }) => (count * 1000) / perMs));
    this.#quotas = limits.filter(({ perMs }) => perMs > LONGEST_RATE_MS);
    this.#known = known?.rate;
    this.#dayOffsetMs = dayOffsetMs;
    this.#sent = [...(known?.sent ?? [])];
    this.#rate = Math.min(this.#ceiling, this.#known ?? Infinity);
    this.#slowedAt = this.#known === undefined ? -Infinity : now;
    const none = { complaint: undefined, total: undefined, learnAt: undefined };
    if (isShared)
      this.#share = {
        starts: new StartTimes(),
        begun: 0,
        change: -1,
        rate: Infinity,
        counted: 0,
        ...none,
      };
  }

  /** Whether there is a complaint that the other senders don't know yet. */
  get isNews(): boolean {
    return this.#share?.complaint !== undefined;
  }

  /** Whether messages need a reserved start time. */
  get #isReserved(): boolean {
    return this.#share !== undefined && (this.#rate < Infinity || this.#quotas.length > 0);
  }

  /** The number of start times to reserve. `most`: the number of messages that could start now. */
  wanted(most: number, now: number): number {
    if (!this.#share || !this.#isReserved) return 0;
    this.#share.counted -= this.#share.starts.giveUp(now);
    const window = Math.min(most, Math.max(1, Math.ceil(this.#rate * WINDOW)));
    return this.#share.starts.count > window / 2 ? 0 : window;
  }

  /** The request for start times, with the news for the other senders. */
  wish(starts: number): Omit<Wish, "perDomain" | "domains"> {
    const share = this.#share;
    const { change = 0, counted = 0, complaint } = share ?? {};
    if (share) Object.assign(share, { counted: 0, complaint: undefined });
    const rate = this.#rate < this.#ceiling ? this.#rate : undefined;
    const ceiling = this.#ceiling < Infinity ? this.#ceiling : undefined;
    return { starts, ceiling, quotas: this.#quotas, rate, change, complaint, counted };
  }

  /** Takes over the answer of the store. Without an answer, the news of the wish stays for the next one. */
  share(wish: Wish, answer: Reserved | undefined, now: number): void {
    const share = this.#share;
    if (!share) return;
    if (!answer) {
      share.counted += wish.counted;
      share.complaint ??= wish.complaint;
      return;
    }
    const total = answer.sent.reduce((sum, [, count]) => sum + count, 0);
    const own = answer.starts + wish.counted;
    if (share.total !== undefined) this.#measure.accepted += Math.max(0, total - share.total - own);
    const { change, sent, rate = Infinity } = answer;
    if (Math.min(rate, this.#ceiling) < Math.min(share.rate, this.#rate)) this.#slowedAt = now;
    Object.assign(share, { change, total, rate });
    this.#dayOffsetMs = answer.now - now;
    this.#sent = [...sent];
    // The answer does not contain a complaint that came meanwhile.
    const most = share.complaint ? this.#rate : this.#ceiling;
    this.#rate = Math.min(rate, most);
    share.starts.add(answer, now);
    if (this.#rate < Infinity) share.learnAt = undefined;
    if (now < (share.learnAt ?? Infinity)) return;
    share.learnAt = undefined;
    this.#learn(now, false);
    share.complaint = { pauseMs: 0 };
  }

  /** Called when the sender ends. The first rate is then set with the next answer. */
  learnSoon(): void {
    if (this.#share?.learnAt !== undefined) this.#share.learnAt = -Infinity;
  }

  /** The pace to store for the next run. */
  known(now: number): KnownPace {
    const day = now + this.#dayOffsetMs - DAY_MS;
    this.#sent = this.#sent.filter(([begin]) => begin + BUCKET_MS > day);
    const isLearned = this.#rate < this.#ceiling;
    return { sent: this.#sent, ...(isLearned && { rate: this.#rate }) };
  }

  /** The number of complaints since the last accepted message. */
  get complaints(): number {
    return this.#complaints;
  }

  /** The time since the first of these complaints. 0 if there is none. */
  blockedMs(now: number): number {
    return this.#blockedSince === undefined ? 0 : now - this.#blockedSince;
  }

  /** The time at which the rate lets the next message go. Infinity if a message in flight has to end first. */
  nextAt(inFlight: number): number {
    if (this.#share)
      return Math.max(this.#pausedUntil, this.#isReserved ? this.#share.starts.next : 0);
    const over = this.#recent.length + inFlight - this.#atOnce;
    if (this.#rate === Infinity || over < 0) return this.#pausedUntil;
    return Math.max(this.#pausedUntil, (this.#recent[over] ?? Infinity) + this.#spanMs);
  }

  mayStart(now: number, inFlight: number): boolean {
    if (this.#share) this.#share.counted -= this.#share.starts.giveUp(now);
    if (this.nextAt(inFlight) > now) return false;
    if (this.#share) return true;
    return this.#quotas.every((quota) => this.#used(quota, now) + inFlight < quota.count);
  }

  /** If a quota is used up: the time of day from which messages may go again. */
  usedUpUntil(now: number): number | undefined {
    // Unused start times are given back, so the quota may not be used up yet.
    const share = this.#share;
    if (share && (share.starts.count + share.begun > 0 || share.counted < 0)) return undefined;
    const ends = this.#quotas
      .filter((quota) => this.#used(quota, now) >= quota.count)
      .map(({ perMs }) => this.freeAt(perMs, now));
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  /** The time of day at which the first message of the last `perMs` milliseconds no longer counts. */
  freeAt(perMs: number, now: number): number {
    const day = now + this.#dayOffsetMs;
    const [first] = this.#sent.find(([begin]) => begin + BUCKET_MS > day - perMs) ?? [day];
    return first + BUCKET_MS + perMs;
  }

  start(now: number): void {
    this.#measure.since ??= now;
    if (!this.#share || !this.#isReserved) return;
    this.#share.starts.use();
    this.#share.begun++;
  }

  /**
   * Notes the end of a message. The relay counted it before this moment. It is therefore no longer counted a second from
   * now, even if its reply or our timers were late.
   */
  ended(now: number): void {
    if (this.#share && this.#share.begun > 0) {
      this.#share.begun--;
      this.#share.counted--;
    }
    if (this.#share || this.#rate === Infinity) return;
    const old = this.#recent.findIndex((at) => at + this.#spanMs > now);
    this.#recent.splice(0, old < 0 ? this.#recent.length : old);
    this.#recent.push(now);
  }

  /** The most messages that may start at once. The rate is kept over the time for this many messages. */
  get #atOnce(): number {
    return Math.min(MOST_AT_ONCE, Math.ceil(this.#rate));
  }

  get #spanMs(): number {
    return (this.#atOnce * 1000) / this.#rate;
  }

  accepted(now: number): void {
    if (this.#share) this.#share.counted++;
    else this.#count(now + this.#dayOffsetMs);
    const isLearning = this.#share?.learnAt !== undefined;
    if (this.#complaints > 0 && this.blockedMs(now) < SHORT_BLOCK_MS && !isLearning) {
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
   * Notes that the relay complained, about our rate or a fault of its own. Complaints about messages that were in flight
   * together count once.
   */
  slowDown(startedAt: number, now: number, about: "rate" | "fault" = "rate"): void {
    if (startedAt <= this.#slowedAt) return;
    const isKnown = this.#rate < Infinity;
    const isSustained = isKnown && now - this.#slowedAt > SUSTAINED_MS;
    this.#blockedSince ??= now;
    this.#complaints++;
    // If nothing was accepted since the last complaint, no rate can be learned. The relay needs a pause.
    const isLearning = this.#measure.accepted > 0 && about === "rate";
    if (isLearning && this.#share && !isKnown) this.#share.learnAt ??= now + EXCHANGE_MS;
    else if (isLearning) this.#learn(now, isSustained);
    this.#slowedAt = now;
    const isFirst = isSustained && this.#complaints === 1;
    const breatherMs = isFirst
      ? 0
      : Math.min(BREATHER_MS * 2 ** this.#complaints, LONGEST_BREATHER_MS);
    this.#pausedUntil = now + Math.max(1000 / this.#rate, breatherMs);
    if (!this.#share) return;
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#share.learnAt ?? 0);
    this.#share.counted -= this.#share.starts.giveUp(now, true);
    this.#share.complaint = { pauseMs: this.#pausedUntil - now };
  }

  /** Undoes the last complaint, which turned out to be about one domain. */
  forget(): void {
    this.#rate = Math.min(this.#ceiling, this.#known ?? Infinity);
    this.#pausedUntil = 0;
    this.#complaints = 0;
    this.#blockedSince = undefined;
    if (this.#share) this.#share.complaint = undefined;
  }

  #learn(now: number, isSustained: boolean): void {
    const { since = now, accepted } = this.#measure;
    const measured = (accepted * 1000) / Math.max(SHORTEST_MEASURE_MS, now - since);
    // A few complaints within a short time are weak evidence, so the rate is at most halved.
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
