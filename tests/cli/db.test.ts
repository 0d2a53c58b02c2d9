import { readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { emptyDatabase, newDatabase } from "../stores.ts";
import { broadsheet, folderWith, linesOf, type Run } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";
import { withoutPackages } from "../without-packages.ts";

const STORE = ".broadsheet/broadsheet.db";
const ACCEPT = ["reconcile", "--accept-store"];

describe("a newsletter that moves from a file to PostgreSQL", () => {
  test("does so in three commands, and back", async () => {
    const { run, cwd } = await newsletter();
    await run(["subscribers", "add", "ann@example.org"]);
    const url = await emptyDatabase();
    const inPostgres = { DATABASE_URL: url };

    expect(await run(["subscribers", "list"], inPostgres)).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/STORE_SCHEMA.*broadsheet db migrate/s),
    });
    const made = await run(["db", "migrate"], inPostgres);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES");
    expect(await run(["subscribers", "list"], inPostgres)).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/is empty, and the store broadsheet\.db is not.*db copy/s),
    });

    const [copied] = linesOf(
      await run(["db", "copy", STORE, "DATABASE_URL", "--json"], inPostgres),
    );
    expect(copied).toMatchObject({
      isMoved: true,
      from: path.join(cwd, STORE),
      to: new URL(url).host + new URL(url).pathname,
    });
    expect(await run(["subscribers", "list"], inPostgres)).toMatchObject({
      code: 74,
      stderr: expect.stringMatching(/LEDGER_RESTORED.*reconcile --accept-store/s),
    });
    expect(await run(["subscribers", "list"])).toMatchObject({
      code: 74,
      stderr: expect.stringMatching(/STORE_MOVED.*was moved to .* on 127\.0\.0\.1/s),
    });
    const accepted = await run(ACCEPT, inPostgres);
    expect(accepted).toMatchObject({ code: 0 });
    expect(accepted.stdout).toContain(
      "This place is the home of the store now. Do not send anything from",
    );
    expect(await listed(run, inPostgres)).toEqual(["ann@example.org"]);

    await run(["subscribers", "add", "bob@example.org"], inPostgres);
    const back = await run(["db", "copy", "DATABASE_URL", "back.sqlite", "--move"], inPostgres);
    expect(back).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /Next {3}take DATABASE_URL out of \.env, and set store: ".*back\.sqlite".*\n +broadsheet reconcile/,
      ),
    });
    const inFile = ["--config", "back.yaml"];
    const { code } = await run([...ACCEPT, ...inFile]);
    expect(code).toBe(0);
    expect(await listed(run, {}, inFile)).toEqual(["ann@example.org", "bob@example.org"]);
    expect(await run(["subscribers", "list"], inPostgres)).toMatchObject({ code: 74 });
  });

  test("has a backup in a file that only its owner can read, and goes on", async () => {
    const { run, cwd } = await newsletter();
    const inPostgres = { DATABASE_URL: await newDatabase() };
    await run(["subscribers", "add", "ann@example.org"], inPostgres);
    const backup = await run(["db", "copy", "DATABASE_URL", "kept/backup.sqlite"], inPostgres);
    expect(backup).toMatchObject({ code: 0 });
    expect(backup.stdout).toContain("stays in use");
    expect((await stat(path.join(cwd, "kept/backup.sqlite"))).mode & 0o777).toBe(0o600);
    expect(await listed(run, inPostgres)).toEqual(["ann@example.org"]);
    const again = await run(["db", "copy", "DATABASE_URL", "kept/backup.sqlite"], inPostgres);
    expect(again).toMatchObject({ code: 73, stderr: expect.stringContaining("FILE_EXISTS") });
  });
});

describe("a database that can't be used", () => {
  test("leaves with the code of its fault, and without a word of the password", async () => {
    const { run } = await newsletter();
    const url = await newDatabase();
    const wrong = { DATABASE_URL: url.replace(/:[^:@/]+@/, ":swordfish@") };
    const away = { DATABASE_URL: url.replace(/:\d+\//, ":9/") };
    const unknown = { DATABASE_URL: url.replace(/\w+$/, "atlantis") };
    for (const command of [["subscribers", "list"], ["db", "migrate"], ACCEPT]) {
      const refused = await run(command, wrong);
      expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining("STORE_AUTH") });
      expect(refused.stderr + refused.stdout).not.toContain("swordfish");
      expect(await run(command, away)).toMatchObject({ code: 75 });
      expect(await run(command, unknown)).toMatchObject({ code: 78 });
    }
  });

  test("or whose packages were never installed", async () => {
    const { cwd } = await newsletter();
    const env = { DATABASE_URL: await newDatabase() };
    const node = ["--import", withoutPackages("pg", "pg-boss")];
    const refused = await spawnBroadsheet(["subscribers", "list"], { cwd, env, node });
    expect(refused).toMatchObject({ code: 78 });
    expect(refused.stderr).toContain("npm install pg pg-boss");
  });

  test("as a setting that is missing", async () => {
    const { run } = await newsletter();
    expect(await run(["db", "migrate"])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining("DATABASE_URL is not set"),
    });
  });
});

test("the setting may be in .env, and the environment wins", async () => {
  const { run, cwd } = await newsletter({ ".env": `DATABASE_URL=${await newDatabase()}\n` });
  await run(["subscribers", "add", "ann@example.org"]);
  expect(await listed(run, { DATABASE_URL: await newDatabase() })).toEqual([]);
  expect(await listed(run)).toEqual(["ann@example.org"]);
  await expect(readFile(path.join(cwd, STORE))).rejects.toThrow("ENOENT");
});

test("a new list in the database is begun where the file was moved away", async () => {
  const { run, cwd } = await newsletter();
  await run(["subscribers", "add", "ann@example.org"]);
  await rename(path.join(cwd, STORE), path.join(cwd, "old.db"));
  const inPostgres = { DATABASE_URL: await newDatabase() };
  const added = await run(["subscribers", "add", "bob@example.org"], inPostgres);
  expect(added).toMatchObject({ code: 0 });
  expect(await listed(run, inPostgres)).toEqual(["bob@example.org"]);
});

type RunIn = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>;

async function newsletter(
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly run: RunIn; readonly cwd: string }> {
  const config = "name: The Slipway\nslug: the-slipway\n";
  const cwd = await folderWith({
    "broadsheet.yaml": config,
    "back.yaml": `${config}store: back.sqlite\n`,
    ...files,
  });
  const state = { XDG_STATE_HOME: path.join(cwd, "state") };
  return { cwd, run: async (args, env) => broadsheet(args, { cwd, env: { ...state, ...env } }) };
}

async function listed(
  run: RunIn,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<unknown[]> {
  const list = await run(["subscribers", "list", "--json", ...flags], env);
  if (list.stdout === "") return [];
  return linesOf(list).flatMap((line) =>
    typeof line === "object" && line !== null && "address" in line ? [line.address] : [],
  );
}
