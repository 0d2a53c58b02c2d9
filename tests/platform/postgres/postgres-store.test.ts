import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../../src/platform/postgres/open-postgres.ts";
import type { PostgresStore } from "../../../src/platform/postgres/postgres-store.ts";
import { newDatabase } from "../../stores.ts";
import { newFolder } from "../../temporary.ts";

describe("a store in PostgreSQL", () => {
  let store: PostgresStore;

  beforeAll(async () => {
    const env = { XDG_STATE_HOME: await newFolder() };
    store = await openPostgres(await newDatabase(), { env });
  });

  afterAll(async () => store.close());

  test("values come out as they went in", async () => {
    const bytes = new Uint8Array([0, 1, 255]);
    const row = await store.get(
      "SELECT ? AS text, ?2 AS number, ? AS half, ?4 AS bytes, ? AS nothing, ?2 + 1 AS more, ? IS NULL AS yes",
      "it's",
      9_007_199_254_740_990,
      0.5,
      bytes,
      null,
      undefined,
    );
    expect(row).toEqual({
      text: "it's",
      number: 9_007_199_254_740_990,
      half: 0.5,
      bytes: Buffer.from(bytes),
      nothing: null,
      more: 9_007_199_254_740_991,
      yes: 1,
    });
  });

  test("a NUL in a text is removed", async () => {
    expect(await store.get("SELECT ? AS name", "An\0na")).toEqual({ name: "Anna" });
  });

  test("a question mark in a text or a comment is no value", async () => {
    const row = await store.get("SELECT '?' AS a, ? AS b -- what?\n, 'it''s ?' AS c", 1);
    expect(row).toEqual({ a: "?", b: 1, c: "it's ?" });
  });

  test("a transaction is done whole, or nothing of it", async () => {
    const failing = store.transaction(async (tx) => {
      await addList(tx, "failing");
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    await store.change(async (tx) => addList(tx, "kept"));
    expect(await listsNamed("failing")).toBe(0);
    expect(await listsNamed("kept")).toBe(1);
  });

  test("a transaction in which a statement failed is an error, also where the code goes on", async () => {
    const failing = store.transaction(async (tx) => {
      await addList(tx, "half");
      await tx.run("INSERT INTO list (newsletter, uid) VALUES ('half', ?)", UID).catch(() => 0);
    });
    await expect(failing).rejects.toThrow("the transaction was rolled back");
    expect(await listsNamed("half")).toBe(0);
  });

  test("of statements that are on their way together, the error of the first one that failed is thrown", async () => {
    const failing = store.beside(async (tx) => {
      const first = tx.get("SELECT 1 / 0");
      // It is waited for later, as one of several that were begun together.
      first.catch(() => undefined);
      await tx.get("SELECT 1");
      await first;
    });
    await expect(failing).rejects.toThrow("division by zero");
  });

  test("transactions do not read what another one is about to change", async () => {
    const count = "SELECT count(*) AS count FROM subscriber";
    await store.change(async (tx) => addList(tx, "counted"));
    const add = async () =>
      store.change(async (tx) => {
        const row = await tx.get(count);
        await tx.run(
          "INSERT INTO subscriber (id, list, key, address, subscribed_at) SELECT ?, id, ?, ?, 0 FROM list WHERE newsletter = 'counted'",
          Number(row?.["count"]) + 1,
          `reader-${String(row?.["count"])}`,
          "reader@example.org",
        );
      });
    await Promise.all(Array.from({ length: 12 }, add));
    expect(await store.get(count)).toEqual({ count: 12 });
  });

  test("transactions beside each other don't take the store for an older one", async () => {
    const url = await newDatabase();
    const env = { XDG_STATE_HOME: await newFolder() };
    await using shared = await openPostgres(url, { env });
    const change = async (n: number) => shared.beside(async (tx) => addList(tx, `beside ${n}`));
    // Others open the same store meanwhile, and have the same mark.
    const open = async () => (await openPostgres(url, { env })).close();
    const work = Array.from({ length: 60 }, async (_, n) => (n % 6 === 0 ? open() : change(n)));
    await Promise.all(work);
    const row = await shared.get("SELECT count(*) AS count FROM list");
    expect(row).toEqual({ count: 50 });
  });

  test("a statement outside of the transaction in which it runs is a mistake, and does not wait for ever", async () => {
    const nested = store.transaction(async () => store.get("SELECT 1 AS one"));
    await expect(nested).rejects.toThrow("must use that transaction");
  });

  test("a statement of a transaction that is over is a mistake", async () => {
    const tx = await store.transaction(async (open) => open);
    await expect(tx.get("SELECT 1 AS one")).rejects.toThrow("is over");
  });

  test("a reader who has left is in quarantine no longer", async () => {
    await store.change(async (tx) => {
      await addList(tx, "left");
      await tx.run("INSERT INTO issue (newsletter, slot, content_hash) VALUES ('left', '1', '')");
      await tx.run(
        "INSERT INTO delivery (issue, key, address, state, due, changed_at) SELECT id, 'a', 'a', 'planned', 0, 0 FROM issue WHERE newsletter = 'left'",
      );
      await tx.run(
        "INSERT INTO quarantine (list, key, delivery, since) SELECT list.id, 'a', delivery.id, 0 FROM list, delivery WHERE newsletter = 'left'",
      );
      await tx.run(
        "INSERT INTO suppression (list, key, address, reason, since) SELECT id, 'a', 'a', 'manual', 0 FROM list WHERE newsletter = 'left'",
      );
    });
    expect(await store.all("SELECT * FROM quarantine")).toEqual([]);
    expect(await store.all("SELECT state, count FROM delivery_count")).toEqual([
      { state: "planned", count: 1 },
    ]);
  });

  async function listsNamed(name: string): Promise<unknown> {
    const row = await store.get("SELECT count(*) AS count FROM list WHERE newsletter = ?", name);
    return row?.["count"];
  }
});

const UID = new Uint8Array(6);

async function addList(
  tx: { run: (sql: string, ...values: (string | Uint8Array)[]) => Promise<number> },
  newsletter: string,
): Promise<void> {
  await tx.run("INSERT INTO list (newsletter, uid) VALUES (?, ?)", newsletter, UID);
}
