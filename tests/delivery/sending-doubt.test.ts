import { describe, expect, test } from "vitest";
import type { DeliveryState } from "../../src/delivery/ledger.ts";
import type { Fault } from "../fault-server.ts";
import { quickTime } from "../quick-time.ts";
import { ISSUE, people, sendingBench, sentTwice, tallied } from "./sending-bench.ts";

const R1 = "r1@harbour.example";

describe("S11, S12: the connection drops within a message", () => {
  test("S11: before any of it, for one recipient: the others go, this one is tried again later", async () => {
    const faults: Fault[] = [{ at: "RCPT", to: "r1@", do: "drop" }];
    const { first, second } = await sentTwice(people(20), { faults });
    expect(tallied(first)).toEqual({ accepted: 19, planned: 1 });
    expect(first.states[R1]).toBe("planned");
    expect(tallied(second)).toEqual({ accepted: 20 });
  });

  test("S11: before any of it, for everybody: all stay planned, no attempt is counted", async () => {
    const { bench, first, second } = await sentTwice(people(30), {
      faults: [{ at: "RCPT", do: "drop" }],
    });
    expect(tallied(first)).toEqual({ planned: 30 });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_UNREACHABLE" });
    expect(bench.server.connections()).toBeLessThan(30);
    expect(tallied(second)).toEqual({ accepted: 30 });
  });

  test("S11: once, for several: they are sent in the same run", async () => {
    const faults: Fault[] = [{ at: "MAIL", do: "drop", nth: 8 }];
    const { first } = await sentTwice(people(40), { faults });
    expect(tallied(first)).toEqual({ accepted: 40 });
  });

  test("S12: in the middle of it: in doubt, though the server has nothing", async () => {
    const faults: Fault[] = [{ at: "body", to: "r1@", do: "drop" }];
    const { bench, first, second } = await sentTwice(people(20), { faults });
    expect(tallied(first)).toEqual({ accepted: 19, uncertain: 1 });
    expect(second.states[R1]).toBe("uncertain");
    expect(bench.acceptances(R1)).toBe(0);
  });
});

describe("S13, S14: the connection drops after the dot", () => {
  test.each<[string, Fault, number]>([
    ["S13: the server has it", { at: "dot", to: "r1@", do: "drop", keeps: true }, 1],
    ["S14: the server has it not", { at: "dot", to: "r1@", do: "drop" }, 0],
  ])("%s: in doubt, and no later run sends it", async (_what, fault, kept) => {
    const { bench, first, second } = await sentTwice(people(20), { faults: [fault] });
    expect(tallied(first)).toEqual({ accepted: 19, uncertain: 1 });
    expect(tallied(second)).toEqual({ accepted: 19, uncertain: 1 });
    expect(second.tally.accepted).toBe(0);
    expect(bench.acceptances(R1)).toBe(kept);
  });

  test("S13: a resend that somebody asks for keeps the Message-ID, so that the reader sees one", async () => {
    const faults: Fault[] = [{ at: "dot", to: "r1@", do: "drop", keeps: true }];
    const { bench } = await sentTwice(people(3), { faults });
    await bench.ledger.settle(ISSUE, "resend");
    expect(tallied(await bench.send())).toEqual({ accepted: 3 });
    const ids = bench.server.taken.filter(({ to }) => to === R1).map(({ messageId }) => messageId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("a server that hangs up after every dot leaves few in doubt, not the list", async () => {
    const { bench, first, second } = await sentTwice(people(200), {
      faults: [{ at: "dot", do: "drop", keeps: true }],
    });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_UNCERTAIN" });
    const { uncertain = 0 } = tallied(first);
    expect(uncertain).toBeLessThanOrEqual(20);
    expect(bench.server.taken).toHaveLength(200);
    expect(tallied(second)).toEqual({ uncertain, accepted: 200 - uncertain });
  });

  test("and when it begins to in the middle, no more than may be in flight", async () => {
    let bench: Awaited<ReturnType<typeof sendingBench>> | undefined;
    bench = await sendingBench(people(300));
    const { uncertain = 0 } = tallied(
      await bench.send({
        onTurn: ({ accepted }) => {
          if (accepted > 50) bench?.server.setFaults([{ at: "dot", do: "drop", keeps: true }]);
        },
      }),
    );
    expect(uncertain).toBeGreaterThan(0);
    expect(uncertain).toBeLessThanOrEqual(20 + 2);
  });
});

describe("S15 to S19: answers to the message, and none", () => {
  test.each<[string, Fault, DeliveryState]>([
    ["S15: 451 at the dot", { at: "dot", to: "r1@", say: "451 4.3.0 later" }, "planned"],
    ["S16: 554 at the dot", { at: "dot", to: "r1@", say: "554 5.6.0 no" }, "rejected"],
    ["S16: 421 at the dot", { at: "dot", to: "r1@", say: "421 4.3.0 bye", do: "end" }, "planned"],
    ["S19: 552 at the dot", { at: "dot", to: "r1@", say: "552 5.3.4 too big" }, "rejected"],
  ])("%s: %o", async (_what, fault, state) => {
    const { first } = await sentTwice(people(12), { faults: [fault] });
    expect(first.states[R1]).toBe(state);
    expect(tallied(first)).toEqual({ accepted: 11, [state]: 1 });
  });

  test.each<[string, Fault, DeliveryState]>([
    ["S17: no answer", { at: "dot", to: "r1@", do: "hang", keeps: true }, "uncertain"],
    ["S18: a drip for an answer", { at: "dot", to: "r1@", do: "drip" }, "uncertain"],
    ["S18: a drip before the message", { at: "RCPT", to: "r1@", do: "drip" }, "planned"],
  ])("%s is waited for until its time is over: %o", async (_what, fault, state) => {
    const bench = await sendingBench(people(12), { faults: [fault] });
    const others = () => bench.server.taken.filter(({ to }) => to !== R1).length;
    quickTime(() => (others() < 11 ? 1 : 50));
    const run = await bench.send();
    expect(run.states[R1]).toBe(state);
    expect(tallied(run)).toEqual({ accepted: 11, [state]: 1 });
  });

  test("S18: while one domain's server is slow, the others get theirs", async () => {
    const quick = Array.from({ length: 30 }, (_, n) => `r@quick${n}.example`);
    const recipients = [...quick.slice(0, 1), ...people(20, "slow.example"), ...quick.slice(1)];
    const faults: Fault[] = [
      { at: "dot", to: "@slow.example", delayMs: 100, say: "250 ok", keeps: true },
    ];
    const bench = await sendingBench(recipients, { faults });
    const run = await bench.send({ perDomain: { concurrency: 1 } });
    expect(tallied(run)).toEqual({ accepted: 50 });
    // The slow ones go one after the other: had they held up the others, these would be the last.
    expect(bench.server.taken.slice(-5).map(({ to }) => to)).toEqual(
      people(20, "slow.example").slice(-5),
    );
  });

  test("S19: a message above SIZE is not even begun, and nobody is the worse for it", async () => {
    const extensions = ["PIPELINING", "SIZE 500"];
    const bench = await sendingBench(people(20), { extensions });
    const run = await bench.send();
    expect(run.stoppedBy).toMatchObject({
      code: "SMTP_REFUSED",
      message: expect.stringContaining("at most 500 bytes"),
    });
    expect(tallied(run)).toEqual({ planned: 20 });
    expect(bench.server.commands).not.toContain("DATA");
  });
});

describe("S20 to S24: what servers do", () => {
  test("S20: it ends the connection after each message: nothing is lost", async () => {
    const faults: Fault[] = [{ at: "after", do: "end" }];
    const { bench, first } = await sentTwice(people(40), { faults });
    expect(tallied(first)).toEqual({ accepted: 40 });
    expect(bench.server.connections()).toBeGreaterThanOrEqual(40);
  });

  test("S20: it takes so many messages a connection and says 421 to the next", async () => {
    const faults: Fault[] = [{ at: "MAIL", nthHere: 4, say: "421 4.7.0 enough", do: "end" }];
    const { first } = await sentTwice(people(60), { faults });
    expect(tallied(first)).toEqual({ accepted: 60 });
  });

  test.each<[string, string, DeliveryState]>([
    ["in many lines", "250-2.0.0 taken\r\n250-and\r\n250 kept", "accepted"],
    ["in UTF-8", "250 2.0.0 принято 🦀", "accepted"],
    ["of a megabyte", `250-${"x".repeat(1_100_000)}\r\n250 ok`, "uncertain"],
    ["that is none", "\u0007\u001b[31mwhat", "uncertain"],
    ["with a code that isn't one", "999 maybe", "uncertain"],
    ["with a refusal in two scripts", "554 5.6.0 Nein – нет", "rejected"],
  ])("S21: an answer %s", async (_what, say, state) => {
    const keeps = state === "accepted" ? { keeps: true as const } : {};
    const faults: Fault[] = [{ at: "dot", to: "r1@", say, ...keeps }];
    const { bench, first } = await sentTwice(people(6), { faults });
    expect(tallied(first)).toEqual(
      state === "accepted" ? { accepted: 6 } : { accepted: 5, [state]: 1 },
    );
    const [history] = await bench.ledger.explain(R1);
    expect(history?.reply?.length).toBeLessThanOrEqual(210);
    expect(history?.reply).not.toMatch(/\p{Cc}/u);
  });

  test("S22: an address beyond ASCII is skipped where the server lacks SMTPUTF8, with the reason", async () => {
    const recipients = [...people(5), "büro@harbour.example"];
    const lacking = await sendingBench(recipients, { extensions: ["PIPELINING", "8BITMIME"] });
    const run = await lacking.send();
    expect(tallied(run)).toEqual({ accepted: 5, skipped: 1 });
    const [history] = await lacking.ledger.explain("büro@harbour.example");
    expect(history).toMatchObject({ state: "skipped", reply: "needs-smtputf8" });
    const able = await sendingBench(recipients);
    expect(tallied(await able.send())).toEqual({ accepted: 6 });
    expect(able.acceptances("büro@harbour.example")).toBe(1);
  });

  test("S23: without 8BITMIME, and without PIPELINING, every byte is ASCII", async () => {
    const { bench, first } = await sentTwice(people(10), { extensions: [] });
    expect(tallied(first)).toEqual({ accepted: 10 });
    for (const { raw } of bench.server.taken) expect(raw.every((byte) => byte < 0x80)).toBe(true);
  });

  test("S24: 250, then a reset: accepted", async () => {
    const { bench, first, second } = await sentTwice(people(20), {
      faults: [{ at: "after", do: "drop" }],
    });
    expect(tallied(first)).toEqual({ accepted: 20 });
    expect(second.tally.accepted).toBe(0);
    expect(bench.server.taken).toHaveLength(20);
  });
});
