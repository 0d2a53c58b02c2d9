import { expect, test } from "vitest";
import { startFaultServer } from "../fault-server.ts";
import { saying, startModelServer } from "../summary/model/io/model-server.ts";
import { reconfigure } from "./scheduled-project.ts";
import {
  addStories,
  AT_SLOT,
  each,
  MANUAL,
  setClock,
  SLOT,
  storiesOf,
  weekly,
} from "./weekly-project.ts";
import { mailingProject, people } from "./mailing-project.ts";

/** What the article says, in words of which the check is not sure. */
const MARKED =
  "In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it.";

const SHOWN = [
  "The post van climbs Beacon Hill behind the school bus, which stops eleven times.",
  "The council has now printed a new timetable with the old time and a footnote.",
];

test("an approved issue with a marked line of a model goes out by `send` too, without --force", async () => {
  const gist =
    "The evening ferry from Port Carrow waits for the post van, and has been late on 212 days in a row.";
  const { baseURL } = await startModelServer(saying({ gist, keyPoints: [...SHOWN, MARKED] }));
  const model = { provider: "openai-compatible", model: "small-1", baseURL, retries: 0 };
  const summary = { ...model, timeoutMs: 30_000 };
  const server = await startFaultServer({});
  const project = await mailingProject({
    port: server.port,
    recipients: people(3),
    isBuilt: false,
    config: { summary, schedule: { cron: "0 7 1 1 *", zone: "UTC" } },
  });
  expect((await project.run(["build"])).code).toBe(0);
  const refused = await project.run(["send", "--yes"]);
  expect(refused.code).toBe(65);
  expect(refused.stderr).toContain(
    "a model wrote lines that their articles do not clearly support",
  );
  const approved = await project.run(["approve"]);
  expect(approved.stdout).toContain("is approved; it goes out");
  expect(server.taken).toEqual([]);
  expect(await project.run(["send", "--yes"])).toMatchObject({ code: 0 });
  expect(server.taken).toHaveLength(3);
});

test("commands that need a draft that is not built yet say how to build it, and one that is held is not said to go out", async () => {
  const project = await mailingProject({
    port: 1,
    recipients: people(1),
    isBuilt: false,
    config: { schedule: { cron: "0 7 1 1 *", zone: "UTC" } },
  });
  await project.run(["build", "content", "--date", "2025-03-04"]);
  for (const command of ["check", "render", "approve", "send"]) {
    const { code, stderr } = await project.run([command]);
    expect(code, command).toBe(66);
    expect(stderr).toMatch(
      /(\d{4}-01-01) is not built yet\n {2}fix build it: broadsheet build --slot \1\n/,
    );
  }
  const { stderr } = await project.run(["build"]);
  const [slot = ""] = /\d{4}-01-01/.exec(stderr) ?? [];
  expect(stderr).toContain(`${slot} is a draft; it goes out`);
  await project.run(["hold", slot]);
  const held = await project.run(["check"]);
  expect(held.stderr).toBe(
    `${slot} is a draft, and is held until: broadsheet hold ${slot} --off\n`,
  );
  await project.run(["hold"]);
  const all = await project.run(["check"]);
  expect(all.stderr).toBe(`${slot} is a draft, and is held until: broadsheet hold --off\n`);
  const refused = await project.run(["send", "--yes"]);
  expect(refused.code).toBe(64);
  expect(refused.stderr).toContain("the newsletter is held: nothing is sent");
});

test("an issue that was sent before there was a schedule settles the slot of its name", async () => {
  const { server, project, run } = await weekly();
  await reconfigure(project, { schedule: undefined });
  await run(["build"]);
  expect(await run(["send", "--yes"])).toMatchObject({ code: 0 });
  // The slot of that day is still to come.
  await reconfigure(project, { schedule: { cron: "0 20 * * *", zone: "UTC" } });
  await addStories(project, 3);
  expect((await run(["build"])).stderr).toMatch(/^2025-03-02 is a draft/);
  expect((await run(["status"])).stdout).toContain("Next   2025-03-02");
  setClock("2025-03-01T20:01:00Z");
  const { stdout } = await run(["run", "--verbose"]);
  expect(stdout).toContain("nothing is due until Sun 2025-03-02 20:00 +00:00, 2025-03-02");
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
});

test("a slot whose time has passed is not said to go out: its day makes a separate issue", async () => {
  const { project, run } = await weekly();
  await run(["run"]);
  const old = await run(["build", "--date", "2025-01-06"]);
  expect(old.stderr).toMatch(/^2025-01-06 is a draft; it goes out by broadsheet send 2025-01-06 /);
  setClock("2025-03-03T08:00:00Z");
  expect((await run(["build", "--slot", SLOT])).stderr).toMatch(`${SLOT} is a draft`);
  const { code, stderr } = await run(["build", "--slot", SLOT, "--date", "2025-03-10"]);
  expect([code, stderr]).toEqual([64, expect.stringContaining("--date")]);
  setClock("2025-03-10T08:00:00Z");
  await run(["run"]);
  await reconfigure(project, { schedule: { cron: "0 9 * * *", zone: "UTC", maxLate: "12h" } });
  const passed = await run(["build", "--slot", "2025-03-09"]);
  expect([passed.code, passed.stderr]).toEqual([64, expect.stringContaining("2025-03-09")]);
});

test("a slot that passed before the first run is refused by its name", async () => {
  const { run } = await weekly();
  setClock("2025-03-03T08:00:00Z");
  for (const command of [
    ["build", "--slot", SLOT],
    ["approve", SLOT],
  ]) {
    const { code, stderr } = await run(command);
    expect([code, stderr]).toEqual([64, expect.stringContaining("no run sends it any more")]);
  }
});

test("an issue that waits after the time of its slot is not said to go out in the past", async () => {
  const { run } = await weekly({ schedule: MANUAL });
  expect((await run(["build"])).stderr).toMatch(/; it goes out Mon .*, once it is approved, to 3/);
  setClock(AT_SLOT);
  await run(["run"]);
  expect((await run(["check"])).stderr).toMatch(
    /^2025-W10 is waiting for approval; it was due Mon 2025-03-03 07:00 \+00:00, and goes out, once it is approved, to 3 readers/,
  );
});
