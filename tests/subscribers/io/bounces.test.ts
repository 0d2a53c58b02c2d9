import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sealsOf, mintToken, keyringOf } from "../../../src/subscribers/tokens.ts";
import type { IssueKey } from "../../../src/delivery/ledger.ts";
import { SqliteAudience } from "../../../src/subscribers/io/sqlite-audience.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { openStore } from "../../../src/platform/sqlite/open-store.ts";
import { claimOf, ISSUE, planOf } from "../../delivery/ledger-requests.ts";
import { newFolder } from "../../temporary.ts";

const KEYS = keyringOf("a secret");
const MARA = "mara@harbour.example";
const JORY = "jory@harbour.example";
const GONE = { what: "bounced", said: "550 5.1.1 gone" } as const;
const FULL = { what: "bounced for now", said: "552 5.2.2 full" } as const;
const SPAM = { what: "complained", said: "abuse" } as const;
const NEXT = { ...ISSUE, slot: "2026-W49" };

let audience: SqliteAudience;
let ledger: SqliteLedger;
let now: Date;

/** Two readers, who were sent two issues. */
beforeEach(async () => {
  const file = path.join(await newFolder(), "list.db");
  now = new Date("2026-11-24T07:00:00Z");
  const clock = () => now;
  const { newsletter } = ISSUE;
  audience = new SqliteAudience(await openStore(file), { newsletter, keyring: KEYS, clock });
  ledger = new SqliteLedger(await openStore(file), { clock });
  for (const address of [MARA, JORY]) audience.add({ address, tags: [] });
  for (const issue of [ISSUE, NEXT]) {
    await send(issue);
    now = new Date(now.getTime() + 60_000);
  }
});

async function send(issue: IssueKey): Promise<void> {
  await ledger.plan(planOf([...audience.subscribers()], { issue }));
  const messageIdOf = ({ address }: { address: string }) => `<${issue.slot}.${address}>`;
  const run = await ledger.begin("w", issue);
  const start = await ledger.claim({ ...claimOf(), issue, messageIdOf });
  const { started } = await ledger.turn({ outcomes: [], start });
  const outcomes = started.map((claim) => ({ claim, state: "accepted", reply: "ok" }) as const);
  await ledger.turn({ outcomes, start: [] });
  await run.end();
}

afterEach(async () => {
  await ledger.close();
  audience.close();
});

function subscription(address: string) {
  return { subscriberId: audience.find(address)?.id ?? 0, list: audience.listUid };
}

const bounceToken = (address: string) => sealsOf(subscription(address), KEYS).bounceToken;

/** What the ledger shows, by issue. */
async function eventsOf(address: string) {
  const histories = await ledger.explain(address);
  return histories.map(({ issue, state, events }) => ({
    slot: issue.slot,
    state,
    events: events.map(({ what, reply }) => `${what}: ${reply}`),
  }));
}

describe("a message that came back", () => {
  test("for now is noted, of the last issue where it says of none", async () => {
    const came = { ...FULL, messageIds: ["<somebody@else.example>"] };
    expect(audience.noteBounce([bounceToken(MARA)], came)).toMatchObject({
      address: MARA,
      isNew: false,
    });
    expect(audience.statusOf(MARA)).toBe("subscribed");
    expect(await eventsOf(MARA)).toMatchObject([
      { events: ["bounced for now: 552 5.2.2 full"] },
      {},
    ]);
  });

  test("is noted once, however often it is handed over", async () => {
    const came = { ...GONE, messageIds: [] };
    audience.noteBounce([bounceToken(MARA)], came);
    expect(audience.noteBounce([bounceToken(MARA)], came).isNew).toBe(false);
    expect(await eventsOf(MARA)).toMatchObject([{ events: ["bounced: 550 5.1.1 gone"] }, {}]);
  });

  test("for now, too many issues in a row, ends what is sent there; until then each is only counted", async () => {
    const came = (slot: string) => ({ ...FULL, messageIds: [`<${slot}.${MARA}>`], atMost: 3 });
    const token = bounceToken(MARA);
    const note = (slot: string) => audience.noteBounce([token], came(slot));
    expect([note(ISSUE.slot), note(ISSUE.slot)]).toMatchObject([{ inARow: 1 }, { inARow: 1 }]);
    expect(note(NEXT.slot)).toEqual({ address: MARA, isNew: false, inARow: 2 });
    now = new Date("2026-12-08T07:00:00Z");
    await send({ ...ISSUE, slot: "2026-W50" });
    expect(audience.noteBounce([token], { ...came("2026-W50"), atMost: 4 })).toMatchObject({
      inARow: 3,
      isNew: false,
    });
    expect(note("2026-W50")).toEqual({ address: MARA, isNew: true, inARow: 3 });
    expect(note("2026-W50")).toMatchObject({ isNew: false });
    expect([audience.statusOf(MARA), audience.statusOf(JORY)]).toEqual(["bounced", "subscribed"]);
  });

  test("begins anew for whoever is back on the list", async () => {
    const token = bounceToken(MARA);
    audience.noteBounce([token], { ...FULL, messageIds: [] });
    audience.suppress(MARA, "manual");
    await send({ ...ISSUE, slot: "2026-W50" });
    now = new Date(now.getTime() + 60_000);
    audience.add({ address: MARA, tags: [] }, { isResubscription: true });
    await send({ ...ISSUE, slot: "2026-W51" });
    expect(audience.noteBounce([token], { ...FULL, messageIds: [] }).inARow).toBe(1);
  });

  test("as a complaint is known by the link in it as well", () => {
    const link = mintToken(subscription(MARA), KEYS);
    audience.noteBounce(["1-0000000000000000", link], { ...SPAM, messageIds: [] });
    expect(audience.statusOf(MARA)).toBe("complained");
  });

  test("is counted with its issue, each reader once", async () => {
    const messageIds = [`<${ISSUE.slot}.${MARA}>`];
    audience.noteBounce([bounceToken(MARA)], { ...FULL, messageIds });
    audience.noteBounce([bounceToken(MARA)], { ...FULL, said: "552 still full", messageIds });
    audience.noteBounce([bounceToken(MARA)], { ...GONE, messageIds });
    audience.noteBounce([bounceToken(JORY)], { ...SPAM, messageIds: [] });
    expect((await ledger.issue(ISSUE))?.bounces).toEqual({
      bounced: 1,
      bouncedForNow: 1,
      complained: 0,
      returned: 1,
    });
    expect((await ledger.issue(NEXT))?.bounces).toEqual({
      bounced: 0,
      bouncedForNow: 0,
      complained: 1,
      returned: 1,
    });
  });

  test("to somebody who was removed is theirs all the same", () => {
    const token = bounceToken(MARA);
    audience.remove(MARA);
    audience.noteBounce([token], { ...GONE, messageIds: [] });
    expect(audience.statusOf(MARA)).toBe("bounced");
  });

  test("to somebody who was erased leaves nothing of them", async () => {
    const token = bounceToken(MARA);
    audience.erase(MARA);
    expect(audience.noteBounce([token], { ...GONE, messageIds: [] })).toEqual({ isNew: false });
    expect(audience.counts().suppressed).toBe(0);
    expect(await eventsOf(MARA)).toEqual([]);
  });
});

test("a token that is forged, cut off, of another list or of nobody changes nothing", async () => {
  const token = bounceToken(MARA);
  const nobody = sealsOf({ subscriberId: 7, list: audience.listUid }, KEYS).bounceToken;
  const list = Buffer.from("another list").subarray(0, 6);
  const foreign = sealsOf({ ...subscription(MARA), list }, KEYS).bounceToken;
  const other = sealsOf(subscription(MARA), keyringOf("another secret")).bounceToken;
  const forged = [`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`, token.slice(0, -1)];
  for (const bad of [...forged, nobody, foreign, other, "", MARA]) {
    expect(() => audience.noteBounce([bad], { ...GONE, messageIds: [] })).toThrow(
      expect.objectContaining({ code: "TOKEN_INVALID" }),
    );
  }
  expect(audience.counts()).toMatchObject({ active: 2, suppressed: 0 });
  expect(await eventsOf(MARA)).toMatchObject([{ events: [] }, { events: [] }]);
});
