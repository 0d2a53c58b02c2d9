import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextTry } from "../../src/delivery/sending/answer-policy.ts";
import { CircuitBreaker } from "../../src/delivery/sending/circuit-breaker.ts";
import { Throttle } from "../../src/delivery/sending/throttle.ts";

/** How many go in a second when each is answered at once, from a moment on. */
function inOneSecond(pace: Throttle, from: number): number {
  let sent = 0;
  for (let now = from; now < from + 1000; now++) {
    while (sent < 10_000 && pace.mayStart(now)) {
      pace.start(now);
      pace.end();
      sent++;
    }
  }
  return sent;
}

const at = (startedAt: number, now: number, isConnecting = false) => ({
  startedAt,
  now,
  isConnecting,
});

describe("the pace", () => {
  test("without limits is none", () => {
    expect(inOneSecond(new Throttle(), 0)).toBe(10_000);
  });

  test.each([1, 10, 40, 2000])("of %d a second is kept, a short catching up apart", (rate) => {
    const pace = new Throttle({ rate });
    inOneSecond(pace, 1_000_000);
    const sent = inOneSecond(pace, 1_001_000);
    expect(sent).toBeGreaterThan(rate * 0.85);
    expect(sent).toBeLessThan(rate * 1.15 + 1);
  });

  test("never lets more go at a time than it may, whatever happens", () => {
    const steps = fc.array(fc.constantFrom("start", "end", "slow", "accept"), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (happenings, concurrency) => {
        const pace = new Throttle({ concurrency });
        let underway = 0;
        let now = 0;
        for (const happening of happenings) {
          now += 10_000;
          if (happening === "start" && pace.mayStart(now)) {
            pace.start(now);
            underway++;
          }
          if (happening === "end" && underway > 0) {
            pace.end();
            underway--;
          }
          if (happening === "slow") pace.slowDown(now, now);
          if (happening === "accept") pace.accepted(now);
          expect(underway).toBeLessThanOrEqual(concurrency);
          expect(pace.room).toBeLessThanOrEqual(concurrency - underway);
          // However often it was slowed down, it goes on.
          expect(underway > 0 || pace.mayStart(now + 11_000)).toBe(true);
        }
      }),
    );
  });

  test("however many complaints follow each other, it waits for ten seconds at most", () => {
    const pace = new Throttle({ concurrency: 1 });
    for (let now = 0; now < 20; now++) pace.slowDown(now, now);
    expect(pace.nextAt).toBeLessThanOrEqual(19 + 10_000);
  });

  test("after a complaint goes below what was accepted, once for all that were under way, and comes back", () => {
    const pace = new Throttle();
    for (let n = 0; n < 100; n++) pace.start(0);
    for (let n = 0; n < 100; n++) {
      if (n < 40) pace.accepted(5);
      else pace.slowDown(0, 5);
      pace.end();
    }
    expect(pace.complaints).toBe(1);
    expect(pace.room).toBe(1);
    pace.accepted(600);
    expect(pace.room).toBe(Infinity);
    expect(inOneSecond(pace, 600)).toBeGreaterThan(0.75 * 40);
    expect(inOneSecond(pace, 1600)).toBeLessThan(40);
    for (let now = 1600; now < 31_600; now += 100) pace.accepted(now);
    expect(inOneSecond(pace, 31_600)).toBeGreaterThan(2 * 40);
  });

  test("one that was slowed down for what another is to blame for is as it was", () => {
    const pace = new Throttle({ rate: 50 });
    pace.start(0);
    pace.accepted(1);
    pace.slowDown(1, 2);
    pace.forget();
    expect(pace.complaints).toBe(0);
    expect(inOneSecond(pace, 10)).toBeGreaterThan(45);
  });

  test("goes on through a block of a minute, with few tries, at the rate that it had", () => {
    const pace = new Throttle();
    for (let n = 0; n < 30; n++) pace.accepted(n);
    let tries = 0;
    for (let now = 30; now < 60_030; now++) {
      if (!pace.mayStart(now)) continue;
      pace.start(now);
      pace.slowDown(now, now);
      pace.end();
      tries++;
    }
    expect(tries).toBeLessThan(15);
    expect(pace.blockedMs(60_030)).toBeGreaterThan(59_000);
    pace.accepted(60_031);
    expect(pace.blockedMs(60_031)).toBe(0);
    expect(inOneSecond(pace, 69_000)).toBeGreaterThan(20);
  });

  test("takes a breath after a complaint, and a longer one after the next", () => {
    const pace = new Throttle();
    pace.slowDown(0, 0);
    expect(pace.mayStart(499)).toBe(false);
    expect(pace.mayStart(500)).toBe(true);
    pace.slowDown(500, 500);
    expect(pace.mayStart(1400)).toBe(false);
    expect(pace.mayStart(1500)).toBe(true);
  });
});

describe("the way to the server", () => {
  test("is tried by one message before all go", () => {
    const circuit = new CircuitBreaker();
    expect(circuit.isProbing).toBe(true);
    circuit.succeeded();
    expect(circuit.isProbing).toBe(false);
  });

  test("is given up at once where there never was a connection", () => {
    expect(new CircuitBreaker().failed(at(0, 10, true))).toBe(false);
  });

  test("is tried again where there was one, a few times, with longer waits", () => {
    const circuit = new CircuitBreaker();
    circuit.succeeded();
    expect(circuit.failed(at(0, 10, true))).toBe(true);
    expect(circuit.probeAt).toBe(260);
    // Under way together: they all found the same connection gone.
    expect(circuit.failed(at(5, 11))).toBe(true);
    expect(circuit.probeAt).toBe(260);
    expect(circuit.failed(at(260, 270))).toBe(true);
    expect(circuit.probeAt).toBe(1270);
    expect(circuit.failed(at(1270, 1280))).toBe(false);
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
