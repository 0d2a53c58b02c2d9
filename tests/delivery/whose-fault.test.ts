import { describe, expect, test } from "vitest";
import type { Fault } from "../fault-server.ts";
import { ISSUE, people, type Run, sendingBench, sentTwice, tallied } from "./sending-bench.ts";

const HOUR_MS = 3_600_000;
const GONE = "550 5.1.1 <r0@harbour.example> no such user";

/** Readers of many domains, as a list has them. */
function spread(count: number): string[] {
  return people(count).map((address, n) => address.replace("harbour", `harbour${n % 25}`));
}

type Bench = Awaited<ReturnType<typeof sendingBench>>;

/** How many of the recipients get no later issue either. */
async function suppressedIn(bench: Bench, recipients: readonly string[]): Promise<number> {
  const { counts } = await bench.ledger.plan({
    issue: { ...ISSUE, slot: "2031-04-03" },
    contentHash: "next",
    recipients: recipients.map((address) => ({ address })),
  });
  return counts.suppressed;
}

function stopOf({ stoppedBy }: Run): readonly [code: string | undefined, message: string] {
  return [stoppedBy?.code, `${stoppedBy?.message}; ${stoppedBy?.fix}`];
}

describe("a server that refuses everybody", () => {
  test.each<[string, readonly string[], Fault]>([
    ["550 5.1.1 in one domain", people(100), { at: "RCPT", say: GONE }],
    ["550 5.1.1 in many", spread(100), { at: "RCPT", say: GONE }],
    ["554 at DATA", people(100), { at: "DATA", say: "554 5.5.1 no" }],
    ["554 at the dot", spread(100), { at: "dot", say: "554 5.6.0 no" }],
    ["552 at the dot", people(100), { at: "dot", say: "552 5.3.4 too big" }],
  ])(
    "%s: the run stops, nobody is given up or suppressed, and the next one sends",
    async (_what, recipients, fault) => {
      const { bench, first, second } = await sentTwice(recipients, { faults: [fault] });
      expect(tallied(first)).toEqual({ planned: 100 });
      const [code, message] = stopOf(first);
      expect(code).toBe("SMTP_REFUSED");
      expect(message).toMatch(
        /^the first 20 answers were refusals: the fault lies with the server or your settings/,
      );
      expect(message).toContain("No reader was taken off the list");
      expect(message).not.toContain("@");
      const tried = bench.server.commands.filter((line) => line.startsWith("MAIL")).length - 100;
      // With the envelopes that had been sent ahead.
      expect(tried).toBeLessThanOrEqual(60);
      expect(tallied(second)).toEqual({ accepted: 100 });
      expect(await suppressedIn(bench, recipients)).toBe(0);
    },
  );

  test("however often it is run: a list that is large enough is never given up", async () => {
    const recipients = spread(60);
    const bench = await sendingBench(recipients, { faults: [{ at: "RCPT", say: GONE }] });
    for (let run = 0; run < 5; run++) {
      expect(tallied(await bench.send())).toEqual({ planned: 60 });
      bench.pass(20 * HOUR_MS);
    }
    expect(await suppressedIn(bench, recipients)).toBe(0);
  });

  test("in the middle of a run, in many domains: it stops, and who came in between loses nothing", async () => {
    const recipients = spread(200);
    let bench: Bench | undefined;
    bench = await sendingBench(recipients);
    const run = await bench.send({
      onTurn: ({ accepted }) => {
        if (accepted > 50) bench?.server.setFaults([{ at: "RCPT", say: GONE }]);
      },
    });
    const { accepted = 0, planned = 0, rejected = 0 } = tallied(run);
    expect(accepted + planned).toBe(200);
    expect(rejected).toBe(0);
    expect(stopOf(run)[1]).toMatch(/^20 readers in a row were refused, in \d+ domains: /);
    expect(await suppressedIn(bench, recipients)).toBe(0);
  });

  test("a domain that has closed, among others: its readers are rejected and quarantined", async () => {
    const recipients = [...people(30), ...people(70, "closed.example")];
    const faults: Fault[] = [{ at: "RCPT", to: "@closed.example", say: GONE }];
    const bench = await sendingBench(recipients, { faults });
    const run = await bench.send();
    expect(run.stoppedBy).toBeUndefined();
    expect(tallied(run)).toEqual({ accepted: 30, rejected: 70 });
    expect(run.quarantined).toBe(70);
    expect(await suppressedIn(bench, recipients)).toBe(0);
  });

  test("nearly all are refused and one is accepted: that one has it, and nobody is off the list", async () => {
    const recipients = people(20);
    const faults = people(19).map((address): Fault => ({
      at: "RCPT",
      to: address,
      say: GONE,
    }));
    const bench = await sendingBench(recipients, { faults });
    const run = await bench.send();
    expect(tallied(run)).toEqual({ accepted: 1, planned: 19 });
    expect(stopOf(run)[1]).toMatch(/^19 of 20 readers were refused: /);
    expect(await suppressedIn(bench, recipients)).toBe(0);
  });

  test.each([
    [15, 5],
    [60, 2],
  ])(
    "a relay that takes its own user alone, of %i readers in %i domains: nobody is off the list",
    async (readers, domains) => {
      const recipients = Array.from(
        { length: readers },
        (_, n) => `${n === 0 ? "own" : `gone${n}`}@d${n % domains}.example`,
      );
      const faults: Fault[] = [{ at: "RCPT", to: "gone", say: GONE }];
      const bench = await sendingBench(recipients, { faults });
      const run = await bench.send();
      expect(tallied(run)).toMatchObject({ accepted: 1, planned: readers - 1 });
      expect(stopOf(run)[0]).toBe("SMTP_REFUSED");
      expect(await suppressedIn(bench, recipients)).toBe(0);
    },
  );
});

describe("a list too small to tell by", () => {
  test.each([0, 1, 2])(
    "one of three is gone, whoever comes first (%d): rejected and suppressed",
    async (n) => {
      const faults: Fault[] = [{ at: "RCPT", to: `r${n}@`, say: GONE }];
      const bench = await sendingBench(people(3), { faults });
      const run = await bench.send();
      expect(run.stoppedBy).toBeUndefined();
      expect(tallied(run)).toEqual({ accepted: 2, rejected: 1 });
      expect(await suppressedIn(bench, people(3))).toBe(1);
    },
  );

  test("all are refused: planned again, and in the third run rejected, and not suppressed", async () => {
    const bench = await sendingBench(people(3), { faults: [{ at: "RCPT", say: GONE }] });
    for (const _ of [1, 2]) {
      const run = await bench.send();
      expect(tallied(run)).toEqual({ planned: 3 });
      expect(stopOf(run)[0]).toBe("SMTP_REFUSED");
      expect(stopOf(run)[1]).toMatch(/^no reader was accepted in this run and 3 were refused: /);
    }
    const [open] = await bench.ledger.explain("r0@harbour.example");
    expect(open).toMatchObject({ state: "planned", attempt: 0, reply: GONE });
    const third = await bench.send();
    expect(tallied(third)).toEqual({ rejected: 3 });
    expect(stopOf(third)[0]).toBe("SMTP_REFUSED");
    expect(stopOf(third)[1]).toMatch(/they don't get this issue/);
    bench.server.setFaults([]);
    await bench.ledger.retry(ISSUE);
    expect(tallied(await bench.send())).toEqual({ accepted: 3 });
    expect(await suppressedIn(bench, people(3))).toBe(0);
  });

  test("after a retry three runs are asked for again", async () => {
    const bench = await sendingBench(people(2), { faults: [{ at: "RCPT", say: GONE }] });
    for (const _ of [1, 2, 3]) await bench.send();
    await bench.ledger.retry(ISSUE);
    expect(tallied(await bench.send())).toEqual({ planned: 2 });
  });

  test("or after 48 hours", async () => {
    const bench = await sendingBench(people(3), { faults: [{ at: "dot", say: "554 5.6.0 no" }] });
    await bench.send();
    bench.pass(48 * HOUR_MS);
    expect(tallied(await bench.send())).toEqual({ rejected: 3 });
    expect(await suppressedIn(bench, people(3))).toBe(0);
  });

  test("a run that was to try a few only gives nobody up", async () => {
    const bench = await sendingBench(people(30), { faults: [{ at: "RCPT", say: GONE }] });
    for (const _ of [1, 2, 3, 4]) {
      expect(tallied(await bench.send({ atMost: 2 }))).toEqual({ planned: 30 });
    }
  });

  test("who was refused before and is accepted in the end has it", async () => {
    const bench = await sendingBench(people(3), { faults: [{ at: "RCPT", say: GONE }] });
    await bench.send();
    bench.server.setFaults([{ at: "RCPT", to: "r1@", say: GONE }]);
    expect(tallied(await bench.send())).toEqual({ accepted: 2, rejected: 1 });
    expect(await suppressedIn(bench, people(3))).toBe(1);
  });
});

describe("what is said of us, wherever it is said", () => {
  test.each<[Fault["at"], string]>([
    ["RCPT", "550 5.1.8 <d@l.example>: Sender address rejected: Domain not found"],
    ["RCPT", "550 5.7.1 <d@l.example>: Sender address rejected: not owned by user"],
    ["RCPT", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"],
    ["RCPT", "550 relay not permitted"],
    ["RCPT", "554 5.7.1 <r@x.example>: Relay access denied"],
    ["RCPT", "554 5.7.1 <host[10.0.0.1]>: Client host rejected: Access denied"],
    ["dot", "550 5.7.1 Sender address rejected: blocked"],
  ])(
    "at %s %j: the issue stops, no domain is left alone, and nobody is the worse for it",
    async (at, say) => {
      const { first, second } = await sentTwice(spread(40), { faults: [{ at, say }] });
      expect(tallied(first)).toEqual({ planned: 40 });
      expect(first.paused).toEqual([]);
      expect(stopOf(first)[0]).toBe("SMTP_REFUSED");
      expect(stopOf(first)[1]).toMatch(/ refuses us: 55.*`from` and `bounce` in the config/);
      expect(tallied(second)).toEqual({ accepted: 40 });
    },
  );

  test("a temporary one puts a few off, and no domain is left alone", async () => {
    const say = "450 4.7.1 <host[10.0.0.1]>: Client host rejected: cannot find your hostname";
    const faults: Fault[] = [{ at: "RCPT", say }];
    const { first } = await sentTwice(people(60), { faults, turnMs: 3_000 });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_DEFERRED" });
    expect(first.paused).toEqual([]);
    const { deferred = 0, planned = 0 } = tallied(first);
    expect(deferred + planned).toBe(60);
    expect(deferred).toBeLessThan(30);
  });

  test.each(["MAIL", "RCPT"] as const)(
    "421 at %s, then the end: of the connection, and of no domain",
    async (at) => {
      const faults: Fault[] = [2, 5, 9, 14].map((nth) => ({
        at,
        nth,
        say: "421 4.3.2 bye",
        do: "end",
      }));
      const { first } = await sentTwice(people(60), { faults });
      expect(tallied(first)).toEqual({ accepted: 60 });
      expect(first.paused).toEqual([]);
    },
  );

  test("421 to every recipient: all stay planned, and the run ends", async () => {
    const faults: Fault[] = [{ at: "RCPT", say: "421 4.3.2 bye", do: "end" }];
    const { first, second } = await sentTwice(people(30), { faults, turnMs: 3_000 });
    expect(tallied(first)).toEqual({ planned: 30 });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_DEFERRED" });
    expect(first.paused).toEqual([]);
    expect(tallied(second)).toEqual({ accepted: 30 });
  });
});

describe("a server that takes so many in a second", () => {
  const throttles: readonly Fault[] = [
    { at: "DATA", say: "451 4.7.0 Temporary server error" },
    { at: "MAIL", say: "421 4.7.0 Too many messages", do: "end" },
    { at: "RCPT", say: "450 4.7.1 Error: too much mail from 10.0.0.1" },
  ];

  test.each(throttles)(
    "all get it in one run, and nobody is put off or blamed: $at $say",
    async (throttle) => {
      const faults = [{ ...throttle, perSecond: 40 }];
      const { first, bench } = await sentTwice(spread(50), { faults });
      expect(tallied(first)).toEqual({ accepted: 50 });
      expect(first.paused).toEqual([]);
      const [history] = await bench.ledger.explain("r49@harbour24.example");
      expect(history).toMatchObject({ state: "accepted", attempt: 1, events: [] });
    },
  );

  test("and nothing more, ever: the run ends, all stay planned, and it says when to go on", async () => {
    const faults: Fault[] = [{ at: "dot", say: "454 Throttling failure" }];
    const bench = await sendingBench(spread(50), { faults });
    const run = await bench.send({ onTurn: () => bench.pass(9_000) });
    expect(tallied(run)).toEqual({ planned: 50 });
    expect(stopOf(run)[0]).toBe("SMTP_DEFERRED");
    expect(stopOf(run)[1]).toMatch(
      /^the server accepts nothing: for 15 seconds it has deferred every message, .*Throttling failure; send again in five minutes/,
    );
    const { nextTry } = (await bench.ledger.issue(ISSUE)) ?? {};
    expect(Number(nextTry) - bench.now().getTime()).toBeGreaterThan(4 * 60_000);
    expect(bench.server.commands.filter((line) => line.startsWith("MAIL")).length).toBeLessThan(20);
    bench.server.setFaults([]);
    bench.pass(5 * 60_000);
    expect(tallied(await bench.send())).toEqual({ accepted: 50 });
  });

  test("a reader who alone is told so, whatever is done, is put off and not the others", async () => {
    const faults: Fault[] = [{ at: "RCPT", to: "r7@", say: "450 4.7.1 too much mail for you" }];
    const bench = await sendingBench(people(40), { faults });
    const run = await bench.send({ onTurn: () => bench.pass(9_000) });
    expect(tallied(run)).toEqual({ accepted: 39, deferred: 1 });
  });

  test.each(["451 4.7.1 Greylisting in action, please come back later", "450 4.2.0 Greylisted"])(
    "greylisting isn't that: each is put off by itself: %s",
    async (say) => {
      const { first, second } = await sentTwice(spread(40), { faults: [{ at: "RCPT", say }] });
      expect(tallied(first)).toEqual({ deferred: 40 });
      expect(first.stoppedBy).toBeUndefined();
      expect(tallied(second)).toEqual({ accepted: 40 });
    },
  );
});
