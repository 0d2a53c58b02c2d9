import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { openAudience } from "../../src/subscribers/io/sqlite-audience.ts";
import { keyringOf, sealsOf } from "../../src/subscribers/tokens.ts";
import { closedPort } from "../smtp-server.ts";
import { postfix } from "../subscribers/bounce-mails.ts";
import { writeInto } from "./broadsheet.ts";
import { type MailingProject, SECRET } from "./mailing-project.ts";
import { noticesIn } from "./notices.ts";
import { bench, countsIn } from "./scheduled-project.ts";

/** A Maildir beside the config with a bounce of the reader, of a message before this issue. */
async function bounced({ cwd, store, env }: MailingProject, address: string): Promise<string> {
  const list = { store, slug: "the-slipway", secrets: { secret: SECRET } };
  using audience = await openAudience(list, systemClock, { env });
  const subscription = { subscriberId: audience.find(address)?.id ?? 0, list: audience.listUid };
  const token = sealsOf(subscription, keyringOf(SECRET)).bounceToken;
  const dir = path.join(cwd, "Maildir");
  for (const name of ["tmp", "cur"]) await mkdir(path.join(dir, name), { recursive: true });
  const mail = postfix("5.1.1", "550 5.1.1 no such user").replaceAll("TOKEN", token);
  await writeInto(dir, { "new/1.gone": mail });
  return dir;
}

test("a run reads what came back before it sends, and says nothing of it", async () => {
  const { project, server } = await bench({ config: { bounces: "Maildir" } });
  const dir = await bounced(project, "r1@harbour.example");
  const run = await project.run(["run"]);
  expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await countsIn(project)).toMatchObject({ accepted: 4 });
  expect(server.commands.join("\n")).not.toContain("r1@harbour.example");
  expect(await readdir(path.join(dir, ".Done/new"))).toEqual(["1.gone"]);
});

test("a mailbox that is dead delays no issue, and stands in status until it is read", async () => {
  const { project } = await bench({ config: { bounces: "Maildir" } });
  const dir = await bounced(project, "r1@harbour.example");
  const BOUNCES_URL = `imaps://bounces:secret@127.0.0.1:${await closedPort()}`;
  const run = await project.run(["run"], { BOUNCES_URL });
  expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await countsIn(project)).toMatchObject({ accepted: 4 });
  expect(await readdir(path.join(dir, "new"))).toEqual([]);
  const status = await project.run(["status"], { BOUNCES_URL });
  expect(status.stdout).toMatch(
    /^Look +imaps:\/\/127\.0\.0\.1\/INBOX cannot be read now: nothing listens there; the next run reads it; check BOUNCES_URL and the network$/m,
  );
  expect(status.stdout).not.toContain("secret");
  // One that the config no longer has is no fault.
  expect(noticesIn(await project.run(["status", "--json"]))).toEqual([]);
});

test("a run that quarantines readers says so, and sends to the others", async () => {
  const { project } = await bench({ readers: 10, config: { bounces: "Maildir" } });
  await project.run(["run"]);
  await bounced(project, "r0@harbour.example");
  for (const nth of [1, 2, 3]) {
    await project.run(["bounces"]);
    await bounced(project, `r${nth}@harbour.example`);
  }
  const run = await project.run(["run"]);
  expect([run.code, run.stdout]).toEqual([69, ""]);
  expect(run.stderr).toMatch(
    /^error READERS_QUARANTINED: the server doesn't know 4 readers, .*\n$/,
  );
});
