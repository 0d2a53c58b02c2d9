import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { ENVIRONMENT, MAIN } from "../cli/broadsheet.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "../cli/mailing-project.ts";
import { LESS_GC } from "../less-gc.ts";
import { startFaultServer } from "../fault-server.ts";

const READERS = 240;

/** What sets the clock of a process while it runs. `FAKETIME_DONT_FAKE_MONOTONIC`: as when somebody sets the machine's. */
function settableClock(file: string): Record<string, string> {
  const [library] = globSync("/usr/lib/*/faketime/libfaketimeMT.so.1");
  if (library === undefined) throw new Error("install the package faketime");
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}

test.each(["+72h", "-24h"])(
  "somebody sets the clock %s in the middle of a run: no reader is skipped",
  async (step) => {
    const server = await startFaultServer({ keepsBodies: false });
    const config = { expires: "48h", smtp: { rate: "60/s" } };
    const recipients = people(READERS);
    const project = await mailingProject({ port: server.port, recipients, config });
    const file = path.join(project.cwd, "clock");
    await writeFile(file, "+0");
    const run = project.start(["send", SLOT, "--yes", "--json"], { env: settableClock(file) });
    while (server.taken.length < READERS / 4) await new Promise((resolve) => setImmediate(resolve));
    await writeFile(file, step);
    const ended = await run.ended;
    expect(stateOf(ended)).toEqual({ ...NONE, accepted: READERS });
    expect(ended.code).toBe(0);
    expect(new Set(server.taken.map(({ to }) => to)).size).toBe(READERS);
    expect(server.taken).toHaveLength(READERS);
  },
);

test.each(["+1h", "-1h"])(
  "a worker whose clock is %s off sends and puts off as the other workers of its database do",
  async (step) => {
    const server = await startFaultServer({
      keepsBodies: false,
      faults: [{ at: "RCPT", to: "r3@", say: "450 4.2.1 later" }],
    });
    const project = await mailingProject({
      port: server.port,
      recipients: people(10),
      config: { expires: "30m" },
      engine: "postgres",
    });
    const send = ["send", SLOT, "--yes", "--json"];
    await project.spawn([...send, "--limit", "2"]);
    const file = path.join(project.cwd, "clock");
    await writeFile(file, step);
    const other = await project.start(send, { env: settableClock(file) }).ended;
    const sent = { ...NONE, accepted: 9, deferred: 1 };
    expect(stateOf(other)).toMatchObject(sent);
    // The reader who was put off is due in five minutes by every clock.
    const before = server.commands.length;
    expect(stateOf(await project.spawn(send))).toMatchObject(sent);
    expect(server.commands.slice(before)).toEqual([]);
  },
);

test("at a terminal send waits until the time of the first readers is over, and sends the rest", async () => {
  const server = await startFaultServer({ keepsBodies: false });
  const canary = { readers: 50, wait: "20m" };
  const project = await mailingProject({
    port: server.port,
    recipients: people(READERS),
    config: { canary },
  });
  const file = path.join(project.cwd, "clock");
  await writeFile(file, "+0");
  const command = [process.execPath, ...LESS_GC, MAIN, "send", SLOT, "--yes"].join(" ");
  const terminal = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: project.cwd,
    env: { ...ENVIRONMENT, ...project.env, ...settableClock(file) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(terminal, "close");
  const { promise: isWaiting, resolve } = Promise.withResolvers<void>();
  let said = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes("Waiting until")) resolve();
  });
  await Promise.race([isWaiting, closed]);
  expect(said).toContain("Waiting until");
  expect(server.taken).toHaveLength(canary.readers);
  await writeFile(file, "+21m");
  const [code] = await closed;
  expect(code).toBe(0);
  expect(new Set(server.taken.map(({ to }) => to)).size).toBe(READERS);
  expect(server.taken).toHaveLength(READERS);
});
