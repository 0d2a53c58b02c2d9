import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/io/clock.ts";
import { openSlots } from "../../src/io/sqlite/open-slots.ts";
import { type FaultServer, type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { LIGHTHOUSE, linesOf } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people } from "./mailing-project.ts";

/** Of no rhythm that could fall due while the tests run: what is due is decided by `dueSince`. */
const YEARLY = { cron: "0 7 1 1 *", zone: "UTC", maxLate: "400d" };

let opened: { project?: MailingProject; server?: FaultServer } = {};

beforeEach(() => void (opened = {}));
afterEach(async () => {
  await opened.project?.remove();
  await opened.server?.close();
});

interface BenchOptions extends FaultServerOptions {
  readonly schedule?: object;
  readonly readers?: number;
  readonly config?: object;
}

/** A newsletter whose slot of 1 January is due, and nothing else for the rest of the year. */
async function bench({ schedule = {}, readers = 5, config = {}, ...options }: BenchOptions = {}) {
  const server = await startFaultServer(options);
  opened.server = server;
  const project = await mailingProject({
    port: server.port,
    recipients: people(readers),
    config: { ...config, schedule: { ...YEARLY, ...schedule } },
  });
  opened.project = project;
  await enrol(project, new Date(`${SLOT}T00:00:00Z`));
  return { server, project };
}

const SLOT = `${systemClock().getUTCFullYear()}-01-01`;

/** As if its first run had been then. */
async function enrol({ store }: MailingProject, since: Date): Promise<void> {
  const slots = await openSlots({ store, slug: "the-slipway" }, systemClock);
  slots.enrol(since);
  slots.close();
}

/** Changes the config as an editor does, between two runs. */
async function reconfigure({ cwd }: MailingProject, changes: object): Promise<void> {
  const file = path.join(cwd, "broadsheet.config.json");
  const config: unknown = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(Object.assign({}, config, changes)));
}

async function slotsOf({ store }: MailingProject) {
  const slots = await openSlots({ store, slug: "the-slipway" }, systemClock);
  const all = slots
    .latest(10)
    .map(({ slot, state, why }) => (why === undefined ? { slot, state } : { slot, state, why }));
  slots.close();
  return all;
}

function receivers({ taken }: FaultServer): string[] {
  return taken.map(({ to }) => to).sort();
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

const SILENT = { code: 0, stdout: "", stderr: "" };
/** Each message takes so long, so that a run can be caught in the middle. */
const SLOW: FaultServerOptions = {
  faults: [{ at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 30 }],
};

test("what is due goes to everybody, once, and nothing is said", async () => {
  const { server, project } = await bench();
  const json = await project.run(["run", "--json"]);
  expect(json).toMatchObject({ code: 0, stderr: "" });
  const issue = { newsletter: "the-slipway", slot: SLOT };
  expect(linesOf(json)).toMatchObject([{ issue, state: "sent", accepted: 5 }]);
  expect(receivers(server)).toEqual(people(5));
  expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "sent" }]);
  expect(await project.run(["run"])).toEqual(SILENT);
  const verbose = await project.run(["run", "--verbose"]);
  expect(verbose.stdout).toMatch(/^the-slipway: nothing is due until \d{4}-01-01T07:00:00/);
  expect(server.taken).toHaveLength(5);
});

test("--now takes the next slot before its time, which is not sent again then", async () => {
  const { server, project } = await bench();
  await project.run(["run"]);
  expect((await project.run(["run", "--now", "--verbose"])).stdout).toContain("nothing new");
  await writeFile(path.join(project.cwd, "content/2.txt"), LIGHTHOUSE);
  const early = await project.run(["run", "--now", "--verbose"]);
  const next = `${Number(SLOT.slice(0, 4)) + 1}-01-01`;
  expect(early).toMatchObject({ code: 0, stdout: `the-slipway/${next}: sent to 5\n` });
  expect(await slotsOf(project)).toMatchObject([{ slot: next, state: "sent" }, { slot: SLOT }]);
  expect(server.taken).toHaveLength(10);
});

describe("P3: runs at the same second", () => {
  test("one does the work, the others leave with 75 and are silent", async () => {
    const { server, project } = await bench({ readers: 60, ...SLOW });
    const runs = await Promise.all([1, 2, 3].map(async () => project.run(["run"])));
    expect(runs.filter(({ code }) => code === 75)).toHaveLength(2);
    expect(runs.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(runs.map(({ stdout, stderr }) => stdout + stderr)).toEqual(["", "", ""]);
    expect(receivers(server)).toEqual(people(60).sort());
  });

  test("with the lock file gone too, nobody gets it twice", async () => {
    const { server, project } = await bench({ readers: 60, ...SLOW });
    const first = project.start(["run"]);
    await until(async () => (await slotsOf(project)).length > 0);
    await rm(`${project.store}-run`, { force: true });
    const second = await project.run(["run"]);
    const codes = [second.code, (await first.ended).code];
    expect(codes).toContain(0);
    expect(await project.run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(60).sort());
  });
});

describe("kill -9", () => {
  test.each<[string, (bench: Bench) => boolean | Promise<boolean>]>([
    ["as it begins", async ({ project }) => (await slotsOf(project)).length > 0],
    ["when it is built", async ({ project }) => (await stateIn(project)) === "built"],
    ["when it is planned", async ({ project }) => (await stateIn(project)) === "sending"],
    ["while it is sent", ({ server }) => server.taken.length > 10],
  ])("%s: the next run finishes the same slot, once", async (_when, isThen) => {
    const made = await bench({ readers: 80, ...SLOW });
    const { server, project } = made;
    const running = project.start(["run"]);
    await until(async () => running.process.exitCode !== null || isThen(made));
    running.process.kill("SIGKILL");
    await running.ended;
    server.setFaults([]);
    const next = await project.run(["run", "--json"]);
    const [line] = linesOf(next);
    expect(line).toMatchObject({ issue: { slot: SLOT }, state: "sent" });
    const { accepted, uncertain } = z.object({ accepted: z.int(), uncertain: z.int() }).parse(line);
    expect(accepted + uncertain).toBe(80);
    expect(uncertain).toBeLessThanOrEqual(20);
    expect(new Set(receivers(server)).size).toBe(server.taken.length);
    expect(await project.run(["run"])).toEqual(SILENT);
  });
});

describe("what goes wrong", () => {
  test("is one line each time, and the slot is finished when it is mended", async () => {
    const { server, project } = await bench();
    const bare = await project.run(["run"], { BROADSHEET_SECRET: "" });
    expect(bare).toMatchObject({ code: 78, stdout: "" });
    expect(bare.stderr).toMatch(
      new RegExp(`^error SECRET_MISSING: the-slipway/${SLOT}: .*; set BROADSHEET_SECRET.*\\n$`),
    );
    expect(await slotsOf(project)).toMatchObject([
      { state: "built", why: expect.stringContaining("no secret") },
    ]);
    const away = await project.run(["run"], { SMTP_URL: "smtp://127.0.0.1:1" });
    expect([away.code, away.stderr.split("\n").length]).toEqual([75, 2]);
    expect(await project.run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(5));
  });

  test("an issue in which the checks find errors isn't sent: 65, until it is mended", async () => {
    const { server, project } = await bench({
      config: { footer: { links: [{ text: "All issues", url: "https://localhost/all" }] } },
    });
    const bad = await project.run(["run"]);
    expect([bad.code, bad.stderr.split("\n").length]).toEqual([65, 2]);
    expect(bad.stderr).toContain(`error CHECK_FAILED: the-slipway/${SLOT}: not sent: `);
    expect(await stateIn(project)).toBe("begun");
    expect(server.taken).toEqual([]);
    await reconfigure(project, { footer: undefined });
    expect(await project.run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(5));
  });

  test("who is put off is tried by the next run, and nothing is said", async () => {
    const { server, project } = await bench({
      faults: [{ at: "RCPT", to: "r1@", say: "450 4.2.1 later" }],
    });
    expect(await project.run(["run"])).toEqual({ ...SILENT, code: 75 });
    expect(await stateIn(project)).toBe("sending");
    expect(await project.run(["run"])).toEqual(SILENT);
    server.setFaults([]);
    await project.run(["retry", SLOT]);
    expect(await project.run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(5));
    expect(await stateIn(project)).toBe("sent");
  });

  test("without a schedule: 78, and how to write one", async () => {
    const project = await mailingProject({ port: 1, recipients: [] });
    opened.project = project;
    const run = await project.run(["run"]);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('schedule: { cron: "0 7 * * 2" }');
  });
});

test("an issue that somebody began to send by hand is finished, and not built again", async () => {
  const { server, project } = await bench();
  await project.run(["build", "--date", SLOT, "--subject", "By hand", "--quiet"]);
  await project.run(["send", SLOT, "--yes", "--limit", "2", "--json"]);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(receivers(server)).toEqual(people(5));
  expect(
    new Set(server.taken.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1])),
  ).toEqual(new Set(["By hand"]));
});

test("an issue whose folder was taken away before it was sent is built again", async () => {
  const { server, project } = await bench();
  await project.run(["run"], { BROADSHEET_SECRET: "" });
  await rm(path.join(project.cwd, "outbox/the-slipway", SLOT), { recursive: true });
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(receivers(server)).toEqual(people(5));
});

type Bench = Awaited<ReturnType<typeof bench>>;

async function stateIn(project: MailingProject): Promise<string | undefined> {
  return (await slotsOf(project))[0]?.state;
}
