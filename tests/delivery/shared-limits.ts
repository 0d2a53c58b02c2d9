import type {
  Reservation,
  Reservations,
  Reserved,
} from "../../src/delivery/sending/reservations.ts";

const LEASE_MS = 30_000;
const BUCKET_MS = 600_000;

interface DomainState {
  nextAt: number;
  readonly places: Map<string, readonly [count: number, until: number]>;
}

/** The limits of several senders in one process. */
export class SharedLimits implements Reservations {
  readonly #now: () => number;
  #rate: number | undefined;
  #change = 0;
  #nextAt = 0;
  #sent = new Map<number, number>();
  readonly #domains = new Map<string, DomainState>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async reserve(asked: Reservation): Promise<Reserved> {
    const now = this.#now();
    this.#learn(asked);
    const everyMs = 1000 / Math.min(this.#rate ?? Infinity, asked.ceiling ?? Infinity);
    const begins = Math.max(
      now + (asked.complaint?.pauseMs ?? 0),
      beginsFrom(this.#nextAt, now, everyMs),
    );
    const rooms = asked.quotas.map(({ count, perMs }) => count - this.#sentIn(now - perMs));
    const starts = Math.max(0, Math.min(asked.starts, ...rooms));
    this.#nextAt = begins + starts * everyMs;
    const bucket = Math.floor(now / BUCKET_MS) * BUCKET_MS;
    this.#sent.set(bucket, (this.#sent.get(bucket) ?? 0) + starts + asked.counted);
    return {
      now,
      starts,
      firstMs: begins - now,
      everyMs,
      rate: this.#rate,
      change: this.#change,
      sent: [...this.#sent],
      domains: asked.domains.map((one) => this.#domain(one, asked, now)),
    };
  }

  #learn({ rate, complaint, change }: Reservation): void {
    const lower = Math.min(this.#rate ?? Infinity, rate ?? Infinity);
    const asIs = change === this.#change ? rate : this.#rate;
    const next = complaint ? lower : asIs;
    if (next === this.#rate || (next === Infinity && this.#rate === undefined)) return;
    this.#rate = next;
    this.#change++;
  }

  #sentIn(from: number): number {
    return [...this.#sent].reduce((sum, [at, n]) => (at + BUCKET_MS > from ? sum + n : sum), 0);
  }

  #domain(
    { domain, starts, places: wanted }: Reservation["domains"][number],
    { worker, perDomain }: Reservation,
    now: number,
  ) {
    const everyMs = perDomain.rate === undefined ? 0 : 1000 / perDomain.rate;
    const state = this.#domains.get(domain) ?? { nextAt: 0, places: new Map() };
    this.#domains.set(domain, state);
    const begins = beginsFrom(state.nextAt, now, everyMs);
    state.nextAt = begins + starts * everyMs;
    const others = [...state.places].filter(([name, [, until]]) => name !== worker && until > now);
    const taken = others.reduce((sum, [, [count]]) => sum + count, 0);
    const places = Math.max(0, Math.min(wanted, (perDomain.concurrency ?? Infinity) - taken));
    state.places.set(worker, [places, now + LEASE_MS]);
    return { domain, starts, firstMs: begins - now, everyMs, places };
  }
}

function beginsFrom(nextAt: number, now: number, everyMs: number): number {
  return nextAt > now + 200 * Math.max(1000, everyMs) ? now : Math.max(nextAt, now);
}
