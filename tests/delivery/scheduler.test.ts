import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Claim } from "../../src/delivery/ledger.ts";
import { nextTry } from "../../src/delivery/sending/answer-policy.ts";
import { Scheduler, type SchedulerOptions } from "../../src/delivery/sending/scheduler.ts";

/** A scheduler with a clock of its own, that has so many claims of each domain. */
function scheduling(
  claims: Readonly<Record<string, number>>,
  options: Partial<SchedulerOptions> = {},
) {
  let now = 0;
  const scheduler = new Scheduler({
    concurrency: 20,
    clock: () => now,
    dayOffsetMs: DAY,
    ...options,
  });
  scheduler.begin();
  let id = 0;
  const all = Object.entries(claims).flatMap(([domain, count]) =>
    Array.from({ length: count }, () => claimOf(`r${id++}@${domain}`, id)),
  );
  let fetched = 0;
  /** Fetches what it wants, and takes what may go. */
  const takeAll = (): Claim[] => {
    const taken: Claim[] = [];
    for (;;) {
      const wanted = scheduler.toClaim();
      if (wanted > 0) {
        scheduler.add(all.slice(fetched, fetched + wanted));
        fetched += wanted;
      }
      const claim = scheduler.take();
      if (claim) taken.push(claim);
      else if (wanted === 0) return taken;
    }
  };
  const accept = (claim: Claim): void => {
    scheduler.accepted(claim);
    scheduler.ended(claim);
  };
  const lose = (claim: Claim, startedAt: number, more: object = {}) => {
    const loss = { claim, startedAt, isConnecting: false, isTimeout: false, isAnswer: false };
    const next = scheduler.lost({ ...loss, ...more });
    scheduler.ended(claim);
    return next;
  };
  const pass = (ms: number): void => void (now += ms);
  /** How many go in so many seconds where each is answered at once, as a relay takes them. */
  const sentIn = (seconds: number, takes: () => boolean = () => true): number => {
    let sent = 0;
    for (let tick = 0; tick < seconds * 1000; tick++) {
      for (const claim of takeAll()) {
        if (takes()) {
          accept(claim);
          sent++;
        } else {
          scheduler.pace.slowDown(now, now);
          scheduler.ended(claim);
        }
      }
      now++;
    }
    return sent;
  };
  return { scheduler, takeAll, accept, lose, pass, sentIn, now: () => now };
}

const DAY = Date.UTC(2031, 3, 2);

function claimOf(address: string, id: number): Claim {
  return { id, group: 1, attempt: 1, messageId: `<${id}@letters.example>`, to: { address } };
}

const domainsOf = (claims: readonly Claim[]) => claims.map(({ to }) => to.address.split("@")[1]);

test("recipients who are due later are waited for, though the ledger had no others since", () => {
  const { scheduler, takeAll, accept, pass, now } = scheduling({ "a.example": 2 });
  for (const ms of [30_000, 40_000]) scheduler.expect(now() + ms);
  for (let claims = takeAll(); claims.length > 0; claims = takeAll())
    for (const claim of claims) accept(claim);
  for (const ms of [31_000, 10_000]) {
    expect(scheduler.isEmpty).toBe(false);
    expect(scheduler.toClaim()).toBe(0);
    pass(ms);
    expect(scheduler.toClaim()).toBeGreaterThan(0);
    scheduler.add([]);
  }
  expect(scheduler.isEmpty).toBe(true);
});

describe("the connection", () => {
  test("is tried by one message before all others go", () => {
    const { takeAll, accept } = scheduling({ "a.example": 30, "b.example": 30 });
    const [first, ...others] = takeAll();
    if (!first) throw new Error("none went");
    expect(others).toEqual([]);
    accept(first);
    expect(takeAll().length).toBeGreaterThan(1);
  });

  test("is tried by a message to another domain too, where the first one's may be silent", () => {
    const { scheduler, takeAll, accept, pass } = scheduling({ "a.example": 30, "b.example": 30 });
    expect(domainsOf(takeAll())).toEqual(["a.example"]);
    expect(scheduler.nextAt()).toBe(5_000);
    pass(5_000);
    const [other, ...more] = takeAll();
    expect([domainsOf(other ? [other] : []), more]).toEqual([["b.example"], []]);
    pass(1_000);
    expect(takeAll()).toEqual([]);
    if (other) accept(other);
    expect(takeAll().length).toBeGreaterThan(1);
  });

  test("is given up at once where there never was one", () => {
    const { takeAll, lose } = scheduling({ "a.example": 3 });
    const [first] = takeAll();
    expect(first && lose(first, 0, { isConnecting: true })).toBe("stop");
  });

  test("is tried again where there was one, a few times, with longer waits; all in flight together count once", () => {
    const { scheduler, takeAll, accept, lose, pass } = scheduling({ "a.example": 50 });
    const [first] = takeAll();
    if (!first) throw new Error("none went");
    accept(first);
    const flying = takeAll();
    expect(flying).toHaveLength(3);
    pass(10);
    expect(flying.map((claim) => lose(claim, 0))).toEqual(["go on", "go on", "go on"]);
    expect(takeAll()).toEqual([]);
    expect(scheduler.nextAt()).toBe(260);
    pass(250);
    const [probe, ...others] = takeAll();
    expect(others).toEqual([]);
    expect(probe && lose(probe, 260)).toBe("go on");
    expect(scheduler.nextAt()).toBe(1260);
    pass(1000);
    const [last] = takeAll();
    expect(last && lose(last, 1260)).toBe("stop");
  });
});

/** The first message is through, so that others may go. */
function opened(claims: Readonly<Record<string, number>>, options: Partial<SchedulerOptions> = {}) {
  const bench = scheduling({ "first.example": 1, ...claims }, options);
  for (const claim of bench.takeAll()) bench.accept(claim);
  return bench;
}

describe("a recipient domain", () => {
  test("has two messages in flight at first, and one more for each that it accepts", () => {
    const { takeAll, accept } = opened({ "a.example": 90 });
    const flying = takeAll();
    expect(flying).toHaveLength(2);
    for (let accepted = 1; accepted <= 10; accepted++) {
      const claim = flying.shift();
      if (claim) accept(claim);
      flying.push(...takeAll());
      expect(flying).toHaveLength(2 + accepted);
    }
  });

  test("never has more in flight than smtp.perDomain allows, nor sends faster", () => {
    const { takeAll, accept } = opened({ "a.example": 90 }, { perDomain: { concurrency: 3 } });
    for (let round = 0; round < 20; round++) {
      const flying = takeAll();
      expect(flying.length).toBeLessThanOrEqual(3);
      for (const claim of flying) accept(claim);
    }
    const paced = opened({ "a.example": 90 }, { perDomain: { rate: 10 } });
    expect(paced.sentIn(2)).toBeLessThanOrEqual(21);
  });

  test("that doesn't answer is cut off at the second timeout, while others are accepted", () => {
    const { takeAll, accept, lose, pass } = opened({ "a.example": 20, "b.example": 20 });
    const flying = takeAll();
    const silent = flying.filter(({ to }) => to.address.endsWith("@a.example"));
    expect(silent).toHaveLength(2);
    pass(1_000);
    for (const claim of flying) if (!silent.includes(claim)) accept(claim);
    pass(120_000);
    const [one, two] = silent;
    if (!one || !two) throw new Error("two went");
    expect(lose(one, 0, { isTimeout: true })).toBe("go on");
    expect(lose(two, 0, { isTimeout: true })).toBe("cut off");
  });

  test("has one message in flight after a timeout, until it accepts one", () => {
    const { takeAll, accept, lose, pass } = opened({ "a.example": 20, "b.example": 1 });
    const flying = takeAll();
    pass(1_000);
    for (const claim of flying.slice(1)) accept(claim);
    const [silent] = flying;
    if (!silent) throw new Error("none went");
    for (const claim of takeAll()) accept(claim);
    pass(120_000);
    lose(silent, 0, { isTimeout: true });
    const [probe, ...others] = takeAll();
    expect(others).toEqual([]);
    if (probe) accept(probe);
    expect(takeAll()).toHaveLength(2);
  });

  test("alone in flight is cut off too where others were accepted before, and not where none was", () => {
    const { takeAll, lose, pass } = opened({ "a.example": 20 });
    const [one, two] = takeAll();
    pass(120_000);
    if (!one || !two) throw new Error("two went");
    lose(one, 0, { isTimeout: true });
    expect(lose(two, 0, { isTimeout: true })).toBe("cut off");
    const only = scheduling({ "a.example": 20 });
    const [first] = only.takeAll();
    if (first) only.accept(first);
    only.pass(120_000);
    const results = only.takeAll().map((claim) => only.lose(claim, 0, { isTimeout: true }));
    expect(results).toEqual(["go on", "go on", "go on"]);
  });

  test("is not blamed where the server loses the messages of all domains at once", () => {
    const { takeAll, lose, pass } = opened({ "a.example": 9, "b.example": 9, "c.example": 9 });
    const flying = takeAll();
    expect(new Set(domainsOf(flying)).size).toBe(3);
    pass(10);
    expect(flying.map((claim) => lose(claim, 0))).not.toContain("cut off");
  });

  test("takes turns with others, and makes room where it must wait", () => {
    const { scheduler, takeAll, pass } = opened({ "a.example": 200, "b.example": 50 });
    expect(domainsOf(takeAll())).toEqual(["a.example", "a.example"]);
    expect(scheduler.crowdedOut()).toBeUndefined();
    pass(1_000);
    const { claims = [] } = scheduler.crowdedOut() ?? {};
    expect(claims.length).toBeGreaterThan(100);
    expect(domainsOf(takeAll())).toEqual(["b.example", "b.example"]);
  });

  test("that has a slow server and is the only one gets its claims back when it has sent to those it kept", () => {
    const { scheduler, takeAll, accept, pass } = opened({ "a.example": 300 });
    let flying = takeAll();
    pass(1_500);
    const { claims, forMs } = scheduler.crowdedOut() ?? { claims: [], forMs: 0 };
    expect(claims.length).toBeGreaterThan(50);
    // Each message takes 1.5 seconds, and with each answer one more goes at a time.
    let sent = 0;
    for (let ms = 0; ms < forMs; ms += 1_500) {
      sent += flying.length;
      for (const claim of flying) accept(claim);
      flying = takeAll();
      pass(1_500);
    }
    expect(forMs).toBeLessThan(10_000);
    expect(sent).toBeGreaterThanOrEqual(20);
  });

  test("that may get four messages in five seconds needs 25 seconds for the claims that it keeps", () => {
    const { scheduler, takeAll, pass } = opened({ "a.example": 300 }, { perDomain: { rate: 0.8 } });
    takeAll();
    pass(1_000);
    expect(scheduler.crowdedOut()?.forMs).toBe(25_000);
  });
});

test("property: never more are in flight or claimed than may be, and it always goes on", () => {
  const steps = fc.array(fc.constantFrom("accept", "lose", "hang", "slow", "wait"), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 30 }), (happenings, concurrency) => {
      const bench = scheduling({ "a.example": 150, "b.example": 150 }, { concurrency });
      const flying = bench.takeAll();
      for (const happening of happenings) {
        bench.pass(happening === "wait" ? 10_000 : 1);
        const claim = flying.shift();
        if (claim && happening === "accept") bench.accept(claim);
        const isTimeout = happening === "hang";
        const isLost = isTimeout || happening === "lose";
        if (claim && isLost && bench.lose(claim, bench.now(), { isTimeout }) === "stop") return;
        if (claim && happening === "slow") {
          bench.scheduler.pace.slowDown(bench.now(), bench.now());
          bench.scheduler.ended(claim);
        }
        if (claim && happening === "wait") flying.unshift(claim);
        flying.push(...bench.takeAll());
        expect(flying.length).toBeLessThanOrEqual(concurrency);
        if (flying.length > 0) continue;
        bench.pass(Math.min(20_000, Math.max(0, bench.scheduler.nextAt() - bench.now())));
        flying.push(...bench.takeAll());
        expect(flying.length > 0 || bench.scheduler.isEmpty).toBe(true);
      }
    }),
  );
});

/** A relay that takes so many in each span of time, and complains of others. */
function relay(count: number, perMs: number, now: () => number): () => boolean {
  let taken: number[] = [];
  return () => {
    taken = taken.filter((at) => at > now() - perMs);
    if (taken.length >= count) return false;
    taken.push(now());
    return true;
  };
}

const MANY = { "a.example": 100_000, "b.example": 100_000 };

describe("the relay's account", () => {
  test.each([1, 10, 40, 2000])("is sent %d a second, a short catching up apart", (count) => {
    const { sentIn } = scheduling(MANY, { rate: [{ count, perMs: 1000 }] });
    sentIn(1);
    const sent = sentIn(2) / 2;
    expect(sent).toBeGreaterThan(count * 0.85);
    expect(sent).toBeLessThan(count * 1.15 + 1);
  });

  test.each([
    [14, 1_000, 0.85, 0.95],
    [60, 1_000, 0.85, 0.95],
    [100, 10_000, 0.6, 0.7],
  ])(
    "whose relay takes %d in %d ms is used to the full, and more so by the next run",
    (count, perMs, ofFirst, ofSecond) => {
      const limit = (count * 1000) / perMs;
      const first = scheduling(MANY);
      const share = first.sentIn(70, relay(count, perMs, first.now)) / (70 * limit);
      expect(share).toBeGreaterThan(ofFirst);
      const known = first.scheduler.pace.known(first.now());
      expect(known.rate).toBeGreaterThan(limit * 0.8);
      const second = scheduling(MANY, { known });
      const shareThen = second.sentIn(70, relay(count, perMs, second.now)) / (70 * limit);
      expect(shareThen).toBeGreaterThan(ofSecond);
    },
  );

  test("whose relay takes more by now is sent more, some minutes later", () => {
    const { sentIn, now } = scheduling(MANY, { known: { rate: 10, sent: [] } });
    sentIn(120, relay(100, 1_000, now));
    expect(sentIn(10, relay(100, 1_000, now)) / 10).toBeGreaterThan(60);
  });

  test("gets few messages while the relay takes none, and goes on afterwards", () => {
    const { sentIn, now } = scheduling(MANY);
    const takes = relay(30, 1_000, now);
    sentIn(5, takes);
    let tries = 0;
    sentIn(60, () => {
      tries++;
      return false;
    });
    expect(tries).toBeLessThan(15);
    sentIn(10, takes);
    expect(sentIn(10, takes) / 10).toBeGreaterThan(20);
  });

  test("whose quota is used up waits until its first messages no longer count; the next run knows", () => {
    const rate = [
      { count: 50, perMs: 1_000 },
      { count: 120, perMs: 86_400_000 },
    ];
    const first = scheduling(MANY, { rate });
    expect(first.sentIn(30)).toBe(120);
    const until = first.scheduler.quotaUntil;
    // What was sent is counted by ten minutes.
    expect(until).toBe(DAY + 86_400_000 + 600_000);
    const known = first.scheduler.pace.known(first.now());
    const second = scheduling(MANY, { rate, known, dayOffsetMs: DAY + 3_600_000 });
    expect(second.sentIn(5)).toBe(0);
    expect(second.scheduler.quotaUntil).toBe(until);
    const third = scheduling(MANY, { rate, known, dayOffsetMs: Number(until) + 1 });
    expect(third.sentIn(5)).toBe(120);
  });

  test("complaints that were another's fault leave it as it was", () => {
    const { scheduler, takeAll, accept, sentIn, now } = scheduling(MANY, {
      rate: [{ count: 50, perMs: 1000 }],
    });
    for (const claim of takeAll()) accept(claim);
    scheduler.pace.slowDown(now(), now());
    scheduler.pace.forget();
    expect(scheduler.pace.complaints).toBe(0);
    expect(sentIn(1)).toBeGreaterThan(45);
  });
});

const NOW = new Date("2026-11-24T07:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const deferral = { id: 1, attempt: 1, firstTriedAt: NOW, now: NOW };

function after(hours: number): Date {
  return new Date(NOW.getTime() + hours * HOUR_MS);
}

test("those who were put off together come back spread out, and always at the same time", () => {
  const times = Array.from({ length: 200 }, (_, id) => nextTry({ ...deferral, id })?.getTime());
  expect(new Set(times).size).toBeGreaterThan(190);
  expect(Math.min(...times.map(Number))).toBeLessThan(NOW.getTime() + 4.1 * MINUTE_MS);
  expect(Math.max(...times.map(Number))).toBeGreaterThan(NOW.getTime() + 5.9 * MINUTE_MS);
  expect(nextTry({ ...deferral, id: 7 })).toEqual(nextTry({ ...deferral, id: 7 }));
});

test("nobody is tried 48 hours after the first attempt, or when the issue has expired", () => {
  const late = { ...deferral, attempt: 9 };
  expect(nextTry({ ...late, now: after(44) })).toBeDefined();
  expect(nextTry({ ...late, now: after(46) })).toBeUndefined();
  expect(nextTry({ ...late, expiresAt: after(4) })).toBeDefined();
  expect(nextTry({ ...late, expiresAt: after(2) })).toBeUndefined();
});
