import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { postfix } from "../subscribers/bounce-mails.ts";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { changeIn } from "../stores.ts";
import {
  type MailingProject,
  mailingProject,
  NONE,
  people,
  SECRET,
  SLOT,
  stateOf,
} from "./mailing-project.ts";

let server: FaultServer;
let project: MailingProject;

beforeAll(async () => {
  server = await startFaultServer();
  project = await mailingProject({
    port: server.port,
    recipients: people(12),
    config: { bounce: "bounces@slipway.example", number: 214 },
  });
});

afterAll(async () => server.close());

describe("a list", () => {
  test("is not sent to by a dry run, nor by a script that hasn't said --yes", async () => {
    const dry = await project.run(["send", SLOT, "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toMatch(/\nTo {8}12 readers\nThrough {3}127\.0\.0\.1:\d+\n/);
    expect(dry.stdout).toContain("Nothing was sent: a dry run");
    const json = await project.run(["send", SLOT, "--dry-run", "--json"]);
    expect(stateOf(json)).toEqual({ ...NONE, planned: 12 });
    const unasked = await project.run(["send", SLOT, "--json"]);
    expect(unasked).toMatchObject({ code: 64, stdout: "" });
    expect(unasked.stderr).toContain("there is no terminal at which to agree to 12 readers");
    expect(server.taken).toEqual([]);
  });

  test("gets it, some of it first, the rest by the same command, and then nobody again", async () => {
    const some = await project.run(["send", SLOT, "--yes", "--limit", "5", "--json"]);
    expect(some.code).toBe(75);
    expect(stateOf(some)).toEqual({ ...NONE, accepted: 5, planned: 7 });
    expect(some.stderr).toContain("7 not sent yet\n");
    const rest = await project.run(["send", SLOT, "--yes"]);
    expect(rest.code).toBe(0);
    expect(rest.stdout).toMatch(/\nTo {8}7 readers of 12 who haven't got it yet\n/);
    expect(rest.stdout).toMatch(/\nAccepted {8}12 {3}Nothing to do\n/);
    const again = await project.run(["send", SLOT, "--yes", "--json"]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(stateOf(again)).toEqual({ ...NONE, accepted: 12 });
    expect(new Set(server.taken.map(({ to }) => to))).toEqual(new Set(people(12)));
    expect(server.taken).toHaveLength(12);
  });

  test("each reader has a way out and a return path that are theirs alone", async () => {
    const [first, second] = server.taken;
    const out =
      /^List-Unsubscribe: <https:\/\/slipway\.example\/u\/([\w-]{43})>,\r\n <mailto:post@slipway\.example\?subject=unsubscribe%20([\w-]{43})>/m;
    const [, token, mailToken] = out.exec(first?.raw.toString() ?? "") ?? [];
    expect(token).toMatch(/./);
    expect(mailToken).toBe(token);
    expect(second?.raw.toString()).not.toContain(token);
    expect(first?.from).toMatch(/^bounces\+[0-9a-z]+-[0-9a-v]{16}@slipway\.example$/);
    expect(second?.from).not.toBe(first?.from);
    const mail = await simpleParser(first?.raw ?? "");
    expect(String(mail.html)).toContain(`https://slipway.example/u/${token}`);
    const left = await project.run(["subscribers", "unsubscribe", token ?? "", "--json"]);
    expect(left.code).toBe(0);
  });

  test("what comes back to a return path ends what is sent there, and explain says why", async () => {
    const back = server.taken[2];
    const said = "550 5.1.1 no such mailbox";
    const report = postfix("5.1.1", said).replaceAll(
      "bounces+TOKEN@slipway.example",
      back?.from ?? "",
    );
    await writeFile(path.join(project.cwd, "back.eml"), report);
    const { stdout, code } = await project.run(["subscribers", "bounce", "--mail", "back.eml"]);
    expect([code, stdout]).toEqual([
      0,
      `Bounced   ${back?.to}, nothing is sent there any more\n${said}\n`,
    ]);
    const explained = await project.run(["explain", back?.to ?? ""]);
    expect(explained.stdout).toMatch(/^\S+@\S+, bounced [\d-]+ [\d:]+ UTC$/m);
    expect(explained.stdout).toContain(`${back?.to}, bounced `);
    expect(explained.stdout).toMatch(
      / UTC   accepted   250 .*\n.* UTC   bounced   550 5\.1\.1 no such/,
    );
    const status = await project.run(["status", SLOT]);
    expect(status.stdout).toMatch(/^Bounced +1 +Of those above; nothing is sent there any more$/m);
  });

  test("a copy for an address outside it is marked in its subject, and leaves no trace", async () => {
    const config = path.join(project.cwd, "marked.config.json");
    const text = await readFile(path.join(project.cwd, "broadsheet.config.json"), "utf8");
    await writeFile(config, JSON.stringify({ ...JSON.parse(text), testSubject: "[Test]" }));
    const to = ["--to", "Wenna <wenna@carrow.example>", "--config", config];
    expect((await project.run(["send", SLOT, ...to])).code).toBe(0);
    const raw = server.taken.at(-1)?.raw.toString() ?? "";
    expect(raw).toMatch(/^Subject: \[Test\] The ferry that waits for the post\r$/m);
    const list = await project.run(["send", SLOT, ...to, "--limit", "3"]);
    expect(list).toMatchObject({ code: 64, stdout: "" });
  });
});

test("an issue that took too long goes to nobody else, says so once, and goes on when that is asked", async () => {
  const late = await mailingProject({
    port: server.port,
    recipients: people(3, "late.example"),
    config: { expires: "1m" },
  });
  await late.run(["send", SLOT, "--yes", "--limit", "1", "--json"]);
  await changeIn(
    late.place,
    "UPDATE issue SET planned_at = planned_at - 120000, expires_at = expires_at - 120000",
  );
  const expired = await late.run(["send", SLOT, "--json"]);
  expect([expired.code, stateOf(expired)]).toEqual([69, { ...NONE, accepted: 1, skipped: 2 }]);
  expect(expired.stderr).toContain("and 2 get it no longer; to send it anyway: broadsheet retry");
  expect((await late.run(["send", SLOT, "--yes", "--json"])).code).toBe(0);
  expect((await late.run(["retry", SLOT])).stdout).toContain("2 to be tried again");
  const again = await late.run(["send", SLOT, "--yes", "--json"]);
  expect([again.code, stateOf(again)]).toEqual([0, { ...NONE, accepted: 3 }]);
});

async function refusal(args: readonly string[]) {
  const run = await project.run(["send", ...args, "--yes", "--json"]);
  return { code: run.code, error: /^error ([A-Z_]+): /m.exec(run.stderr)?.[1] };
}

describe("nothing is sent", () => {
  test("to nobody: an empty list, and a segment that is nobody's", async () => {
    const empty = await mailingProject({ port: server.port, recipients: [] });
    const run = await empty.run(["send", SLOT, "--yes", "--json"]);
    expect(run).toMatchObject({ code: 66, stdout: "" });
    expect(run.stderr).toMatch(
      /^error LIST_EMPTY: the list is empty\n {2}fix .*subscribers import/,
    );
    await project.run(["build", "--date", "2026-11-26", "--quiet"]);
    expect(await refusal(["2026-11-26", "--segment", "tag:nobody"])).toEqual({
      code: 66,
      error: "LIST_EMPTY",
    });
    expect(await refusal(["2026-11-26", "--segment", "tag:"])).toMatchObject({ code: 64 });
  });

  test("of an issue in which the checks found errors, unless it is forced", async () => {
    await project.run(["build", "--date", "2026-11-27", "--quiet"]);
    const folder = path.join(project.cwd, "outbox/the-slipway/2026-11-27");
    const error = {
      rule: "image-alt",
      severity: "error",
      where: { story: "The ferry that waits" },
      message: "the picture has no alt text",
      fix: "say what it shows",
      source: "WCAG 1.1.1",
    };
    const report = { target: folder, verdict: "fail", findings: [error], notRun: [] };
    await writeFile(path.join(folder, "report.json"), JSON.stringify(report));
    const before = server.taken.length;
    const run = await project.run(["send", "2026-11-27", "--yes"]);
    expect(run.code).toBe(65);
    expect(run.stderr).toContain("not sent: 1 to fix in No. 214:");
    expect(run.stderr).toContain("“The ferry that waits”: the picture has no alt text (image-alt)");
    expect(server.taken).toHaveLength(before);
    const forced = await project.run(["send", "2026-11-27", "--yes", "--force", "--json"]);
    expect(stateOf(forced)).toMatchObject({ accepted: 10, suppressed: 2 });
  });
});

test("a segment of the list gets it, and nobody else", async () => {
  await project.run(["subscribers", "add", "jory@carrow.example", "--tag", "Ferry", "--quiet"]);
  await project.run(["build", "--date", "2026-11-28", "--quiet"]);
  const before = server.taken.length;
  const run = await project.run("send 2026-11-28 --segment tag:ferry --yes --json".split(" "));
  expect(stateOf(run)).toMatchObject({ accepted: 1 });
  expect(server.taken.slice(before).map(({ to }) => to)).toEqual(["jory@carrow.example"]);
});

test("the outbox as a transport: a file for each reader, no server asked, once", async () => {
  const outbox = await mailingProject({
    port: 1,
    recipients: people(5),
    config: { transport: "outbox" },
  });
  const run = await outbox.run(["send", SLOT, "--yes", "--json"], { SMTP_URL: "" });
  expect(stateOf(run)).toEqual({ ...NONE, accepted: 5 });
  expect((await outbox.run(["send", SLOT, "--yes", "--json"], { SMTP_URL: "" })).code).toBe(0);
  const folder = path.join(outbox.cwd, "outbox/the-slipway", SLOT, "messages");
  const names = await readdir(folder);
  expect(names).toHaveLength(5);
  const texts = await Promise.all(
    names.map(async (name) => readFile(path.join(folder, name), "utf8")),
  );
  expect(texts.join("\n")).not.toContain(SECRET);
});

test("what didn't go well is told in a table, with what to type next", async () => {
  const faulty = await startFaultServer({
    faults: [
      { at: "RCPT", to: "r1@", say: "550 5.1.1 gone" },
      { at: "RCPT", to: "r2@", say: "450 4.2.1 later" },
      { at: "dot", to: "r3@", do: "drop" },
      { at: "RCPT", to: "@list.example", say: "550 5.7.1 members only" },
    ],
  });
  const strangers = people(60, "list.example");
  const other = await mailingProject({
    port: faulty.port,
    recipients: [...people(10), ...strangers],
    config: { smtp: { concurrency: 2 } },
  });
  const run = await other.run(["send", SLOT, "--yes"]);
  await faulty.close();
  expect(run.code).toBe(75);
  expect(run.stdout).toMatch(/\nAccepted +7 {3}Nothing to do\n/);
  expect(run.stdout).toMatch(/\nPut off +1 {3}Tried again from \d{4}-\d\d-\d\d \d\d:\d\d UTC\n/);
  expect(run.stdout).toMatch(
    /\nIn doubt +1 {3}broadsheet reconcile 2026-11-24 --accept or --resend\n/,
  );
  expect(run.stdout).toMatch(/\nRefused +\d+ {3}/);
  expect(run.stdout).toMatch(/\nPaused +\d+ {3}Left alone until .* UTC; then broadsheet send 2026/);
  expect(run.stdout).not.toContain("Planned");
  expect(run.stderr).toMatch(
    /^list\.example is left alone until .* UTC: 550 5\.7\.1 members only$/m,
  );
  expect(run.stdout).toMatch(/\nNext {3}.* send 2026-11-24 /);
  expect(run.stderr).toMatch(/\d+ not sent yet, 1 deferred, 1 in doubt; next try from .* UTC\n$/);
  expect(run.stdout + run.stderr).not.toContain(SECRET);
});

test.each([
  ["DATA", "554 5.5.1 no"],
  ["dot", "554 5.6.0 no"],
  ["dot", "552 5.3.4 too big"],
] as const)(
  "where all are refused, at %s with %j, it is no success, and nobody is off the list",
  async (at, say) => {
    const refusing = await startFaultServer({ faults: [{ at, say }] });
    onTestFinished(async () => refusing.close());
    const other = await mailingProject({ port: refusing.port, recipients: people(6) });
    for (const state of [{ planned: 6 }, { planned: 6 }, { rejected: 6 }]) {
      const run = await other.run(["send", SLOT, "--yes", "--json"]);
      expect([run.code, stateOf(run)]).toEqual([69, { ...NONE, ...state }]);
      expect(run.stderr).toMatch(
        /^error SMTP_REFUSED: no reader was accepted in this run and 6 were /,
      );
    }
    const again = await other.run(["send", SLOT, "--yes", "--json"]);
    expect(again.code).toBe(69);
    expect(again.stderr).toContain("no reader has it: 6 refused");
    const status = await other.run(["status", "--json"]);
    expect(status.stdout).toContain(`"message":"no reader has it: 6 refused, and none accepted"`);
    const list = await other.run(["subscribers", "list", "--json"]);
    expect(list.stdout).not.toContain("bounced");
  },
);
