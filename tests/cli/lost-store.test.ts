import { copyFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { linesOf } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people, SLOT, stateOf } from "./mailing-project.ts";

const [LEFT = "", ...STAYED] = people(3);
const LIST = `email\n${[LEFT, ...STAYED].join("\n")}\n`;
const CONFIG = { schedule: { cron: "0 7 * * 1" } };

let server: FaultServer;
let project: MailingProject;

beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(async () => server.close());

/** Sent once, with a backup from before that, and then somebody left. */
beforeEach(async () => {
  project = await mailingProject({
    port: server.port,
    recipients: [LEFT, ...STAYED],
    config: CONFIG,
  });
  await writeFile(path.join(project.cwd, "list.csv"), LIST);
  await copyFile(project.store, backup());
  expect((await project.run(["send", SLOT, "--yes"])).code).toBe(0);
  await project.run(["subscribers", "suppress", LEFT, "--quiet"]);
});

const backup = () => path.join(project.cwd, "backup.db");

async function removeStore(): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) await rm(project.store + end, { force: true });
}

async function putBackOlder(): Promise<void> {
  await removeStore();
  await copyFile(backup(), project.store);
}

/** As `rm -r` of a folder whose name begins with a dot leaves it: with no mark beside the store either. */
async function removeFolder(): Promise<void> {
  await rm(path.dirname(project.store), { recursive: true });
}

const COMMANDS: readonly (readonly string[])[] = [
  ["send", SLOT, "--yes"],
  ["send", SLOT, "--dry-run"],
  ["run"],
  ["status"],
  ["status", SLOT],
  ["subscribers", "import", "list.csv"],
  ["subscribers", "list"],
  ["subscribers", "export"],
  ["subscribers", "add", LEFT],
  ["subscribers", "remove", LEFT],
  ["subscribers", "suppress", LEFT],
  ["subscribers", "erase", LEFT],
  ["subscribers", "accept-secret"],
  ["retry", SLOT],
  ["reconcile", SLOT, "--accept"],
  ["reconcile", "latest", "--resend"],
  ["explain", LEFT],
  ["approve", SLOT],
  ["hold"],
  ["skip", "2099-01-01"],
  ["build", "--date", SLOT],
];

/** To send, to run, to look, and to change the list. */
const SOME: typeof COMMANDS = [
  ["send", SLOT, "--yes"],
  ["run"],
  ["status"],
  ["subscribers", "add", LEFT],
];

/** A store that is gone and one that is older are found by different rules, which every command has. */
const LOSSES: readonly (readonly [string, () => Promise<void>, typeof COMMANDS])[] = [
  ["of 0 bytes", async () => truncate(project.store), SOME],
  ["that is gone", removeStore, COMMANDS],
  ["that is gone with its whole folder", removeFolder, SOME],
  ["from before what was sent", putBackOlder, COMMANDS],
];

describe.each(LOSSES)("a store %s", (_what, lose, commands) => {
  test("is found by the doctor, and refused by each command, which says the two ways out and leaves it as it is", async () => {
    await lose();
    const taken = server.taken.length;
    const before = await readFile(project.store).catch(() => undefined);
    for (const command of commands) {
      const { code, stdout, stderr } = await project.run(command);
      const said = { command, code, stdout, stderr };
      expect(said).toEqual({
        command,
        code: 74,
        stdout: "",
        stderr: expect.stringMatching(
          /^error (?:STORE_LOST|LEDGER_RESTORED): the store .*at .*broadsheet\.db.*put .* back. Only if .*reconcile --accept-store\n$/s,
        ),
      });
    }
    expect(await readFile(project.store).catch(() => undefined)).toEqual(before);
    expect(server.taken).toHaveLength(taken);
    const run = await project.run(["doctor", "--json", "--resolver", "127.0.0.1:1"]);
    expect(linesOf(run)).toMatchObject([
      {
        diagnoses: expect.arrayContaining([
          expect.objectContaining({
            verdict: "fix",
            code: expect.stringMatching(/^(?:STORE_LOST|LEDGER_RESTORED)$/),
            fix: expect.stringContaining("reconcile --accept-store"),
          }),
        ]),
      },
    ]);
    expect(run.code).toBe(74);
  });

  test("is taken for what it is when that is said, and nobody is sent an issue twice", async () => {
    await lose();
    const accepted = await project.run(["reconcile", "--accept-store"]);
    expect([accepted.code, accepted.stderr]).toEqual([0, ""]);
    expect(accepted.stdout).toContain("It does not know the readers who have left the list since");
    expect((await project.run(["status"])).code).toBe(0);
    await project.run(["subscribers", "import", "list.csv", "--quiet"]);
    const before = server.taken.length;
    const again = await project.run(["send", SLOT, "--yes", "--json"]);
    expect(stateOf(again)).toMatchObject({ accepted: 0, planned: 0, uncertain: 3 });
    expect(server.taken).toHaveLength(before);
    const settled = await project.run(["reconcile", SLOT, "--accept", "--json"]);
    expect(linesOf(settled)).toMatchObject([{ settled: 3 }]);
  });
});

test("a decision about an issue that the store does not know is applied by send, and the command says so", async () => {
  const other = await mailingProject({ port: server.port, recipients: people(2) });
  const before = path.join(path.dirname(other.cwd), `${path.basename(other.cwd)}.backup`);
  await other.run(["status"]);
  await copyFile(other.store, before);
  await other.run(["send", SLOT, "--yes"]);
  for (const end of ["", "-wal", "-shm"]) await rm(other.store + end, { force: true });
  await copyFile(before, other.store);
  expect((await other.run(["reconcile", "--accept-store"])).stdout).toContain("has no record of");
  const doubted = `Look   all readers may or may not have ${SLOT}, of which the restored store has no record`;
  expect((await other.run(["status"])).stdout).toContain(doubted);
  for (const command of ["status", "retry"])
    expect((await other.run([command, SLOT])).stderr).toContain(
      `ISSUE_MISSING: the store has no record of the readers of ${SLOT}\n`,
    );
  const { code, stdout } = await other.run(["reconcile", SLOT, "--accept"]);
  expect([code, stdout]).toEqual([
    0,
    `All its readers are counted as reached when it is sent\n\nNext   broadsheet send ${SLOT}\n`,
  ]);
  expect((await other.run(["status"])).stdout).toContain(
    `Look   the readers of ${SLOT} are settled`,
  );
  const taken = server.taken.length;
  const again = await other.run(["send", SLOT, "--yes", "--json"]);
  expect(stateOf(again)).toMatchObject({ accepted: 2, planned: 0, uncertain: 0 });
  expect((await other.run(["status"])).stdout).not.toContain("Look");
  expect(server.taken).toHaveLength(taken);
});

test("a list that was never sent to and is gone isn't taken for a new one", async () => {
  const other = await mailingProject({ port: server.port, recipients: people(2) });
  for (const end of ["", "-wal", "-shm"]) await rm(other.store + end, { force: true });
  const { code, stderr } = await other.run(["subscribers", "add", "mara@harbour.example"]);
  expect([code, stderr]).toEqual([74, expect.stringContaining("error STORE_LOST: the store")]);
});

test("nor is one whose whole folder is gone", async () => {
  const other = await mailingProject({ port: server.port, recipients: people(2) });
  await rm(path.dirname(other.store), { recursive: true });
  const { code, stderr } = await other.run(["subscribers", "add", "mara@harbour.example"]);
  expect([code, stderr]).toEqual([
    74,
    expect.stringMatching(/^error STORE_LOST: the store .* is missing, and its mark in .*state/),
  ]);
  expect((await other.run(["reconcile", "--accept-store"])).code).toBe(0);
  expect((await other.run(["subscribers", "add", "mara@harbour.example"])).code).toBe(0);
  await rm(path.dirname(other.store), { recursive: true });
  expect((await other.run(["status"])).code).toBe(74);
});

test("what tells where a store was is for nobody else to read", async () => {
  const state = path.join(project.cwd, "state/broadsheet");
  const files = await readdir(state);
  expect(files.filter((name) => name.endsWith(".store"))).toHaveLength(1);
  for (const name of files) expect((await stat(path.join(state, name))).mode & 0o777).toBe(0o600);
});

test("a store from before somebody left is found out", async () => {
  await project.run(["status"]);
  await copyFile(project.store, backup());
  await project.run(["subscribers", "suppress", STAYED[0] ?? "", "--quiet"]);
  await removeStore();
  await copyFile(backup(), project.store);
  const { code, stderr } = await project.run(["subscribers", "import", "list.csv"]);
  expect([code, stderr]).toEqual([74, expect.stringContaining("error LEDGER_RESTORED: ")]);
});

test("the latest store, put back, is taken at once, and a sound one needs no word", async () => {
  await copyFile(project.store, backup());
  await removeStore();
  expect((await project.run(["status"])).code).toBe(74);
  await copyFile(backup(), project.store);
  expect((await project.run(["status"])).code).toBe(0);
  const { code, stdout } = await project.run(["reconcile", "--accept-store"]);
  expect([code, stdout]).toEqual([0, "The store is the latest one: there is nothing to accept\n"]);
  const both = await project.run(["reconcile", SLOT, "--accept-store", "--accept"]);
  expect(both.code).toBe(64);
  expect((await project.run(["reconcile"])).code).toBe(64);
});

test("a new newsletter has no store before it needs one, and then a whole one", async () => {
  const fresh = await mailingProject({ port: server.port, recipients: [], isBuilt: false });
  for (const command of [["build", "--date", SLOT], ["status"], ["explain", LEFT]]) {
    expect((await fresh.run([...command, "--quiet"])).code).toBe(0);
  }
  await expect(stat(fresh.store)).rejects.toMatchObject({ code: "ENOENT" });
  expect((await fresh.run(["subscribers", "add", LEFT, "--quiet"])).code).toBe(0);
  expect((await fresh.run(["send", SLOT, "--yes"])).code).toBe(0);
});
