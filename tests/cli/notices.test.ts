import { createServer } from "node:http";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { openRecords } from "../../src/delivery/io/issue-records.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { previewIssues } from "../../src/cli/watch.ts";
import { noticeText } from "../../src/platform/notice.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { FaultServerOptions } from "../fault-server.ts";
import { listening } from "../listening.ts";
import { closedPort } from "../smtp-server.ts";
import { borrowProcess } from "./borrow-process.ts";
import { ENVIRONMENT, LIGHTHOUSE, MAIN, type Run } from "./broadsheet.ts";
import type { MailingProject } from "./mailing-project.ts";
import { listedNotice } from "./notices.ts";
import { bench, SLOT } from "./scheduled-project.ts";

const EDITOR = "desk@slipway.example";

/** The notices that the desk gives the page of an issue, each in one line. The desk runs without a process of its own. */
async function inPage({ cwd, env }: MailingProject, slot = SLOT): Promise<string> {
  const surroundings = { ...ENVIRONMENT, ...env };
  const { giveBack } = borrowProcess({ cwd, env: surroundings, argv: [MAIN, "desk"], input: "" });
  try {
    const flags = { allowPrivate: true, json: true } as const;
    const { served } = await previewIssues([], flags, new Terminal());
    const answer = await fetch(`${served.url}the-slipway/${slot}/state`);
    const shape = z.object({ notices: z.array(listedNotice), otherNotices: z.array(listedNotice) });
    const { desk } = z.object({ desk: shape }).parse(await answer.json());
    await served.close();
    return [...desk.notices, ...desk.otherNotices].map(noticeText).join("\n");
  } finally {
    giveBack();
  }
}

/** What a command says of faults, a line each. */
function faultsIn({ stdout, stderr }: Run): string[] {
  const lines = `${stdout}\n${stderr}`.matchAll(/^(?:Fix {4}|Look {3}|the-slipway: )(.*)$/gm);
  return [...lines].map(([, line = ""]) => line);
}

async function web(): Promise<string> {
  const answers: Readonly<Record<string, readonly [number, string, string]>> = {
    "/locked": [401, "text/html", "no"],
    "/broken.xml": [200, "application/rss+xml", "<rss><channel><item><title>Cut"],
    "/menu": [200, "text/html", "<html><body><nav><a href=/a>A</a></nav></body></html>"],
  };
  const server = createServer(({ url = "" }, response) => {
    const [status, type, body] = answers[url] ?? [404, "text/html", ""];
    response.writeHead(status, { "content-type": type }).end(body);
  });
  const { origin, close } = await listening(server);
  onTestFinished(close);
  return origin;
}

test("a fault in each kind of source is said once, in the same words in build, run, status, page and mail", async () => {
  const base = await web();
  const places = ["locked", "gone", "broken.xml", "menu"].map((name) => `${base}/${name}`);
  const dead = `127.0.0.1:${await closedPort()}`;
  const feeds = ["a", "b", "c"].map((name) => `http://${dead}/${name}.xml`);
  const { server, project } = await bench({
    schedule: { approval: "manual", notify: EDITOR },
    config: { sources: ["content", "more", ...places, ...feeds] },
  });
  await writeFile(path.join(project.cwd, "content/empty.txt"), "");
  await writeFile(path.join(project.cwd, "content/old.md"), LIGHTHOUSE);
  const build = await project.run(["build", "--slot", SLOT, "--allow-private"]);
  // Until a run comes, the slot is overdue.
  const lines = faultsIn(build).filter((line) => !line.includes(" was due "));
  expect(lines).toEqual(
    expect.arrayContaining(
      [
        /^there is no \S*more; /,
        new RegExp(`^${dead} can't be reached: nothing listens there: 3 addresses; `),
        /\/locked requires a login \(401\); /,
        /\/gone is not there \(404\); /,
        /broken\.xml/,
        /\/menu/,
        /^content\/empty\.txt has no text in it; /,
        /^1 file of yours is older than the window of 14 days: old\.md; /,
      ].map((line) => expect.stringMatching(line)),
    ),
  );
  expect(lines).toHaveLength(8);

  const run = await project.run(["run", "--verbose", "--allow-private"]);
  const [mail] = server.taken;
  const { text = "" } = await simpleParser(mail?.raw ?? "");
  const status = await project.run(["status"]);
  expect(status.code).toBe(0);
  const said = { run: run.stdout, status: status.stdout, mail: text, page: await inPage(project) };
  for (const [place, words] of Object.entries(said))
    for (const line of lines)
      expect([place, line, words.split(line).length - 1]).toEqual([place, line, 1]);
  expect(faultsIn(status).at(-1)).toMatch(/./);
  expect(said.page).toContain(`${SLOT} waits to be approved since `);
});

const AUTH: FaultServerOptions = { login: { user: "desk", password: "right" } };
const DEAD_READERS = ["r2@", "r4@", "r6@", "r8@"];

/** What goes wrong as an issue is sent, what is said of it, and what `status` leaves with. */
const SENDING: readonly {
  readonly name: string;
  readonly options: Parameters<typeof bench>[0];
  readonly url?: (port: string) => string;
  readonly says: RegExp;
  readonly code: number;
}[] = [
  {
    name: "a refused login",
    options: AUTH,
    url: (port) => `smtp://desk:wrong@127.0.0.1:${port}`,
    says: new RegExp(
      `^${SLOT} is not sent since .+ UTC: .*refuses the login.*; 5 readers wait; .*`,
      "m",
    ),
    code: 77,
  },
  {
    name: "a relay that is down",
    options: {},
    url: () => "smtp://127.0.0.1:1",
    says: new RegExp(`^${SLOT} is not sent since .+ UTC: .*127\\.0\\.0\\.1:1.*`, "m"),
    code: 75,
  },
  {
    name: "a domain that is paused",
    options: {
      readers: 30,
      faults: [{ at: "RCPT", to: "r25@", say: "550 5.7.1 blocked" }],
      config: { smtp: { concurrency: 2 } },
    },
    says: new RegExp(`^${SLOT} is not sent since .+ UTC: .*refuses your mail.*`, "m"),
    code: 75,
  },
  {
    name: "readers in doubt",
    options: { faults: [{ at: "dot", to: "r1@", do: "drop", keeps: true }] },
    says: new RegExp(`^1 reader may or may not have ${SLOT}: broadsheet reconcile ${SLOT}$`, "m"),
    code: 75,
  },
  {
    name: "readers who are quarantined",
    options: {
      readers: 12,
      faults: DEAD_READERS.map((to) => ({ at: "RCPT", to, say: "550 5.1.1 no" })),
    },
    says: /^quarantined: 4 readers, who get nothing until you decide: .*/m,
    code: 69,
  },
];

/** The page has the fact of a line in the same words. It has buttons in place of commands and settings. */
async function expectFact(project: MailingProject, line: string): Promise<void> {
  const [fact = ""] = line.split(/: (?:broadsheet .*)?$|; (?:check|have it run)\b/);
  const page = await inPage(project);
  expect(page).toContain(fact);
  expect(page).not.toMatch(/\bbroadsheet [a-z]/);
}

describe("a fault in sending is said in the same words in run, status and page", () => {
  test.for(SENDING)("$name", async ({ options, url, says, code }) => {
    const { project } = await bench(options);
    const port = /\d+$/.exec(project.env["SMTP_URL"] ?? "")?.[0] ?? "";
    const env = { ...project.env, ...(url && { SMTP_URL: url(port) }) };
    const run = await project.run(["run", "--verbose"], env);
    const status = await project.run(["status"], env);
    expect([status.code, faultsIn(status).join("\n")]).toEqual([code, expect.stringMatching(says)]);
    const line = says.exec(faultsIn(status).join("\n"))?.[0] ?? "";
    // A fault that a run reports as such is not said a second time.
    const what = /UTC: (.*?);/.exec(line)?.[1] ?? line.split(": broadsheet")[0] ?? line;
    expect(`${run.stdout}${run.stderr}`.split(what).length - 1).toBe(1);
    await expectFact({ ...project, env }, line);
  });
});

/** What comes in the way of the schedule. */
const SCHEDULE: readonly {
  readonly name: string;
  readonly prepare: (project: MailingProject) => Promise<unknown>;
  readonly says: RegExp;
  readonly code: number;
}[] = [
  {
    name: "a slot that is overdue",
    prepare: async () => undefined,
    says: new RegExp(`^${SLOT} was due .*, and nothing has run since; have it run: `, "m"),
    code: 0,
  },
  {
    name: "a newsletter that is held",
    prepare: async ({ run }) => run(["hold"]),
    says: /^held since .*: broadsheet hold --off$/m,
    code: 0,
  },
  {
    name: "an issue that is held",
    prepare: async ({ run }) => run(["hold", SLOT]),
    says: new RegExp(`^${SLOT} is held since .*: broadsheet hold ${SLOT} --off$`, "m"),
    code: 0,
  },
  {
    name: "an issue that expired",
    prepare: async ({ place }) => {
      await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
      const slot = { slot: SLOT, at: new Date(`${SLOT}T07:00:00Z`) };
      await records.move(slot, { seen: "draft", event: "expire", why: "it was not approved" });
    },
    says: new RegExp(`^${SLOT} was not sent in time: it was not approved: `, "m"),
    code: 69,
  },
];

describe("what comes in the way of the schedule is said in the same words in run, status and page", () => {
  test.for(SCHEDULE)("$name", async ({ prepare, says, code }) => {
    const { project } = await bench();
    await prepare(project);
    const status = await project.run(["status"]);
    const lines = faultsIn(status).join("\n");
    expect([status.code, lines]).toEqual([code, expect.stringMatching(says)]);
    const line = says.exec(lines)?.[0] ?? "";
    await expectFact(project, line);
    if (!/due/.test(line)) expect((await project.run(["run", "--verbose"])).stdout).toContain(line);
  });
});
