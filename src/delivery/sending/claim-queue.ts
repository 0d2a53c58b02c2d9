import { domainOf } from "../../subscribers/recipient.ts";
import type { Claim } from "../ledger.ts";

/** Claims that wait for their turn, one recipient domain after the other, so that none holds up the rest. */
export class ClaimQueue {
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
