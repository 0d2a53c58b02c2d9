import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { emptyDatabase, newDatabase } from "../stores.ts";
import { broadsheet, folderWith, type Run } from "./broadsheet.ts";
import { assertOnce, CONFIG, Machines, SLOT, SOON } from "./machines.ts";
import { people } from "./mailing-project.ts";

describe("workers", () => {
  let server: FaultServer;
  let machines: Machines;
  let editor: string;

  beforeEach(async () => {
    server = await startFaultServer({ keepsBodies: false });
    machines = new Machines(await newDatabase(), server);
    editor = await machines.folder();
  });
  afterEach(async () => {
    machines.close();
    await server.close();
  });

  const send = async (...args: readonly string[]): Promise<Run> =>
    machines.run(editor, "send", SLOT, "--yes", ...args);

  test("stop too where the newsletter has no schedule, and go on when it is held no longer", async () => {
    await machines.prepare(editor, 60);
    const { schedule: _schedule, ...config } = CONFIG;
    await writeFile(path.join(editor, "broadsheet.config.json"), JSON.stringify(config));
    await send("--limit", "1");
    expect(await machines.run(editor, "hold", "2031-04-03")).toMatchObject({ code: 64 });
    expect(await machines.run(editor, "hold", SLOT)).toMatchObject({ code: 0 });
    expect(await send()).toMatchObject({ code: 64 });
    const { stdout } = await machines.run(editor, "status", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ sending: { shards: { left: 1, held: 0 } } });
    expect((await machines.run(editor, "hold", SLOT, "--off")).stdout).toContain("send " + SLOT);
    expect(await machines.run(editor, "hold")).toMatchObject({ code: 0 });
    expect(await send()).toMatchObject({ code: 64 });
    expect(server.taken).toHaveLength(1);
    await machines.work({ schedule: undefined });
    await vi.waitFor(async () => expect(await machines.workers(editor)).toBe(1), SOON);
    expect(server.taken).toHaveLength(1);
    expect(await machines.run(editor, "hold", "--off")).toMatchObject({ code: 0 });
    await vi.waitFor(() => expect(server.taken).toHaveLength(60), SOON);
    assertOnce(server);
  });

  test("with another config take no reader, and leave with 78", async () => {
    await machines.prepare(editor, 50);
    await send("--limit", "1");
    const other = await machines.work({ replyTo: "desk@slipway.example" });
    expect(await other.ended).toMatchObject({
      code: 78,
      said: expect.stringContaining("--revise"),
    });
    const thief = await machines.work({}, { BROADSHEET_SECRET: "another secret" });
    expect(await thief.ended).toMatchObject({ code: 78 });
    expect(server.taken).toHaveLength(1);
    // The way out: the rest of the readers get what that config makes.
    const file = path.join(editor, "broadsheet.config.json");
    const config = z.looseObject({}).parse(JSON.parse(await readFile(file, "utf8")));
    await writeFile(file, JSON.stringify({ ...config, replyTo: "desk@slipway.example" }));
    expect(await send()).toMatchObject({ code: 78 });
    expect(await send("--revise")).toMatchObject({ code: 0 });
    expect(server.taken).toHaveLength(50);
    assertOnce(server);
  });
});

test("from a newsletter in a file to two workers, by the commands that the docs give", async () => {
  const server = await startFaultServer({ keepsBodies: false });
  const machines = new Machines(await emptyDatabase(), server);
  try {
    const cwd = await machines.folder();
    const { DATABASE_URL: _url, ...alone } = await machines.env();
    const env = { ...alone, DATABASE_URL: machines.url };
    const [list, store] = [path.join(cwd, "list.csv"), ".broadsheet/broadsheet.db"];
    await writeFile(list, ["email", ...people(40)].join("\n"));
    const before = await broadsheet(["subscribers", "import", list], { cwd, env: alone });
    expect(before).toMatchObject({ code: 0 });
    for (const command of [
      ["db", "migrate"],
      ["db", "copy", store, "DATABASE_URL"],
      ["reconcile", "--accept-store"],
      ["build", "--date", SLOT],
    ])
      expect(await broadsheet(command, { cwd, env })).toMatchObject({ code: 0 });
    const workers = await Promise.all([machines.work(), machines.work()]);
    await vi.waitFor(async () => expect(await machines.workers(cwd)).toBe(2), SOON);
    // The command ends when the workers have sent all that is left.
    expect(await broadsheet(["send", SLOT, "--yes"], { cwd, env })).toMatchObject({ code: 0 });
    expect(server.taken).toHaveLength(40);
    assertOnce(server);
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { ended } of workers) expect(await ended).toMatchObject({ code: 0 });
    const { stdout } = await broadsheet(["status", SLOT, "--json"], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 40, uncertain: 0, sending: 0 });
    const late = await broadsheet(["send", SLOT, "--yes"], { cwd, env: alone });
    expect(late.code).not.toBe(0);
  } finally {
    machines.close();
    await server.close();
  }
});

describe("a worker refuses to start", () => {
  const SECRETS = { BROADSHEET_SECRET: "a secret", SMTP_URL: "smtp://127.0.0.1:9" };

  test("without DATABASE_URL", async () => {
    const cwd = await folderWith({ "broadsheet.config.json": JSON.stringify(CONFIG) });
    const run = await broadsheet(["worker"], { cwd, env: SECRETS });
    expect(run).toMatchObject({ code: 78, stdout: "" });
    expect(run.stderr).toContain("DATABASE_URL");
  });

  test("where messages go to files of its machine", async () => {
    const config = JSON.stringify({ ...CONFIG, transport: "outbox" });
    const cwd = await folderWith({ "broadsheet.config.json": config });
    const url = await newDatabase();
    const run = await broadsheet(["worker"], { cwd, env: { ...SECRETS, DATABASE_URL: url } });
    expect(run).toMatchObject({ code: 78, stdout: "" });
    expect(run.stderr).toContain("outbox");
    expect(run.stderr).not.toContain(new URL(url).password);
  });
});
