import { describe, expect, test } from "vitest";
import type { Claim } from "../../src/delivery/ledger.ts";
import type { Reservations, Wish } from "../../src/delivery/sending/reservations.ts";
import { Scheduler, type SchedulerOptions } from "../../src/delivery/sending/scheduler.ts";
import { reservationsContract } from "./reservations-contract.ts";
import { SharedLimits } from "./shared-limits.ts";

reservationsContract("in one process", async () => {
  let now = Date.UTC(2031, 3, 2);
  return {
    reservations: new SharedLimits(() => now),
    pass: async (ms) => void (now += ms),
    close: async () => undefined,
  };
});

const DAY = Date.UTC(2031, 3, 2);

/** By how much the clock of a sender is off. */
const OFFSETS_MS = [0, 3_600_000, -3_600_000, 17];

interface Worker {
  readonly scheduler: Scheduler;
  readonly name: string;
  readonly inFlight: {
    readonly claim: Claim;
    readonly endsAt: number;
    readonly startedAt: number;
  }[];
  left: number;
}

interface Started {
  readonly at: number;
  readonly worker: string;
  readonly domain: string;
}

/** Senders of one account, each with a clock of its own, and a relay that answers after a while. */
class Senders {
  now = 0;
  readonly workers: Worker[];
  readonly started: Started[] = [];
  /** The senders whose quota was used up, and how many messages they had in flight then. */
  readonly ended = new Map<string, number>();
  /** The most messages in flight to a domain at a time. */
  readonly most = new Map<string, number>();
  readonly #reservations: Reservations;
  readonly #domains: readonly string[];
  readonly #answerMs: number;
  #id = 0;

  constructor(
    domains: readonly string[],
    {
      count = 4,
      readers = 10_000,
      answerMs = 50,
      ...options
    }: Partial<SchedulerOptions> & {
      readonly count?: number;
      readonly readers?: number;
      /** How long the relay takes for an answer. */
      readonly answerMs?: number;
    } = {},
  ) {
    this.#domains = domains;
    this.#answerMs = answerMs;
    this.#reservations = new SharedLimits(() => DAY + this.now);
    this.workers = OFFSETS_MS.slice(0, count).map((offset, n) => {
      const clock = () => this.now + 1000 * n;
      const dayOffsetMs = DAY + offset;
      const more = { concurrency: 4, clock, dayOffsetMs, isShared: true };
      const scheduler = new Scheduler({ ...more, ...options });
      scheduler.begin();
      return { scheduler, name: `worker ${n}`, inFlight: [], left: readers };
    });
  }

  /** `takes`: whether the relay takes a message, or says that it is too fast. */
  async run(seconds: number, takes: (at: number) => boolean = () => true): Promise<void> {
    for (const until = this.now + seconds * 1000; this.now < until; this.now++) {
      for (const worker of this.workers) await this.#step(worker, takes);
    }
  }

  async #step(worker: Worker, takes: (at: number) => boolean): Promise<void> {
    const { scheduler, name, inFlight } = worker;
    for (const one of inFlight.filter(({ endsAt }) => endsAt <= this.now)) {
      inFlight.splice(inFlight.indexOf(one), 1);
      if (takes(this.now)) scheduler.accepted(one.claim);
      else scheduler.pace.slowDown(one.startedAt, scheduler.clock());
      scheduler.ended(one.claim);
    }
    const limit = scheduler.toClaim();
    if (limit > 0) scheduler.add(this.#claims(worker, limit));
    const wish = scheduler.toReserve();
    // A run looks at any time whether its quota is used up.
    if (scheduler.quotaUntil !== undefined && !this.ended.has(name))
      this.ended.set(name, worker.inFlight.length);
    if (wish) await this.#exchange(worker, wish);
    for (let claim = scheduler.take(); claim; claim = scheduler.take()) this.#start(worker, claim);
  }

  async #exchange({ scheduler, name }: Worker, wish: Wish): Promise<void> {
    const asked = { ...wish, account: "relay", worker: name };
    scheduler.reserved(wish, await this.#reservations.reserve(asked));
  }

  /** Ends a sender as a run ends it. */
  async end(worker: Worker): Promise<void> {
    do {
      const wish = worker.scheduler.toReserve(true);
      if (wish) await this.#exchange(worker, wish);
    } while (worker.scheduler.pace.isNews);
  }

  #start({ name, inFlight, scheduler }: Worker, claim: Claim): void {
    const domain = domainOf(claim);
    inFlight.push({ claim, startedAt: scheduler.clock(), endsAt: this.now + this.#answerMs });
    this.started.push({ at: this.now, worker: name, domain });
    const all = this.workers.flatMap((worker) => worker.inFlight);
    const many = all.filter((one) => domainOf(one.claim) === domain).length;
    this.most.set(domain, Math.max(many, this.most.get(domain) ?? 0));
  }

  #claims(worker: Worker, limit: number): Claim[] {
    const many = Math.min(limit, worker.left);
    worker.left -= many;
    return Array.from({ length: many }, () => {
      const id = this.#id++;
      const address = `r${id}@${this.#domains[id % this.#domains.length]}`;
      return { id, group: 1, attempt: 1, messageId: `<${id}@letters.example>`, to: { address } };
    });
  }

  /** How many messages started in each second from one on to another. */
  perSecond(from: number, to: number, domain?: string): number[] {
    const some = this.started.filter((one) => domain === undefined || one.domain === domain);
    return Array.from(
      { length: to - from },
      (_, n) => some.filter(({ at }) => Math.floor(at / 1000) === from + n).length,
    );
  }
}

function domainOf({ to }: Claim): string {
  return to.address.split("@")[1] ?? "";
}

const MANY = Array.from({ length: 40 }, (_, n) => `d${n}.example`);

describe("four senders of one account", () => {
  test("keep its rate in sum, and each gets a part of it", async () => {
    const senders = new Senders(MANY, { rate: [{ count: 50, perMs: 1000 }] });
    await senders.run(20);
    for (const many of senders.perSecond(2, 20)) {
      expect(many).toBeGreaterThanOrEqual(48);
      expect(many).toBeLessThanOrEqual(51);
    }
    for (const { name } of senders.workers) {
      const own = senders.started.filter(({ worker }) => worker === name).length;
      expect(own).toBeGreaterThan(150);
    }
  });

  test("keep a quota in sum", async () => {
    const senders = new Senders(MANY, { rate: [{ count: 130, perMs: 86_400_000 }] });
    await senders.run(5);
    expect(senders.started).toHaveLength(130);
    for (const { scheduler } of senders.workers) expect(scheduler.quotaUntil).toBeGreaterThan(DAY);
    // A run that ends takes back what is in flight and has not begun.
    expect([...senders.ended.values()]).toEqual([0, 0, 0, 0]);
  });

  test("learn the rate that the relay takes from all of them, and come near to it", async () => {
    const senders = new Senders(MANY, { readers: 100_000 });
    const taken: number[] = [];
    // A relay that takes 40 in each second.
    const takes = (at: number): boolean => {
      while ((taken[0] ?? Infinity) <= at - 1000) taken.shift();
      if (taken.length >= 40) return false;
      taken.push(at);
      return true;
    };
    await senders.run(60, takes);
    const late = senders.perSecond(30, 60);
    const mean = late.reduce((sum, many) => sum + many, 0) / late.length;
    expect(mean).toBeGreaterThan(34);
    expect(mean).toBeLessThanOrEqual(40);
  });

  test("keep the limits of a recipient domain in sum", async () => {
    const perDomain = { concurrency: 3, rate: 10 };
    const senders = new Senders(["harbour.example"], { perDomain });
    await senders.run(10);
    expect(senders.most.get("harbour.example")).toBeLessThanOrEqual(3);
    for (const many of senders.perSecond(2, 10)) {
      expect(many).toBeGreaterThanOrEqual(8);
      expect(many).toBeLessThanOrEqual(11);
    }
  });

  test("leave their places at a domain to others when they end", async () => {
    const perDomain = { concurrency: 1 };
    const senders = new Senders(["harbour.example"], { perDomain, readers: 30 });
    await senders.run(15);
    expect(senders.started).toHaveLength(120);
    expect(senders.most.get("harbour.example")).toBe(1);
  });
});

test("a sender that ends within a second of the first complaint leaves the rate to the others", async () => {
  const senders = new Senders(MANY, { count: 2, readers: 100_000 });
  const [one, other] = senders.workers;
  if (!one || !other) throw new Error("there are two senders");
  await senders.run(3, () => true);
  // All are refused, and no second passes.
  await senders.run(0.2, () => false);
  for (const worker of senders.workers) expect(rateOf(worker)).toBeUndefined();
  await senders.end(one);
  const learned = rateOf(one);
  // Both had four messages in flight, each for 50 ms, for three seconds.
  expect(learned).toBeGreaterThan(60);
  expect(learned).toBeLessThan(160);
  await senders.end(other);
  expect(rateOf(other)).toBeLessThanOrEqual(learned ?? 0);
});

function rateOf({ scheduler }: Worker): number | undefined {
  return scheduler.pace.known(scheduler.clock()).rate;
}

test("a sender that was stopped for a while does not catch up", async () => {
  const senders = new Senders(MANY, { count: 1, rate: [{ count: 50, perMs: 1000 }] });
  await senders.run(5);
  senders.now += 10_000;
  await senders.run(5);
  for (const many of senders.perSecond(16, 20)) expect(many).toBeLessThanOrEqual(51);
});

test("a quota is not used up by start times that passed while the relay was slow", async () => {
  const rate = [{ count: 20, perMs: 86_400_000 }];
  const slow = { count: 1, rate, answerMs: 2_000, concurrency: 20 };
  const senders = new Senders(["harbour.example"], slow);
  while (senders.ended.size === 0 && senders.now < 60_000) await senders.run(0.001);
  expect(senders.started).toHaveLength(20);
});
