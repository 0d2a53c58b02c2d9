import { expect, test } from "vitest";
import type { Reservation, Reservations } from "../../src/delivery/sending/reservations.ts";

/** Reservations that a test may use as several senders would. */
export interface ReservationsBench {
  readonly reservations: Reservations;
  /** As if so many milliseconds had passed; or as if the database's clock had been set back. */
  readonly pass: (ms: number) => Promise<void>;
  close(): Promise<void>;
}

const ACCOUNT = "post@relay.example:587";

function wish(more: Partial<Reservation> = {}): Reservation {
  return {
    account: ACCOUNT,
    worker: "one",
    starts: 0,
    quotas: [],
    change: -1,
    counted: 0,
    perDomain: {},
    domains: [],
    ...more,
  };
}

/** Real time passes between two calls. */
const BETWEEN_MS = 50_000;

export function reservationsContract(name: string, makeBench: () => Promise<ReservationsBench>) {
  const inBench = async (work: (bench: ReservationsBench) => Promise<void>): Promise<void> => {
    const bench = await makeBench();
    try {
      await work(bench);
    } finally {
      await bench.close();
    }
  };

  test(`${name}: start times of all senders are as far apart as the rate says`, async () => {
    await inBench(async ({ reservations }) => {
      const calls = ["one", "two", "three", "four"].map(async (worker) =>
        reservations.reserve(wish({ worker, starts: 50, ceiling: 0.5 })),
      );
      const windows = await Promise.all(calls);
      const firsts = windows.map(({ firstMs }) => firstMs).sort((a, b) => a - b);
      expect(windows.map(({ starts, everyMs }) => [starts, everyMs])).toEqual(
        windows.map(() => [50, 2_000]),
      );
      // Each window is a hundred seconds long.
      for (const [at, firstMs] of firsts.entries()) {
        expect(firstMs).toBeLessThanOrEqual(100_000 * at);
        expect(firstMs).toBeGreaterThan(100_000 * at - BETWEEN_MS);
      }
    });
  });

  test(`${name}: start times that nobody reserved are gone`, async () => {
    await inBench(async ({ reservations, pass }) => {
      await reservations.reserve(wish({ starts: 1, ceiling: 1 }));
      await pass(60_000);
      const { firstMs } = await reservations.reserve(wish({ starts: 1, ceiling: 1 }));
      expect(firstMs).toBe(0);
    });
  });

  test(`${name}: a clock that is set back makes no sender wait`, async () => {
    await inBench(async ({ reservations, pass }) => {
      await reservations.reserve(wish({ starts: 1, ceiling: 50 }));
      await pass(-3_600_000);
      const { firstMs } = await reservations.reserve(wish({ starts: 1, ceiling: 50 }));
      expect(firstMs).toBe(0);
    });
  });

  test(`${name}: a quota holds in sum, and start times that came to nothing are given back`, async () => {
    await inBench(async ({ reservations }) => {
      const quotas = [{ count: 30, perMs: 86_400_000 }];
      const first = await reservations.reserve(wish({ starts: 20, quotas }));
      const second = await reservations.reserve(wish({ worker: "two", starts: 20, quotas }));
      expect([first.starts, second.starts]).toEqual([20, 10]);
      expect(second.sent.reduce((sum, [, count]) => sum + count, 0)).toBe(30);
      const third = await reservations.reserve(wish({ starts: 5, quotas, counted: -3 }));
      const fourth = await reservations.reserve(wish({ starts: 5, quotas }));
      expect([third.starts, fourth.starts]).toEqual([0, 3]);
    });
  });

  test(`${name}: what one sender learns of the relay holds for all`, async () => {
    await inBench(async ({ reservations }) => {
      const before = await reservations.reserve(wish({ worker: "two" }));
      const complaint = { pauseMs: 60_000 };
      const told = await reservations.reserve(wish({ rate: 12.5, complaint, starts: 1 }));
      expect(told.rate).toBe(12.5);
      expect(told.firstMs).toBeGreaterThan(60_000 - BETWEEN_MS);
      const stale = wish({ worker: "two", rate: 80, change: before.change });
      const known = await reservations.reserve(stale);
      expect(known).toMatchObject({ rate: 12.5, change: told.change });
      const risen = await reservations.reserve({ ...stale, rate: 13, change: known.change });
      expect(risen.rate).toBe(13);
      const higher = await reservations.reserve(wish({ rate: 20, complaint }));
      expect(higher.rate).toBe(13);
    });
  });

  test(`${name}: the limits of a recipient domain hold in sum`, async () => {
    await inBench(async ({ reservations, pass }) => {
      const perDomain = { rate: 0.1, concurrency: 3 };
      const ask = async (worker: string, starts: number, places: number) => {
        const domains = [{ domain: "harbour.example", starts, places }];
        const { domains: given } = await reservations.reserve(wish({ worker, perDomain, domains }));
        return given[0];
      };
      expect(await ask("one", 10, 2)).toMatchObject({ starts: 10, everyMs: 10_000, places: 2 });
      const second = await ask("two", 1, 2);
      expect(second).toMatchObject({ starts: 1, places: 1 });
      expect(second?.firstMs).toBeGreaterThan(100_000 - BETWEEN_MS);
      expect(await ask("one", 0, 0)).toMatchObject({ places: 0 });
      expect(await ask("two", 0, 3)).toMatchObject({ places: 3 });
      expect(await ask("one", 0, 1)).toMatchObject({ places: 0 });
      // A sender that is killed gives nothing back.
      await pass(60_000);
      expect(await ask("one", 0, 1)).toMatchObject({ places: 1 });
    });
  });
}
