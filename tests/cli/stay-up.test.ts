import path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { runDue, type RunOutcome } from "../../src/schedule/run-due.ts";
import { keepOn, lookOnce, pauseMs } from "../../src/cli/schedule/runs.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { loadConfig } from "../../src/config/io/load-config.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { openCursor } from "../../src/sources/io/cursor.ts";
import { openRecords } from "../../src/delivery/io/issue-records.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { writeFile } from "node:fs/promises";
import { LIGHTHOUSE } from "./broadsheet.ts";
import { told } from "../sources/collect/paper.ts";
import { mailingProject, people } from "./mailing-project.ts";
import {
  bench,
  due,
  QUIETLY,
  receivers,
  reconfigure,
  SLOW,
  until,
  untilState,
} from "./scheduled-project.ts";

const MINUTE_MS = 60_000;
const DAILY = { cron: "0 7 * * *", zone: "Europe/Berlin" };

beforeEach(() => vi.unstubAllEnvs());

interface Changes {
  readonly catchUp?: "once" | "merge";
  readonly maxItems?: number;
}

/** A newsletter that stays up in this process, by a clock that moves only while it waits. */
async function stayingUp(begins: string, { catchUp = "once", ...more }: Changes = {}) {
  const server = await startSmtpServer();
  const project = await mailingProject({
    port: server.port,
    recipients: people(2),
    isBuilt: false,
    config: { ...more, schedule: { ...DAILY, catchUp } },
  });
  for (const [name, value] of Object.entries(project.env)) vi.stubEnv(name, value);
  const config = await loadConfig({ cwd: project.cwd, env: project.env });
  if (!config.schedule) throw new Error("the newsletter has no schedule");
  const state = { now: new Date(begins) };
  const clock = () => state.now;
  const records = await openRecords(config, clock);
  onTestFinished(async () => records[Symbol.asyncDispose]());
  const { schedule } = config;
  const waits: number[] = [];
  const outcomes: RunOutcome[] = [];

  /** Until a moment; `step` is what happens to the clock at the n-th wait besides. */
  async function until(end: string, step: (wait: number) => number = () => 0): Promise<void> {
    const stop = new AbortController();
    const wait = async (ms: number): Promise<void> => {
      waits.push(ms);
      state.now = new Date(state.now.getTime() + ms + step(waits.length));
      if (state.now >= new Date(end)) stop.abort();
    };
    const { signal } = stop;
    const job = {
      config,
      schedule,
      records,
      clock,
      env: process.env,
      cwd: process.cwd(),
      flags: {},
      signal,
    };
    const look = async () => {
      const outcome = await runDue(job);
      outcomes.push(outcome);
      return { outcome, pauseMs: await pauseMs(job) };
    };
    await keepOn({ look, wait, signal });
  }

  const write = async (name: string, text: string): Promise<void> =>
    writeFile(path.join(config.content, name), text);
  return { until, write, waits, outcomes, server, records, config };
}

describe("staying up", () => {
  test("it is there at the time of a slot, and looks once a minute at least", async () => {
    const { until, waits, server, records } = await stayingUp("2026-11-24T05:57:30Z");
    await until("2026-11-24T06:03:00Z");
    expect(Math.max(...waits)).toBe(MINUTE_MS);
    expect(waits).toContain(MINUTE_MS / 2);
    expect(await records.latest(5)).toMatchObject([{ slot: "2026-11-24", state: "sent" }]);
    expect(server.received).toHaveLength(2);
  });

  test("P6: a clock that is set back and forth by an hour: each slot once", async () => {
    const { until, write, server, records } = await stayingUp("2026-11-24T05:55:00Z");
    await until("2026-11-24T06:30:00Z", (wait) => (wait === 10 ? -60 * MINUTE_MS : 0));
    await write("2.txt", LIGHTHOUSE);
    await until("2026-11-24T08:00:00Z", (wait) => (wait % 20 === 0 ? 60 * MINUTE_MS : 0));
    expect(await records.latest(5)).toMatchObject([{ slot: "2026-11-24", state: "sent" }]);
    expect(server.received).toHaveLength(2);
  });

  test("P8: a machine that slept for three days: the latest slot, once, and the others are noted", async () => {
    const { until, write, server, records } = await stayingUp("2026-11-24T05:58:00Z");
    await until("2026-11-24T06:02:00Z");
    await write("2.txt", LIGHTHOUSE);
    await until("2026-11-27T07:10:00Z", (wait) => (wait === 6 ? 73 * 60 * MINUTE_MS : 0));
    expect((await records.latest(9)).map(({ slot, state }) => `${slot} ${state}`)).toEqual(
      "2026-11-27 sent|2026-11-26 missed|2026-11-25 missed|2026-11-24 sent".split("|"),
    );
    expect(server.received).toHaveLength(4);
  });
});

test.each([
  ["once", ["2026-11-24", "2026-11-27"]],
  ["merge", ["2026-11-24", "2026-11-27", "2026-11-27"]],
] as const)(
  "%s: the issue after a sleep has so many of the stories that wait",
  async (catchUp, of) => {
    const { until, write, config } = await stayingUp("2026-11-24T05:58:00Z", {
      catchUp,
      maxItems: 1,
    });
    await write("2.txt", LIGHTHOUSE);
    const { title, text } = told(1);
    await write("3.md", `# ${title}\n\n${text}\n`);
    await until("2026-11-27T07:10:00Z", (wait) => (wait === 6 ? 73 * 60 * MINUTE_MS : 0));
    await using cursor = await openCursor(config, systemClock);
    const items = [
      ...(await cursor.itemsOf("2026-11-24")),
      ...(await cursor.itemsOf("2026-11-27")),
    ];
    expect(items.map(({ slot }) => slot)).toEqual(of);
  },
);

test("the config is read at each look; by one that is broken nothing is sent, which is said once", async () => {
  const { server, project } = await bench();
  for (const [name, value] of Object.entries(project.env)) vi.stubEnv(name, value);
  const said: string[] = [];
  const terminal = new Terminal();
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  const flags = { config: path.join(project.cwd, "broadsheet.config.json") };
  const look = async () => lookOnce(new AbortController().signal, { flags, terminal });
  await reconfigure(project, { nam: "The Slipway" });
  expect([await look(), await look()]).toMatchObject([{ outcome: [] }, { outcome: [] }]);
  expect(said).toEqual([expect.stringContaining("CONFIG_INVALID")]);
  expect(server.taken).toEqual([]);
  await reconfigure(project, { nam: undefined, from: "desk@slipway.example" });
  expect((await look()).outcome).toMatchObject([{ state: "sent" }]);
  expect(server.taken.map(({ raw }) => raw.toString())).toEqual(
    people(5).map(() => expect.stringMatching(/^From: .*<desk@slipway\.example>\r$/m)),
  );
});

describe("asked to end", () => {
  test("with nothing on its way: 0, and all that was said is what a SIGHUP had it read", async () => {
    const { server, project } = await bench();
    const running = project.start(["schedule"]);
    await untilState(project, (state) => state === "sent");
    await reconfigure(project, { schedul: {} });
    running.process.kill("SIGHUP");
    await until(() => running.said() !== "");
    running.process.kill("SIGTERM");
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^error CONFIG_INVALID: "schedul" .*\n$/);
    expect(receivers(server)).toEqual(people(5));
  });

  test("while it sends: what is in flight lands, 75, and the next one goes on", async () => {
    const { server, project } = await bench({ readers: 300, ...SLOW });
    const running = project.start(["schedule"]);
    await until(() => server.taken.length > 20);
    running.process.kill("SIGTERM");
    expect((await running.ended).code).toBe(75);
    expect(server.taken.length).toBeLessThan(300);
    server.setFaults([]);
    expect(await due(project)).toEqual(QUIETLY);
    expect(new Set(receivers(server)).size).toBe(300);
    expect(server.taken).toHaveLength(300);
  });
});
