import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { bouncedList } from "../cli/bounced-list.ts";
import { linesOf, writeInto } from "../cli/broadsheet.ts";
import { mailingProject, NONE, SLOT, stateOf } from "../cli/mailing-project.ts";
import { postfix as bounceOf } from "../subscribers/bounce-mails.ts";
import { type DovecotServer, startDovecot } from "./dovecot-server.ts";
import { type PostfixServer, startPostfix } from "./postfix-server.ts";

let dovecot: DovecotServer;
let postfix: PostfixServer;

beforeAll(async () => {
  dovecot = await startDovecot();
  postfix = await startPostfix({ lmtpPort: dovecot.lmtpPort });
});

afterAll(async () => {
  await postfix.close();
  await dovecot.close();
});

test("Postfix takes a reader's message and returns it; over IMAPS that takes this reader off the list, and no other", async () => {
  const project = await mailingProject({
    port: postfix.port,
    recipients: ["bouncing-7@reader.example", "bo@reader.example", "mo@reader.example"],
    config: { bounce: "bounces@slipway.example", from: "post@slipway.example" },
  });
  const sent = await project.run(["send", SLOT, "--yes", "--json"]);
  expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: 3 }]);
  const BOUNCES_URL = `imaps://bounces%40slipway.example:reader@127.0.0.1:${dovecot.imapsPort}/INBOX`;
  const read = async () => project.run(["bounces", "--json"], { BOUNCES_URL });
  const found = await vi.waitUntil(async () => {
    const run = await read();
    return linesOf(run).length > 1 ? run : false;
  }, 60_000);
  expect([found.code, found.stderr]).toEqual([0, ""]);
  expect(linesOf(found)).toMatchObject([
    { came: "bounced", address: "bouncing-7@reader.example", suppressed: true, isNew: true },
    { mails: { bounced: 1 }, stay: 0 },
  ]);
  const listed = await project.run(["subscribers", "list", "--json"]);
  expect(linesOf(listed)).toMatchObject([
    { address: "bouncing-7@reader.example", status: "bounced" },
    { address: "bo@reader.example", status: "subscribed" },
    { address: "mo@reader.example", status: "subscribed" },
  ]);
  expect(linesOf(await read())).toMatchObject([{ mails: {} }]);
  const done = await project.run(["bounces", "--json"], {
    BOUNCES_URL: BOUNCES_URL.replace("INBOX", "Done"),
  });
  expect(linesOf(done)).toMatchObject([{ came: "known" }, { mails: { known: 1 } }]);
});

test("a Maildir on a disk that can only be read is taken in, and loses nothing", async () => {
  const list = await bouncedList({ readers: 5 });
  const dir = path.join(list.cwd, "disk");
  await mkdir(dir);
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", dir]);
  onTestFinished(() => void execFileSync("umount", [dir]));
  for (const name of ["tmp", "cur"]) await mkdir(path.join(dir, name));
  const mail = list.about(0, bounceOf("5.1.1", "550 5.1.1 no such user"));
  const mbox = `From MAILER-DAEMON Tue Nov 24 07:00:09 2026\n${list.about(1, bounceOf("5.1.1", "550 5.1.1 gone"))}\n`;
  await writeInto(dir, { "new/1.gone": mail, mbox });
  execFileSync("mount", ["-o", "remount,ro", dir]);
  const run = await list.bounces(dir, path.join(dir, "mbox"));
  expect([run.code, run.stderr]).toEqual([
    73,
    expect.stringContaining("it is on a read-only disk"),
  ]);
  expect(linesOf(run)).toMatchObject([
    { came: "bounced", address: "r0@harbour.example" },
    { came: "bounced", address: "r1@harbour.example" },
    {},
  ]);
  const again = await list.bounces(dir);
  expect(linesOf(again)).toMatchObject([{ came: "known" }, {}]);
  execFileSync("mount", ["-o", "remount,rw", dir]);
  expect((await list.bounces(dir)).code).toBe(0);
});
