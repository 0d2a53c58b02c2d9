import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { deliver, openNewsletter } from "../../src/index.ts";
import { type Fault, startFaultServer } from "../fault-server.ts";
import { changeIn, forgetKilled } from "../stores.ts";
import { bounced } from "./bounced-list.ts";
import { writeInto } from "./broadsheet.ts";
import {
  type MailingProject,
  mailingProject,
  NONE,
  people,
  SLOT,
  stateOf,
} from "./mailing-project.ts";
import { noticesIn } from "./notices.ts";
import { bench, SILENT, slotsOf, until } from "./scheduled-project.ts";

/*
 * `canary` in the config: the first readers of an issue show whether the others should get it.
 */

const READERS = 30;
const FIRST = 10;
const CANARY = { readers: FIRST, wait: "15m", stopAt: "10%" };
const SEND = ["send", SLOT, "--yes", "--json"];
const UNKNOWN: Fault = { at: "RCPT", to: "r0@", say: "550 5.1.1 no such user" };

async function newsletter(faults: readonly Fault[] = [], canary: object = CANARY) {
  const server = await startFaultServer({ faults });
  const recipients = people(READERS);
  const config = { canary, bounce: "bounces@slipway.example" };
  const project = await mailingProject({ port: server.port, recipients, config });
  return { server, project };
}

/** As if the time had passed in which the others wait. */
async function pass({ place }: MailingProject): Promise<void> {
  await changeIn(place, "UPDATE issue SET canary_until = 1 WHERE canary_until IS NOT NULL");
}

test("the others get the issue when nothing has come back from its first readers", async () => {
  const { server, project } = await newsletter();
  const first = await project.run(SEND);
  expect(first.code).toBe(75);
  expect(first.stderr).toContain(`the first ${FIRST} readers have ${SLOT}`);
  expect(stateOf(first)).toEqual({ ...NONE, accepted: FIRST, planned: READERS - FIRST });
  const early = await project.run(SEND);
  expect(early.code).toBe(75);
  expect(early.stderr).toContain(`the first ${FIRST} readers have ${SLOT}`);
  expect(server.taken).toHaveLength(FIRST);
  const status = await project.run(["status", "--json"]);
  expect(noticesIn(status)).toEqual([
    expect.stringMatching(
      `^20 readers of ${SLOT} get it after .*, unless too many messages to the first readers bounce or cause complaints; then: broadsheet send ${SLOT}$`,
    ),
  ]);
  const one = await project.run(["status", SLOT]);
  expect(one.stdout).toMatch(/Planned +20 +Wait until .*; then: broadsheet send/);
  await pass(project);
  const rest = await project.run(SEND);
  expect(rest.code).toBe(0);
  expect(stateOf(rest)).toEqual({ ...NONE, accepted: READERS });
  expect(noticesIn(await project.run(["status", "--json"]))).toEqual([]);
});

test("too many of the first readers are refused: the issue is held, and hold --off sends the rest", async () => {
  const { server, project } = await newsletter([UNKNOWN]);
  const first = await project.run(SEND);
  expect(first.code).toBe(69);
  expect(first.stderr).toContain(
    `${SLOT} is held: refusals, bounces and complaints: 1 of the first 10 readers (10 %)`,
  );
  expect(stateOf(first)).toEqual({
    ...NONE,
    accepted: FIRST - 1,
    rejected: 1,
    planned: READERS - FIRST,
  });
  const status = await project.run(["status", "--json"]);
  expect(status.code).toBe(69);
  expect(noticesIn(status)).toEqual([
    expect.stringMatching(
      /is held since .*: .* 1 of the first 10 readers \(10 %\): broadsheet hold .* --off$/,
    ),
  ]);
  const again = await project.run(SEND);
  expect(again.code).toBe(64);
  expect(again.stderr).toContain(`broadsheet hold ${SLOT} --off`);
  expect(server.taken).toHaveLength(FIRST - 1);
  const off = await project.run(["hold", SLOT, "--off"]);
  expect(off).toMatchObject({
    code: 0,
    stdout: `${SLOT} is released; to send: broadsheet send ${SLOT}\n`,
  });
  const rest = await project.run(SEND);
  expect(rest).toMatchObject({ code: 0 });
  expect(stateOf(rest)).toEqual({ ...NONE, accepted: READERS - 1, rejected: 1 });
});

test("a bounce comes in while the others wait: the issue is held", async () => {
  const { server, project } = await newsletter();
  await project.run(SEND);
  const dir = await bounced(project, "r10@harbour.example");
  await project.run(["bounces", dir]);
  await pass(project);
  const held = await project.run(SEND);
  expect(held.code).toBe(69);
  expect(held.stderr).toContain("1 of the first 10 readers");
  expect(server.taken).toHaveLength(FIRST);
  await project.run(["hold", SLOT, "--off"]);
  const rest = await project.run(SEND);
  expect(stateOf(rest)).toEqual({ ...NONE, accepted: READERS });
  expect(new Set(server.taken.map(({ to }) => to)).size).toBe(READERS);
});

test("an editor who holds the issue meanwhile doesn't send the rest by letting it go on", async () => {
  const { server, project } = await bench({ readers: READERS, config: { canary: CANARY } });
  const slot = async () => (await slotsOf(project))[0]?.slot ?? "";
  await project.run(["run"]);
  await project.run(["hold", await slot()]);
  await project.run(["hold", await slot(), "--off"]);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(server.taken).toHaveLength(FIRST);
});

test("run doesn't wait: it does what else is due, and sends the rest when the time has passed", async () => {
  const { server, project } = await bench({ readers: READERS, config: { canary: CANARY } });
  expect(await project.run(["run"])).toEqual({ ...SILENT, code: 75 });
  expect(server.taken).toHaveLength(FIRST);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(server.taken).toHaveLength(FIRST);
  await pass(project);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(server.taken).toHaveLength(READERS);
});

test("run reads the bounces of the first readers, holds the issue and reports that once", async () => {
  const { server, project } = await bench({
    readers: READERS,
    config: { canary: CANARY, bounces: "Maildir", bounce: "bounces@slipway.example" },
  });
  await mkdir(path.join(project.cwd, "Maildir/new"), { recursive: true });
  await project.run(["run"]);
  await bounced(project, "r10@harbour.example");
  await pass(project);
  const held = await project.run(["run"]);
  expect(held.code).toBe(69);
  expect(held.stderr).toContain("is held: refusals, bounces and complaints: 1 of the first");
  expect(held.stderr.trim().split("\n")).toHaveLength(1);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(server.taken).toHaveLength(FIRST);
  const notices = noticesIn(await project.run(["status", "--json"]));
  expect(notices).toEqual([expect.stringContaining("is held since")]);
  const [slot] = await slotsOf(project);
  await project.run(["hold", slot?.slot ?? "", "--off"]);
  expect(await project.run(["run"])).toEqual(SILENT);
  expect(server.taken).toHaveLength(READERS);
});

test("a sender that is killed again and again sends to no more than the first readers", async () => {
  const { server, project } = await newsletter([
    { at: "dot", say: "250 2.0.0 taken", keeps: true, delayMs: 20 },
  ]);
  for (const taken of [1, 4, 8]) {
    const running = project.start(SEND);
    await Promise.race([until(() => server.taken.length >= taken), running.ended]);
    running.process.kill("SIGKILL");
    await running.ended;
    await forgetKilled(project.place);
  }
  const first = await project.run(SEND);
  expect(first.code).toBe(75);
  const { accepted, uncertain, planned } = stateOf(first);
  expect({ first: accepted + uncertain, planned }).toEqual({
    first: FIRST,
    planned: READERS - FIRST,
  });
  await pass(project);
  const running = project.start(SEND);
  await until(() => server.taken.length > FIRST);
  running.process.kill("SIGKILL");
  await running.ended;
  await forgetKilled(project.place);
  await project.run(SEND);
  const copies = server.taken.map(({ to }) => to);
  expect(new Set(copies).size).toBe(copies.length);
  const last = stateOf(await project.run(SEND));
  expect(last.accepted + last.uncertain).toBe(READERS);
});

test("the library gives the reason why the others wait", async () => {
  const { project } = await newsletter();
  const opened = await openNewsletter(project.cwd, { env: project.env });
  const { accepted, planned, stoppedBy } = await deliver(opened, SLOT);
  expect({ accepted, planned, code: stoppedBy?.code }).toEqual({
    accepted: FIRST,
    planned: READERS - FIRST,
    code: "CANARY_OUT",
  });
});

test("a list that is no longer than the canary goes out at once", async () => {
  const { project } = await newsletter([], { readers: READERS });
  expect(await project.run(SEND)).toMatchObject({ code: 0 });
});

test.each([
  { stopAt: "2" },
  { stopAt: "0%" },
  { stopAt: "200%" },
  { readers: 0 },
  { wait: "soon" },
])("a canary that makes no sense is refused: %j", async (wrong) => {
  const { project } = await newsletter();
  await writeInto(project.cwd, {
    "broadsheet.config.json": JSON.stringify({ name: "The Slipway", canary: wrong }),
  });
  const run = await project.run(SEND);
  expect(run.code).toBe(78);
  expect(run.stderr).toContain(`canary.${Object.keys(wrong)[0]}`);
});
