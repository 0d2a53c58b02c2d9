import { copyFile, cp, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { broadsheet, linesOf, type Run } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people, SLOT, stateOf } from "./mailing-project.ts";
import { newFolder } from "../temporary.ts";

const READERS = people(5);
const SEND = ["send", SLOT, "--yes", "--json"];
const ACCEPT = ["reconcile", "--accept-store"];
const CONFIG = { schedule: { cron: "0 7 1 1 *", zone: "UTC", maxLate: "400d" } };

let server: FaultServer;
let project: MailingProject;

beforeEach(async () => {
  server = await startFaultServer();
  project = await mailingProject({ port: server.port, recipients: READERS, config: CONFIG });
});

type RunIn = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>;

/** The same newsletter in another folder: `place` copies or moves it there. An account of its own has another home. */
async function elsewhere(
  place: (from: string, to: string) => Promise<void>,
  account: "same" | "another",
): Promise<{ readonly cwd: string; readonly run: RunIn }> {
  const home = await newFolder();
  const cwd = path.join(home, "letter");
  await place(project.cwd, cwd);
  // The state folder of the project lies in it, and stays where it was.
  const states = { same: path.join(project.cwd, "state"), another: path.join(home, "state") };
  const env = { ...project.env, HOME: home, XDG_STATE_HOME: states[account] };
  return { cwd, run: (args, more = {}) => broadsheet(args, { cwd, env: { ...env, ...more } }) };
}

const copied = async (from: string, to: string) => cp(from, to, { recursive: true });

async function moved(from: string, to: string): Promise<void> {
  await rename(from, to);
  await cp(path.join(to, "state"), path.join(from, "state"), { recursive: true });
}

function receivers(): string[] {
  return server.taken.map(({ to }) => to).toSorted();
}

/** A store that does not say where it lives, as earlier versions wrote it. */
function forgetHome(store: string): void {
  const database = new DatabaseSync(store);
  database.exec("UPDATE store SET home = NULL");
  database.close();
}

/** As a machine with another id writes it at the same path. */
function setMachine(store: string, name: string): void {
  const database = new DatabaseSync(store);
  database.prepare("UPDATE store SET home = ?").run(`${"0".repeat(32)} ${name} ${store}`);
  database.close();
}

const REFUSED = {
  code: 74,
  stdout: "",
  stderr: expect.stringMatching(/^error STORE_MOVED: .*reconcile --accept-store/ms),
};

describe("a copied folder doesn't send again:", () => {
  test("on another account it sends to nobody, whichever of the two is run first", async () => {
    const copy = await elsewhere(copied, "another");
    for (const command of [SEND, ["send", SLOT, "--dry-run"], ["run", "--now"]]) {
      expect({ command, ...(await copy.run(command)) }).toEqual({ command, ...REFUSED });
    }
    expect(receivers()).toEqual([]);
    expect(stateOf(await project.run(SEND))).toMatchObject({ accepted: READERS.length });
    const { stderr, code } = await copy.run(SEND);
    expect(code).toBe(74);
    expect(stderr).toContain(`belongs to ${project.store} on ${hostname()}`);
    expect(stderr).toContain("BROADSHEET_STORE_PLACE=any");
    expect(receivers()).toEqual(READERS.toSorted());
  });

  test("run refuses there before an issue is due too", async () => {
    const copy = await elsewhere(copied, "another");
    expect(await copy.run(["run"])).toEqual(REFUSED);
  });

  test("on another machine neither, where its path is the same", async () => {
    setMachine(project.store, "letterbox");
    const { code, stderr } = await project.run(SEND);
    expect(code).toBe(74);
    expect(stderr).toContain(`belongs to ${project.store} on letterbox`);
    expect(receivers()).toEqual([]);
  });

  test("what sends nothing to the list goes on there", async () => {
    const copy = await elsewhere(copied, "another");
    for (const command of [
      ["build", "--date", "2026-12-01"],
      ["check", SLOT, "--static"],
      ["explain", READERS[0] ?? ""],
      ["subscribers", "list"],
      ["send", SLOT, "--to", "you@harbour.example"],
      ["subscribers", "suppress", READERS[0] ?? ""],
    ]) {
      const { code, stderr } = await copy.run([...command, "--quiet"]);
      expect([command, code, stderr]).toEqual([command, 0, ""]);
    }
    expect(receivers()).toEqual(["you@harbour.example"]);
    const status = await copy.run(["status"]);
    expect([status.code, status.stdout]).toEqual([
      74,
      expect.stringMatching(/^Fix .*belongs to .*--accept-store/m),
    ]);
    const doctor = await copy.run(["doctor", "--json", "--resolver", "127.0.0.1:1"]);
    expect(linesOf(doctor)).toMatchObject([
      { diagnoses: expect.arrayContaining([expect.objectContaining({ code: "STORE_MOVED" })]) },
    ]);
  });

  test("on the same account neither, and there it is older than its mark as before", async () => {
    const copy = await elsewhere(copied, "same");
    expect(await copy.run(SEND)).toEqual(REFUSED);
    expect((await project.run(SEND)).code).toBe(0);
    const { code, stderr } = await copy.run(SEND);
    expect([code, stderr]).toEqual([74, expect.stringContaining("error LEDGER_RESTORED: ")]);
    expect(receivers()).toEqual(READERS.toSorted());
  });
});

describe("a folder that was moved", () => {
  test.each(["same", "another"] as const)(
    "sends after one command, on %s account, with no reader in doubt",
    async (account) => {
      expect(stateOf(await project.run([...SEND, "--limit", "2"]))).toMatchObject({ accepted: 2 });
      const before = project.store;
      const place = await elsewhere(moved, account);
      expect(await place.run(SEND)).toEqual(REFUSED);
      const accepted = await place.run(ACCEPT);
      expect([accepted.code, accepted.stderr]).toEqual([0, ""]);
      expect(accepted.stdout).toBe(
        `This place is the home of the store now. Do not send anything from ${before} on ${hostname()} any more.\n`,
      );
      const sent = await place.run(SEND);
      expect([sent.code, stateOf(sent)]).toEqual([
        0,
        expect.objectContaining({ accepted: 5, uncertain: 0 }),
      ]);
      expect(receivers()).toEqual(READERS.toSorted());
      expect((await place.run(ACCEPT)).stdout).toContain("there is nothing to accept");
    },
  );

  test("the place before refuses afterwards, and says where the store lives now", async () => {
    const copy = await elsewhere(copied, "same");
    expect((await copy.run(ACCEPT)).code).toBe(0);
    const { code, stderr } = await project.run(SEND);
    expect([code, stderr]).toEqual([74, expect.stringContaining("error LEDGER_RESTORED: ")]);
    expect(stderr).toContain(
      `use the latest store, ${copy.cwd}/.broadsheet/broadsheet.db on ${hostname()}`,
    );
    expect(receivers()).toEqual([]);
    expect(stateOf(await copy.run(SEND))).toMatchObject({ accepted: 5 });
  });

  test("an older store that was moved is taken as before, with its open readers in doubt", async () => {
    const backup = path.join(project.cwd, "backup.db");
    await project.run([...SEND, "--limit", "2"]);
    await copyFile(project.store, backup);
    await project.run([...SEND, "--limit", "1"]);
    const place = await elsewhere(copied, "another");
    for (const end of ["-wal", "-shm"])
      await rm(path.join(place.cwd, `.broadsheet/broadsheet.db${end}`), { force: true });
    await copyFile(backup, path.join(place.cwd, ".broadsheet/broadsheet.db"));
    const accepted = await place.run([...ACCEPT, "--json"]);
    expect(linesOf(accepted)).toMatchObject([{ isOlder: true, inDoubt: 3, isNew: false }]);
    expect(stateOf(await place.run(SEND))).toMatchObject({ accepted: 2, uncertain: 3 });
    expect(server.taken).toHaveLength(3);
  });
});

test("a store without a place takes the one where it is opened first, by a look too", async () => {
  forgetHome(project.store);
  const copy = await elsewhere(copied, "another");
  expect((await project.run(["status"])).code).toBe(0);
  const late = await elsewhere(copied, "another");
  expect(await late.run(SEND)).toEqual(REFUSED);
  expect(stateOf(await project.run(SEND))).toMatchObject({ accepted: 5 });
  // This one was copied before it had a place.
  expect((await copy.run(["status"])).code).toBe(0);
});

describe("BROADSHEET_STORE_PLACE=any", () => {
  const ANY = { BROADSHEET_STORE_PLACE: "any" };

  test("lets a store send from any place, and leaves its home as it is", async () => {
    const copy = await elsewhere(copied, "another");
    expect(stateOf(await copy.run(SEND, ANY))).toMatchObject({ accepted: 5 });
    expect((await copy.run(ACCEPT, ANY)).stdout).toContain("there is nothing to accept");
    expect(await copy.run(SEND)).toEqual(REFUSED);
  });

  test("gives no home to a store without one", async () => {
    forgetHome(project.store);
    const copy = await elsewhere(copied, "another");
    expect((await copy.run(["subscribers", "list"], ANY)).code).toBe(0);
    expect((await copy.run(SEND)).code).toBe(0);
  });

  test("another word lets it send nowhere else", async () => {
    const copy = await elsewhere(copied, "another");
    expect(await copy.run(SEND, { BROADSHEET_STORE_PLACE: "yes" })).toEqual(REFUSED);
  });
});
