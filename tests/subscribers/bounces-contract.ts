import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { numberIn, type Store, textIn } from "../../src/platform/database.ts";
import { Audience } from "../../src/subscribers/io/audience.ts";
import { keyringOf, mintToken, tokensOf } from "../../src/subscribers/tokens.ts";
import { ISSUE } from "../delivery/ledger-requests.ts";
import { type Engine, newStore } from "../stores.ts";
import { messageIdOf, storeSentIssue } from "./sent-issue.ts";

const KEYS = keyringOf("a secret");
const MARA = "mara@harbour.example";
const JORY = "jory@harbour.example";
const GONE = { what: "bounced", said: "550 5.1.1 gone" } as const;
const FULL = { what: "bounced for now", said: "552 5.2.2 full" } as const;
const SPAM = { what: "complained", said: "abuse" } as const;
const NEXT = { ...ISSUE, slot: "2026-W49" };

async function subscriptionIn(audience: Audience, address: string) {
  const subscriberId = (await audience.find(address))?.id ?? 0;
  return { subscriberId, list: await audience.listUid() };
}

async function bounceTokenIn(audience: Audience, address: string): Promise<string> {
  return tokensOf(await subscriptionIn(audience, address), KEYS).bounceToken;
}

/** Of messages that came back. Returns how many readers are quarantined. */
async function bounceAll(audience: Audience, addresses: readonly string[]): Promise<number> {
  return audience.together(async (all) => {
    for (const address of addresses)
      await all.noteBounce([await bounceTokenIn(all, address)], { ...GONE, messageIds: [] });
    return all.judgeBounces();
  });
}

/** What bounces, complaints and quarantine do to a list in every store. */
export function bouncesContract(engine: Engine): void {
  let audience: Audience;
  let store: Store;
  let now: Date;

  /** Two readers, who were sent two issues. */
  beforeEach(async () => {
    store = await newStore(engine);
    now = new Date("2026-11-24T07:00:00Z");
    const { newsletter } = ISSUE;
    audience = new Audience(store, { newsletter, keyring: KEYS, clock: () => now });
    for (const address of [MARA, JORY]) await audience.add({ address, tags: [] });
    for (const slot of [ISSUE.slot, NEXT.slot]) {
      await send(slot);
      now = new Date(now.getTime() + 60_000);
    }
  });

  afterEach(async () => audience.close());

  async function send(slot: string, states: Readonly<Record<string, string>> = {}): Promise<void> {
    await storeSentIssue(store, { slot, at: now, to: [MARA, JORY], states });
  }

  const subscription = async (address: string) => subscriptionIn(audience, address);

  const bounceToken = async (address: string) => bounceTokenIn(audience, address);

  /** What is noted of the messages to a reader, by issue, the latest first. */
  async function eventsOf(address: string) {
    const sent = await store.all(
      `SELECT delivery.id, slot, delivery.state FROM delivery JOIN issue ON issue.id = delivery.issue
     WHERE key = ? ORDER BY planned_at DESC`,
      address,
    );
    const histories = [];
    for (const row of sent) {
      const noted = await store.all(
        "SELECT what, reply FROM delivery_event WHERE delivery = ? ORDER BY id",
        numberIn(row, "id"),
      );
      const events = noted.map((event) => `${textIn(event, "what")}: ${String(event["reply"])}`);
      histories.push({ slot: textIn(row, "slot"), state: textIn(row, "state"), events });
    }
    return histories;
  }

  describe(`${engine}: a message that came back`, () => {
    test("for now is noted, of the last issue where it says of none", async () => {
      const came = { ...FULL, messageIds: ["<somebody@else.example>"] };
      expect(await audience.noteBounce([await bounceToken(MARA)], came)).toMatchObject({
        address: MARA,
        isNew: false,
      });
      expect(await audience.statusOf(MARA)).toBe("subscribed");
      expect(await eventsOf(MARA)).toMatchObject([
        { events: ["bounced for now: 552 5.2.2 full"] },
        {},
      ]);
    });

    test("is noted once, however often it is handed over", async () => {
      const came = { ...GONE, messageIds: [] };
      await audience.noteBounce([await bounceToken(MARA)], came);
      expect(await audience.noteBounce([await bounceToken(MARA)], came)).toMatchObject({
        isNew: false,
      });
      expect(await eventsOf(MARA)).toMatchObject([{ events: ["bounced: 550 5.1.1 gone"] }, {}]);
    });

    test("for now, too many issues in a row, ends what is sent there; until then each is only counted", async () => {
      const came = (slot: string) => ({
        ...FULL,
        messageIds: [messageIdOf(slot, MARA)],
        atMost: 3,
      });
      const token = await bounceToken(MARA);
      const note = async (slot: string) => audience.noteBounce([token], came(slot));
      expect(await note(ISSUE.slot)).toMatchObject({ inARow: 1 });
      expect(await note(ISSUE.slot)).toMatchObject({ inARow: 1 });
      expect(await note(NEXT.slot)).toEqual({ address: MARA, isNew: false, inARow: 2 });
      now = new Date("2026-12-08T07:00:00Z");
      await send("2026-W50");
      expect(await audience.noteBounce([token], { ...came("2026-W50"), atMost: 4 })).toMatchObject({
        inARow: 3,
        isNew: false,
      });
      expect(await note("2026-W50")).toEqual({ address: MARA, isNew: true, inARow: 3 });
      expect(await note("2026-W50")).toMatchObject({ isNew: false });
      expect([await audience.statusOf(MARA), await audience.statusOf(JORY)]).toEqual([
        "bounced",
        "subscribed",
      ]);
    });

    test("begins anew for whoever is back on the list", async () => {
      const token = await bounceToken(MARA);
      await audience.noteBounce([token], { ...FULL, messageIds: [] });
      await audience.suppress(MARA, "manual");
      await send("2026-W50", { [MARA]: "suppressed" });
      now = new Date(now.getTime() + 60_000);
      await audience.add({ address: MARA, tags: [] }, { isResubscription: true });
      await send("2026-W51");
      expect(await audience.noteBounce([token], { ...FULL, messageIds: [] })).toMatchObject({
        inARow: 1,
      });
    });

    test("as a complaint is known by the link in it as well", async () => {
      const link = mintToken(await subscription(MARA), KEYS);
      await audience.noteBounce(["1-0000000000000000", link], { ...SPAM, messageIds: [] });
      expect(await audience.statusOf(MARA)).toBe("complained");
    });

    test("is noted with its issue, whatever else it names", async () => {
      const messageIds = ["<strange@else.example>", messageIdOf(ISSUE.slot, MARA)];
      await audience.noteBounce([await bounceToken(MARA)], { ...FULL, messageIds });
      await audience.noteBounce([await bounceToken(MARA)], {
        ...FULL,
        said: "552 still full",
        messageIds,
      });
      await audience.noteBounce([await bounceToken(MARA)], { ...GONE, messageIds });
      await audience.noteBounce([await bounceToken(JORY)], { ...SPAM, messageIds: [] });
      expect(await eventsOf(MARA)).toMatchObject([
        { slot: NEXT.slot, events: [] },
        {
          slot: ISSUE.slot,
          events: [
            "bounced for now: 552 5.2.2 full",
            "bounced for now: 552 still full",
            "bounced: 550 5.1.1 gone",
          ],
        },
      ]);
      expect(await eventsOf(JORY)).toMatchObject([
        { events: ["complained: abuse"] },
        { events: [] },
      ]);
    });

    test("to somebody who was removed is theirs all the same", async () => {
      const token = await bounceToken(MARA);
      await audience.remove(MARA);
      await audience.noteBounce([token], { ...GONE, messageIds: [] });
      expect(await audience.statusOf(MARA)).toBe("bounced");
    });

    test("to somebody who was erased leaves nothing of them", async () => {
      const token = await bounceToken(MARA);
      await audience.erase(MARA);
      expect(await audience.noteBounce([token], { ...GONE, messageIds: [] })).toEqual({
        isNew: false,
      });
      expect((await audience.counts()).suppressed).toBe(0);
      expect(await eventsOf(MARA)).toEqual([]);
    });
  });

  test(`${engine}: a token that is forged, cut off, of another list or of nobody changes nothing`, async () => {
    const token = await bounceToken(MARA);
    const nobody = tokensOf({ subscriberId: 7, list: await audience.listUid() }, KEYS).bounceToken;
    const list = Buffer.from("another list").subarray(0, 6);
    const foreign = tokensOf({ ...(await subscription(MARA)), list }, KEYS).bounceToken;
    const other = tokensOf(await subscription(MARA), keyringOf("another secret")).bounceToken;
    const forged = [`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`, token.slice(0, -1)];
    for (const bad of [...forged, nobody, foreign, other, "", MARA]) {
      await expect(audience.noteBounce([bad], { ...GONE, messageIds: [] })).rejects.toThrow(
        expect.objectContaining({ code: "TOKEN_INVALID" }),
      );
    }
    expect(await audience.counts()).toMatchObject({ active: 2, suppressed: 0 });
    expect(await eventsOf(MARA)).toMatchObject([{ events: [] }, { events: [] }]);
  });

  test(`${engine}: what servers block is counted by issue and named by domain`, async () => {
    const quay = "wenna@quay.example";
    await audience.add({ address: quay, tags: [] });
    await storeSentIssue(store, { slot: "2026-W50", at: now, to: [MARA, JORY, quay] });
    const blocked = async (address: string, slot: string, said: string) =>
      audience.noteBounce([await bounceToken(address)], {
        what: "blocked",
        said,
        messageIds: [messageIdOf(slot, address)],
      });
    await blocked(MARA, ISSUE.slot, "554 your network");
    await blocked(MARA, "2026-W50", "554 your network");
    await blocked(quay, "2026-W50", "554 your words");
    await blocked(JORY, "2026-W50", "554 your links");
    expect(await audience.blocked()).toEqual([
      {
        slot: "2026-W50",
        count: 3,
        domains: "harbour.example,quay.example",
        said: "554 your links",
      },
      { slot: ISSUE.slot, count: 1, domains: "harbour.example", said: "554 your network" },
    ]);
    expect((await audience.counts()).active).toBe(3);
  });

  test(`${engine}: a provider's report settles a reader in doubt, of this issue alone`, async () => {
    await storeSentIssue(store, {
      slot: "2026-W50",
      at: now,
      to: [MARA],
      states: { [MARA]: "uncertain" },
    });
    const token = await bounceToken(MARA);
    const report = { said: "delivered", what: "delivered" } as const;
    expect(await audience.noteReport("nonsense", "2026-W50", report)).toBe(false);
    expect(await audience.noteReport(token, "2026-W99", report)).toBe(true);
    expect(await eventsOf(MARA)).toMatchObject([{ state: "uncertain" }, {}, {}]);
    expect(await audience.noteReport(token, "2026-W50", report)).toBe(true);
    expect(await eventsOf(MARA)).toMatchObject([
      { state: "accepted", events: ["settled: accept: its provider reports it"] },
      { events: [] },
      { events: [] },
    ]);
  });

  describe(`${engine}: a relay that returns too many messages`, () => {
    const people = Array.from({ length: 60 }, (_, n) => `reader${n}@harbour.example`);
    const gone = people.slice(0, 5);

    beforeEach(async () => {
      await audience.importRows([people.map((address) => ({ address, tags: [] }))]);
      await storeSentIssue(store, { slot: "2026-W50", at: now, to: people });
      now = new Date(now.getTime() + 60_000);
    });

    test("is doubted: its readers are quarantined and not suppressed, and an operator decides", async () => {
      expect(await bounceAll(audience, gone.slice(0, 1))).toBe(0);
      expect(await audience.statusOf("reader0@harbour.example")).toBe("bounced");
      expect(await bounceAll(audience, gone.slice(1))).toBe(5);
      expect(await audience.quarantined()).toMatchObject(
        gone.map((address) => ({ address, slot: "2026-W50", said: GONE.said })),
      );
      expect(await audience.counts()).toMatchObject({
        subscribers: 62,
        active: 57,
        quarantined: 5,
      });
      const [first = "", second = "", third = ""] = gone;
      expect(await audience.endQuarantine([first, "nobody@harbour.example"], "release")).toEqual([
        true,
        false,
      ]);
      expect(await audience.endQuarantine([second], "suppress")).toEqual([true]);
      await audience.suppress(third, "unsubscribed");
      expect((await audience.quarantined()).map(({ address }) => address)).toEqual(gone.slice(3));
      expect([await audience.statusOf(first), await audience.statusOf(second)]).toEqual([
        "subscribed",
        "bounced",
      ]);
    });

    test("counts a released reader's next bounce anew", async () => {
      await bounceAll(audience, gone);
      await audience.endQuarantine(gone, "release");
      const came = { ...FULL, messageIds: [] };
      expect(await audience.noteBounce([await bounceToken(gone[0] ?? "")], came)).toMatchObject({
        inARow: 0,
      });
    });

    test("gives back the readers of one run that is restored, and of no other", async () => {
      const ids = await store.all(
        "SELECT id FROM delivery WHERE key LIKE 'reader%' ORDER BY id LIMIT 2",
      );
      const [issue] = await store.all("SELECT id FROM issue WHERE slot = '2026-W50'");
      for (const [at, row] of ids.entries()) {
        const run = at + 1;
        await store.run(
          "INSERT INTO run (id, worker, began_at, ended_at, issue) VALUES (?, 'w', ?, ?, ?)",
          run,
          now.getTime(),
          now.getTime(),
          numberIn(issue ?? {}, "id"),
        );
        await store.run(
          "INSERT INTO refusal (delivery, at, run, verdict) VALUES (?, ?, ?, 'suppress')",
          numberIn(row, "id"),
          now.getTime(),
          run,
        );
        await audience.suppress(gone[at] ?? "", "bounced");
      }
      expect(await audience.restoreRun(7)).toBeUndefined();
      expect(await audience.restoreRun(2)).toEqual({ slot: "2026-W50", readers: [gone[1]] });
      expect(await audience.restoreRun(2)).toEqual({ slot: "2026-W50", readers: [], before: now });
      expect([
        await audience.statusOf(gone[0] ?? ""),
        await audience.statusOf(gone[1] ?? ""),
      ]).toEqual(["bounced", "subscribed"]);
    });
  });
}
