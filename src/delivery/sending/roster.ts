import { domainOf } from "../../subscribers/recipient.ts";
import type { Claim, ClaimRequest, Ledger } from "../ledger.ts";
import { Pace, type PaceLimits } from "./pace.ts";

/** Claims that wait for their turn, one recipient domain after the other, so that none holds up the rest. */
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

  /** Takes the claims of a domain out, but for the first ones that are to stay. */
  take(domain: string, kept = 0): Claim[] {
    const taken = this.#byDomain.get(domain)?.splice(kept) ?? [];
    if (kept === 0) this.#byDomain.delete(domain);
    this.#size -= taken.length;
    return taken;
  }

  has(domain: string): boolean {
    return this.#byDomain.has(domain);
  }

  /** The domain that most claims wait for. */
  get longest(): string | undefined {
    const [longest] = [...this.#byDomain].sort(([, a], [, b]) => b.length - a.length);
    return longest?.[0];
  }

  get domains(): Iterable<string> {
    return this.#byDomain.keys();
  }
}

export interface RosterOptions {
  readonly perDomain?: PaceLimits | undefined;
  /** So many recipients and no more. */
  readonly atMost?: number | undefined;
}

/** Claims are fetched by so many, and again when fewer than a fifth of them are left. */
const FETCHED = 500;
/** Of domains that must wait so many may be held, and of one alone so many when others want in. */
const HELD = 4 * FETCHED;
const KEPT = FETCHED / 5;
/** So often others are let in. */
const CROWDED_MS = 1_000;

/** Who is next: claims of the ledger, each recipient domain at its own pace. */
export class Roster {
  readonly #ledger: Ledger;
  readonly #request: Omit<ClaimRequest, "limit">;
  readonly #perDomain: PaceLimits | undefined;
  readonly #queue = new ClaimQueue();
  readonly #paces = new Map<string, Pace>();
  #left: number;
  /** When the ledger may have somebody for us. */
  #claimAt = 0;
  #crowdedUntil = 0;

  constructor(ledger: Ledger, request: Omit<ClaimRequest, "limit">, options: RosterOptions) {
    this.#ledger = ledger;
    this.#request = request;
    this.#perDomain = options.perDomain;
    this.#left = options.atMost ?? Infinity;
  }

  /** Whether nobody waits, and nobody will be due. */
  get isEmpty(): boolean {
    return this.#queue.size === 0 && !this.#mayClaim(Infinity);
  }

  /** Whether the ledger had nobody else who is due, when it was last asked. */
  get isListDone(): boolean {
    return this.#claimAt === Infinity;
  }

  /**
   * Takes more claims from the ledger where few are left that may be sent to. Gives back those of the domain
   * that most are waiting for, where they have filled the house and nobody else gets in.
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
    if (claim) this.paceOf(claim).start(now);
    return claim;
  }

  ended(claim: Claim): void {
    const pace = this.paceOf(claim);
    pace.end();
    const domain = domainOf(claim.to.address);
    // A list has as many domains as readers, or nearly so.
    if (pace.isFresh && !this.#queue.has(domain)) this.#paces.delete(domain);
  }

  /** Somebody of ours is planned again, and due at a moment. */
  returned(at: number): void {
    this.#claimAt = Math.min(this.#claimAt, at);
    this.#left++;
  }

  paceOf({ to }: Claim): Pace {
    const domain = domainOf(to.address);
    const known = this.#paces.get(domain);
    if (known) return known;
    const pace = new Pace(this.#perDomain);
    this.#paces.set(domain, pace);
    return pace;
  }

  /** Takes the claims of a domain out. */
  withdraw(domain: string): readonly Claim[] {
    return this.#queue.take(domain);
  }

  /** When somebody may be next who isn't now. A domain with too many under way opens when one of them ends. */
  nextAt(): number {
    let at = this.#left > 0 ? Math.max(this.#claimAt, this.#crowdedUntil) : Infinity;
    for (const domain of this.#queue.domains) {
      const pace = this.#paces.get(domain);
      if (!pace || pace.room > 0) at = Math.min(at, pace?.nextAt ?? 0);
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
    return this.#paces.get(domain)?.mayStart(now) ?? true;
  }
}
