import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  Addressee,
  Claim,
  DeliveryState,
  IssueContent,
  Ledger,
  Outcome,
} from "../../src/delivery/ledger.ts";
import { claimOf, ISSUE, LEASE_MS, people, planOf } from "./ledger-requests.ts";

/** A ledger that a test may open as often as processes would, and break as machines do. */
export interface LedgerBench {
  /** The same ledger, as one more process sees it. */
  open(): Promise<Ledger>;
  suppress(newsletter: string, address: string): Promise<void>;
  /** A subscriber of the newsletter wants nothing until then. */
  pause(newsletter: string, reader: Addressee, until: Date): Promise<void>;
  isSuppressed(newsletter: string, address: string): Promise<boolean>;
  /** Somebody removes what keeps a second sender out, if there is such a thing. */
  loseLock(): Promise<void>;
  now(): Date;
  pass(ms: number): void;
  /** Closes all that was opened. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

function contentOf(text: string): IssueContent {
  const email = { subject: text, html: `<p>${text}</p>`, text, slots: { recipientName: "~name~" } };
  const picture = { name: "quay.png", contentType: "image/png", content: Buffer.from(text) };
  return { digest: `{"title":"${text}"}`, email, pictures: [picture] };
}

const accepted = (claim: Claim): Outcome => ({ claim, state: "accepted", reply: "250 taken" });
const refused = (claim: Claim): Outcome => ({ claim, state: "refused", reply: "550 no" });
const unknown = (claim: Claim): Outcome => ({
  ...refused(claim),
  state: "refused",
  reply: "550 5.1.1 nobody",
  isUnknown: true,
});

function* cutOff(): Generator<Addressee> {
  for (let n = 0; n < 12_000; n++) yield { address: `${n}@harbour.example` };
  throw new Error("the list broke off");
}

/** What every ledger does, whatever it is kept in. */
export function ledgerContract(name: string, makeBench: () => Promise<LedgerBench>): void {
  let bench: LedgerBench;
  let ledger: Ledger;

  beforeEach(async () => {
    bench = await makeBench();
    ledger = await bench.open();
  });
  afterEach(async () => bench.close());

  /** Who stands where, by the names before the @. */
  async function states(): Promise<Record<string, DeliveryState>> {
    const found: Record<string, DeliveryState> = {};
    for (const name of ["mara", "jory", "wenna", "denzil", "ysella"]) {
      const [history] = await ledger.explain(`${name}@harbour.example`);
      if (history) found[name] = history.state;
    }
    return found;
  }

  async function startAll(limit = 100): Promise<readonly Claim[]> {
    const claims = await ledger.claim(claimOf(limit));
    return (await ledger.turn({ outcomes: [], start: claims })).started;
  }

  /** Mara, of whom nobody knows whether she has it; Jory is still planned. */
  async function inDoubt(): Promise<Claim> {
    await ledger.plan(planOf(people("mara", "jory")));
    const [claim] = await startAll(1);
    if (!claim) throw new Error("two were planned");
    await ledger.turn({ outcomes: [{ claim, state: "uncertain", reply: "cut" }], start: [] });
    return claim;
  }

  describe(`${name}: a plan`, () => {
    test("holds each address once, however it is written", async () => {
      const twice = [...people("mara", "jory"), { address: "Mara@harbour.example" }];
      const { counts } = await ledger.plan(planOf(twice));
      expect(counts).toMatchObject({ planned: 2, accepted: 0 });
    });

    test("is frozen: who subscribes later isn't in it", async () => {
      await ledger.plan(planOf(people("mara")));
      const { counts } = await ledger.plan(planOf(people("mara", "jory", "wenna")));
      expect(counts.planned).toBe(1);
    });

    test("leaves out who is suppressed, and says why", async () => {
      await bench.suppress(ISSUE.newsletter, "jory@harbour.example");
      const { counts } = await ledger.plan(planOf(people("mara", "jory")));
      expect(counts).toMatchObject({ planned: 1, suppressed: 1 });
      const [history] = await ledger.explain("Jory@harbour.example");
      expect(history).toMatchObject({ state: "suppressed", reply: "unsubscribed" });
    });

    test("skips who wants nothing for now, and says why; a pause that is over doesn't count", async () => {
      const [mara, jory, wenna] = people("mara", "jory", "wenna");
      if (!mara || !jory || !wenna) throw new Error("three were named");
      await bench.pause(ISSUE.newsletter, mara, new Date(bench.now().getTime() + MINUTE_MS));
      await bench.pause(ISSUE.newsletter, jory, bench.now());
      const { counts } = await ledger.plan(planOf([mara, jory, wenna]));
      expect(counts).toMatchObject({ planned: 2, skipped: 1 });
      const [history] = await ledger.explain(mara.address);
      expect(history).toMatchObject({ state: "skipped", reply: "paused" });
      expect(await ledger.retry(ISSUE)).toBe(0);
      bench.pass(MINUTE_MS);
      expect(await ledger.retry(ISSUE)).toBe(1);
    });

    test("who wants nothing since the plan isn't claimed", async () => {
      const [mara, jory] = people("mara", "jory");
      if (!mara || !jory) throw new Error("two were named");
      await ledger.plan(planOf([mara, jory]));
      await bench.pause(ISSUE.newsletter, mara, new Date(bench.now().getTime() + MINUTE_MS));
      expect((await ledger.claim(claimOf())).map(({ to }) => to.name)).toEqual(["jory"]);
      expect(await states()).toMatchObject({ mara: "skipped" });
    });

    test("another newsletter's suppression doesn't count", async () => {
      await bench.suppress("the-mudlark", "jory@harbour.example");
      expect((await ledger.plan(planOf(people("jory")))).counts.planned).toBe(1);
    });

    test("P11: other content is refused until it is meant", async () => {
      await ledger.plan(planOf(people("mara")));
      const changed = planOf(people("mara"), { contentHash: "second" });
      await expect(ledger.plan(changed)).rejects.toMatchObject({ code: "ISSUE_CHANGED" });
      expect((await ledger.plan({ ...changed, revise: true })).contentHash).toBe("second");
      expect((await ledger.plan(changed)).counts.planned).toBe(1);
    });

    test("P11: keeps what it is sent from until it is revised, also after it expired", async () => {
      expect(await ledger.content(ISSUE)).toBeUndefined();
      const [first, second] = [contentOf("first"), contentOf("second")];
      const expiresAt = new Date(bench.now().getTime() + MINUTE_MS);
      await ledger.plan(planOf(people("mara"), { content: first, expiresAt }));
      expect(await ledger.content(ISSUE)).toEqual(first);
      const changed = planOf(people("mara"), { contentHash: "second", content: second });
      await expect(ledger.plan(changed)).rejects.toMatchObject({ code: "ISSUE_CHANGED" });
      expect(await ledger.content(ISSUE)).toEqual(first);
      await ledger.plan({ ...changed, revise: true });
      expect(await ledger.content(ISSUE)).toEqual(second);

      bench.pass(2 * MINUTE_MS);
      // It is too late for her by now.
      expect(await startAll()).toEqual([]);
      await ledger.plan(planOf(people("mara"), { issue: { ...ISSUE, slot: "2026-W49" } }));
      expect(await ledger.content(ISSUE)).toEqual(second);
    });

    test("that was cut off is begun anew, and nothing of it is sent before", async () => {
      await expect(ledger.plan(planOf(cutOff()))).rejects.toThrow("the list broke off");
      expect(await ledger.claim(claimOf())).toEqual([]);
      expect(await ledger.issue(ISSUE)).toBeUndefined();
      expect((await ledger.plan(planOf(people("mara")))).counts.planned).toBe(1);
    });

    test("keeps issues apart", async () => {
      const other = { ...ISSUE, slot: "2026-W49" };
      await ledger.plan(planOf(people("mara")));
      bench.pass(MINUTE_MS);
      await ledger.plan(planOf(people("mara"), { issue: other, contentHash: "other" }));
      await startAll();
      const all = await ledger.issues(ISSUE.newsletter);
      expect(all.map(({ issue, counts }) => [issue.slot, counts.planned])).toEqual([
        ["2026-W49", 1],
        ["2026-W48", 0],
      ]);
      expect(await ledger.issues("the-mudlark")).toEqual([]);
    });
  });

  describe(`${name}: claims`, () => {
    test("carry what the message needs", async () => {
      const mara = { ...people("mara")[0], address: "mara@harbour.example" };
      await ledger.plan(planOf([{ ...mara, language: "de", subscriberId: 1_763_000_000_000_123 }]));
      const [claim] = await ledger.claim(claimOf());
      expect(claim).toMatchObject({
        attempt: 1,
        messageId: "<mara@slipway.example>",
        to: { ...mara, language: "de", subscriberId: 1_763_000_000_000_123 },
      });
      expect(claim?.firstTriedAt).toBeUndefined();
    });

    test("P10: who has unsubscribed since the plan isn't claimed, since the claim isn't sent to", async () => {
      await ledger.plan(planOf(people("mara", "jory", "wenna")));
      await bench.suppress(ISSUE.newsletter, "mara@harbour.example");
      const claims = await ledger.claim(claimOf());
      expect(claims).toHaveLength(2);
      await bench.suppress(ISSUE.newsletter, "jory@harbour.example");
      const { started } = await ledger.turn({ outcomes: [], start: claims });
      expect(started.map(({ to }) => to.name)).toEqual(["wenna"]);
      expect(await states()).toEqual({ mara: "suppressed", jory: "suppressed", wenna: "sending" });
    });

    test("the suppressed don't use up the claim", async () => {
      await ledger.plan(planOf(people("mara", "jory", "wenna")));
      await bench.suppress(ISSUE.newsletter, "mara@harbour.example");
      await bench.suppress(ISSUE.newsletter, "jory@harbour.example");
      expect(await ledger.claim(claimOf(1))).toHaveLength(1);
    });

    test("an issue that has expired is sent to nobody", async () => {
      const expiresAt = new Date(bench.now().getTime() + MINUTE_MS);
      await ledger.plan(planOf(people("mara"), { expiresAt }));
      bench.pass(2 * MINUTE_MS);
      expect(await ledger.claim(claimOf())).toEqual([]);
      expect(await states()).toEqual({ mara: "skipped" });
    });

    test("an issue that has expired is worth as long again once somebody asks for it", async () => {
      const expiresAt = new Date(bench.now().getTime() + MINUTE_MS);
      await ledger.plan(planOf(people("mara"), { expiresAt }));
      bench.pass(2 * MINUTE_MS);
      await ledger.claim(claimOf());
      expect(await ledger.retry(ISSUE)).toBe(1);
      expect((await ledger.issue(ISSUE))?.expiresAt).toEqual(
        new Date(bench.now().getTime() + MINUTE_MS),
      );
      expect(await ledger.claim(claimOf())).toHaveLength(1);
    });

    test("a domain that is left alone is claimed later, the others now", async () => {
      const bram = { address: "bram@quay.example" };
      await ledger.plan(planOf([...people("mara"), bram, { address: "x@other.harbour.example" }]));
      const until = new Date(bench.now().getTime() + 10 * MINUTE_MS);
      expect(await ledger.postpone(ISSUE, "harbour.example", until)).toBe(1);
      const issue = await ledger.issue(ISSUE);
      expect(issue).toMatchObject({ nextTry: until, postponed: { count: 1, until } });
      const now = await ledger.claim(claimOf());
      expect(now.map(({ to }) => to.address)).toEqual([bram.address, "x@other.harbour.example"]);
      bench.pass(10 * MINUTE_MS);
      expect((await ledger.claim(claimOf())).map(({ to }) => to.name)).toEqual(["mara"]);
    });
  });

  describe(`${name}: outcomes`, () => {
    test("each recipient ends where its own outcome says", async () => {
      const run = await ledger.begin("w", ISSUE);
      await ledger.plan(planOf(people("mara", "jory", "wenna", "denzil", "ysella")));
      const [mara, jory, wenna, denzil, ysella] = await startAll();
      if (!mara || !jory || !wenna || !denzil || !ysella) throw new Error("five were planned");
      const soon = new Date(bench.now().getTime() + MINUTE_MS);
      const outcomes: Outcome[] = [
        accepted(mara),
        { claim: jory, state: "deferred", reply: "450 later", nextTry: soon },
        unknown(wenna),
        { claim: denzil, state: "uncertain", reply: "no answer" },
        { claim: ysella, state: "skipped", reason: "needs-smtputf8" },
      ];
      expect(await ledger.turn({ outcomes, start: [] })).toEqual({ started: [], late: [] });
      expect(await states()).toEqual({
        mara: "accepted",
        jory: "deferred",
        wenna: "claimed",
        denzil: "uncertain",
        ysella: "skipped",
      });
      const planned = await ledger.issue(ISSUE);
      expect(planned?.counts).toEqual({
        planned: 0,
        claimed: 1,
        sending: 0,
        accepted: 1,
        deferred: 1,
        rejected: 0,
        uncertain: 1,
        suppressed: 0,
        skipped: 1,
      });
      expect(planned?.nextTry).toEqual(soon);
      expect(await bench.isSuppressed(ISSUE.newsletter, "wenna@harbour.example")).toBe(false);
      const { counts } = await run.end({ ending: "asked", isListDone: true });
      expect(counts).toMatchObject({ suppress: 1, quarantine: 0 });
      expect(await states()).toMatchObject({ wenna: "rejected" });
      expect(await bench.isSuppressed(ISSUE.newsletter, "wenna@harbour.example")).toBe(true);
      expect(await bench.isSuppressed(ISSUE.newsletter, "jory@harbour.example")).toBe(false);
    });

    test("a deferral is due at its time, under the same Message-ID, and says when it began", async () => {
      await ledger.plan(planOf(people("mara")));
      const [claim] = await startAll();
      if (!claim) throw new Error("one was planned");
      const nextTry = new Date(bench.now().getTime() + MINUTE_MS);
      const began = bench.now();
      await ledger.turn({
        outcomes: [{ claim, state: "deferred", reply: "450", nextTry }],
        start: [],
      });
      expect(await ledger.claim(claimOf())).toEqual([]);
      bench.pass(MINUTE_MS);
      const other = { ...claimOf(), messageIdOf: () => "<another@slipway.example>" };
      const [again] = await ledger.claim(other);
      expect(again).toMatchObject({ id: claim.id, attempt: 2, messageId: claim.messageId });
      expect(again?.firstTriedAt).toEqual(began);
    });

    test("whom the server never got is planned again, and no attempt is counted", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      const [mara] = await startAll(1);
      const [jory] = await ledger.claim(claimOf());
      if (!mara || !jory) throw new Error("two were planned");
      const outcomes: Outcome[] = [
        { claim: mara, state: "planned" },
        { claim: jory, state: "planned" },
      ];
      await ledger.turn({ outcomes, start: [] });
      const again = await ledger.claim(claimOf());
      expect(again.map(({ attempt, firstTriedAt }) => [attempt, firstTriedAt])).toEqual([
        [1, undefined],
        [1, undefined],
      ]);
    });

    test("a refusal is open until the run ends, and is nobody's attempt where it doesn't count", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      const run = await ledger.begin("w", ISSUE);
      const [mara, jory] = await startAll();
      if (!mara || !jory) throw new Error("two were planned");
      await ledger.turn({ outcomes: [refused(mara), refused(jory)], start: [] });
      expect(await states()).toEqual({ mara: "claimed", jory: "claimed" });
      expect(await ledger.claim(claimOf())).toEqual([]);
      const { counts } = await run.end({ ending: "blamed", blamed: "ourselves", isListDone: true });
      expect(counts).toMatchObject({ again: 2 });
      const [history] = await ledger.explain("mara@harbour.example");
      expect(history).toMatchObject({ state: "planned", cause: "ourselves", reply: "550 no" });
      const [again] = await ledger.claim(claimOf());
      expect(again?.attempt).toBe(1);
      expect(again?.firstTriedAt).toBeUndefined();
    });

    test("refused readers are asked again before all others, and judged by what the server says then", async () => {
      await ledger.plan(planOf(people("mara", "jory", "wenna")));
      const run = await ledger.begin("w", ISSUE);
      const [mara, jory] = await startAll(2);
      if (!mara || !jory) throw new Error("three were planned");
      await ledger.turn({ outcomes: [refused(mara), accepted(jory)], start: [] });
      expect(await run.askSome(20)).toBe(1);
      const [asked] = await startAll(1);
      if (!asked) throw new Error("one was refused");
      expect(asked.id).toBe(mara.id);
      await ledger.turn({ outcomes: [refused(asked)], start: [] });
      const { counts } = await run.end({ ending: "asked", isListDone: false });
      expect(counts).toMatchObject({ keep: 1 });
      expect(await states()).toEqual({ mara: "rejected", jory: "accepted", wenna: "planned" });
    });

    test("a server that accepts a reader whom it had refused contradicts itself: no refusal counts", async () => {
      await ledger.plan(planOf(people("mara", "jory", "wenna")));
      const run = await ledger.begin("w", ISSUE);
      const [mara, jory, wenna] = await startAll();
      if (!mara || !jory || !wenna) throw new Error("three were planned");
      const outcomes = [unknown(mara), unknown(jory), accepted(wenna)];
      await ledger.turn({ outcomes, start: [] });
      expect(await run.askSome(1)).toBe(1);
      const [asked] = await startAll();
      if (!asked) throw new Error("one was asked");
      await ledger.turn({ outcomes: [accepted(asked)], start: [] });
      expect(await run.tryAll()).toBe(1);
      const [other] = await startAll();
      if (!other) throw new Error("one was left");
      await ledger.turn({ outcomes: [unknown(other)], start: [] });
      const { counts, evidence } = await run.end({ ending: "asked", isListDone: true });
      expect([counts.again, evidence?.isContradicted]).toEqual([1, true]);
      expect(Object.values(await states()).toSorted()).toEqual(["accepted", "accepted", "planned"]);
    });
  });

  describe(`${name}: recovery`, () => {
    test("after a crash a refusal is in no doubt: it is still open, and the next run asks again", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      const dead = await bench.open();
      await dead.begin("dead", ISSUE);
      const claims = await dead.claim(claimOf());
      const [mara, jory] = claims;
      if (!mara || !jory) throw new Error("two were planned");
      await dead.turn({ outcomes: [], start: claims });
      await dead.turn({ outcomes: [unknown(mara), accepted(jory)], start: [] });
      await dead.close();
      const run = await ledger.begin("next", ISSUE);
      expect(run).toMatchObject({ replanned: 0, uncertain: 0, quarantined: 0 });
      expect(await states()).toEqual({ mara: "claimed", jory: "accepted" });
      expect(await run.askSome(20)).toBe(1);
      const [asked] = await startAll();
      if (!asked) throw new Error("one was refused");
      await ledger.turn({ outcomes: [unknown(asked)], start: [] });
      const { counts } = await run.end({ ending: "asked", isListDone: true });
      expect(counts).toMatchObject({ suppress: 1 });
    });

    test("P13: a late worker's outcome changes nothing, and is kept to be read", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      const old = await bench.open();
      await old.begin("old", ISSUE);
      const claims = await old.claim(claimOf());
      const [mara, jory] = claims;
      if (!mara || !jory) throw new Error("two were planned");
      await old.turn({ outcomes: [], start: [mara] });
      await bench.loseLock();
      bench.pass(LEASE_MS + 1);
      const run = await ledger.begin("new", ISSUE);
      expect(run).toMatchObject({ replanned: 1, uncertain: 1 });
      const { started, late } = await old.turn({ outcomes: [accepted(mara)], start: [jory] });
      expect(started).toEqual([]);
      expect(late).toEqual([accepted(mara)]);
      expect(await states()).toEqual({ mara: "uncertain", jory: "planned" });
      const [history] = await ledger.explain("mara@harbour.example");
      expect(history?.events.at(-1)).toMatchObject({
        what: "too late: accepted",
        reply: "250 taken",
      });
      await run.end();
    });
  });

  describe(`${name}: doubt`, () => {
    test("nobody in doubt is sent to again by itself", async () => {
      await inDoubt();
      bench.pass(100 * LEASE_MS);
      const run = await ledger.begin("next", ISSUE);
      expect((await ledger.claim(claimOf())).map(({ to }) => to.name)).toEqual(["jory"]);
      expect(await ledger.retry(ISSUE)).toBe(0);
      expect(await states()).toEqual({ mara: "uncertain", jory: "claimed" });
      await run.end();
    });
  });

  async function canary() {
    return (await ledger.issue(ISSUE))?.canary;
  }

  describe(`${name}: a canary`, () => {
    test("is noted once, and so is its verdict", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      expect(await canary()).toBeUndefined();
      const until = new Date(bench.now().getTime() + 15 * MINUTE_MS);
      await ledger.noteCanary(ISSUE, { until });
      await ledger.noteCanary(ISSUE, { until: new Date(until.getTime() + MINUTE_MS) });
      expect(await canary()).toEqual({ until });
      await ledger.noteCanary(ISSUE, { passed: true });
      await ledger.noteCanary(ISSUE, { held: "too late" });
      expect(await canary()).toEqual({ until, verdict: "passed" });
    });

    test("may hold an issue at once", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      await ledger.noteCanary(ISSUE, { held: "refusals: 1 of the first 1" });
      expect(await canary()).toEqual({ until: bench.now(), verdict: "held" });
    });
  });

  describe(`${name}: retry`, () => {
    test("has a domain that is left alone claimed at once", async () => {
      await ledger.plan(planOf(people("mara", "jory")));
      const until = new Date(bench.now().getTime() + 60 * MINUTE_MS);
      await ledger.postpone(ISSUE, "harbour.example", until);
      expect(await ledger.claim(claimOf())).toEqual([]);
      expect(await ledger.retry(ISSUE)).toBe(2);
      expect(await ledger.claim(claimOf())).toHaveLength(2);
    });

    test("brings back who was put off, rejected or skipped, and not who is suppressed", async () => {
      await ledger.plan(planOf(people("mara", "jory", "wenna", "denzil")));
      const run = await ledger.begin("w", ISSUE);
      const [mara, jory, wenna, denzil] = await startAll();
      if (!mara || !jory || !wenna || !denzil) throw new Error("four were planned");
      const nextTry = new Date(bench.now().getTime() + 60 * MINUTE_MS);
      const outcomes: Outcome[] = [
        { claim: mara, state: "deferred", reply: "450", nextTry },
        { claim: jory, state: "rejected", reply: "550 5.7.1 not today" },
        unknown(wenna),
        { claim: denzil, state: "skipped", reason: "template" },
      ];
      await ledger.turn({ outcomes, start: [] });
      await bench.suppress(ISSUE.newsletter, "wenna@harbour.example");
      await run.end({ ending: "blamed", isListDone: true });
      expect(await ledger.retry(ISSUE)).toBe(3);
      expect((await ledger.claim(claimOf())).map(({ to, attempt }) => [to.name, attempt])).toEqual([
        ["mara", 1],
        ["jory", 1],
        ["denzil", 1],
      ]);
      expect(await states()).toMatchObject({ wenna: "suppressed" });
    });
  });
}
