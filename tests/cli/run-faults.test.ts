import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { forgetAlerts, withAlerts } from "../../src/cli/schedule/alerts.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { onSqlite } from "../stores.ts";
import { folderWith, LIGHTHOUSE, linesOf } from "./broadsheet.ts";
import { mailingProject, people, SECRET } from "./mailing-project.ts";
import {
  bench,
  due,
  mailed,
  QUIETLY,
  receivers,
  reconfigure,
  SLOT,
  slotsOf,
  stateIn,
} from "./scheduled-project.ts";

describe("what goes wrong", () => {
  test("is one line each time, and the slot is finished when it is mended", async () => {
    const { server, project } = await bench();
    const bare = await project.run(["run"], { BROADSHEET_SECRET: "" });
    expect(bare).toMatchObject({ code: 78, stdout: "" });
    expect(bare.stderr).toMatch(
      new RegExp(`^error SECRET_MISSING: the-slipway/${SLOT}: .*; set BROADSHEET_SECRET.*\\n$`),
    );
    expect(await slotsOf(project)).toMatchObject([
      { state: "draft", why: expect.stringContaining("no secret") },
    ]);
    const away = await due(project, { env: { SMTP_URL: "smtp://127.0.0.1:1" } });
    expect([away.code, away.said.length]).toEqual([75, 1]);
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("while it lasts is told once, and as what it is when it changes; a log has it each time", async () => {
    const { server, project } = await bench();
    const bare = { env: { BROADSHEET_SECRET: "" } };
    const first = await mailed(project, bare);
    expect([first.code, first.said.length]).toEqual([78, 1]);
    expect(await mailed(project, bare)).toEqual({ code: 78, said: [] });
    expect((await due(project, bare)).said).toHaveLength(1);
    const away = { env: { SMTP_URL: "smtp://127.0.0.1:1" } };
    expect((await mailed(project, away)).said).toHaveLength(1);
    expect(await mailed(project, away)).toEqual({ code: 75, said: [] });
    expect(await mailed(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("with the config or the store is told once until it is mended, and then again", async () => {
    const { project } = await bench();
    const otherStore = [74, { schedul: undefined, store: "/dev/null/letter.db" }] as const;
    for (const [code, changes] of [
      [78, { schedul: {} }],
      ...(onSqlite("the config names a file") ? [otherStore] : []),
      [78, { schedul: {}, store: undefined }],
    ] as const) {
      await reconfigure(project, changes);
      expect(await mailed(project)).toEqual({ code, said: [expect.stringMatching(/^error /)] });
      expect(await mailed(project)).toEqual({ code, said: [] });
      await reconfigure(project, { schedul: undefined, store: undefined });
      expect(await mailed(project)).toEqual(QUIETLY);
    }
  });

  test.runIf(
    onSqlite("the alerts of PostgreSQL are in another state folder than that of the test"),
  )("is told anew to whoever begins to stay up", async () => {
    const { project } = await bench();
    const bare = { env: { BROADSHEET_SECRET: "" } };
    const said: number[] = [];
    for (const schedul of [
      [undefined, undefined, {}, {}],
      [{}, {}, undefined, undefined],
    ]) {
      await reconfigure(project, { schedul: undefined });
      const config = path.join(project.cwd, "broadsheet.config.json");
      await forgetAlerts({ flags: { config }, terminal: new Terminal() });
      for (const setting of schedul) {
        await reconfigure(project, { schedul: setting });
        said.push((await mailed(project, bare)).said.length);
      }
    }
    expect(said).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  });

  test("that is a mistake of ours is told once too", async () => {
    const cwd = await folderWith({ ".broadsheet/.gitignore": "*" });
    const flags = { config: path.join(cwd, "broadsheet.config.ts") };
    const said: string[] = [];
    const stderr = vi.spyOn(process.stderr, "write");
    stderr.mockImplementation((text) => said.push(String(text)) > 0);
    const codes: number[] = [];
    for (const what of ["no such row", "no such row", "no such table"]) {
      const terminal = new Terminal();
      await withAlerts({ flags, terminal }, async () => Promise.reject(new Error(what)));
      codes.push(terminal.exitCode);
    }
    stderr.mockRestore();
    expect(codes).toEqual([70, 70, 70]);
    expect(said).toEqual([
      expect.stringContaining("INTERNAL: no such row\n"),
      expect.stringContaining("INTERNAL: no such table\n"),
    ]);
  });

  test("a secret with which no links went out: nothing is sent until the old one is beside it", async () => {
    const { server, project } = await bench();
    await due(project);
    await writeFile(path.join(project.cwd, "content/2.txt"), LIGHTHOUSE);
    const env = { BROADSHEET_SECRET: "one that nobody has heard of" };
    const changed = await due(project, { env, now: true });
    expect([changed.code, ...changed.said]).toEqual([78, expect.stringContaining("_SECRET_OLD")]);
    const status = await project.run(["status"], env);
    expect(status.stdout).toMatch(/\nFix {4}the links in sent messages are signed with another /);
    expect(server.taken).toHaveLength(5);
    const rotated = { ...env, BROADSHEET_SECRET_OLD: SECRET };
    expect(await due(project, { env: rotated, now: true })).toEqual(QUIETLY);
    expect(server.taken).toHaveLength(10);
  });

  test("an issue in which the checks find errors isn't sent: 65, until it is mended", async () => {
    const { server, project } = await bench({
      config: { footer: { links: [{ text: "All issues", url: "https://localhost/all" }] } },
    });
    const bad = await due(project);
    expect([bad.code, bad.said.length]).toEqual([65, 1]);
    expect(bad.said[0]).toContain(`error CHECK_FAILED: the-slipway/${SLOT}: not sent: `);
    expect(bad.said[0]).toContain(
      `the next run builds it again; to send it unchanged: broadsheet send`,
    );
    expect(await stateIn(project)).toBe("draft");
    expect(server.taken).toEqual([]);
    await reconfigure(project, { footer: undefined });
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
  });

  test("an issue that was mended by hand in its digest.json goes out as it was mended", async () => {
    const footer = { links: [{ text: "All issues", url: "https://localhost/all" }] };
    const { server, project } = await bench({ config: { footer } });
    expect((await due(project)).code).toBe(65);
    const file = path.join(project.cwd, "outbox", "the-slipway", SLOT, "digest.json");
    const { publication, ...digest } = JSON.parse(await readFile(file, "utf8"));
    const mended = { ...digest, publication: { ...publication, footer: undefined } };
    await writeFile(file, JSON.stringify({ ...mended, subject: "By hand" }));
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
    expect(server.taken[0]?.raw.toString()).toMatch(/^Subject: By hand\r$/m);
  });

  test("an issue that a server refuses to everybody is told of once, tried in three runs, and ends nobody's subscription", async () => {
    const { project, server } = await bench({
      faults: [{ at: "RCPT", say: "550 5.1.1 unknown here" }],
    });
    const run = await project.spawn(["run", "--log-format", "json"]);
    expect([run.code, run.stdout, run.stderr.split("\n").length]).toEqual([69, "", 2]);
    expect(JSON.parse(run.stderr)).toMatchObject({
      level: "warn",
      slot: SLOT,
      code: "SMTP_REFUSED",
      msg: expect.stringContaining("no reader was accepted in this run and 5 were refused: "),
    });
    expect(await stateIn(project)).toBe("sending");
    expect((await mailed(project)).code).toBe(69);
    const third = await mailed(project);
    expect(third).toEqual({ code: 69, said: [expect.stringContaining("don't get this issue")] });
    expect(await stateIn(project)).toBe("sent");
    expect(await due(project)).toEqual(QUIETLY);
    server.setFaults([]);
    await project.run(["retry", SLOT]);
    expect((await project.run(["send", SLOT, "--yes"])).code).toBe(0);
    expect(receivers(server)).toEqual(people(5));
  });

  test("a reader in doubt is reported in the line about the fault that stopped the run", async () => {
    const { project } = await bench({
      faults: [
        { at: "dot", do: "drop", keeps: true, times: 1 },
        { at: "connect", from: 2, say: "554 5.3.2 go away", do: "end" },
      ],
      config: { smtp: { concurrency: 2 } },
    });
    const stopped = await mailed(project);
    expect([stopped.code, stopped.said.length]).toEqual([69, 1]);
    expect(stopped.said[0]).toContain("554 5.3.2 go away; 1 reader may or may not have ");
    expect(stopped.said[0]).toContain(`; broadsheet reconcile ${SLOT} --accept, or --resend`);
    const later = await mailed(project);
    expect([later.code, later.said.join("")]).toEqual([69, expect.not.stringContaining("may not")]);
  });

  test("readers who are quarantined are told of once, with 69", async () => {
    const { project } = await bench({
      readers: 12,
      faults: ["r2@", "r4@", "r6@", "r8@"].map((to) => ({ at: "RCPT", to, say: "550 5.1.1 no" })),
    });
    const told = await mailed(project);
    expect(told).toEqual({
      code: 69,
      said: [expect.stringMatching(/^error READERS_QUARANTINED: .* 4 readers, .* release --all; /)],
    });
    expect(await stateIn(project)).toBe("sent");
    expect(await due(project)).toEqual(QUIETLY);
  });

  test("a domain that refuses us is told of once, left alone for an hour, and tried at once when that is asked", async () => {
    const { server, project } = await bench({ faults: [{ at: "RCPT", say: "550 5.7.1 blocked" }] });
    const told = await mailed(project);
    expect(told).toEqual({
      code: 69,
      said: [expect.stringMatching(/^error SMTP_REFUSED: .* and 1 was refused: .*blocked; /)],
    });
    const asked = () => server.commands.filter((line) => line.startsWith("RCPT")).length;
    const before = asked();
    expect(await mailed(project)).toEqual({ code: 75, said: [] });
    expect(asked()).toBe(before);
    await project.run(["retry", SLOT]);
    expect(await mailed(project)).toEqual({ code: 69, said: [] });
    expect(asked()).toBeGreaterThan(before);
  });

  test("a domain that refuses us and keeps others waiting, while one of it got through, is told of once", async () => {
    const { project } = await bench({
      readers: 30,
      faults: [{ at: "RCPT", to: "r25@", say: "550 5.7.1 blocked" }],
      config: { smtp: { concurrency: 2 } },
    });
    const told = await mailed(project);
    expect(told).toEqual({
      code: 75,
      said: [expect.stringMatching(/^error SMTP_DEFERRED: .*harbour.example refuses .*blocked; /)],
    });
    expect(await mailed(project)).toEqual({ code: 75, said: [] });
  });

  test("who is put off is tried by the next run, and nothing is said", async () => {
    const { server, project } = await bench({
      faults: [{ at: "RCPT", to: "r1@", say: "450 4.2.1 later" }],
    });
    expect(await due(project)).toEqual({ ...QUIETLY, code: 75 });
    expect(await stateIn(project)).toBe("sending");
    expect(await due(project)).toEqual(QUIETLY);
    server.setFaults([]);
    await project.run(["retry", SLOT]);
    const bare = await project.run(["run", "--json"], { BROADSHEET_SECRET: "" });
    expect(linesOf(bare)).toMatchObject([{ code: "SECRET_MISSING", accepted: 4, planned: 1 }]);
    // What is sent was settled when its sending began: another colour is for the next issue.
    await reconfigure(project, { accent: "#7A1FA2" });
    expect(await due(project)).toEqual(QUIETLY);
    expect(receivers(server)).toEqual(people(5));
    expect(server.taken.filter(({ raw }) => /7A1FA2/i.test(raw.toString()))).toEqual([]);
    expect(await stateIn(project)).toBe("sent");
  });

  test("without a schedule, or with a broken config: 78, and one line that says what to write", async () => {
    const project = await mailingProject({ port: 1, recipients: [], isBuilt: false });
    const { code, said } = await due(project);
    expect([code, said.length]).toEqual([78, 1]);
    await reconfigure(project, { schedul: {} });
    const broken = await project.run(["run"]);
    expect(broken.code).toBe(78);
    expect(broken.stderr).toMatch(
      /^error CONFIG_INVALID: "schedul" .*, at broadsheet.*"schedule"\?\n$/,
    );
    await rm(path.join(project.cwd, "broadsheet.config.json"));
    const elsewhere = await project.run(["run"]);
    expect(elsewhere.stderr).toMatch(/^error CONFIG_MISSING: there is no config in \/.*; go to /);
  });
});
