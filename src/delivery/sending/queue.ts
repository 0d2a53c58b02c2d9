import { domainOf } from "../../subscribers/recipient.ts";
import type { Claim, ClaimRequest, Ledger } from "../ledger.ts";
import { Throttle, type ThrottleLimits } from "./throttle.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Message } from "../compile-message.ts";

/** Claims by recipient domain. Domains take turns, so that none holds up the rest. */
class ClaimQueue {
  readonly #byDomain = new Map<string, Claim[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(claims: readonly Claim[]): void {
    for (const claim of claims) {
      const domain = domainOf(claim.to.address);
      const queued = this.#byDomain.get(domain);
      if (queued) queued.push(claim);
      else this.#byDomain.set(domain, [claim]);
    }
    this.#size += claims.length;
  }

  /** The next claim whose domain is open. */
  next(isOpen: (domain: string) => boolean): Claim | undefined {
    for (const [domain, queued] of this.#byDomain) {
      if (!isOpen(domain)) continue;
      const claim = queued.shift();
      this.#byDomain.delete(domain);
      if (queued.length > 0) this.#byDomain.set(domain, queued);
      this.#size--;
      return claim;
    }
    return undefined;
  }

  /** Removes the claims of a domain and returns them, but for the first `kept`. */
  take(domain: string, kept = 0): Claim[] {
    const taken = this.#byDomain.get(domain)?.splice(kept) ?? [];
    if (kept === 0) this.#byDomain.delete(domain);
    this.#size -= taken.length;
    return taken;
  }

  has(domain: string): boolean {
    return this.#byDomain.has(domain);
  }

  /** The domain with most claims. */
  get longest(): string | undefined {
    const [longest] = [...this.#byDomain].sort(([, a], [, b]) => b.length - a.length);
    return longest?.[0];
  }

  get domains(): Iterable<string> {
    return this.#byDomain.keys();
  }
}

interface QueueOptions {
  readonly perDomain?: ThrottleLimits | undefined;
  /** At most so many recipients in this run. */
  readonly atMost?: number | undefined;
}

/** How many claims are fetched at a time; more are fetched when fewer than a fifth of them are left. */
const FETCHED = 500;
/** How many claims may wait here, since their domains are throttled. */
const HELD = 4 * FETCHED;
/** How many claims of the longest domain stay when it makes room for others. */
const KEPT = FETCHED / 5;
/** How often a domain makes room. */
const CROWDED_MS = 1_000;

/** The send queue: claims of the ledger, each recipient domain at its own rate. */
export class SendQueue {
  readonly #ledger: Ledger;
  readonly #request: Omit<ClaimRequest, "limit">;
  readonly #perDomain: ThrottleLimits | undefined;
  readonly #queue = new ClaimQueue();
  readonly #throttles = new Map<string, Throttle>();
  #left: number;
  /** When the ledger may have a recipient who is due. */
  #claimAt = 0;
  #crowdedUntil = 0;

  constructor(ledger: Ledger, request: Omit<ClaimRequest, "limit">, options: QueueOptions) {
    this.#ledger = ledger;
    this.#request = request;
    this.#perDomain = options.perDomain;
    this.#left = options.atMost ?? Infinity;
  }

  /** Whether no claim waits, and none will be due in this run. */
  get isEmpty(): boolean {
    return this.#queue.size === 0 && !this.#mayClaim(Infinity);
  }

  /** Whether the ledger had no other recipient who is due, when it was last asked. */
  get isListDone(): boolean {
    return this.#claimAt === Infinity;
  }

  /**
   * Takes more claims from the ledger where few are left whose domain is open. Where the queue is full of claims
   * whose domains must wait, it returns most of the longest domain's instead, for the caller to put back.
   */
  async refill(now: number): Promise<readonly Claim[]> {
    const isShort = this.#queue.size < FETCHED / 5 || !this.#isAnyOpen(now);
    if (!isShort || !this.#mayClaim(now)) return [];
    if (this.#queue.size >= HELD) return this.#makeRoom(now);
    const limit = Math.min(FETCHED, this.#left);
    const claims = await this.#ledger.claim({ ...this.#request, limit });
    this.#queue.add(claims);
    this.#left -= claims.length;
    if (claims.length < limit) this.#claimAt = Infinity;
    return [];
  }

  /** The next claim whose domain may be sent to; it counts as under way until `ended`. */
  next(now: number): Claim | undefined {
    const claim = this.#queue.next((domain) => this.#isOpen(domain, now));
    if (claim) this.throttleOf(claim).start(now);
    return claim;
  }

  ended(claim: Claim): void {
    const throttle = this.throttleOf(claim);
    throttle.end();
    const domain = domainOf(claim.to.address);
    // A list may have nearly as many domains as subscribers: those that are not throttled cost no memory.
    if (throttle.isFresh && !this.#queue.has(domain)) this.#throttles.delete(domain);
  }

  /** A recipient is planned again, and due at a moment. */
  expect(at: number): void {
    this.#claimAt = Math.min(this.#claimAt, at);
    this.#left++;
  }

  throttleOf({ to }: Claim): Throttle {
    const domain = domainOf(to.address);
    const seen = this.#throttles.get(domain);
    if (seen) return seen;
    const throttle = new Throttle(this.#perDomain);
    this.#throttles.set(domain, throttle);
    return throttle;
  }

  /** Removes the claims of a domain and returns them. */
  withdraw(domain: string): readonly Claim[] {
    return this.#queue.take(domain);
  }

  /** When the next claim may be open. A domain with too many messages in flight opens when one of them ends. */
  nextAt(): number {
    let at = this.#left > 0 ? Math.max(this.#claimAt, this.#crowdedUntil) : Infinity;
    for (const domain of this.#queue.domains) {
      const throttle = this.#throttles.get(domain);
      if (!throttle || throttle.room > 0) at = Math.min(at, throttle?.nextAt ?? 0);
    }
    return at;
  }

  #mayClaim(now: number): boolean {
    return this.#left > 0 && this.#claimAt < Infinity && this.#claimAt <= now;
  }

  #makeRoom(now: number): readonly Claim[] {
    if (now < this.#crowdedUntil) return [];
    this.#crowdedUntil = now + CROWDED_MS;
    return this.#queue.take(this.#queue.longest ?? "", KEPT);
  }

  #isAnyOpen(now: number): boolean {
    for (const domain of this.#queue.domains) if (this.#isOpen(domain, now)) return true;
    return false;
  }

  #isOpen(domain: string, now: number): boolean {
    return this.#throttles.get(domain)?.mayStart(now) ?? true;
  }
}

/** A message that is ready to be handed to the transport. */
export interface Prepared {
  readonly claim: Claim;
  readonly message: Message;
}

interface ComposerOptions {
  readonly messageOf: (claim: Claim) => Message;
  /** How many messages are composed ahead. */
  readonly ahead: number;
  /** No message can be made for this recipient. */
  readonly onRefused: (claim: Claim, why: BroadsheetError) => void;
  /** An error in Broadsheet, which the next message would meet too. */
  readonly onBroken: (claim: Claim, error: Error) => void;
  readonly onDone: () => void;
}

/** Composes messages ahead, several at a time, so that no connection waits for one. */
export class Composer {
  readonly #options: ComposerOptions;
  readonly #ready: Prepared[] = [];
  #making = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  /** How many more messages may be begun. */
  get room(): number {
    return this.#options.ahead - this.#making - this.#ready.length;
  }

  get isMaking(): boolean {
    return this.#making > 0;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  make(claim: Claim): void {
    this.#making++;
    void this.#make(claim).finally(() => {
      this.#making--;
      this.#options.onDone();
    });
  }

  /** The next message, in the order in which they became ready. */
  take(): Prepared | undefined {
    return this.#ready.shift();
  }

  async #make(claim: Claim): Promise<void> {
    const { messageOf, onRefused, onBroken } = this.#options;
    try {
      this.#ready.push({ claim, message: messageOf(claim) });
    } catch (error) {
      if (error instanceof BroadsheetError) onRefused(claim, error);
      else onBroken(claim, error instanceof Error ? error : new Error(String(error)));
    }
  }
}
