import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { startFaultServer } from "../fault-server.ts";
import { changeIn } from "../stores.ts";
import { LIGHTHOUSE } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people } from "./mailing-project.ts";
import { noticesIn } from "./notices.ts";
import { bench, enrol, reconfigure, SLOT } from "./scheduled-project.ts";

const DAY_MS = 86_400_000;
/** An hour and three minutes ago each day, in UTC. */
const AN_HOUR_AGO = new Date(systemClock().getTime() - 63 * 60_000);
const DAILY = {
  cron: `${AN_HOUR_AGO.getUTCMinutes()} ${AN_HOUR_AGO.getUTCHours()} * * *`,
  zone: "UTC",
};

/** The slot of so many days ago. */
const day = (ago: number) =>
  new Date(AN_HOUR_AGO.getTime() - ago * DAY_MS).toISOString().slice(0, 10);

async function attentionIn(project: MailingProject): Promise<readonly string[]> {
  return noticesIn(await project.run(["status", "--json"]));
}

/** What `status` prints of it, which is the same. */
async function printedIn(project: MailingProject): Promise<readonly string[]> {
  const { stdout } = await project.run(["status"]);
  return [...stdout.matchAll(/^(?:Fix {4}|Look {3}|Note {3})(.*)$/gm)].map(([, text = ""]) => text);
}

async function daily(schedule: object): Promise<MailingProject> {
  const server = await startFaultServer();
  const project = await mailingProject({
    port: server.port,
    recipients: people(2),
    isBuilt: false,
    config: { schedule: { ...DAILY, ...schedule } },
  });
  return project;
}

test("slots that passed while nothing ran are named before a run has come, by it, and after it", async () => {
  const project = await daily({ maxLate: "12h" });
  await enrol(project, new Date(AN_HOUR_AGO.getTime() - 2 * DAY_MS - 60_000));
  const missed = `2 issues were missed, because nothing ran in time: ${day(2)} and ${day(1)}`;
  const hint = "have it run: broadsheet schedule cron";
  const before = await attentionIn(project);
  expect(before).toEqual([
    `${missed}; ${hint}`,
    expect.stringMatching(
      new RegExp(
        `^${day(0)} was due \\S+ \\S+ UTC, and nothing has run since; have it run: .*cron$`,
      ),
    ),
  ]);
  expect(await printedIn(project)).toEqual(before);

  const run = await project.run(["run", "--verbose"]);
  expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/^\S+ is a draft; .*\n$/)]);
  expect(run.stdout).toBe(
    [
      `the-slipway/${day(1)}: missed, with 1 before it: nothing ran in time`,
      `the-slipway/${day(0)}: sent to 2`,
      `the-slipway: ${missed}`,
      "",
    ].join("\n"),
  );
  expect(await attentionIn(project)).toEqual([missed]);
  expect((await project.run(["run"])).stdout).toBe("");
  const nothing = await project.run(["run", "--verbose"]);
  expect(nothing.stdout).toMatch(
    /^the-slipway: nothing is due until .*\nthe-slipway: 2 issues were missed/,
  );

  // Once another one has gone out that is history.
  await changeIn(
    project.place,
    `INSERT INTO issue (newsletter, slot, content_hash, at, state)
      VALUES ('the-slipway', '2099-01-01', '', ${systemClock().getTime()}, 'sent')`,
  );
  expect(await attentionIn(project)).toEqual([]);
});

test("a slot whose time for a late issue has passed, and a schedule that nothing ever ran, are named", async () => {
  const project = await daily({ catchUp: "skip" });
  expect(await attentionIn(project)).toEqual([
    "nothing has run for the schedule yet; have it run: broadsheet schedule cron",
  ]);
  await enrol(project, new Date(AN_HOUR_AGO.getTime() - 60_000));
  expect(await attentionIn(project)).toEqual([
    `${day(0)} was missed, because nothing ran in time; have it run: broadsheet schedule cron`,
  ]);
  await project.run(["hold"]);
  expect(await attentionIn(project)).toEqual([expect.stringMatching(/^held since /)]);
});

test("readers who are put off are named, with when they are tried again", async () => {
  const { project } = await bench({ faults: [{ at: "RCPT", to: "r1@", say: "450 4.2.1 later" }] });
  expect((await project.run(["run"])).code).toBe(75);
  const [line = "", ...others] = await attentionIn(project);
  expect(others).toEqual([]);
  expect(line).toMatch(
    new RegExp(
      `^1 reader of ${SLOT} is deferred, next try from \\S+ \\S+ UTC; the next run tries this reader again$`,
    ),
  );
  expect(await printedIn(project)).toEqual([line]);
  const nothing = await project.run(["run", "--verbose"]);
  expect(nothing.stdout).toMatch(/^the-slipway: nothing is due until /);
  expect(nothing.stdout).toContain(`\nthe-slipway: ${line}\n`);
});

test("a source that failed is named the first time too, and not when the config has it no more", async () => {
  const { project } = await bench({ config: { sources: ["content", "more"] } });
  // Dated before the window, it was left out without a word once.
  await writeFile(path.join(project.cwd, "content/2.md"), LIGHTHOUSE);
  const old = "1 file of yours is older than the window of 14 days: 2.md; give it a later date, ";
  const run = await project.run(["run", "--verbose"]);
  expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(/^\S+ is a draft; .*\n$/)]);
  expect(run.stdout).toMatch(
    new RegExp(`: sent to 5\\nthe-slipway: ${old}.+\\nthe-slipway: there is no \\S*more; .+\\n$`),
  );
  expect(await attentionIn(project)).toEqual([
    expect.stringContaining(old),
    expect.stringMatching(/^there is no \S*more; .+/),
  ]);
  await rm(path.join(project.cwd, "content/2.md"));
  await reconfigure(project, { sources: ["content"] });
  expect(await attentionIn(project)).toEqual([]);
});
