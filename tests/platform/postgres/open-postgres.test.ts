import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { BroadsheetError } from "../../../src/errors.ts";
import { migratePostgres } from "../../../src/platform/postgres/migrate.ts";
import { openPostgres } from "../../../src/platform/postgres/open-postgres.ts";
import { freePort } from "../../listening.ts";
import { PASSWORD } from "../../postgres-server.ts";
import {
  asSuperuser,
  emptyDatabase,
  endConnections,
  inDatabase,
  newDatabase,
  setDatabase,
} from "../../stores.ts";
import { newFolder } from "../../temporary.ts";

describe("a database that can't be the store is refused", () => {
  test("with a wrong password", async () => {
    const url = changed(await newDatabase(), { password: "swordfish" });
    const refused = await refusalOf(url);
    expect(refused).toMatchObject({ code: "STORE_AUTH" });
    expect(refused.message).not.toContain("swordfish");
  });

  test("where it does not exist", async () => {
    const url = changed(await newDatabase(), { pathname: "/atlantis" });
    expect(await refusalOf(url)).toMatchObject({
      code: "STORE_UNUSABLE",
      message: `the database ${nameOf(url)} does not exist`,
    });
  });

  test("where no server answers", async () => {
    const url = changed(await newDatabase(), { port: String(await freePort()) });
    expect(await refusalOf(url)).toMatchObject({
      code: "STORE_UNREACHABLE",
      message: `the database ${nameOf(url)} can't be reached`,
    });
  });

  test("where it takes no more connections", async () => {
    const url = await newDatabase();
    await setDatabase(url, "CONNECTION LIMIT 0");
    expect(await refusalOf(url)).toMatchObject({ code: "STORE_UNREACHABLE" });
  });

  test("without TLS in a network, unless the URL says so", async () => {
    const url = changed(await newDatabase(), { hostname: "0.0.0.0" });
    const refused = await refusalOf(url);
    expect(refused).toMatchObject({ code: "STORE_TLS" });
    expect(refused.fix).toContain("?sslmode=disable");
    expect(await refusalOf(`${url}?sslmode=require`)).toMatchObject({ code: "STORE_TLS" });
    await (await opened(`${url}?sslmode=disable`)).close();
  });

  test("with the reason why TLS fails, and with a file of its URL that can't be read", async () => {
    const url = await newDatabase();
    expect((await refusalOf(`${url}?sslmode=verify-full`)).message).toBe(
      `the database ${nameOf(url)} can't be reached over TLS: The server does not support SSL connections`,
    );
    const folder = await newFolder();
    for (const file of [folder, path.join(folder, "missing.pem")]) {
      const refused = await refusalOf(`${url}?sslmode=verify-full&sslrootcert=${file}`);
      expect(refused).toMatchObject({
        code: "STORE_TLS",
        message: expect.stringContaining("a file that DATABASE_URL names can't be read"),
      });
    }
  });

  test("where its host has no address", async () => {
    const url = changed(await newDatabase(), { hostname: "db.invalid" });
    expect(await refusalOf(url)).toMatchObject({ code: "STORE_UNREACHABLE" });
  });

  test("where it has no tables of Broadsheet, and none are made", async () => {
    const url = await emptyDatabase();
    const refused = await refusalOf(url);
    expect(refused).toMatchObject({ code: "STORE_SCHEMA" });
    expect(refused.fix).toContain("broadsheet db migrate");
    const { rows } = await inDatabase(url, "SELECT to_regnamespace('broadsheet') AS made");
    expect(rows).toEqual([{ made: null }]);
  });

  test("where a column was dropped, or one was added", async () => {
    const url = await newDatabase();
    await inDatabase(url, "ALTER TABLE broadsheet.subscriber DROP COLUMN consent");
    expect((await refusalOf(url)).message).toContain(
      "changed by hand: column subscriber.consent text is missing",
    );
    const other = await newDatabase();
    await inDatabase(
      other,
      "ALTER TABLE broadsheet.list ADD COLUMN colour text NOT NULL DEFAULT ''",
    );
    expect(await refusalOf(other)).toMatchObject({
      code: "STORE_SCHEMA",
      message: expect.stringContaining("column list.colour text NOT NULL was added"),
    });
  });

  test("a further index is no harm", async () => {
    const url = await newDatabase();
    await inDatabase(url, "CREATE INDEX mine ON broadsheet.subscriber (language)");
    await (await opened(url)).close();
  });

  test("where its tables are newer or older", async () => {
    const url = await newDatabase();
    await inDatabase(url, "UPDATE broadsheet.schema_state SET version = 999");
    expect(await refusalOf(url)).toMatchObject({ code: "STORE_TOO_NEW" });
    await inDatabase(url, "UPDATE broadsheet.schema_state SET version = 0");
    const refused = await refusalOf(url);
    expect(refused).toMatchObject({ code: "STORE_SCHEMA", fix: "run: broadsheet db migrate" });
  });

  test("where its user lacks a right; the grants of `db migrate` are enough", async () => {
    const url = await emptyDatabase();
    const { grants } = await migratePostgres(url);
    const role = `broadsheet_worker_${databaseOf(url)}`;
    await inDatabase(asSuperuser(url), `CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
    const worker = changed(url, { username: role });
    expect(await refusalOf(worker)).toMatchObject({ code: "STORE_UNUSABLE" });
    for (const grant of grants)
      await inDatabase(url, grant.replaceAll(/\bbroadsheet_worker\b/g, role));
    await (await opened(worker)).close();
    await inDatabase(url, `REVOKE UPDATE ON broadsheet.delivery FROM ${role}`);
    expect(await refusalOf(worker)).toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringContaining("has no right to read and write broadsheet.delivery"),
    });
    await inDatabase(asSuperuser(url), `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
  });

  test("where it is set to read only", async () => {
    const url = await newDatabase();
    await setDatabase(url, "SET default_transaction_read_only = on");
    expect(await refusalOf(url)).toMatchObject({ code: "STORE_UNUSABLE" });
  });

  test("where it is no URL of PostgreSQL, without a word of the password", async () => {
    const refused = await refusalOf("mysql://root:swordfish@127.0.0.1/news");
    expect(refused).toMatchObject({ code: "CONFIG_INVALID" });
    expect(`${refused.message} ${refused.fix}`).not.toContain("swordfish");
  });
});

describe("a database that is not the one that was used last is refused", () => {
  test("where the server's log is behind the mark", async () => {
    const [url, env] = await usedDatabase();
    const folder = path.join(env.XDG_STATE_HOME, "broadsheet");
    const names = await readdir(folder);
    const mark = names.find((name) => name.endsWith(".mark")) ?? "";
    const text = await readFile(path.join(folder, mark), "utf8");
    await writeFile(path.join(folder, mark), text.replace(/at \d{16}/, "at 0900000000000000"));
    const refused = await refusalOf(url, env);
    expect(refused).toMatchObject({ code: "LEDGER_RESTORED" });
    expect(refused.message).toContain("is an older copy");
    expect(refused.fix).toContain("broadsheet reconcile --accept-store");
  });

  test("where it was restored on another server, or in another database, also without a mark", async () => {
    const [url] = await usedDatabase();
    await setHome(url, (home) => home.replace(/^\d+/, "7000000000000000001"));
    expect(await refusalOf(url)).toMatchObject({ code: "LEDGER_RESTORED" });
    const copy = `${databaseOf(url)}_copy`;
    const [restored] = await usedDatabase();
    const home = await homeIn(restored);
    await endConnections(restored);
    await inDatabase(
      asSuperuser(url),
      `CREATE DATABASE ${copy} TEMPLATE ${databaseOf(restored)} OWNER newsletter`,
    );
    const copied = changed(url, { pathname: `/${copy}` });
    await inDatabase(copied, "CREATE TABLE kept AS SELECT * FROM broadsheet.store");
    await inDatabase(copied, "DROP SCHEMA broadsheet CASCADE");
    await migratePostgres(copied);
    await inDatabase(
      copied,
      "DELETE FROM broadsheet.store",
      "INSERT INTO broadsheet.store SELECT * FROM kept",
    );
    expect(await homeIn(copied)).toBe(home);
    expect(await refusalOf(copied)).toMatchObject({
      code: "LEDGER_RESTORED",
      message: expect.stringContaining("is not the one that was used last"),
    });
  });

  test("where it was a standby", async () => {
    const [url] = await usedDatabase();
    await setHome(url, (home) => home.replace(/\/\w+\//, "/0000000F/"));
    expect(await refusalOf(url)).toMatchObject({
      code: "LEDGER_RESTORED",
      message: expect.stringContaining("was a standby or a backup before"),
    });
  });

  test("where a new one is in the place of one that was in use", async () => {
    const [url, env] = await usedDatabase();
    await inDatabase(url, "DROP SCHEMA broadsheet CASCADE");
    await migratePostgres(url);
    expect(await refusalOf(url, env)).toMatchObject({
      code: "LEDGER_RESTORED",
      message: expect.stringContaining("is new, and the store that was in use before is missing"),
    });
  });

  test("by a program that had it open when that happened", async () => {
    const [url, env] = await usedDatabase();
    await using store = await openPostgres(url, { env });
    await inDatabase(url, "UPDATE broadsheet.store SET home = 'moved  db.example.org/news'");
    await expect(store.change(async () => undefined)).rejects.toMatchObject({
      code: "STORE_MOVED",
    });
  });

  test("by a program of an older version that had it open when it was migrated", async () => {
    const [url, env] = await usedDatabase();
    await using store = await openPostgres(url, { env });
    await inDatabase(url, "UPDATE broadsheet.schema_state SET version = 999");
    await expect(store.change(async () => undefined)).rejects.toMatchObject({
      code: "STORE_TOO_NEW",
    });
  });
});

describe("a database that is set up unusually", () => {
  test("a commit is on the disk, also where the server would answer before", async () => {
    const url = await newDatabase();
    await setDatabase(url, "SET synchronous_commit = off");
    await using store = await opened(url);
    const setting = "SELECT current_setting('synchronous_commit') AS setting";
    expect(await store.get(setting)).toEqual({ setting: "off" });
    expect(await store.change(async (tx) => tx.get(setting))).toEqual({ setting: "on" });
  });

  test("a search path that finds tables of another program first", async () => {
    const url = await newDatabase();
    await inDatabase(
      url,
      "CREATE TABLE public.list (id text)",
      "INSERT INTO public.list VALUES ('other')",
    );
    await using store = await opened(url);
    expect(await store.all("SELECT id FROM list")).toEqual([]);
  });
});

test("two `db migrate` at once make the tables once, and a second one changes nothing", async () => {
  const url = await emptyDatabase();
  const both = await Promise.all([migratePostgres(url), migratePostgres(url)]);
  expect(both.map(({ from }) => from).toSorted((a, b) => a - b)).toEqual([0, both[0].to]);
  await (await opened(url)).close();
});

test("`db migrate` leaves a schema of another program alone", async () => {
  const url = await emptyDatabase();
  await inDatabase(url, "CREATE SCHEMA broadsheet", "CREATE TABLE broadsheet.song (id int)");
  await expect(migratePostgres(url)).rejects.toMatchObject({ code: "STORE_FOREIGN" });
});

async function opened(url: string, env?: Record<string, string>) {
  return openPostgres(url, { env: env ?? { XDG_STATE_HOME: await newFolder() } });
}

async function refusalOf(url: string, env?: Record<string, string>): Promise<BroadsheetError> {
  const open = opened(url, env);
  return open.then(
    async (store) => {
      await store.close();
      throw new Error("it was opened");
    },
    (error: BroadsheetError) => error,
  );
}

/** A database with a plan, and the environment with its mark. */
async function usedDatabase(): Promise<readonly [url: string, env: { XDG_STATE_HOME: string }]> {
  const url = await newDatabase();
  const env = { XDG_STATE_HOME: await newFolder() };
  const store = await openPostgres(url, { env });
  await store.change(async (tx) =>
    tx.run(
      "INSERT INTO issue (newsletter, slot, content_hash, planned_at) VALUES ('n', '1', '', 1)",
    ),
  );
  await store.close();
  return [url, env];
}

async function homeIn(url: string): Promise<string> {
  const { rows } = await inDatabase(url, "SELECT home FROM broadsheet.store");
  return String(rows[0]?.home);
}

async function setHome(url: string, edit: (home: string) => string): Promise<void> {
  const home = edit(await homeIn(url));
  await inDatabase(url, `UPDATE broadsheet.store SET home = '${home}'`);
}

function changed(
  url: string,
  parts: Partial<Record<"hostname" | "password" | "pathname" | "port" | "username", string>>,
) {
  return Object.assign(new URL(url), parts).href;
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
