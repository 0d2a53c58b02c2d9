import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { closedPort } from "../smtp-server.ts";
import { bounced } from "./bounced-list.ts";
import { noticesIn } from "./notices.ts";
import { bench, countsIn } from "./scheduled-project.ts";

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
