import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { acceptStore } from "../../src/delivery/io/open-ledger.ts";
import type { BroadsheetError } from "../../src/errors.ts";
import { copyStore } from "../../src/platform/copy-store.ts";
import type { Store } from "../../src/platform/database.ts";
import { FileLock } from "../../src/platform/sqlite/run-lock.ts";
import { openStore, type StorePlace } from "../../src/platform/store.ts";
import { ENGINES, inDatabase, newDatabase, newPlace } from "../stores.ts";
import { newFolder } from "../temporary.ts";

describe.each(ENGINES)("a store that is copied from %s", (engine) => {
  const other = engine === "sqlite" ? "postgres" : "sqlite";

  test("comes out of a second copy as it was", async () => {
    const { place, env } = await filledStore(engine);
    const there = await newPlace(other);
    const copied = await copyStore(place, there, { isMove: true, env });
    expect(copied.isMoved).toBe(true);
    expect(rowsOf(copied)).toMatchObject({
      subscriber: 603,
      delivery: 603,
      issue_picture: 12,
      relay: 1,
    });
    await accept(there, env);
    const again = await copyStore(there, await newPlace(engine), { isMove: true, env });
    expect(again.tables).toEqual(copied.tables);
  });

  test("gives no id twice after it", async () => {
    const { place, env } = await filledStore(engine);
    const there = await newPlace(other);
    await copyStore(place, there, { isMove: true, env });
    await accept(there, env);
    await using store = await openStore(there, { env });
    const added = await store.change(async (tx) =>
      tx.get(
        "INSERT INTO issue (newsletter, slot, content_hash) VALUES ('n', 'next', '') RETURNING id",
      ),
    );
    expect(added).toEqual({ id: 8 });
    const counted = await store.all("SELECT state, count FROM delivery_count ORDER BY state");
    expect(counted).toEqual([
      { state: "accepted", count: 602 },
      { state: "deferred", count: 1 },
    ]);
  });

  test("is refused from then on, also by a program that has it open", async () => {
    const { place, env } = await filledStore(engine);
    await using open = await openStore(place, { env });
    await copyStore(place, await newPlace(other), { isMove: true, env });
    await expect(open.change(async () => undefined)).rejects.toMatchObject({ code: "STORE_MOVED" });
    for (const any of [env, { ...env, BROADSHEET_STORE_PLACE: "any" }]) {
      const refused = await refusalOf(openStore(place, { env: any }));
      expect(refused).toMatchObject({ code: "STORE_MOVED" });
      expect(refused.fix).toContain("broadsheet reconcile --accept-store");
    }
    const again = await refusalOf(copyStore(place, await newPlace(other), { isMove: true, env }));
    expect(again).toMatchObject({ code: "STORE_MOVED" });
  });

  test("is not copied while an issue is being sent", async () => {
    const { place, env } = await filledStore(engine);
    await change(place, env, "INSERT INTO delivery_group (issue, members) VALUES (7, '[]')");
    const refused = await refusalOf(copyStore(place, await newPlace(other), { isMove: true, env }));
    expect(refused).toMatchObject({ code: "LEDGER_BUSY" });
    await (await openStore(place, { env })).close();
  });

  test("is not copied onto one that is in use", async () => {
    const { place, env } = await filledStore(engine);
    const { place: full } = await filledStore(other);
    const refused = await refusalOf(copyStore(place, full, { isMove: true, env }));
    expect(refused).toMatchObject({ code: "FILE_EXISTS" });
    await (await openStore(place, { env })).close();
  });
});

test("a database is not copied onto itself, and that is said before it is locked", async () => {
  const { place, env } = await filledStore("postgres");
  const refused = await refusalOf(copyStore(place, place, { isMove: true, env }));
  expect(refused).toMatchObject({ code: "FILE_EXISTS" });
  await (await openStore(place, { env })).close();
});

test("a file that something is being sent from is not copied", async () => {
  const { place, env } = await filledStore("sqlite");
  if (!("file" in place)) throw new Error("it is a file");
  const lock = new FileLock(`${place.file}-lock`);
  expect(await lock.take()).toBe(true);
  const refused = await refusalOf(
    copyStore(place, await newPlace("postgres"), { isMove: true, env }),
  );
  expect(refused).toMatchObject({ code: "LEDGER_BUSY" });
  await lock.release();
});

test("a database in which a worker holds a job is not copied", async () => {
  const { place, env } = await filledStore("postgres");
  if (!("url" in place)) throw new Error("it is a database");
  await inDatabase(
    place.url,
    "SELECT broadsheet_jobs.create_queue('shards', '{\"policy\":\"stately\"}'::jsonb)",
    "INSERT INTO broadsheet_jobs.job (name, state) VALUES ('shards', 'active')",
  );
  const file = path.join(await newFolder(), "backup.sqlite");
  const refused = await refusalOf(copyStore(place, { file }, { isMove: false, env }));
  expect(refused).toMatchObject({ code: "LEDGER_BUSY" });
  expect(await readdir(path.dirname(file))).toEqual([]);
});

describe("a copy in a database", () => {
  test("is refused until it is accepted; then nothing is in doubt", async () => {
    const { place, env } = await filledStore("sqlite");
    const there = await newPlace("postgres");
    await copyStore(place, there, { isMove: false, env });
    const elsewhere = { XDG_STATE_HOME: await newFolder() };
    expect(await refusalOf(openStore(there, { env: elsewhere }))).toMatchObject({
      code: "LEDGER_RESTORED",
      message: expect.stringContaining("has a copy of a store"),
    });
    expect(await accept(there, elsewhere)).toMatchObject({
      inDoubt: 0,
      isOlder: false,
      movedFrom: expect.stringContaining("store.sqlite on "),
    });
    expect(await accept(there, elsewhere)).toBeUndefined();
    await (await openStore(there, { env: elsewhere, isToSend: true })).close();
  });

  test("of a backup has readers in doubt when it is accepted", async () => {
    const { place, env } = await filledStore("postgres");
    const backup = { file: path.join(await newFolder(), "backup.sqlite") };
    expect(await copyStore(place, backup, { isMove: false, env })).toMatchObject({
      isMoved: false,
    });
    await (await openStore(place, { env })).close();
    expect(await refusalOf(openStore(backup, { env }))).toMatchObject({ code: "LEDGER_RESTORED" });
    const restored = await newPlace("postgres");
    const elsewhere = { XDG_STATE_HOME: await newFolder() };
    expect(await copyStore(backup, restored, { isMove: false, env: elsewhere })).toMatchObject({
      isMoved: false,
    });
    expect(await accept(restored, elsewhere)).toMatchObject({ inDoubt: 1, isOlder: true });
  });

  test("that differs is not kept", async () => {
    const { place, env } = await filledStore("sqlite");
    const url = await newDatabase();
    await inDatabase(url, "CREATE RULE lost AS ON INSERT TO broadsheet.relay DO INSTEAD NOTHING");
    const refused = await refusalOf(copyStore(place, { url }, { isMove: true, env }));
    expect(refused).toMatchObject({ code: "STORE_FAILED" });
    expect(refused.message).toContain("the copy of the table relay");
    const { rows } = await inDatabase(
      url,
      "SELECT count(*)::int AS count FROM broadsheet.subscriber",
    );
    expect(rows).toEqual([{ count: 0 }]);
    await (await openStore(place, { env })).close();
  });
});

test("a backup of a store that has moved is older than its copy", async () => {
  const { place, env } = await filledStore("sqlite");
  if (!("file" in place)) throw new Error("it is a file");
  const backup = await readFile(place.file);
  const there = { file: path.join(await newFolder(), "store.sqlite") };
  await copyStore(place, there, { isMove: true, env });
  await writeFile(place.file, backup);
  const refused = await refusalOf(
    openStore(place, { env: { ...env, BROADSHEET_STORE_PLACE: "any" } }),
  );
  expect(refused).toMatchObject({ code: "LEDGER_RESTORED" });
});

test("an empty database is refused beside a full store in a file", async () => {
  const { place, env } = await filledStore("sqlite");
  if (!("file" in place)) throw new Error("it is a file");
  const beside = { url: await newDatabase(), beside: place.file };
  const refused = await refusalOf(openStore(beside, { env }));
  expect(refused).toMatchObject({ code: "STORE_UNUSABLE" });
  expect(refused.fix).toContain("broadsheet db copy");
  await copyStore(place, beside, { isMove: false, env });
  await accept(beside, env);
  await (await openStore(beside, { env })).close();
});

type Env = Readonly<Record<string, string>>;

/** A store with rows of many kinds, and the environment that has its mark. */
async function filledStore(
  engine: (typeof ENGINES)[number],
): Promise<{ readonly place: StorePlace; readonly env: Env }> {
  const place = await newPlace(engine);
  const env = { XDG_STATE_HOME: await newFolder() };
  await using store = await openStore(place, { env });
  await fill(store);
  return { place, env };
}

function rows(values: readonly (readonly unknown[])[]): string {
  return values.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
}

function bytes(index: number): Uint8Array {
  return new Uint8Array([0, index % 256, 255, 1, 2, 3]);
}

async function fill(store: Store): Promise<void> {
  await store.change(async (tx) => {
    await tx.run("INSERT INTO list (id, newsletter, uid) VALUES (3, 'n', ?)", bytes(0));
    await tx.run(
      "INSERT INTO issue (id, newsletter, slot, content_hash, planned_at, state) VALUES (7, 'n', '1', '', 5, 'sending')",
    );
    await tx.run(
      "INSERT INTO issue_content (issue, digest, email) VALUES (7, '{}', 'Ärger \u{1F600}')",
    );
    for (let index = 0; index < 12; index += 1) {
      await tx.run(
        "INSERT INTO issue_picture (issue, name, content_type, content) VALUES (7, ?, 'image/png', ?)",
        `${index}.png`,
        bytes(index),
      );
    }
    // Keys that a comparison by language would have in another order, and more rows than are read at once.
    const keys = ["é@example.org", "Z@example.org", "a_@example.org"];
    for (let index = 0; index < 600; index += 1) keys.push(`reader-${index}@example.org`);
    const readers = keys.map((key, index) => [
      1_700_000_000_000_000 + index,
      3,
      key,
      key,
      index % 2 === 0 ? null : `Name ${index}`,
      1_700_000_000_000 + index,
    ]);
    await tx.run(
      `INSERT INTO subscriber (id, list, key, address, name, subscribed_at) VALUES ${rows(readers)}`,
      ...readers.flat(),
    );
    const deliveries = keys.map((key, index) =>
      index === 0 ? [7, key, key, "deferred", 77, 9] : [7, key, key, "accepted", null, 9],
    );
    await tx.run(
      `INSERT INTO delivery (issue, key, address, state, due, changed_at) VALUES ${rows(deliveries)}`,
      ...deliveries.flat(),
    );
    await tx.run("INSERT INTO relay (account, rate, sent) VALUES ('relay', 12.5, '[]')");
    await tx.run(
      "INSERT INTO suppression (list, key, address, reason, since) VALUES (3, 'left@example.org', 'left@example.org', 'unsubscribed', 1)",
    );
    await tx.run(
      "INSERT INTO taken (id, newsletter, slot, source, article, title, letters, taken_at) VALUES (1, 'n', '1', 's', 'a', 'A title', 'b', 1)",
    );
    await tx.run("INSERT INTO taken_key (key, taken) VALUES ('k', 1), ('l', 1)");
    if (tx.engine === "sqlite")
      await tx.run("INSERT INTO delivery_count VALUES (7, 'accepted', 602), (7, 'deferred', 1)");
  });
}

async function change(place: StorePlace, env: Env, sql: string): Promise<void> {
  await using store = await openStore(place, { env });
  await store.change(async (tx) => tx.run(sql));
}

async function accept(place: StorePlace, env: Env): Promise<unknown> {
  return acceptStore(place, { clock: () => new Date(0), env });
}

function rowsOf({ tables }: { tables: readonly { table: string; rows: number }[] }) {
  return Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));
}

async function refusalOf(work: Promise<unknown>): Promise<BroadsheetError> {
  return work.then(
    () => {
      throw new Error("it was done");
    },
    (error: BroadsheetError) => error,
  );
}
