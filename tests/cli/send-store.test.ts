import { copyFile, readdir, rename, rm, truncate } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type Fault, startFaultServer } from "../fault-server.ts";
import {
  type MailingProject,
  mailingProject,
  NONE,
  people,
  SLOT,
  stateOf,
} from "./mailing-project.ts";
import { receivers, until } from "./scheduled-project.ts";

/* What happens to a store while an issue is sent from it. */

const SEND = ["send", SLOT, "--yes", "--json"];
const READERS = 400;
/** Of many domains, so that no domain holds the others up. */
const LIST = Array.from({ length: 20 }, (_, n) => people(READERS / 20, `d${n}.example`)).flat();

/** A sending that has come to a third of the list. The server holds its answers back until the sending goes on. */
async function inMidRun() {
  const held = Promise.withResolvers<void>();
  const fault: Fault = {
    at: "dot",
    say: "250 2.0.0 taken",
    keeps: true,
    from: Math.ceil(READERS / 3),
    after: held.promise,
  };
  const server = await startFaultServer({ keepsBodies: false, faults: [fault] });
  const project = await mailingProject({ port: server.port, recipients: LIST });
  const running = project.start(SEND);
  await until(() => server.taken.length >= READERS / 3);
  const goOn = async () => {
    held.resolve();
    return running.ended;
  };
  return { server, project, goOn };
}

async function savedStore({ store }: MailingProject): Promise<string> {
  const names = await readdir(path.dirname(store));
  const saved = names.filter((name) => name.includes(".saved-"));
  expect(saved).toHaveLength(1);
  return path.join(path.dirname(store), saved[0] ?? "");
}

test.each(["removed", "replaced"] as const)(
  "a store that is %s: the run stops, 74, and what it did is saved and can be put back",
  async (how) => {
    const { server, project, goOn } = await inMidRun();
    if (how === "replaced") await copyFile(project.store, `${project.store}.copy`);
    await rm(project.store);
    if (how === "replaced") await rename(`${project.store}.copy`, project.store);
    const run = await goOn();
    expect(run.code).toBe(74);
    expect(run.stderr).toMatch(new RegExp(`^error STORE_LOST: the store \\S+ was ${how} `, "m"));
    expect(server.taken.length).toBeLessThan(READERS);

    await rename(await savedStore(project), project.store);
    server.setFaults([]);
    expect(stateOf(await project.run(SEND))).toEqual({ ...NONE, accepted: READERS });
    expect(receivers(server)).toEqual(LIST.toSorted());
  },
);

test.each(["removed", "renamed"] as const)(
  "the folder of a store that is %s: the run stops, 74, and what it did is saved in a new folder",
  async (how) => {
    const { server, project, goOn } = await inMidRun();
    const folder = path.dirname(project.store);
    await (how === "removed" ? rm(folder, { recursive: true }) : rename(folder, `${folder}-away`));
    const run = await goOn();
    expect([run.code, run.stderr]).toEqual([
      74,
      expect.stringMatching(/^error STORE_LOST: the store \S+ was removed /m),
    ]);

    await rename(await savedStore(project), project.store);
    server.setFaults([]);
    expect(stateOf(await project.run(SEND))).toEqual({ ...NONE, accepted: READERS });
    expect(receivers(server)).toEqual(LIST.toSorted());
  },
);

test("a store that is cut short: the run stops, 74, and nothing more is sent", async () => {
  const { server, project, goOn } = await inMidRun();
  await truncate(project.store, 8192);
  const run = await goOn();
  expect(run.code).toBe(74);
  expect(run.stderr).toMatch(/^error STORE_/m);
  const taken = server.taken.length;
  expect(taken).toBeLessThan(READERS);
  server.setFaults([]);
  expect((await project.run(SEND)).code).toBe(74);
  expect(server.taken).toHaveLength(taken);
});

test("readers who are erased, suppressed, removed or imported meanwhile: the first three get nothing, and nobody twice", async () => {
  const { server, project, goOn } = await inMidRun();
  const had = new Set(receivers(server));
  const left = LIST.filter((reader) => !had.has(reader));
  const [erased = "", suppressed = "", removed = ""] = left.slice(-3);
  const [again = ""] = had;
  for (const command of [
    ["erase", erased],
    ["suppress", suppressed],
    ["remove", removed],
    ["add", "late@harbour.example"],
    ["erase", again],
  ])
    expect(await project.run(["subscribers", ...command, "--quiet"])).toMatchObject({ code: 0 });
  const state = stateOf(await goOn());
  expect(state).toEqual({ ...NONE, accepted: READERS - 3, suppressed: 1, skipped: 2 });
  const got = receivers(server);
  expect(new Set(got).size).toBe(READERS - 3);
  expect(got).toHaveLength(READERS - 3);
  for (const reader of [erased, suppressed, removed, "late@harbour.example"])
    expect(got).not.toContain(reader);
});

/** Writes how many modules of the packages for PostgreSQL a process has loaded. */
const COUNTING = `
  import { registerHooks } from "node:module";
  let count = 0;
  registerHooks({
    load(url, context, next) {
      if (/\\/node_modules\\/(?:pg|postgres)/.test(url)) count++;
      return next(url, context);
    },
  });
  process.on("exit", () => console.error("modules for PostgreSQL: " + count));`;

test.each([
  ["sqlite", /: 0$/m],
  ["postgres", /: [1-9]\d+$/m],
] as const)("on %s, only a store in PostgreSQL loads packages for it", async (engine, count) => {
  const server = await startFaultServer({ keepsBodies: false });
  const project = await mailingProject({ port: server.port, recipients: people(2), engine });
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(COUNTING)}`;
  const { code, stderr } = await project.spawn(SEND, { NODE_OPTIONS });
  expect(code).toBe(0);
  expect(server.taken).toHaveLength(2);
  expect(stderr).toMatch(count);
});
