import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { lockOfRuns } from "../../src/platform/store.ts";
import { LIGHTHOUSE, linesOf } from "./broadsheet.ts";
import type { FaultServer } from "../fault-server.ts";
import { listening } from "../listening.ts";
import { feedOf, Paper, told } from "../sources/collect/paper.ts";
import { changeIn, forgetKilled, onSqlite } from "../stores.ts";
import { type MailingProject, people } from "./mailing-project.ts";
import {
  bench,
  countsIn,
  due,
  QUIETLY,
  receivers,
  reconfigure,
  SILENT,
  SLOT,
  slotsOf,
  SLOW,
  stateIn,
  untilState,
} from "./scheduled-project.ts";

const ORCHARD = `The orchard that sells its frost

Frost came to the orchard above Thornsea in May, and took nine of ten blossoms. The owners have sold
the rest as cider to the whole town before it was pressed.
`;

test("what is due goes to everybody, once, and nothing is said", async () => {
  const { server, project } = await bench();
  const json = await project.run(["run", "--json"]);
  expect(json).toMatchObject({ code: 0, stderr: "" });
  const issue = { newsletter: "the-slipway", slot: SLOT };
  expect(linesOf(json)).toMatchObject([{ issue, state: "sent", accepted: 5 }]);
  expect(receivers(server)).toEqual(people(5));
  expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "sent" }]);
  expect(await due(project)).toEqual(QUIETLY);
  const verbose = await project.run(["run", "--verbose"]);
  expect(verbose.stdout).toMatch(
    /^the-slipway: nothing is due until [A-Z][a-z]{2} (\d{4}-01-01) 07:00 \+00:00, \1\n$/,
  );
  expect(server.taken).toHaveLength(5);
});

test("--now takes the next slot before its time, which is not sent again then", async () => {
  const { server, project } = await bench();
  await due(project);
  expect(await due(project, { now: true })).toEqual(QUIETLY);
  expect(server.taken).toHaveLength(5);
  await writeFile(path.join(project.cwd, "content/2.txt"), LIGHTHOUSE);
  expect(await due(project, { now: true })).toEqual(QUIETLY);
  const next = `${Number(SLOT.slice(0, 4)) + 1}-01-01`;
  expect(await slotsOf(project)).toMatchObject([{ slot: next, state: "sent" }, { slot: SLOT }]);
  expect(server.taken).toHaveLength(10);
});

test("--now again after a fault goes on with the issue it began, and takes no other", async () => {
  const { server, project } = await bench();
  const away = { now: true, env: { SMTP_URL: "smtp://127.0.0.1:1" } } as const;
  await due(project);
  for (const story of [LIGHTHOUSE, ORCHARD]) {
    await writeFile(path.join(project.cwd, `content/${story.length}.txt`), story);
    expect((await due(project, away)).code).toBe(75);
  }
  expect(await due(project, { now: true })).toEqual(QUIETLY);
  expect(await slotsOf(project)).toHaveLength(2);
  expect(server.taken).toHaveLength(10);
});

test("with nothing due no server hears of it: neither a feed's, nor the mail's, nor the watcher", async () => {
  const paper = new Paper();
  const base = await paper.open();
  onTestFinished(async () => paper.close());
  paper.pages.set("/feed.xml", feedOf([told(1)]));
  const { server, project } = await bench({ config: { sources: [`${base}/feed.xml`] } });
  const options = { allowPrivate: true, env: { BROADSHEET_PING_URL: `${base}/ping` } } as const;
  expect(await due(project, options)).toEqual(QUIETLY);
  const asked = paper.takeAnswers().map(({ path: address }) => address);
  expect(asked).toEqual(expect.arrayContaining(["/ping/start", "/feed.xml", "/ping"]));
  const connections = server.connections();
  expect(await due(project, options)).toEqual(QUIETLY);
  expect(paper.takeAnswers()).toEqual([]);
  expect(server.connections()).toBe(connections);
});

describe("P3: runs at the same second", () => {
  test("one does the work, the other leaves with 75 and is silent", async () => {
    const left = Promise.withResolvers<void>();
    const greeting = { at: "connect", say: "220 faults.example ESMTP" } as const;
    const { server, project } = await bench({ faults: [{ ...greeting, after: left.promise }] });
    const first = project.start(["run"]);
    await untilState(project, (state) => state !== undefined);
    expect(await project.run(["run"])).toEqual({ ...SILENT, code: 75 });
    left.resolve();
    expect(await first.ended).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(5));
  });
});

/** As if the run that is at work had begun at a moment. */
async function begin({ place, store }: MailingProject, at: Date): Promise<void> {
  if ("file" in place) return utimes(`${store}-run-holder`, at, at);
  const began = `SET started_on = '${at.toISOString()}'`;
  await changeIn(place, `UPDATE broadsheet_jobs.job ${began} WHERE state = 'active'`);
}

test("a run that holds the lock for minutes is reported by the next one, with its process, and once", async () => {
  const { project } = await bench();
  const lock = await lockOfRuns({ store: project.place, slug: "the-slipway" });
  expect(await lock.take()).toBe(true);
  await begin(project, new Date(Date.now() - 120_000));
  const report = new RegExp(
    `^error LEDGER_BUSY: another run is at work: process ${process.pid} on \\S+, since [^\n]+Z; .+\n$`,
  );
  const next = await project.run(["run"]);
  expect(next).toEqual({ ...SILENT, code: 75, stderr: expect.stringMatching(report) });
  expect(await project.run(["run"])).toEqual({ ...SILENT, code: 75 });
  const asked = await project.run(["run", "--verbose"]);
  expect(asked.stderr).toMatch(report);
  await lock.release();
  expect(await project.run(["run"])).toEqual(SILENT);
});

describe("kill -9", () => {
  test.each<[string, (state: string | undefined, server: FaultServer) => boolean]>([
    ["when it is taken in hand", (state) => state === "draft"],
    ["when its recipients are planned", (state) => state === "sending"],
    ["while it is sent", (_state, { taken }) => taken.length > 10],
  ])("%s: the next run finishes the same slot, once", async (_when, isThen) => {
    const { server, project } = await bench({ readers: 80, ...SLOW });
    const running = project.start(["run"]);
    const isOver = () => running.process.exitCode !== null;
    await untilState(project, (state) => isThen(state, server), isOver);
    running.process.kill("SIGKILL");
    await running.ended;
    await forgetKilled(project.place);
    server.setFaults([]);
    // Whoever was in flight stays in doubt, and is told of.
    const next = await due(project);
    expect([0, 75]).toContain(next.code);
    expect(await stateIn(project)).toBe("sent");
    const { accepted, uncertain } = await countsIn(project);
    expect(accepted + uncertain).toBe(80);
    expect(uncertain).toBeLessThanOrEqual(20);
    expect(new Set(receivers(server)).size).toBe(server.taken.length);
    expect(await due(project)).toEqual(QUIETLY);
  });
});

test("kill -9 while it collects: the next run does, and finishes the same slot", async () => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  const { origin, close } = await listening(server);
  onTestFinished(close);
  const made = await bench({ config: { sources: ["content", `${origin}/feed.xml`] } });
  const running = made.project.start(["run", "--allow-private"]);
  await asked.promise;
  running.process.kill("SIGKILL");
  await running.ended;
  await forgetKilled(made.project.place);
  expect(await stateIn(made.project)).toBe("draft");
  await reconfigure(made.project, { sources: ["content"] });
  expect(await due(made.project)).toEqual(QUIETLY);
  expect(receivers(made.server)).toEqual(people(5));
});

/** Kills the process when the rules of the checks have begun to run. */
const DIES_CHECKING = `
  import { registerHooks } from "node:module";
  const die = "process.kill(process.pid, 'SIGKILL');";
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith("/src/check/check-email.ts")) return loaded;
      const source = String(loaded.source).replace("const ran = ", die + "const ran = ");
      return { ...loaded, source };
    },
  });`;

test("kill -9 while it checks: nothing is in the outbox, and the next run finishes the same slot", async () => {
  const { server, project } = await bench();
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(DIES_CHECKING)}`;
  expect(await project.spawn(["run"], { NODE_OPTIONS })).toEqual({ ...SILENT, code: null });
  await forgetKilled(project.place);
  expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "draft" }]);
  expect(existsSync(path.join(project.cwd, "outbox/the-slipway", SLOT))).toBe(false);
  expect(await due(project)).toEqual(QUIETLY);
  expect(receivers(server)).toEqual(people(5));
});

describe("the machine", () => {
  test.runIf(onSqlite("its disk is that of a file"))(
    "with a full disk: nothing is sent twice or lost, and the slot is finished when there is room",
    async () => {
      const { server, project } = await bench({ readers: 400 });
      for (const fileKb of [40, 600]) {
        const { code } = await project.start(["run"], { fileKb }).ended;
        expect([73, 74]).toContain(code);
      }
      const { code } = await due(project);
      expect([0, 75]).toContain(code);
      const [sent] = linesOf(await project.run(["status", SLOT, "--json"]));
      expect(sent).toMatchObject({ planned: 0, sending: 0, deferred: 0 });
      expect(new Set(receivers(server)).size).toBe(server.taken.length);
    },
  );

  test("with a home that can't be written: it is sent all the same", async () => {
    const { server, project } = await bench();
    const home = { XDG_STATE_HOME: "/dev/null", XDG_CACHE_HOME: "/dev/null" };
    expect(await due(project, { env: home })).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test.runIf(onSqlite("it makes its file"))(
    "with a store that can't be made: nothing is sent",
    async () => {
      const { server, project } = await bench();
      await reconfigure(project, { store: "/dev/null/letter.db" });
      const { code, said } = await due(project);
      expect([code, said.length]).toEqual([74, 1]);
      expect(said[0]).toContain("the store letter.db can't be made");
      expect(server.taken).toEqual([]);
    },
  );
});

test("a source that can't be read for three issues is told once", async () => {
  const { project } = await bench({ config: { sources: ["content", "gone"] } });
  const lines: string[] = [];
  for (let slot = 1; slot <= 4; slot++) {
    const { title, text } = told(slot);
    await writeFile(path.join(project.cwd, `content/${slot}.md`), `# ${title}\n\n${text}\n`);
    const { code, said } = await due(project, { now: true });
    lines.push([code, ...said].join(" "));
  }
  const third = expect.stringMatching(
    /^69 error SOURCE_FAILING: .*: gone could not be read for 3 issues: .*$/,
  );
  expect(lines).toEqual(["0", "0", third, "0"]);
});

/** With an empty folder and a feed. */
async function benchWithFeed() {
  const paper = new Paper();
  const base = await paper.open();
  onTestFinished(async () => paper.close());
  const { server, project } = await bench({
    config: { sources: ["content", `${base}/feed.xml`] },
  });
  await rm(path.join(project.cwd, "content/1.txt"));
  return { paper, server, project };
}

test("a source that may be inside the network is read without a flag, and another server there is not", async () => {
  const [own, other] = [new Paper(), new Paper()];
  const [base, elsewhere] = [await own.open(), await other.open()];
  onTestFinished(async () => Promise.all([own.close(), other.close()]).then(() => undefined));
  const { server, project } = await bench({
    config: {
      sources: [{ from: `${base}/feed.xml`, allowPrivate: true }, `${elsewhere}/feed.xml`],
    },
  });
  own.pages.set("/feed.xml", feedOf([told(1)]));
  other.pages.set("/feed.xml", feedOf([told(2)]));
  await due(project);
  expect(receivers(server)).toEqual(people(5));
  expect(server.taken[0]?.raw.toString()).not.toContain(elsewhere);
  expect((await project.run(["status"])).stdout).toMatch(/private|inside|address/i);
});

test("status shows a slot that got no issue, and why", async () => {
  const { project } = await bench();
  await rm(path.join(project.cwd, "content/1.txt"));
  expect(await due(project)).toEqual(QUIETLY);
  expect(linesOf(await project.run(["status", "--json"]))).toMatchObject([
    { issues: [{ slot: SLOT, state: "empty" }] },
  ]);
  expect((await project.run(["status"])).stdout).toContain(`\n${SLOT}   empty\n`);
  const { code, stderr } = await project.run(["status", SLOT]);
  expect([code, stderr]).toEqual([
    66,
    expect.stringContaining(
      `${SLOT} has not been sent to any reader: it is left empty, because there was nothing new`,
    ),
  ]);
});

test("status shows unsent issues and slots that got none by their time", async () => {
  const { project } = await bench();
  await rm(path.join(project.cwd, "content/1.txt"));
  await due(project);
  await writeFile(path.join(project.cwd, "content/2.txt"), LIGHTHOUSE);
  const next = `${Number(SLOT.slice(0, 4)) + 1}-01-01`;
  expect((await project.run(["build", "--date", "2019-01-02"])).code).toBe(0);
  expect((await project.run(["build", "--slot", next])).code).toBe(0);
  expect(linesOf(await project.run(["status", "--json"]))).toMatchObject([
    {
      issues: [
        { slot: next, state: "draft" },
        { slot: SLOT, state: "empty" },
        { slot: "2019-01-02", state: "draft" },
      ],
    },
  ]);
});

test("status shows the latest five slots without an issue, and none from before the last sent one", async () => {
  const { project } = await bench();
  const year = Number(SLOT.slice(0, 4));
  const shown = async () => linesOf(await project.run(["status", "--json"]));
  for (let after = 2; after <= 7; after++) await project.run(["skip", `${year + after}-01-01`]);
  expect(await shown()).toMatchObject([
    {
      issues: [7, 6, 5, 4, 3].map((after) => ({ slot: `${year + after}-01-01`, state: "skipped" })),
    },
  ]);
  expect(await due(project)).toEqual(QUIETLY);
  await changeIn(project.place, "UPDATE issue SET at = 1 WHERE state = 'skipped'");
  expect(await shown()).toMatchObject([{ issues: [{ slot: SLOT, state: "sent" }] }]);
});

test("an article with the text of its feed is not reported as left out", async () => {
  const { paper, project } = await benchWithFeed();
  const short = told(1, { text: "The mill is mended after the storm. Read on…" });
  paper.pages.set("/feed.xml", feedOf([short]));
  const [page] = linesOf(await project.run(["run", "--json", "--allow-private"]));
  expect(page).toMatchObject({
    says: expect.stringMatching(/^quay\.example .*; until then the text of its feed is used$/),
  });
});

describe("a slot for which nothing is new, and a source can't be read", () => {
  test("waits for a server that is down for now, and has its stories then", async () => {
    const { paper, server, project } = await benchWithFeed();
    paper.pages.set("/feed.xml", 503);
    expect(await due(project, { allowPrivate: true })).toEqual({ code: 75, said: [] });
    expect(await slotsOf(project)).toMatchObject([
      { state: "draft", why: expect.stringMatching(/^nothing new, and not every source could be/) },
    ]);
    paper.pages.set("/feed.xml", feedOf([told(1)]));
    expect(await due(project, { allowPrivate: true })).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("waits until the config names a folder that is there, and reports the wrong name", async () => {
    const { server, project } = await bench({ config: { sources: ["contents", "empty"] } });
    await mkdir(path.join(project.cwd, "empty"));
    const { code, said } = await due(project);
    expect([code, said]).toEqual([
      66,
      [expect.stringMatching(/^error INPUT_MISSING: .*: there is no .*contents; /)],
    ]);
    expect(await slotsOf(project)).toMatchObject([{ state: "draft" }]);
    await reconfigure(project, { sources: ["content", "empty"] });
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("does not wait for a feed that has no items now", async () => {
    const { paper, project } = await benchWithFeed();
    paper.pages.set("/feed.xml", feedOf([]));
    expect(await due(project, { allowPrivate: true })).toEqual(QUIETLY);
    expect(await slotsOf(project)).toMatchObject([
      { state: "empty", why: expect.stringContaining("1 of 2 sources could not be read") },
    ]);
  });

  test("waits no more for one that is told of as failing", async () => {
    const { paper, project } = await benchWithFeed();
    paper.pages.set("/feed.xml", 503);
    const codes: number[] = [];
    for (let slot = 1; slot <= 3; slot++) {
      codes.push((await due(project, { allowPrivate: true, now: true })).code);
      await project.run(["skip", (await slotsOf(project))[0]?.slot ?? ""]);
    }
    expect(codes).toEqual([75, 75, 69]);
    paper.pages.set("/feed.xml", 403);
    const refused = await project.run(["run", "--now", "--verbose", "--allow-private"]);
    expect(refused.stdout).toContain("nothing new, and 1 of 2 sources could not be read");
    expect(refused.code).toBe(0);
  });
});

test("an issue that somebody began to send by hand is finished, and not built again", async () => {
  const { server, project } = await bench();
  await project.run(["build", "--date", SLOT, "--subject", "By hand", "--quiet"]);
  await project.run(["send", SLOT, "--yes", "--limit", "2", "--json"]);
  expect(await due(project)).toEqual(QUIETLY);
  expect(receivers(server)).toEqual(people(5));
  expect(
    new Set(server.taken.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1])),
  ).toEqual(new Set(["By hand"]));
});

test("an issue whose folder was taken away before it was sent is built again", async () => {
  const { server, project } = await bench();
  await due(project, { env: { BROADSHEET_SECRET: "" } });
  await rm(path.join(project.cwd, "outbox/the-slipway", SLOT), { recursive: true });
  expect(await due(project)).toEqual(QUIETLY);
  expect(receivers(server)).toEqual(people(5));
});
