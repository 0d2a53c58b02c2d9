import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Environment } from "../../src/platform/environment.ts";
import { openStore, type StorePlace } from "../../src/platform/store.ts";
import type { ImportedRow, Tally } from "../../src/subscribers/import-row.ts";
import { Audience } from "../../src/subscribers/io/audience.ts";
import { csvLines, type Listed, writeList } from "../../src/subscribers/io/list-file.ts";
import { storedList } from "../../src/subscribers/io/subscriber-list.ts";
import { parseSegment } from "../../src/subscribers/segment.ts";
import { keyringOf, mintToken, tokensOf } from "../../src/subscribers/tokens.ts";
import { ISSUE } from "../delivery/ledger-requests.ts";
import { type Engine, newPlace } from "../stores.ts";
import { newFolder } from "../temporary.ts";
import { storeSentIssue } from "./sent-issue.ts";

const KEYS = keyringOf("a secret");
const MARA: ImportedRow = { address: "Mara@harbour.example", name: "Mara", tags: ["harbour"] };
const JORY: ImportedRow = { address: "jory@quay.example", tags: [], language: "de" };

const BOUNCED = { what: "bounced", said: "no such user", messageIds: [] } as const;

const TABLES = [
  "subscriber",
  "suppression",
  "former_subscriber",
  "delivery",
  "delivery_event",
  "leave_request",
];

async function importGroups(into: Audience, who: string): Promise<Tally> {
  const groups = [0, 1, 2].map((group) =>
    Array.from({ length: 500 }, (_, n) => ({
      address: `${who}${group}-${n}@harbour.example`,
      tags: [],
    })),
  );
  return into.importRows(groups);
}

/** What a list does in every store. */
export function listContract(engine: Engine): void {
  let place: StorePlace;
  let env: Environment;
  let now: Date;
  let opened: Audience[];
  let audience: Audience;

  /** The same list, as one more process sees it. */
  async function open(newsletter = ISSUE.newsletter, keyring = KEYS): Promise<Audience> {
    const store = await openStore(place, { env });
    const made = new Audience(store, { newsletter, keyring, clock: () => now });
    opened.push(made);
    return made;
  }

  beforeEach(async () => {
    place = await newPlace(engine);
    env = { XDG_STATE_HOME: await newFolder() };
    now = new Date("2026-11-24T07:00:00Z");
    opened = [];
    audience = await open();
  });

  afterEach(async () => {
    for (const each of opened) await each.close();
  });

  const idOf = async (address: string) => (await audience.find(address))?.id ?? 0;

  async function tokenOf(address: string): Promise<string> {
    return mintToken({ subscriberId: await idOf(address), list: await audience.listUid() }, KEYS);
  }

  async function addresses(of = audience, segment?: string): Promise<string[]> {
    const all: string[] = [];
    const which = segment === undefined ? undefined : parseSegment(segment);
    for await (const { address } of of.subscribers(which)) all.push(address);
    return all;
  }

  describe(`${engine}: a list`, () => {
    test("tells how many came and how many left since a moment", async () => {
      await audience.add({ ...MARA, subscribedAt: new Date("2026-01-01T00:00:00Z") });
      await audience.add(JORY);
      await audience.suppress(MARA.address, "manual");
      await audience.suppress("stranger@quay.example", "manual");
      await audience.add({ address: "ines@quay.example", tags: [] });
      await audience.erase("ines@quay.example");
      expect(await audience.changesSince(new Date("2026-11-01T00:00:00Z"))).toEqual({
        joined: 1,
        left: 1,
        erased: 1,
      });
      expect(await audience.changesSince(new Date("2026-11-25T00:00:00Z"))).toEqual({
        joined: 0,
        left: 0,
        erased: 0,
      });
    });

    test("learns what another list knows, and forgets nothing that it doesn't say", async () => {
      await audience.add({ ...MARA, consent: { how: "at the fair" } });
      expect((await audience.add({ ...JORY, address: MARA.address, tags: ["news"] })).updated).toBe(
        1,
      );
      expect(await audience.find(MARA.address)).toMatchObject({
        name: "Mara",
        language: "de",
        tags: ["harbour", "news"],
        consent: { how: "at the fair" },
      });
    });

    test("has more than a page of people, in the order in which they came", async () => {
      const rows = Array.from({ length: 2_500 }, (_, n) => ({
        address: `reader-${n % 2_400}@harbour.example`,
        tags: n % 2 === 0 ? ["even"] : [],
      }));
      const tally = await audience.importRows([rows.slice(0, 2_000), rows.slice(2_000)]);
      expect(tally).toMatchObject({ added: 2_400, unchanged: 100 });
      expect(await addresses()).toEqual(rows.slice(0, 2_400).map(({ address }) => address));
      expect(await addresses(audience, "tag:even")).toHaveLength(1_200);
    });

    test("is searched by parts of addresses and names, page by page, the latest first", async () => {
      await audience.add({ ...MARA, name: "Émile 100%" });
      await audience.add(JORY);
      await audience.add({ address: "a_b@quay.example", name: "Mara Jory", tags: [] });
      await audience.suppress(JORY.address, "manual");
      const found = async (text: string, before?: number) =>
        audience.search(text, { most: 2, ...(before !== undefined && { before }) });
      const of = async (text: string) => (await found(text)).map(({ address }) => address);
      expect(await of("JORY")).toEqual(["a_b@quay.example", JORY.address]);
      expect(await of("Ém")).toEqual([MARA.address]);
      expect(await of("0%")).toEqual([MARA.address]);
      expect(await of("a_b")).toEqual(["a_b@quay.example"]);
      expect(await of("%")).toEqual([MARA.address]);
      const [, second] = await found("");
      expect(second).toMatchObject({ address: JORY.address, suppressed: { reason: "manual" } });
      expect((await found("", second?.id)).map(({ address }) => address)).toEqual([MARA.address]);
      expect(await (await open("another")).search("", { most: 2 })).toEqual([]);
    });

    test("is its newsletter's own", async () => {
      await audience.add(MARA);
      await audience.suppress(JORY.address, "manual");
      const other = await open("the-mudlark");
      expect((await other.add(JORY)).added).toBe(1);
      expect(await addresses()).toEqual([MARA.address]);
      expect(await addresses(other)).toEqual([JORY.address]);
      expect(await other.otherLists()).toEqual([{ newsletter: ISSUE.newsletter, subscribers: 1 }]);
    });

    test("takes nothing of a group in which a row fails", async () => {
      const broken = { ...JORY, address: undefined };
      // @ts-expect-error no such row can come out of the reader
      await expect(audience.importRows([[MARA, broken]])).rejects.toThrow(TypeError);
      expect(await addresses()).toEqual([]);
      expect((await audience.add(JORY)).added).toBe(1);
    });
  });

  describe(`${engine}: whoever has left`, () => {
    test.each(["unsubscribed", "bounced", "complained", "manual"] as const)(
      "stays out whatever a list says: %s",
      async (reason) => {
        await audience.add(MARA);
        expect(await audience.suppress(MARA.address, reason)).toBe(true);
        expect(await audience.suppress("mara@harbour.example", "bounced")).toBe(false);
        expect((await audience.add({ ...MARA, name: "Mara Quill" })).keptOut).toEqual({
          [reason]: 1,
        });
        expect(await audience.find(MARA.address)).toMatchObject({
          name: "Mara",
          suppressed: { reason },
        });
        expect(await audience.counts()).toMatchObject({
          subscribers: 1,
          active: 0,
          suppressed: 1,
          erased: 0,
        });
      },
    );

    test.each(["unsubscribed", "complained", "manual"] as const)(
      "after a bounce has that reason from then on: %s",
      async (wish) => {
        await audience.add(MARA);
        await audience.suppress(MARA.address, "bounced");
        expect(await audience.suppress(MARA.address, wish)).toBe(false);
        await audience.add(JORY);
        await audience.suppress(JORY.address, "bounced");
        await audience.add({ ...JORY, suppressed: wish });
        for (const { address } of [MARA, JORY]) {
          expect(await audience.find(address)).toMatchObject({ suppressed: { reason: wish } });
        }
      },
    );

    test("stays out of the rest of the list that says so, in which nobody had left before", async () => {
      const rows: ImportedRow[] = [JORY, { ...MARA, suppressed: "unsubscribed" }, MARA];
      expect(await audience.importRows([rows])).toMatchObject({
        added: 1,
        suppressed: 1,
        keptOut: { unsubscribed: 1 },
      });
      expect(await addresses()).toEqual([JORY.address]);
    });
  });

  describe(`${engine}: a token`, () => {
    test("from before somebody was removed and came back still lets them go", async () => {
      await audience.add(MARA);
      const token = await tokenOf(MARA.address);
      expect(await audience.remove(MARA.address)).toBe(true);
      expect(await audience.remove(MARA.address)).toBe(false);
      now = new Date("2026-11-25T07:00:00Z");
      expect((await audience.add(MARA)).added).toBe(1);
      expect(await tokenOf(MARA.address)).not.toBe(token);
      expect(await audience.unsubscribe(token)).toBe(true);
      expect((await audience.find(MARA.address))?.suppressed?.reason).toBe("unsubscribed");
    });

    test("is never given to another, not even where the clock goes back", async () => {
      await audience.add(MARA);
      const before = (await audience.find(MARA.address))?.id ?? 0;
      await audience.remove(MARA.address);
      now = new Date("2020-01-01T00:00:00Z");
      await audience.add(JORY);
      expect((await audience.find(JORY.address))?.id).toBeGreaterThan(before);
    });
  });

  describe(`${engine}: another secret than the one with which links went out`, () => {
    const OTHER = keyringOf("another secret");
    beforeEach(async () => {
      await audience.add(MARA);
      await audience.assertSameSecret();
      await audience.noteSecret();
      await audience.noteSecret();
    });

    test("erases no reader, because the list would not recognise the address later", async () => {
      const changed = await open(ISSUE.newsletter, OTHER);
      const error = expect.objectContaining({ code: "SECRET_CHANGED" });
      await expect(changed.erase(MARA.address)).rejects.toThrow(error);
      expect(await audience.statusOf(MARA.address)).toBe("subscribed");
      expect(await audience.add(JORY)).toMatchObject({ added: 1 });
    });

    test("is told when something is sent, and when somebody leaves by a link", async () => {
      const changed = await open(ISSUE.newsletter, OTHER);
      const token = await tokenOf(MARA.address);
      const error = expect.objectContaining({ code: "SECRET_CHANGED" });
      await expect(changed.assertSameSecret()).rejects.toThrow(error);
      await expect(changed.unsubscribe(token)).rejects.toThrow(error);
      await expect(changed.noteBounce([token], BOUNCED)).rejects.toThrow(error);
    });

    test("is well with the old one beside it: links of both go on working", async () => {
      const oldSecrets = ["a secret"];
      const rotated = await open(ISSUE.newsletter, keyringOf("another secret", oldSecrets));
      await rotated.assertSameSecret();
      await rotated.noteSecret();
      await expect(audience.assertSameSecret()).rejects.toThrow("another BROADSHEET_SECRET");
      expect(await rotated.unsubscribe(await tokenOf(MARA.address))).toBe(true);
    });

    test("is accepted where the old one is lost, and another newsletter needs no word", async () => {
      const changed = await open(ISSUE.newsletter, OTHER);
      const given = [await changed.acceptSecret(), await changed.acceptSecret()];
      expect(given).toMatchObject([{ links: true }, { links: false }]);
      await changed.assertSameSecret();
      const invalid = expect.objectContaining({ code: "TOKEN_INVALID" });
      await expect(changed.unsubscribe(await tokenOf(MARA.address))).rejects.toThrow(invalid);
      await (await open("the-other", OTHER)).assertSameSecret();
    });

    test("that is lost no longer keeps out who was erased under it, so that the list takes somebody on again", async () => {
      await audience.erase(MARA.address);
      const changed = await open(ISSUE.newsletter, OTHER);
      await expect(changed.add(MARA)).rejects.toThrow(
        expect.objectContaining({ code: "SECRET_MISSING" }),
      );
      expect(await changed.acceptSecret()).toEqual({ links: true, erased: 1 });
      expect(await changed.add(MARA)).toMatchObject({ added: 1 });
      await changed.erase(MARA.address);
      expect(await changed.acceptSecret()).toEqual({ links: false, erased: 0 });
      expect(await changed.statusOf(MARA.address)).toBe("erased");
    });
  });

  describe(`${engine}: an import`, () => {
    test("beside another one gives no id twice", async () => {
      const other = await open();
      const tallies = await Promise.all([importGroups(audience, "a"), importGroups(other, "b")]);
      expect(tallies).toMatchObject([{ added: 1_500 }, { added: 1_500 }]);
      const ids = new Set<number>();
      for await (const { id } of audience.subscribers()) ids.add(id);
      expect(ids.size).toBe(3_000);
      expect(Math.min(...ids)).toBe(now.getTime() * 1_000);
    });

    test("of the same people beside another one adds each once", async () => {
      const other = await open();
      const rows = Array.from({ length: 500 }, (_, n) => ({
        address: `${n}@harbour.example`,
        tags: [],
      }));
      const tallies = await Promise.all(
        [audience, other].map(async (one, at) =>
          one.importRows([at === 0 ? rows : rows.toReversed()]),
        ),
      );
      expect(tallies.map(({ added }) => added).sort((a, b) => a - b)).toEqual([0, 500]);
      expect(await addresses()).toHaveLength(500);
    });

    test("takes in all that a row may say, in the order of its rows", async () => {
      const mara: ImportedRow = {
        address: "mara@harbour.example",
        name: 'Mara "Zoë" Quill \u{1F409}',
        language: "de-AT",
        tags: ["vip", "a b"],
        consent: { how: "at the fair", at: new Date("2025-01-02T03:04:05Z") },
        subscribedAt: new Date("2025-03-01T08:30:00Z"),
      };
      const first: ImportedRow[] = [
        { address: "Mara@Harbour.example", tags: ["vip"] },
        JORY,
        { ...mara, tags: ["a b"] },
        { ...JORY, suppressed: "bounced" },
        { ...JORY, suppressed: "complained" },
        JORY,
      ];
      expect(await audience.importRows([first, [mara, JORY], []])).toEqual({
        added: 2,
        updated: 1,
        unchanged: 1,
        suppressed: 1,
        keptOut: { complained: 2 },
      });
      const { subscribedAt: _, ...told } = mara;
      expect(await audience.find(mara.address)).toMatchObject({
        ...told,
        address: "Mara@Harbour.example",
        subscribedAt: now,
      });
      expect(await audience.statusOf(JORY.address)).toBe("complained");
    });
  });

  describe(`${engine}: a list for a program`, () => {
    test("takes in a file, without the NUL in a name, and says what became of its rows", async () => {
      const file = path.join(await newFolder(), "list.json");
      const rows = [
        { email: "mara@harbour.example", name: "Ma\0ra" },
        { email: "no address" },
        { email: JORY.address },
        { email: JORY.address },
      ];
      await writeFile(file, JSON.stringify(rows));
      const list = storedList(audience);
      expect(await list.importFile(file, { tags: ["a tag"] })).toEqual({
        read: 4,
        rejected: 1,
        added: 2,
        updated: 0,
        unchanged: 1,
        suppressed: 0,
        keptOut: {},
      });
      expect(await readFile(file.replace(".json", ".rejects.csv"), "utf8")).toContain("no address");
      expect(await list.find("MARA@harbour.example")).toMatchObject({
        name: "Mara",
        tags: ["a tag"],
      });
      await expect(list.add("Wen\0na <wenna@quay.example>")).rejects.toThrow("control character");
      expect(await list.counts()).toMatchObject({ subscribers: 2, active: 2 });
    });

    test("is written whole as CSV, which it takes in again unchanged", async () => {
      await audience.add({
        ...MARA,
        name: 'Mara "the, pen"',
        consent: { how: "at the fair", at: now },
      });
      await audience.add(JORY);
      await audience.suppress(JORY.address, "unsubscribed");
      await audience.suppress("stranger@quay.example", "complained");
      const file = path.join(await newFolder(), "out.csv");
      const all = async function* (): AsyncGenerator<readonly Listed[]> {
        yield* audience.pages();
        yield* audience.suppressedStrangers();
      };
      await writeList(file, csvLines(all()));
      const counts = await storedList(audience).importFile(file);
      expect(counts).toMatchObject({ read: 3, rejected: 0, added: 0, updated: 0, unchanged: 1 });
      const other = await open("the-mudlark");
      await storedList(other).importFile(file);
      expect(await addresses(other)).toEqual([MARA.address]);
      expect(await other.statusOf("stranger@quay.example")).toBe("complained");
      expect(await other.find(MARA.address)).toMatchObject({
        name: 'Mara "the, pen"',
        consent: { how: "at the fair", at: now },
      });
    });
  });

  describe(`${engine}: a change`, () => {
    test("that is rehearsed is not kept, and returns what it would do", async () => {
      await audience.add(MARA);
      const left = await audience.together(async (all) => {
        const was = await all.suppress(MARA.address, "manual");
        return [was, await all.statusOf(MARA.address)];
      }, true);
      expect(left).toEqual([true, "manual"]);
      expect(await audience.statusOf(MARA.address)).toBe("subscribed");
    });

    test("that fails is not kept", async () => {
      await audience.add(MARA);
      const failed = audience.together(async (all) => {
        await all.suppress(MARA.address, "manual");
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await audience.statusOf(MARA.address)).toBe("subscribed");
    });

    test("keeps no other call out of its place: those wait", async () => {
      const steps: string[] = [];
      const change = audience.together(async (all) => {
        for (let n = 0; n < 20; n++) await all.add({ address: `${n}@harbour.example`, tags: [] });
        steps.push("change");
      });
      const after = audience.suppress(JORY.address, "manual").then(() => steps.push("suppressed"));
      await Promise.all([change, after]);
      expect(steps).toEqual(["change", "suppressed"]);
      expect((await audience.counts()).subscribers).toBe(20);
    });
  });

  describe(`${engine}: requests to leave`, () => {
    test("are the latest of each address, and of strangers at most a hundred", async () => {
      await audience.add(MARA);
      await audience.noteLeaveRequest({ address: MARA.address, date: now, messageId: "<first>" });
      for (let n = 0; n < 105; n++)
        await audience.noteLeaveRequest({ address: `stranger${n}@quay.example`, date: now });
      let requests = await audience.leaveRequests();
      expect(requests).toHaveLength(101);
      expect(requests[0]?.address).toBe("stranger104@quay.example");
      expect(requests.at(-1)).toEqual({ address: MARA.address, date: now, messageId: "<first>" });
      await audience.noteLeaveRequest({ address: MARA.address, date: now, messageId: "<second>" });
      requests = await audience.leaveRequests();
      expect(requests[0]).toEqual({ address: MARA.address, date: now, messageId: "<second>" });
      expect(await audience.settleLeaveRequest(MARA.address)).toBe(true);
      await audience.suppress("stranger104@quay.example", "unsubscribed");
      expect(await audience.leaveRequests()).toHaveLength(99);
    });
  });

  describe(`${engine}: the history of a list`, () => {
    test("is told by day and reason", async () => {
      await audience.add({ ...MARA, subscribedAt: new Date("2026-01-01T23:59:00Z") });
      await audience.add({ ...JORY, subscribedAt: new Date("2026-01-02T00:01:00Z") });
      await audience.suppress(JORY.address, "unsubscribed");
      expect(await audience.changesByDay()).toEqual([
        { day: "2026-01-01", what: "joined", count: 1 },
        { day: "2026-01-02", what: "joined", count: 1 },
        { day: "2026-11-24", what: "unsubscribed", count: 1 },
      ]);
    });
  });

  describe(`${engine}: erasing`, () => {
    test("leaves nothing of an address in any table, and keeps it out", async () => {
      await audience.add({ ...MARA, name: "Mara Unforgettable" });
      await audience.add(JORY);
      await audience.noteLeaveRequest({ address: MARA.address, date: now });
      const reply = `550 <${MARA.address}> unknown`;
      const sent = { slot: ISSUE.slot, at: now, to: [MARA.address, JORY.address], reply };
      const store = await openStore(place, { env });
      await storeSentIssue(store, sent);
      const token = tokensOf(
        { subscriberId: await idOf(MARA.address), list: await audience.listUid() },
        KEYS,
      );
      await audience.noteBounce([token.bounceToken], { ...BOUNCED, said: reply });
      const texts = async () => {
        const rows = [];
        for (const table of TABLES) rows.push(...(await store.all(`SELECT * FROM ${table}`)));
        return JSON.stringify(rows).toLowerCase();
      };
      expect(await texts()).toContain("unforgettable");
      expect(await audience.erase("MARA@harbour.example")).toBe(true);
      expect(await audience.erase(MARA.address)).toBe(false);
      expect((await texts()).replaceAll(reply.toLowerCase(), "")).not.toMatch(/mara|unforgettable/);
      expect(await texts()).toContain("jory@quay");
      expect((await audience.add(MARA)).keptOut).toEqual({ erased: 1 });
      expect(await audience.counts()).toMatchObject({ subscribers: 1, erased: 1 });
      await store.close();
    });

    test("leaves nothing of an address in what servers said to a sender that is at work", async () => {
      await audience.add(MARA);
      await audience.add(JORY);
      const reply = "450 later";
      const store = await openStore(place, { env });
      await storeSentIssue(store, { slot: ISSUE.slot, at: now, to: [MARA.address, JORY.address] });
      const said = (await store.all("SELECT id, key FROM delivery ORDER BY key DESC")).map(
        (row) => ({
          id: row["id"],
          state: "deferred",
          reply: `${reply}, ${String(row["key"])}`,
        }),
      );
      await store.run(
        "INSERT INTO delivery_group (id, issue, members) SELECT 1, id, '[]' FROM issue",
      );
      const turn = "INSERT INTO delivery_turn (held, turn, at, entries) VALUES (1, 0, 0, ?)";
      await store.run(turn, JSON.stringify(said));
      await audience.erase(MARA.address);
      const entries = String((await store.get("SELECT entries FROM delivery_turn"))?.["entries"]);
      await store.close();
      expect(JSON.parse(entries)).toEqual([
        { id: said[0]?.id, state: "deferred" },
        { ...said[1], reply: `${reply}, ${JORY.address}` },
      ]);
    });

    test("outlives a new secret as long as the old one is named, and refuses to guess without", async () => {
      await audience.add(MARA);
      await audience.erase(MARA.address);
      const rotated = await open(ISSUE.newsletter, keyringOf("a new secret", ["a secret"]));
      expect((await rotated.add(MARA)).keptOut).toEqual({ erased: 1 });
      const forgetful = await open(ISSUE.newsletter, keyringOf("a new secret"));
      await expect(forgetful.add(MARA)).rejects.toThrow(
        expect.objectContaining({ code: "SECRET_MISSING" }),
      );
    });

    test("is taken back when its owner asks for the newsletter again, with the tokens of before", async () => {
      await audience.add(MARA);
      const token = await tokenOf(MARA.address);
      await audience.erase(MARA.address);
      expect(await audience.unsubscribe(token)).toBe(false);
      now = new Date("2026-11-25T07:00:00Z");
      expect((await audience.add(MARA, { isResubscription: true })).added).toBe(1);
      expect(await audience.unsubscribe(token)).toBe(true);
    });
  });
}
