import { describe, expect, test } from "vitest";
import type { DeliveryState } from "../../src/delivery/ledger.ts";
import type { SmtpOptions } from "../../src/delivery/io/smtp/smtp-pool.ts";
import { selfSignedCertificate } from "../certificate.ts";
import type { Fault, FaultServerOptions } from "../fault-server.ts";
import { closedPort } from "../smtp-server.ts";
import { people, sendingBench, sentTwice, tallied } from "./sending-bench.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("without a fault everybody gets it once, and nobody again", async () => {
  const { bench, first, second } = await sentTwice(people(300), {});
  expect(tallied(first)).toEqual({ accepted: 300 });
  expect(second.tally.accepted).toBe(0);
  expect(bench.server.taken).toHaveLength(300);
});

describe("S1, S2, S3: no connection", () => {
  test("S1: nothing listens: all stay planned, no attempt is counted, and it is temporary", async () => {
    const port = await closedPort();
    const bench = await sendingBench(people(30), { url: `smtp://127.0.0.1:${port}` });
    const run = await bench.send();
    expect(tallied(run)).toEqual({ planned: 30 });
    expect(run.stoppedBy).toMatchObject({ code: "SMTP_UNREACHABLE" });
    const [history] = await bench.ledger.explain("r0@harbour.example");
    expect(history).toMatchObject({ attempt: 0, state: "planned" });
  });

  test("S1: no such host", async () => {
    const bench = await sendingBench(people(3), { url: "smtp://no-such-host.invalid:25" });
    expect((await bench.send()).stoppedBy).toMatchObject({ code: "SMTP_UNREACHABLE" });
  });

  test.each<[string, Fault, string]>([
    ["S2: it hangs up at once", { at: "connect", do: "drop" }, "SMTP_UNREACHABLE"],
    ["S2: 554", { at: "connect", say: "554 5.7.0 go away", do: "end" }, "SMTP_REFUSED"],
    ["S3: 421", { at: "connect", say: "421 4.3.2 later", do: "end" }, "SMTP_DEFERRED"],
  ])("%s: all stay planned, and the next run sends", async (_what, fault, code) => {
    const { first, second } = await sentTwice(people(30), { faults: [fault] });
    expect(tallied(first)).toEqual({ planned: 30 });
    expect(first.stoppedBy).toMatchObject({ code });
    expect(tallied(second)).toEqual({ accepted: 30 });
  });

  test("S3: a limit of connections is kept to, and everybody gets it", async () => {
    const faults = [4, 5, 6, 7, 8, 9, 10].map((nth): Fault => ({
      at: "connect",
      nth,
      say: "421 4.7.0 too many",
      do: "end",
    }));
    const { bench, first } = await sentTwice(people(60), { faults });
    expect(tallied(first)).toEqual({ accepted: 60 });
    expect(bench.server.connections()).toBeLessThanOrEqual(12);
  });
});

describe("S4, S5, S6: a server that isn't what it should be", () => {
  const certificate = selfSignedCertificate();
  const strict: SmtpOptions = { trustLoopback: false };

  test("S4: without EHLO: HELO, where nothing forbids it", async () => {
    const faults: Fault[] = [{ at: "EHLO", say: "502 5.5.1 what?" }];
    const { bench, first } = await sentTwice(people(5), { faults });
    expect(tallied(first)).toEqual({ accepted: 5 });
    expect(bench.server.commands.some((line) => line.startsWith("HELO"))).toBe(true);
  });

  test("S4: without EHLO there is no encryption either: nothing is sent where that is wanted", async () => {
    const faults: Fault[] = [{ at: "EHLO", say: "502 5.5.1 what?" }];
    const bench = await sendingBench(people(5), { faults });
    const run = await bench.send({}, strict);
    expect(run.stoppedBy).toMatchObject({ code: "SMTP_TLS" });
    expect(tallied(run)).toEqual({ planned: 5 });
  });

  test.each<[string, FaultServerOptions, string]>([
    ["STARTTLS is missing", {}, "smtp://127.0.0.1:PORT"],
    ["nobody vouches for it", { tls: certificate }, "smtp://127.0.0.1:PORT"],
    [
      "nor when it speaks TLS at once",
      { tls: { ...certificate, isImplicit: true } },
      "smtps://127.0.0.1:PORT",
    ],
  ])("S5: %s: not a word of a message, and no login", async (_what, options, url) => {
    const bench = await sendingBench(people(5), { ...options, url });
    const run = await bench.send({}, strict);
    expect(run.stoppedBy).toMatchObject({ code: "SMTP_TLS" });
    expect(tallied(run)).toEqual({ planned: 5 });
    expect(bench.server.commands.filter((line) => /^(?:MAIL|AUTH)/.test(line))).toEqual([]);
  });

  const login = { user: "desk", password: "hunter2" };

  test.each([
    ["535 5.7.8 no", "SMTP_AUTH"],
    ["454 4.7.0 not now", "SMTP_DEFERRED"],
  ])("S6: %j at the login: one attempt, and all stay planned", async (say, code) => {
    const faults: Fault[] = [{ at: "AUTH", say }];
    const url = "smtp://desk:hunter2@127.0.0.1:PORT";
    const bench = await sendingBench(people(30), { faults, login, url });
    const run = await bench.send();
    expect(run.stoppedBy).toMatchObject({ code });
    expect(tallied(run)).toEqual({ planned: 30 });
    expect(bench.server.commands.filter((line) => line.startsWith("AUTH"))).toHaveLength(1);
    expect(JSON.stringify(await bench.ledger.explain("r0@harbour.example"))).not.toContain(
      "hunter2",
    );
  });

  test("a wrong password, as a server finds it: the same", async () => {
    const url = "smtp://desk:wrong@127.0.0.1:PORT";
    const bench = await sendingBench(people(30), { login, url });
    expect((await bench.send()).stoppedBy).toMatchObject({ code: "SMTP_AUTH" });
  });
});

describe("S7 to S10: answers before the message", () => {
  test("S7: 4xx at MAIL FROM: put off, and no more than a few of them", async () => {
    const faults: Fault[] = [{ at: "MAIL", say: "451 4.3.0 busy" }];
    const { first, second } = await sentTwice(people(200), { faults, turnMs: 9_000 });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_DEFERRED" });
    const { deferred = 0, planned = 0 } = tallied(first);
    expect(deferred + planned).toBe(200);
    expect(deferred).toBeLessThan(60);
    expect(tallied(second)).toEqual({ accepted: 200 });
  });

  test("S7: 5xx at MAIL FROM is about us: the issue stops, and nobody is the worse for it", async () => {
    const faults: Fault[] = [{ at: "MAIL", say: "550 5.7.1 your domain is blocked" }];
    const { first, second } = await sentTwice(people(30), { faults });
    expect(first.stoppedBy).toMatchObject({ code: "SMTP_REFUSED" });
    expect(tallied(first)).toEqual({ planned: 30 });
    expect(tallied(second)).toEqual({ accepted: 30 });
  });

  test("S8: 450 at RCPT is put off, and comes at the time that the schedule says", async () => {
    const bench = await sendingBench(people(1), {
      faults: [{ at: "RCPT", say: "450 4.2.0 grey" }],
    });
    const minutes: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const at = bench.now().getTime();
      await bench.send();
      const next = (await bench.ledger.issue({ newsletter: "harbour-letter", slot: "2031-04-02" }))
        ?.nextTry;
      if (!next) throw new Error("nobody was put off");
      minutes.push((next.getTime() - at) / MINUTE_MS);
      bench.pass(next.getTime() - bench.now().getTime() - MINUTE_MS);
      expect((await bench.send()).tally.deferred).toBe(0);
      bench.pass(2 * MINUTE_MS);
    }
    const expected = [5, 10, 20, 45, 90, 180, 180];
    for (const [attempt, wait] of minutes.entries()) {
      expect(wait).toBeGreaterThan((expected[attempt] ?? 0) * 0.79);
      expect(wait).toBeLessThan((expected[attempt] ?? 0) * 1.21 + 0.2);
    }
    expect(bench.acceptances("r0@harbour.example")).toBe(0);
  });

  test("S8: who is put off for 48 hours is given up", async () => {
    const bench = await sendingBench(people(1), {
      faults: [{ at: "RCPT", say: "450 4.2.0 grey" }],
    });
    for (let attempt = 0; attempt < 60; attempt++) {
      await bench.send();
      bench.pass(HOUR_MS);
    }
    const [history] = await bench.ledger.explain("r0@harbour.example");
    expect(history).toMatchObject({ state: "rejected", reply: "given up: 450 4.2.0 grey" });
  });

  test("S8: 550 5.1.1: rejected, and nothing is sent there again", async () => {
    const faults: Fault[] = [{ at: "RCPT", to: "r3@", say: "550 5.1.1 no such user" }];
    const { first, second } = await sentTwice(people(10), { faults });
    expect(tallied(first)).toEqual({ accepted: 9, rejected: 1 });
    expect(first.states["r3@harbour.example"]).toBe("rejected");
    expect(second.tally.accepted).toBe(0);
    expect(await isSuppressed("550 5.1.1 no such user")).toBe(true);
    expect(await isSuppressed("550 5.1.10 null MX")).toBe(true);
    expect(await isSuppressed("550 no such user here")).toBe(true);
    expect(await isSuppressed("550 5.7.1 user unknown to our list, members only")).toBe(false);
    expect(await isSuppressed("552 5.2.2 mailbox full")).toBe(false);
    expect(await isSuppressed("550 5.0.0 rejected by policy")).toBe(false);
  });

  test("S8: 550 5.7.1: rejected and not suppressed, and the domain is left alone", async () => {
    const recipients = [...people(30, "list.example"), ...people(30, "other.example")];
    const faults: Fault[] = [{ at: "RCPT", to: "@list.example", say: "550 5.7.1 members only" }];
    const { first, second } = await sentTwice(recipients, { faults });
    expect(first.stoppedBy).toBeUndefined();
    expect(first.paused).toMatchObject([
      { domain: "list.example", said: "550 5.7.1 members only" },
    ]);
    const { rejected = 0, planned = 0, accepted } = tallied(first);
    expect(accepted).toBe(30);
    expect(rejected).toBeGreaterThan(0);
    expect(rejected).toBeLessThan(25);
    expect(rejected + planned).toBe(30);
    expect(tallied(second)).toEqual({ accepted: 60 - rejected, rejected });
    expect(await isSuppressed("550 5.7.1 members only")).toBe(false);
  });

  test("a domain that complains of our rate alone is left alone; others go on as before", async () => {
    const recipients = [...people(60, "slow.example"), ...people(60, "other.example")];
    const faults: Fault[] = [{ at: "RCPT", to: "@slow.example", say: "450 4.7.1 rate exceeded" }];
    const { first, second } = await sentTwice(recipients, { faults });
    const { deferred = 0, planned = 0, accepted } = tallied(first);
    expect(accepted).toBe(60);
    expect(deferred).toBeGreaterThan(0);
    expect(deferred).toBeLessThan(25);
    expect(deferred + planned).toBe(60);
    expect(first.stoppedBy).toBeUndefined();
    expect(first.paused).toMatchObject([{ domain: "slow.example" }]);
    expect(tallied(second)).toEqual({ accepted: 120 });
  });

  test("S8: three domains that refuse us are our reputation: the issue stops, nobody is suppressed", async () => {
    const domains = ["a.example", "b.example", "c.example", "d.example", "e.example"];
    const recipients = domains.flatMap((domain) => people(40, domain));
    const faults: Fault[] = [{ at: "RCPT", say: "550 5.7.1 spam" }];
    const { first } = await sentTwice(recipients, { faults });
    expect(first.stoppedBy).toMatchObject({
      code: "SMTP_REFUSED",
      message: expect.stringContaining("3 recipient domains refuse your mail"),
    });
    const { rejected = 0, planned = 0 } = tallied(first);
    expect(rejected + planned).toBe(200);
    expect(rejected).toBeLessThanOrEqual(22);
  });

  test("S9: each recipient on their own", async () => {
    const faults: Fault[] = [
      { at: "RCPT", to: "r1@", say: "550 5.1.1 gone" },
      { at: "RCPT", to: "r2@", say: "450 4.2.1 later" },
      { at: "dot", to: "r3@", say: "554 5.6.0 no" },
      { at: "dot", to: "r4@", do: "drop" },
      { at: "RCPT", to: "r5@", say: "552 5.2.2 full" },
    ];
    const { bench, first, second } = await sentTwice(people(20), { faults });
    expect(first.states).toMatchObject({
      "r0@harbour.example": "accepted",
      "r1@harbour.example": "rejected",
      "r2@harbour.example": "deferred",
      "r3@harbour.example": "rejected",
      "r4@harbour.example": "uncertain",
      "r5@harbour.example": "rejected",
    });
    expect(tallied(first)).toEqual({ accepted: 15, rejected: 3, deferred: 1, uncertain: 1 });
    expect(tallied(second)).toEqual({ accepted: 16, rejected: 3, uncertain: 1 });
    expect(bench.acceptances("r2@harbour.example")).toBe(1);
  });

  test.each<[string, DeliveryState]>([
    ["451 4.3.0 later", "planned"],
    ["554 5.5.1 no", "rejected"],
  ])("S10: %j at DATA", async (say, state) => {
    const { first } = await sentTwice(people(10), { faults: [{ at: "DATA", to: "r1@", say }] });
    expect(tallied(first)).toEqual({ accepted: 9, [state]: 1 });
  });
});

/** Whether a recipient is on the suppression list after the server has said this of them. */
async function isSuppressed(say: string): Promise<boolean> {
  const bench = await sendingBench(people(2), { faults: [{ at: "RCPT", to: "r1@", say }] });
  await bench.send();
  const slot = "2031-04-03";
  const { counts } = await bench.ledger.plan({
    issue: { newsletter: "harbour-letter", slot },
    contentHash: "next",
    recipients: people(2).map((address) => ({ address })),
  });
  return counts.suppressed === 1;
}
