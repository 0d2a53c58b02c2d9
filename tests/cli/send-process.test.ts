import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type FaultServer, type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { changeIn, forgetKilled, onSqlite } from "../stores.ts";
import { folderWith } from "./broadsheet.ts";
import {
  mailingProject,
  NONE,
  people,
  type Running,
  SECRET,
  SLOT,
  stateOf,
} from "./mailing-project.ts";
import { SLOW, until } from "./scheduled-project.ts";

const SEND = ["send", SLOT, "--yes", "--json"];
/** So many messages are in flight at most. */
const CONCURRENCY = 20;

async function bench(count: number, options: FaultServerOptions = {}) {
  const server = await startFaultServer({ keepsBodies: false, ...options });
  const project = await mailingProject({ port: server.port, recipients: readers(count) });
  return { server, project };
}

/** Of many domains, so that no domain holds the others up. */
function readers(count: number): string[] {
  return people(count).map((reader, n) => reader.replace("@", `@d${n % 20}.`));
}

/** Those whom the server has taken a message for more than once. */
function twice({ taken }: FaultServer): string[] {
  const seen = new Set<string>();
  return taken.map(({ to }) => to).filter((to) => seen.size === seen.add(to).size);
}

describe("P1: kill -9", () => {
  test("at moments that nobody chose: nobody twice, nobody lost, and few in doubt", async () => {
    const { server, project } = await bench(500);
    let doubted = 0;
    for (let kill = 0; kill < 3; kill++) {
      const before = server.taken.length;
      const running = project.start(SEND);
      await until(() => server.taken.length > before + 20 || running.process.exitCode !== null);
      await sleep(Math.random() * 60);
      running.process.kill("SIGKILL");
      await running.ended;
      await forgetKilled(project.place);
      const { uncertain } = stateOf(await project.run([...SEND, "--limit", "1"]));
      expect(uncertain - doubted).toBeLessThanOrEqual(CONCURRENCY);
      doubted = uncertain;
    }
    const last = await project.run(SEND);
    const state = stateOf(last);
    expect(state).toEqual({ ...NONE, accepted: 500 - doubted, uncertain: doubted });
    expect(last.code).toBe(doubted > 0 ? 75 : 0);
    expect(twice(server)).toEqual([]);
    // Whoever isn't in doubt has it; of those in doubt some have.
    expect(server.taken.length).toBeGreaterThanOrEqual(state.accepted);
  }, 300_000);
});

describe("P2: asked to stop", () => {
  test("SIGTERM: what is in flight lands, nothing else starts, 75", async () => {
    const { server, project } = await bench(300, SLOW);
    const running = project.start(SEND);
    await until(() => server.taken.length > 60);
    running.process.kill("SIGTERM");
    const run = await running.ended;
    const state = stateOf(run);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain("Stopping when the messages in flight have their answers");
    expect(run.stderr).toMatch(new RegExp(`\\n${state.planned} not sent yet\\n$`));
    expect(state).toEqual({
      ...NONE,
      accepted: server.taken.length,
      planned: 300 - server.taken.length,
    });
    server.setFaults([]);
    expect(stateOf(await project.run(SEND))).toEqual({ ...NONE, accepted: 300 });
    expect(server.taken).toHaveLength(300);
  });

  test.each(["connect", "DATA"] as const)(
    "by a server that is silent at %s: no reader is in doubt, since nothing was sent",
    async (at) => {
      const { server, project } = await bench(30, { faults: [{ at, do: "hang" }] });
      const running = project.start(SEND);
      await until(() => server.hanging() > 0);
      running.process.kill("SIGTERM");
      const run = await running.ended;
      expect(run.code).toBe(75);
      expect(run.stderr).not.toContain("in doubt: ");
      expect(stateOf(run)).toEqual({ ...NONE, planned: 30 });
      server.setFaults([]);
      expect(stateOf(await project.run(SEND))).toEqual({ ...NONE, accepted: 30 });
      expect(twice(server)).toEqual([]);
    },
  );

  test.runIf(
    onSqlite("others wait for the last sign of life of one that left at once: worker.test.ts"),
  )("twice: at once, and what was in flight is in doubt", async () => {
    const { server, project } = await bench(100, { faults: [{ at: "dot", do: "hang" }] });
    const running = project.start(SEND);
    await until(() => server.hanging() > 0);
    running.process.kill("SIGINT");
    // Two signals that come before a process gets to the first are one.
    await until(() => running.said().includes("Stopping"));
    running.process.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    const [, waitedFor, left] =
      /answers \((\d+), at most 120 seconds each .*\nLeft with (\d+) in doubt: /.exec(stderr) ?? [];
    server.setFaults([]);
    const { uncertain, accepted } = stateOf(await project.run(SEND));
    expect([waitedFor, left]).toEqual([String(uncertain), String(uncertain)]);
    expect(uncertain).toBeGreaterThan(0);
    expect(uncertain).toBeLessThanOrEqual(CONCURRENCY);
    expect(uncertain + accepted).toBe(100);
  });
});

describe.runIf(
  onSqlite("a second run joins the first one, and no lock keeps it out: workers.test.ts"),
)("P13: two runs", () => {
  test("P13: with the lock gone too, a run that was asleep finds that it is late", async () => {
    const { server, project } = await bench(200, SLOW);
    const asleep = project.start(SEND);
    await until(() => server.taken.length > 40);
    await fallAsleep(asleep, project.store);
    await rm(`${project.store}-lock`);
    const { uncertain, accepted } = stateOf(await project.run(SEND));
    expect(uncertain).toBeLessThanOrEqual(CONCURRENCY);
    expect(uncertain + accepted).toBe(200);
    asleep.process.kill("SIGCONT");
    const { stderr } = await asleep.ended;
    expect(stderr.includes("another run had taken over")).toBe(uncertain > 0);
    const after = stateOf(await project.run(SEND));
    expect(after).toEqual({ ...NONE, accepted, uncertain });
    expect(twice(server)).toEqual([]);
  });
});

/** Stops a process where it holds nothing: in the middle of a commit nobody else gets to the store either. */
async function fallAsleep({ process }: Running, store: string): Promise<void> {
  for (;;) {
    process.kill("SIGSTOP");
    if (isFree(store)) return;
    process.kill("SIGCONT");
    await sleep(3);
  }
}

function isFree(store: string): boolean {
  const database = new DatabaseSync(store, { timeout: 100 });
  try {
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

describe.runIf(onSqlite("its disk and its lock are those of a file"))("P4, P5: the store", () => {
  test("P4: a disk that is full when sending begins: nothing is sent, 74", async () => {
    const { server, project } = await bench(200);
    const run = await project.start(SEND, { fileKb: 40 }).ended;
    expect(run.code).toBe(74);
    expect(run.stderr).toMatch(/^error STORE_FAILED: /m);
    expect(server.taken).toEqual([]);
    expect(stateOf(await project.run(SEND))).toEqual({ ...NONE, accepted: 200 });
  });

  test("P4: a disk that fills up while sending: it stops, and whoever can't be noted is in doubt", async () => {
    const { server, project } = await bench(1500);
    const run = await project.start(SEND, { fileKb: 1000 }).ended;
    expect(run.code).toBe(74);
    const stopped = server.taken.length;
    expect(stopped).toBeGreaterThan(CONCURRENCY);
    expect(stopped).toBeLessThan(1500);
    const { uncertain, accepted } = stateOf(await project.run(SEND));
    expect(uncertain).toBeLessThanOrEqual(CONCURRENCY);
    expect(accepted + uncertain).toBe(1500);
    expect(twice(server)).toEqual([]);
  });

  test("P5: a store that another program holds: a wait that ends, 75, and nothing is sent", async () => {
    const { server, project } = await bench(20);
    const other = new DatabaseSync(project.store);
    other.exec("BEGIN IMMEDIATE");
    const run = await project.run(SEND);
    other.exec("ROLLBACK");
    other.close();
    expect(run.code).toBe(75);
    expect(run.stderr).toMatch(/^error STORE_BUSY: /m);
    expect(server.taken).toEqual([]);
  });
});

test("P12: for whom no message can be made: they are skipped, the rest get theirs, 65", async () => {
  const { server, project } = await bench(30);
  const name = "Mara\r\nBcc: everybody@evil.example";
  await changeIn(
    project.place,
    `UPDATE subscriber SET name = '${name}' WHERE key = 'r7@d7.harbour.example'`,
  );
  const run = await project.run(SEND);
  expect(run.code).toBe(65);
  expect(stateOf(run)).toEqual({ ...NONE, accepted: 29, skipped: 1 });
  expect(run.stderr).toContain("1 have no message, because it could not be made");
  expect(server.commands.join("\n")).not.toContain("evil.example");
});

test("no secret is in anything that is printed or kept, however it fails", async () => {
  const server = await startFaultServer({
    login: { user: "desk", password: "hunter2" },
    faults: [
      { at: "AUTH", say: `535 5.7.8 no: ${Buffer.from("\0desk\0hunter2").toString("base64")}` },
    ],
  });
  const project = await mailingProject({ port: server.port, recipients: people(5) });
  const env = { SMTP_URL: `smtp://desk:hunter2@127.0.0.1:${server.port}` };
  const run = await project.run([...SEND, "--debug"], env);
  expect(run.code).toBe(77);
  const secrets = `hunter2|${SECRET}|aHVudGVyMg|AGRlc2sAaHVudGVyMg`;
  const found = spawnSync("grep", ["-rlaE", secrets, "."], { cwd: project.cwd, encoding: "utf8" });
  expect(found.stdout).toBe("");
  expect(run.stdout + run.stderr).not.toMatch(/hunter2|AGRlc2sAaHVudGVyMg/);
  expect(run.stdout + run.stderr).not.toContain(SECRET);
});

/** A sending whose server stops answering when it has the third message. */
async function stuckSending() {
  const server = await startFaultServer({ faults: [{ at: "dot", nth: 3, do: "hang" }] });
  const config = { smtp: { concurrency: 2 } };
  const project = await mailingProject({ port: server.port, recipients: people(6), config });
  const running = project.start(SEND);
  await until(() => server.hanging() > 0);
  return { server, project, running };
}

const IS_LOCKED = onSqlite("a second run leaves at once: on PostgreSQL it joins the first one");

let stuck: Awaited<ReturnType<typeof stuckSending>>;
let ended: Running["ended"];
let second: Awaited<ReturnType<typeof stuck.project.run>>;

// It ends after some seconds, in which the other tests run.
beforeAll(async () => {
  if (!IS_LOCKED) return;
  stuck = await stuckSending();
  second = await stuck.project.run(SEND);
  stuck.running.process.kill("SIGTERM");
  ({ ended } = stuck.running);
});

/** A process with a thread that is stuck in open(2): nobody ever writes into the pipe. */
async function processWithStuckThread() {
  const folder = await folderWith();
  const pipe = path.join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const src = path.resolve("src");
  const script = `
    import { open } from "node:fs/promises";
    import { Terminal } from ${JSON.stringify(`${src}/cli/terminal.ts`)};
    import { untilInterrupted } from ${JSON.stringify(`${src}/cli/until-interrupted.ts`)};
    import { endProcess } from ${JSON.stringify(`${src}/platform/end-process.ts`)};
    void open(${JSON.stringify(pipe)});
    const isDeaf = process.argv.includes("deaf");
    const alive = setInterval(() => undefined, 1000);
    await untilInterrupted(new Terminal(), (signal) => {
      process.stdout.write("ready");
      return new Promise((resolve) => isDeaf || signal.addEventListener("abort", resolve));
    });
    clearInterval(alive);
    endProcess(75);`;
  return async (...args: string[]) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", ...args]);
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    await once(child.stdout, "data");
    return { child, exit: once(child, "exit"), said: () => stderr };
  };
}

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s: a process whose work has ended is not kept by a thread that is stuck",
  async (signal) => {
    const start = await processWithStuckThread();
    const { child, exit } = await start();
    child.kill(signal);
    expect(await exit).toEqual([75, null]);
  },
);

test("a second signal ends a process with a thread that is stuck", async () => {
  const start = await processWithStuckThread();
  const { child, exit, said } = await start("deaf");
  child.kill("SIGTERM");
  await expect.poll(said).toContain("Stopping");
  child.kill("SIGTERM");
  expect(await exit).toEqual([130, null]);
});

test.runIf(IS_LOCKED)(
  "a second run that finds the lock says by which process it is held, and since when",
  () => {
    const { pid } = stuck.running.process;
    expect(second).toMatchObject({ code: 75, stdout: "" });
    expect(second.stderr).toMatch(
      new RegExp(
        `^error LEDGER_BUSY: another run is sending from this store: process ${pid} on \\S+, since \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z$`,
        "m",
      ),
    );
  },
);

test.runIf(IS_LOCKED)(
  "SIGTERM ends a sending whose server never answers: 75, one reader in doubt, the lock free",
  async () => {
    const { server, project } = stuck;
    const run = await ended;
    expect(run.code).toBe(75);
    expect(run.stderr).toMatch(/answers \(\d, at most 8 seconds\).*\nLeft with 1 in doubt: /);
    server.setFaults([]);
    const { uncertain, accepted } = stateOf(await project.run(SEND));
    expect([accepted, uncertain]).toEqual([5, 1]);
    await server.close();
  },
);
