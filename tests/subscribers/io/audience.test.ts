import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImportedRow } from "../../../src/subscribers/import-row.ts";
import { keyringOf, mintToken } from "../../../src/subscribers/tokens.ts";
import { parseSegment } from "../../../src/subscribers/segment.ts";
import type { Config } from "../../../src/config/config.ts";
import { diagnoseStore } from "../../../src/doctor/io/diagnose-store.ts";
import { SqliteAudience } from "../../../src/subscribers/io/sqlite-audience.ts";
import { SqliteLedger } from "../../../src/delivery/io/ledger/sqlite-ledger.ts";
import { openStore } from "../../../src/platform/sqlite/open-store.ts";
import { claimOf, ISSUE, planOf } from "../../delivery/ledger-requests.ts";
import { newFolder } from "../../temporary.ts";

const KEYS = keyringOf("a secret");
const MARA: ImportedRow = { address: "Mara@harbour.example", name: "Mara", tags: ["harbour"] };
const JORY: ImportedRow = { address: "jory@quay.example", tags: [], language: "de" };

const BOUNCED = { what: "bounced", said: "no such user", messageIds: [] } as const;

let file: string;
let now: Date;
let opened: SqliteAudience[];
let audience: SqliteAudience;

async function open(newsletter = ISSUE.newsletter, keyring = KEYS): Promise<SqliteAudience> {
  const made = new SqliteAudience(await openStore(file), { newsletter, keyring, clock: () => now });
  opened.push(made);
  return made;
}

beforeEach(async () => {
  file = path.join(await newFolder(), "list.db");
  now = new Date("2026-11-24T07:00:00Z");
  opened = [];
  audience = await open();
});

afterEach(() => {
  for (const each of opened) each.close();
});

function tokenOf(address: string): string {
  const subscriberId = audience.find(address)?.id ?? 0;
  return mintToken({ subscriberId, list: audience.listUid }, KEYS);
}

const addresses = (of = audience) => [...of.subscribers()].map(({ address }) => address);

describe("a list", () => {
  test("tells how many came and how many left since a moment", () => {
    audience.add({ ...MARA, subscribedAt: new Date("2026-01-01T00:00:00Z") });
    audience.add(JORY);
    audience.suppress(MARA.address, "manual");
    audience.suppress("stranger@quay.example", "manual");
    audience.add({ address: "ines@quay.example", tags: [] });
    audience.erase("ines@quay.example");
    expect(audience.changesSince(new Date("2026-11-01T00:00:00Z"))).toEqual({
      joined: 1,
      left: 1,
      erased: 1,
    });
    expect(audience.changesSince(new Date("2026-11-25T00:00:00Z"))).toEqual({
      joined: 0,
      left: 0,
      erased: 0,
    });
  });

  test("learns what another list knows, and forgets nothing that it doesn't say", () => {
    audience.add({ ...MARA, consent: { how: "at the fair" } });
    expect(audience.add({ ...JORY, address: MARA.address, tags: ["news"] }).updated).toBe(1);
    expect(audience.find(MARA.address)).toMatchObject({
      name: "Mara",
      language: "de",
      tags: ["harbour", "news"],
      consent: { how: "at the fair" },
    });
  });

  test("has more than a page of people, in the order in which they came", () => {
    const importer = audience.importer();
    const rows = Array.from({ length: 2_500 }, (_, n) => ({
      address: `reader-${n % 2_400}@harbour.example`,
      tags: n % 2 === 0 ? ["even"] : [],
    }));
    importer.add(rows.slice(0, 2_000));
    importer.add(rows.slice(2_000));
    importer.finish();
    expect(importer.tally).toMatchObject({ added: 2_400, unchanged: 100 });
    expect(addresses()).toEqual(rows.slice(0, 2_400).map(({ address }) => address));
    expect([...audience.subscribers(parseSegment("tag:even"))]).toHaveLength(1_200);
  });

  test("is its newsletter's own", async () => {
    audience.add(MARA);
    audience.suppress(JORY.address, "manual");
    const other = await open("the-mudlark");
    expect(other.add(JORY).added).toBe(1);
    expect(addresses()).toEqual([MARA.address]);
    expect(addresses(other)).toEqual([JORY.address]);
    expect(other.otherLists()).toEqual([{ newsletter: ISSUE.newsletter, subscribers: 1 }]);
  });

  test("takes back what came after the last commit, where a row fails", () => {
    const importer = audience.importer();
    importer.add([MARA]);
    const broken = { ...JORY, address: undefined };
    // @ts-expect-error no such row can come out of the reader
    expect(() => importer.add([broken])).toThrow(TypeError);
    expect(addresses()).toEqual([]);
    expect(audience.add(JORY).added).toBe(1);
  });
});

describe("whoever has left", () => {
  test.each(["unsubscribed", "bounced", "complained", "manual"] as const)(
    "stays out whatever a list says: %s",
    (reason) => {
      audience.add(MARA);
      expect(audience.suppress(MARA.address, reason)).toBe(true);
      expect(audience.suppress("mara@harbour.example", "bounced")).toBe(false);
      expect(audience.add({ ...MARA, name: "Mara Quill" }).keptOut).toEqual({ [reason]: 1 });
      expect(audience.find(MARA.address)).toMatchObject({ name: "Mara", suppressed: { reason } });
      expect(audience.counts()).toMatchObject({
        subscribers: 1,
        active: 0,
        suppressed: 1,
        erased: 0,
      });
    },
  );

  test.each(["unsubscribed", "complained", "manual"] as const)(
    "after a bounce has that reason from then on: %s",
    (wish) => {
      audience.add(MARA);
      audience.suppress(MARA.address, "bounced");
      expect(audience.suppress(MARA.address, wish)).toBe(false);
      audience.add(JORY);
      audience.suppress(JORY.address, "bounced");
      audience.add({ ...JORY, suppressed: wish });
      for (const { address } of [MARA, JORY]) {
        expect(audience.find(address)).toMatchObject({ suppressed: { reason: wish } });
      }
    },
  );

  test("stays out of the rest of the list that says so, in which nobody had left before", () => {
    const importer = audience.importer();
    importer.add([JORY, { ...MARA, suppressed: "unsubscribed" }, MARA]);
    expect(importer.finish()).toMatchObject({
      added: 1,
      suppressed: 1,
      keptOut: { unsubscribed: 1 },
    });
    expect(addresses()).toEqual([JORY.address]);
  });
});

describe("a token", () => {
  test("from before somebody was removed and came back still lets them go", () => {
    audience.add(MARA);
    const token = tokenOf(MARA.address);
    expect(audience.remove(MARA.address)).toBe(true);
    expect(audience.remove(MARA.address)).toBe(false);
    now = new Date("2026-11-25T07:00:00Z");
    expect(audience.add(MARA).added).toBe(1);
    expect(tokenOf(MARA.address)).not.toBe(token);
    expect(audience.unsubscribe(token)).toBe(true);
    expect(audience.find(MARA.address)?.suppressed?.reason).toBe("unsubscribed");
  });

  test("is never given to another, not even where the clock goes back", () => {
    audience.add(MARA);
    const before = audience.find(MARA.address)?.id ?? 0;
    audience.remove(MARA.address);
    now = new Date("2020-01-01T00:00:00Z");
    audience.add(JORY);
    expect(audience.find(JORY.address)?.id).toBeGreaterThan(before);
  });
});

describe("another secret than the one with which links went out", () => {
  const OTHER = keyringOf("another secret");
  const facts = { slug: ISSUE.newsletter, secrets: { secret: "another secret" } };
  const linksIn = (secrets: Config["secrets"]) =>
    diagnoseStore({ ...facts, store: file, secrets }, { clock: () => now, env: {} }).find(
      ({ about }) => about === "Links",
    );

  beforeEach(() => {
    audience.add(MARA);
    audience.assertSameSecret();
    audience.noteSecret();
    audience.noteSecret();
  });

  test("is told when something is sent, when somebody leaves by a link, and by the doctor", async () => {
    const changed = await open(ISSUE.newsletter, OTHER);
    const token = tokenOf(MARA.address);
    const error = expect.objectContaining({ code: "SECRET_CHANGED" });
    expect(() => changed.assertSameSecret()).toThrow(error);
    expect(() => changed.unsubscribe(token)).toThrow(error);
    expect(() => changed.noteBounce([token], BOUNCED)).toThrow(error);
    expect(linksIn(facts.secrets)).toMatchObject({ verdict: "fix", code: "SECRET_CHANGED" });
  });

  test("is well with the old one beside it: links of both go on working", async () => {
    const oldSecrets = ["a secret"];
    const rotated = await open(ISSUE.newsletter, keyringOf("another secret", oldSecrets));
    rotated.assertSameSecret();
    rotated.noteSecret();
    expect(linksIn({ ...facts.secrets, oldSecrets })).toMatchObject({ verdict: "ok" });
    expect(() => audience.assertSameSecret()).toThrow("another BROADSHEET_SECRET");
    expect(rotated.unsubscribe(tokenOf(MARA.address))).toBe(true);
  });

  test("is accepted where the old one is lost, and another newsletter needs no word", async () => {
    const changed = await open(ISSUE.newsletter, OTHER);
    const given = [changed.acceptSecret(), changed.acceptSecret()];
    expect(given).toMatchObject([{ links: true }, { links: false }]);
    changed.assertSameSecret();
    const invalid = expect.objectContaining({ code: "TOKEN_INVALID" });
    expect(() => changed.unsubscribe(tokenOf(MARA.address))).toThrow(invalid);
    (await open("the-other", OTHER)).assertSameSecret();
  });

  test("that is lost no longer keeps out who was erased under it, so that the list takes somebody on again", async () => {
    audience.erase(MARA.address);
    const changed = await open(ISSUE.newsletter, OTHER);
    expect(() => changed.add(MARA)).toThrow(expect.objectContaining({ code: "SECRET_MISSING" }));
    expect(changed.acceptSecret()).toEqual({ links: true, erased: 1 });
    expect(changed.add(MARA)).toMatchObject({ added: 1 });
    changed.erase(MARA.address);
    expect(changed.acceptSecret()).toEqual({ links: false, erased: 0 });
    expect(changed.statusOf(MARA.address)).toBe("erased");
  });
});

describe("erasing", () => {
  test("leaves nothing of an address in the store, and keeps it out", async () => {
    const ledger = new SqliteLedger(await openStore(file), { clock: () => now });
    audience.add({ ...MARA, name: "Mara Unforgettable" });
    audience.add(JORY);
    await ledger.plan(planOf([...audience.subscribers()]));
    const [claim] = await ledger.claim(claimOf(1));
    if (!claim) throw new Error("two were planned");
    await ledger.turn({ outcomes: [], start: [claim] });
    const reply = `550 <${MARA.address}> unknown`;
    await ledger.turn({ outcomes: [{ claim, state: "rejected", reply }], start: [] });

    expect(audience.erase("MARA@harbour.example")).toBe(true);
    expect(audience.erase(MARA.address)).toBe(false);
    const run = await ledger.begin("w", ISSUE);
    expect(audience.scrub()).toBe(false);
    await run.end();
    expect(audience.scrub()).toBe(true);
    for (const end of ["", "-wal"]) {
      const bytes = await readFile(file + end, "latin1").catch(() => "");
      expect(bytes.toLowerCase()).not.toContain("mara@harbour");
      expect(bytes).not.toContain("Unforgettable");
      if (end === "") expect(bytes).toContain("jory@quay");
    }
    await ledger.close();
    expect(audience.add(MARA).keptOut).toEqual({ erased: 1 });
    expect(audience.counts()).toMatchObject({ subscribers: 1, erased: 1 });
  });

  test("stops what is still to be sent, and keeps the count of what was", async () => {
    const ledger = new SqliteLedger(await openStore(file), { clock: () => now });
    audience.add(MARA);
    audience.add(JORY);
    await ledger.plan(planOf([...audience.subscribers()]));
    const claims = await ledger.claim(claimOf());
    audience.erase(MARA.address);
    const { started } = await ledger.turn({ outcomes: [], start: claims });
    expect(started.map(({ to }) => to.address)).toEqual([JORY.address]);
    expect((await ledger.issue(ISSUE))?.counts).toMatchObject({ skipped: 1, sending: 1 });
    await ledger.close();
  });

  test("outlives a new secret as long as the old one is named, and refuses to guess without", async () => {
    audience.add(MARA);
    audience.erase(MARA.address);
    const rotated = await open(ISSUE.newsletter, keyringOf("a new secret", ["a secret"]));
    expect(rotated.add(MARA).keptOut).toEqual({ erased: 1 });
    const forgetful = await open(ISSUE.newsletter, keyringOf("a new secret"));
    expect(() => forgetful.add(MARA)).toThrow(expect.objectContaining({ code: "SECRET_MISSING" }));
  });

  test("is taken back when its owner asks for the newsletter again, with the tokens of before", () => {
    audience.add(MARA);
    const token = tokenOf(MARA.address);
    audience.erase(MARA.address);
    expect(audience.unsubscribe(token)).toBe(false);
    now = new Date("2026-11-25T07:00:00Z");
    expect(audience.add(MARA, { isResubscription: true }).added).toBe(1);
    expect(audience.unsubscribe(token)).toBe(true);
  });
});
