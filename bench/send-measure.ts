/** What a contender of bench/send.ts prints when it is done. */
export interface Measure {
  readonly count: number;
  readonly ms: number;
  /** Of this process alone, in microseconds a message. */
  readonly cpuUs: number;
  readonly rssMb: number;
  /** How much larger it was at the end than when a tenth was sent. */
  readonly rssGrowthMb: number;
}

export interface Meter {
  /** So many are sent by now. */
  sent(count: number): void;
  done(): void;
}

/** Measures from here on, and prints it as one line of JSON. */
export function startMeter(count: number): Meter {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let early: number | undefined;
  return {
    sent(sofar) {
      if (early === undefined && sofar >= count / 10) early = process.memoryUsage().rss;
    },
    done() {
      const ms = performance.now() - begun;
      const { user, system } = process.cpuUsage(cpu);
      const { rss } = process.memoryUsage();
      const measure: Measure = {
        count,
        ms,
        cpuUs: (user + system) / count,
        rssMb: rss / 1e6,
        rssGrowthMb: (rss - (early ?? rss)) / 1e6,
      };
      console.log(JSON.stringify(measure));
    },
  };
}

/** Does something for each number below `count`, so many at a time. */
export async function each(
  count: number,
  atATime: number,
  work: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** Readers at a hundred domains, each with a token of their own. */
export function reader(n: number): { address: string; name: string; token: string } {
  const token = Buffer.from(`${n}`.padStart(32, "reader")).toString("base64url");
  return { address: `reader-${n}@domain-${n % 100}.example`, name: `Reader ${n}`, token };
}

/** What all contenders send. */
export const MAILING = {
  issue: { newsletter: "the-tidewrack", slot: "2026-W48" },
  from: { address: "post@tidewrack.example", name: "The Tidewrack" },
  date: new Date("2026-11-24T07:00:00Z"),
  secret: "bench",
  links: {
    unsubscribe: "https://tidewrack.example/u/{token}",
    web: "https://tidewrack.example/48",
  },
};
