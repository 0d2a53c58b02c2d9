import { readFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type MailingProject,
  mailingProject,
  NONE,
  type ProjectOptions,
  SLOT,
  stateOf,
} from "../cli/mailing-project.ts";
import { spawnBroadsheet } from "../cli/spawn-broadsheet.ts";
import { type PostfixServer, startPostfix } from "./postfix-server.ts";

let postfix: PostfixServer;

beforeAll(async () => {
  postfix = await startPostfix();
});

afterAll(async () => postfix.close());

async function newsletter(options: Omit<ProjectOptions, "port">): Promise<MailingProject> {
  return mailingProject({ port: postfix.port, ...options });
}

const addresses = (who: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${who}-${at}@reader.example`);

const nameOf = (address: string) => address.replace(/@.*/, "");

describe("a list that is sent through Postfix", () => {
  test("arrives, each reader's once and whole; who is unknown there is told apart from who is to wait", async () => {
    const readers = addresses("ada", 200);
    const project = await newsletter({
      recipients: [...readers, "unknown-1@reader.example", "later-1@reader.example"],
    });
    const sent = await project.run(["send", SLOT, "--yes", "--json"]);
    expect(sent.code).toBe(75);
    expect(stateOf(sent)).toMatchObject({ ...NONE, accepted: 200, rejected: 1, deferred: 1 });
    const mails: string[][] = [];
    for (const reader of readers) mails.push(await postfix.waitFor(nameOf(reader), 1));
    expect(mails.map(({ length }) => length)).toEqual(readers.map(() => 1));
    const { subject, text, html, headers } = await simpleParser(mails[0]?.[0] ?? "");
    expect(subject).toBe("The ferry that waits for the post");
    expect(text).toContain("ferry");
    expect(html).toContain("<html");
    expect(headers.get("list")).toMatchObject({
      unsubscribe: { url: expect.stringMatching(/^https:\/\/slipway\.example\/u\//) },
    });
  });

  test("killed at a moment nobody chose it goes on: no reader twice, and at most one in doubt for each connection", async () => {
    const readers = addresses("kay", 400);
    const project = await newsletter({ recipients: readers });
    const first = project.start(["send", SLOT, "--yes", "--json"]);
    await postfix.waitFor("kay-40", 1);
    first.process.kill("SIGKILL");
    await first.ended;
    const rest = await project.run(["send", SLOT, "--yes", "--json"]);
    const { accepted, uncertain } = stateOf(rest);
    expect(accepted + uncertain).toBe(400);
    expect(uncertain).toBeLessThanOrEqual(10);
    const counts: number[] = [];
    for (const reader of readers) counts.push((await postfix.mailbox(nameOf(reader))).length);
    expect(Math.max(...counts)).toBe(1);
    const arrived = counts.reduce((sum, count) => sum + count, 0);
    expect(arrived).toBeGreaterThanOrEqual(accepted);
  });

  test("what Postfix sends back takes its reader off the list, and no other", async () => {
    const project = await newsletter({
      recipients: ["bouncing-7@reader.example", "bo@reader.example"],
      config: { bounce: "bounces@slipway.example" },
    });
    expect((await project.run(["send", SLOT, "--yes", "--json"])).code).toBe(0);
    const [bounce = ""] = await postfix.waitFor("bounces", 1);
    const read = await spawnBroadsheet(["subscribers", "bounce", "--mail", "-", "--json"], {
      cwd: project.cwd,
      env: project.env,
      input: bounce,
    });
    expect(read.code).toBe(0);
    const listed = await project.run(["subscribers", "list", "--json"]);
    expect(listed.stdout).toMatch(/bouncing-7@reader\.example.*"bounced"/);
    expect(listed.stdout).not.toMatch(/"bo@reader\.example".*bounced/);
  });

  test("by Postfix's own sendmail, a reader whom it refuses keeps no other from theirs", async () => {
    const project = await newsletter({
      recipients: addresses("sue", 20),
      config: {
        from: "post@letters.wharfside",
        urls: { unsubscribe: "https://letters.wharfside/u/{token}" },
        transport: "sendmail",
        sendmail: postfix.sendmail,
      },
    });
    const sent = await project.run(["send", SLOT, "--yes", "--json"]);
    expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: 20 }]);
    const [mail = ""] = await postfix.waitFor("sue-19", 1);
    expect(mail).toMatch(/^Subject: The ferry that waits for the post\r?$/m);
    expect(
      await readFile(path.join(project.cwd, "outbox/the-slipway", SLOT, "email.eml"), "utf8"),
    ).toMatch(/^Subject: The ferry that waits for the post\r?$/m);
  });
});
