import path from "node:path";
import { expect, test } from "vitest";
import { numberIn, type Queries } from "../../../src/platform/database.ts";
import { openSqlite } from "../../../src/platform/sqlite/sqlite-store.ts";
import { newFolder } from "../../temporary.ts";

async function newFile(): Promise<string> {
  return path.join(await newFolder(), "broadsheet.db");
}

async function enrol(queries: Queries, newsletter: string): Promise<void> {
  await queries.run("INSERT INTO timetable (newsletter, since) VALUES (?, ?)", newsletter, 0);
}

async function count(queries: Queries): Promise<number> {
  const row = await queries.get("SELECT count(*) AS count FROM timetable");
  return numberIn(row ?? {}, "count");
}

test("a transaction is done whole or not at all", async () => {
  await using store = await openSqlite(await newFile());
  await store.transaction(async (tx) => enrol(tx, "kept"));
  const failed = store.transaction(async (tx) => {
    await enrol(tx, "lost");
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await store.all("SELECT newsletter FROM timetable")).toEqual([{ newsletter: "kept" }]);
});

test("no statement of another call slips into an open transaction", async () => {
  await using store = await openSqlite(await newFile());
  const order: string[] = [];
  const failed = store.transaction(async (tx) => {
    await enrol(tx, "lost");
    for (let at = 0; at < 20; at++) await count(tx);
    order.push("transaction");
    throw new Error("no");
  });
  const others = [
    enrol(store, "statement").then(() => order.push("statement")),
    store.change(async (tx) => enrol(tx, "change")).then(() => order.push("change")),
    store.atOnce((raw) => raw.all("SELECT 1")).then(() => order.push("at once")),
    count(store).then((many) => order.push(`count ${many}`)),
  ];
  await expect(failed).rejects.toThrow("no");
  await Promise.all(others);
  expect(order[0]).toBe("transaction");
  expect(order.some((step) => step.startsWith("count"))).toBe(true);
  expect(await store.all("SELECT newsletter FROM timetable ORDER BY newsletter")).toEqual([
    { newsletter: "change" },
    { newsletter: "statement" },
  ]);
});

test("two stores of one file in one process wait for each other, and don't block it", async () => {
  const file = await newFile();
  await using one = await openSqlite(file);
  await using other = await openSqlite(file);
  await Promise.all(
    [one, other, one, other].map(async (store, at) =>
      store.change(async (tx) => {
        await enrol(tx, `n${at}`);
        expect(await count(tx)).toBe(at + 1);
      }),
    ),
  );
  expect(await count(one)).toBe(4);
});

test("a reader on another connection sees what was committed, and doesn't wait", async () => {
  const file = await newFile();
  await using one = await openSqlite(file);
  await using other = await openSqlite(file);
  await one.transaction(async (tx) => {
    await enrol(tx, "new");
    expect(await count(other)).toBe(0);
  });
  expect(await count(other)).toBe(1);
});

test("a statement that would wait for its own transaction for ever is an error", async () => {
  await using store = await openSqlite(await newFile());
  const own = store.transaction(async (tx) => {
    await enrol(tx, "lost");
    await count(store);
  });
  await expect(own).rejects.toThrow("must use that transaction");
  const nested = store.change(async () => store.change(async (tx) => enrol(tx, "lost")));
  await expect(nested).rejects.toThrow("must use that transaction");
  expect(await count(store)).toBe(0);
});

test("a statement of a transaction that is over is an error", async () => {
  await using store = await openSqlite(await newFile());
  const tx = await store.transaction(async (tx) => [tx]);
  await expect(count(tx[0]!)).rejects.toThrow("is over");
});

test("a change is in the marks when it resolves", async () => {
  const file = await newFile();
  const env = { XDG_STATE_HOME: await newFolder() };
  await using store = await openSqlite(file, { env });
  await store.change(async (tx) => enrol(tx, "new"));
  const { epoch } = (await store.get("SELECT epoch FROM store")) ?? {};
  expect(store.marks.check()).toMatchObject({ isRestored: false, highest: epoch });
});
