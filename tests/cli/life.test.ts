import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { simpleParser } from "mailparser";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runOnce } from "../../src/cli/schedule/runs.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { digestHash } from "../../src/email/email.ts";
import { openProject } from "../../src/config/io/load-config.ts";
import { sendIssue } from "../../src/issue/send.ts";
import { SILENT as SILENT_REPORTER } from "../../src/platform/reporter.ts";
import { listening } from "../listening.ts";
import { told } from "../sources/collect/paper.ts";
import { people } from "./mailing-project.ts";
import { receivers, reconfigure } from "./scheduled-project.ts";
import {
  addStories,
  AFTER,
  AT_NEXT,
  AT_SLOT,
  BEFORE,
  each,
  edit,
  EDITOR,
  folderOf,
  MANUAL,
  NEXT,
  plain,
  setClock,
  SLOT,
  statesOf,
  storiesOf,
  SUBJECT,
  type Weekly,
  weekly,
  withRecords,
  withSubject,
} from "./weekly-project.ts";

const SILENT = { code: 0, stdout: "", stderr: "" };
const SEND = ["send", "--yes"];

/** How many messages each reader has. */
function countsOf({ server }: Pick<Weekly, "server">): number[] {
  return Object.values(storiesOf(server)).map((messages) => messages.length);
}

async function edited(
  project: Weekly["project"],
  change: (digest: EditableDigest) => void,
): Promise<void> {
  await edit(project, (text) => {
    const digest: EditableDigest = JSON.parse(text);
    change(digest);
    return `${JSON.stringify(digest, undefined, 2)}\n`;
  });
}

/** What an editor changes in a digest. */
interface EditableDigest {
  subject: string;
  readonly sections: readonly { readonly entries: readonly EditableEntry[] }[];
}

interface EditableEntry {
  readonly article: { title: string };
  readonly summary: { gist: object };
}

describe("the schedule sends what the editor sees:", () => {
  test("50 readers get the edited subject, headline and gist, and an article that came since, once", async () => {
    const { server, project, run } = await weekly({ readers: 50 });
    const built = await run(["build"]);
    expect(built.stderr).toContain(
      `${SLOT} is a draft; it goes out Mon 2025-03-03 07:00 +00:00 to 50 readers`,
    );
    await edited(project, (digest) => {
      digest.subject = SUBJECT;
      const [entry] = digest.sections[0]?.entries ?? [];
      if (!entry) throw new Error("the issue has no entry");
      entry.article.title = "A headline by hand";
      entry.summary.gist = { text: "A gist by hand." };
    });
    await addStories(project, 3);
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken).toEqual([]);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(receivers(server)).toEqual(people(50).toSorted());
    for (const { raw } of server.taken) {
      const { subject, text = "" } = await simpleParser(raw);
      expect(subject).toBe("The editor’s own subject");
      for (const words of ["A headline by hand", "A gist by hand.", told(2).title, told(3).title])
        expect(text).toContain(words);
      expect(text).not.toContain(told(1).title);
    }
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
  });
});

describe("an issue that is sent by hand before its slot", () => {
  test("settles the slot: no run mails a reader again, and its articles are not new in the next one", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    expect(await run(SEND)).toMatchObject({ code: 0 });
    await addStories(project, 3);
    for (const moment of [undefined, AT_SLOT, AFTER]) {
      if (moment !== undefined) setClock(moment);
      expect(await run(["run"])).toEqual(SILENT);
    }
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
    setClock(AT_NEXT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent", [NEXT]: "sent" });
  });

  test("to some of its readers alone: a run goes on at the slot's time, and not before", async () => {
    const { server, project, run } = await weekly({ readers: 25, isBuilt: true });
    expect(await run([...SEND, "--limit", "10"])).toMatchObject({ code: 75 });
    expect(server.taken).toHaveLength(10);
    await addStories(project, 3);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await run(["run", "--now"])).toEqual(SILENT);
    expect(server.taken).toHaveLength(10);
    expect(await statesOf(project)).toEqual({ [SLOT]: "sending" });
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(25, [1, 2]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
  });

  test("as the latest of the outbox: `run --now` mails no reader a story twice", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    expect(await run(["send", "latest", "--yes"])).toMatchObject({ code: 0 });
    expect(await run(["run", "--now"])).toEqual(SILENT);
    await addStories(project, 3);
    expect(await run(["run", "--now"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
    for (const moment of [AT_SLOT, AT_NEXT]) {
      setClock(moment);
      expect(await run(["run"])).toEqual(SILENT);
    }
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
  });
});

describe("an issue that is sent by hand", () => {
  test("when its slot is due and no run has come yet is not sent by the next run", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    setClock(AT_SLOT);
    expect(await run(SEND)).toMatchObject({ code: 0 });
    setClock(AFTER);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
  });

  test("for a later slot leaves the earlier one its time, and is not sent again at its own", async () => {
    const { server, project, run } = await weekly();
    await run(["build", "--slot", NEXT]);
    expect(await run(["send", NEXT, "--yes"])).toMatchObject({ code: 0 });
    await addStories(project, 3);
    for (const moment of [AT_SLOT, AT_NEXT]) {
      setClock(moment);
      expect(await run(["run"])).toEqual(SILENT);
    }
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
    expect(await statesOf(project)).toEqual({ [NEXT]: "sent", [SLOT]: "sent" });
  });
});

describe("an editor's command while a run builds the issue", () => {
  test.each([
    { command: SEND, codes: [75, 0], state: "sent", stories: each(3, [1, 2]) },
    { command: ["approve"], codes: [75, 0], state: "sent", stories: each(3, [1, 2]) },
    { command: ["skip", SLOT], codes: [75, 0], state: "skipped", stories: {} },
  ])("$command: the run leaves the issue to it", async ({ command, codes, state, stories }) => {
    const { server, project, run } = await weekly({ isBuilt: true });
    const source = await sourceThat(async () => run(command));
    await reconfigure(project, { sources: ["content", source] });
    setClock(AT_SLOT);
    expect([await runIn(project), await runIn(project)]).toEqual(codes);
    expect(await statesOf(project)).toEqual({ [SLOT]: state });
    expect(storiesOf(server)).toEqual(stories);
  });
});

test("an approval while a build reads its sources holds: the build refuses, and readers get what was approved", async () => {
  const { server, project, run } = await weekly({ isBuilt: true });
  const digest = await readFile(path.join(folderOf(project), "digest.json"), "utf8");
  const source = await sourceThat(async () =>
    withRecords(project, (records) =>
      records.move(
        { slot: SLOT, at: new Date(AT_SLOT) },
        { seen: "draft", event: "approve", digestHash: digestHash(digest), articles: [] },
      ),
    ),
  );
  await reconfigure(project, { sources: ["content", source] });
  await addStories(project, 3);
  const { stderr } = await run(["build", "--allow-private"]);
  expect(stderr).toContain(`${SLOT} can't be built again: it is approved`);
  expect(await statesOf(project)).toEqual({ [SLOT]: "approved" });
  setClock(AT_SLOT);
  expect(await run(["run"])).toEqual(SILENT);
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
});

test("an issue that is approved for other words while a run begins to send it goes out with these words", async () => {
  const { server, project, run } = await weekly({ isBuilt: true });
  await run(["approve"]);
  setClock(AT_SLOT);
  for (const [name, value] of Object.entries(project.env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const flags = { config: path.join(project.cwd, "broadsheet.config.json") };
  const config = await openProject(flags, new Terminal());
  const digestHash = await withRecords(
    project,
    async (records) => (await records.find(SLOT))?.digestHash,
  );
  const sending = sendIssue(SLOT, config, {
    env: process.env,
    reporter: SILENT_REPORTER,
    start: { seen: "approved", event: "release", digestHash },
    agree: async () => {
      await edit(project, withSubject);
      await run(["render"]);
      setClock(BEFORE);
      await run(["approve"]);
      return true;
    },
    deliver: async (send) => send({}),
  });
  await expect(sending).rejects.toMatchObject({ code: "LEDGER_BUSY" });
  expect(server.taken).toEqual([]);
  setClock(AT_SLOT);
  expect(await run(["run"])).toEqual(SILENT);
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  expect(server.taken[0]?.raw.toString()).toContain("own_subject");
});

describe("an early approval", () => {
  test("that is followed by an edit is taken back: at the slot's time the issue waits again", async () => {
    const { server, project, run } = await weekly({ schedule: MANUAL });
    await run(["build"]);
    expect(await run(["approve"])).toMatchObject({
      code: 0,
      stdout: `${SLOT} is approved; it goes out Mon 2025-03-03 07:00 +00:00\n`,
    });
    await edit(project, withSubject);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await statesOf(project)).toEqual({ [SLOT]: "waiting" });
    expect(receivers(server)).toEqual([EDITOR]);
    expect(plain(server.taken[0]?.raw ?? Buffer.of())).toContain(`broadsheet approve ${SLOT}`);
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken).toHaveLength(1);
    expect(await run(["approve"])).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("of what the schedule would send anyway holds for that alone: after an edit it waits", async () => {
    const { server, project, run } = await weekly({ isBuilt: true });
    await run(["approve"]);
    await edit(project, withSubject);
    setClock(AT_SLOT);
    const { code, stderr } = await run(["run"]);
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(
        /^error ISSUE_CHANGED: .* was changed after it had been approved; .*broadsheet desk; .*broadsheet approve 2025-W10\n$/,
      ),
    ]);
    expect(await run(["run"])).toEqual(SILENT);
    expect(await statesOf(project)).toEqual({ [SLOT]: "waiting" });
    expect(server.taken).toEqual([]);
    expect(await run(["approve"])).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("is taken back by `render` of what was edited, and says so", async () => {
    const { project, run } = await weekly({ isBuilt: true });
    await run(["approve"]);
    expect(await run(["render", "--quiet"])).toMatchObject({ code: 0 });
    expect(await statesOf(project)).toEqual({ [SLOT]: "approved" });
    await edit(project, withSubject);
    const { stderr } = await run(["render"]);
    expect(stderr).toContain("was changed after it had been approved: it is a draft again");
    expect(await statesOf(project)).toEqual({ [SLOT]: "draft" });
  });

  test("holds until the slot's time, for the digest that was approved, whatever came since", async () => {
    const { server, project, run } = await weekly({ schedule: MANUAL });
    await run(["build"]);
    await run(["approve"]);
    await addStories(project, 3);
    const refused = await run(["build"]);
    expect(refused).toMatchObject({ code: 64 });
    expect(refused.stderr).toContain(`${SLOT} can't be built again: it is approved`);
    expect(await run(["run"])).toEqual(SILENT);
    expect(server.taken).toEqual([]);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(receivers(server)).not.toContain(EDITOR);
    setClock(AT_NEXT);
    await run(["run"]);
    await run(["approve"]);
    expect(storiesOf(server)).toEqual(each(3, [1, 2], [3]));
  });
});

describe("a separate issue", () => {
  test("of a file has today's date, no schedule sends it, and what it had is not new for the slot", async () => {
    const { server, project, run } = await weekly();
    const { stderr } = await run(["build", "content/1.txt"]);
    expect(stderr).toContain("2025-03-01 is a draft; it goes out by broadsheet send 2025-03-01");
    for (const moment of [AT_SLOT, AFTER]) {
      setClock(moment);
      expect(await run(["run"])).toEqual(SILENT);
    }
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(await statesOf(project)).toEqual({ [SLOT]: "sent" });
  });

  test("takes its articles once it is sent", async () => {
    const { server, project, run } = await weekly();
    await run(["build", "content/1.txt"]);
    expect(await run(["send", "2025-03-01", "--yes"])).toMatchObject({ code: 0 });
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1], [2]));
    expect(await statesOf(project)).toEqual({ "2025-03-01": "sent", [SLOT]: "sent" });
  });

  test("of a day without a slot is made by --date, and a day with one has that one", async () => {
    const { run } = await weekly();
    const separate = await run(["build", "--date", "2025-03-05"]);
    expect(separate.stderr).toContain("2025-03-05 is a draft; it goes out by broadsheet send");
    const ofSlot = await run(["build", "--date", "2025-03-03"]);
    expect(ofSlot.stderr).toContain(`${SLOT} is a draft; it goes out Mon 2025-03-03 07:00`);
  });

  test("of a day whose date is a slot's name is an extra one, which no schedule sends", async () => {
    const { server, project, run } = await weekly({ schedule: { cron: "0 7 * * *" } });
    const { stderr } = await run(["build", "content/1.txt"]);
    expect(stderr).toContain(
      "2025-03-01-extra is a draft; it goes out by broadsheet send 2025-03-01-extra",
    );
    expect(await run(["send", "2025-03-01-extra", "--yes"])).toMatchObject({ code: 0 });
    setClock("2025-03-02T07:00:00Z");
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1], [2]));
    expect(await statesOf(project)).toEqual({ "2025-03-01-extra": "sent", "2025-03-02": "sent" });
  });
});

describe("`send` without a name", () => {
  test("means the issue that is being sent, until it is sent, and begins no other one", async () => {
    const { server, project, run } = await weekly({ readers: 4, isBuilt: true });
    expect(await run([...SEND, "--limit", "1"])).toMatchObject({ code: 75 });
    await addStories(project, 3);
    expect(await run(["build"])).toMatchObject({ code: 0 });
    const again = await run([...SEND, "--limit", "1"]);
    expect(again.code).toBe(75);
    expect(again.stderr).toContain(`${SLOT} is being sent`);
    expect(await run(SEND)).toMatchObject({ code: 0 });
    expect(storiesOf(server)).toEqual(each(4, [1, 2]));
    expect((await statesOf(project))[NEXT]).toBeUndefined();
  });

  test("after 75 for a reader in doubt begins no other one", async () => {
    const { server, project, run } = await weekly({
      isBuilt: true,
      faults: [{ at: "dot", do: "drop", keeps: true, to: "r1@" }],
    });
    expect(await run(SEND)).toMatchObject({ code: 75 });
    await addStories(project, 3);
    expect(await run(["build"])).toMatchObject({ code: 0 });
    const again = await run(SEND);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
    expect(again.code).toBe(75);
  });
});

describe("one issue that is held", () => {
  test("is sent by no run and no command until it goes on, and then once", async () => {
    const { server, run } = await weekly({ isBuilt: true });
    expect(await run(["hold", SLOT])).toMatchObject({ code: 0 });
    expect(await run(["run", "--now"])).toEqual(SILENT);
    setClock(AT_SLOT);
    expect(await run(["run"])).toEqual(SILENT);
    const refused = await run(SEND);
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain(`${SLOT} is held`);
    expect(server.taken).toEqual([]);
    await run(["hold", SLOT, "--off"]);
    setClock(AFTER);
    expect(await run(["run"])).toEqual(SILENT);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });

  test("is not sent where it is held while a run builds it", async () => {
    const { server, project, run } = await weekly();
    const source = await sourceThat(async () =>
      withRecords(project, (records) =>
        records.holdIssue({ slot: SLOT, at: new Date(AT_SLOT) }, true),
      ),
    );
    await reconfigure(project, { sources: ["content", source] });
    setClock(AT_SLOT);
    expect(await run(["run", "--allow-private"])).toMatchObject({ code: 75 });
    expect(server.taken).toEqual([]);
    await run(["hold", SLOT, "--off"]);
    await run(["run", "--allow-private"]);
    expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  });
});

const EMPTY_FEED = '<rss version="2.0"><channel><title>The Quay</title></channel></rss>';

/** A feed that is empty, and that does something before it answers the first time. */
async function sourceThat(does: () => Promise<unknown>): Promise<string> {
  let isFirst = true;
  const server = createServer((request, response) => {
    const isFeed = request.url === "/feed.xml";
    const answer = (): void => {
      const type = { "content-type": "application/rss+xml" };
      response.writeHead(isFeed ? 200 : 404, type).end(isFeed ? EMPTY_FEED : "");
    };
    const first = isFeed && isFirst ? does() : Promise.resolve();
    isFirst &&= !isFeed;
    void first.then(answer);
  });
  const { origin, close } = await listening(server);
  onTestFinished(close);
  return `${origin}/feed.xml`;
}

test("two runs at once: one does the work while the other leaves with 75, and each reader gets it once", async () => {
  const { server, project } = await weekly();
  let second: Promise<number> | undefined;
  const source = await sourceThat(async () => await (second = runIn(project)));
  await reconfigure(project, { sources: ["content", source] });
  setClock(AT_SLOT);
  expect(await runIn(project)).toBe(0);
  expect(await second).toBe(75);
  expect(storiesOf(server)).toEqual(each(3, [1, 2]));
  expect(await runIn(project)).toBe(0);
  expect(countsOf({ server })).toEqual([1, 1, 1]);
});

/** What `broadsheet run` leaves with, in this process beside another one. */
async function runIn({ cwd, env }: Weekly["project"]): Promise<number> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const terminal = new Terminal();
  terminal.isTerse = true;
  await runOnce({ config: path.join(cwd, "broadsheet.config.json"), allowPrivate: true }, terminal);
  return terminal.exitCode;
}
