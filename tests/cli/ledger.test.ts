import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Outcome } from "../../src/delivery/ledger.ts";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { claimOf, ISSUE, people, planOf } from "../delivery/ledger-requests.ts";
import { placeIn } from "../stores.ts";
import { broadsheet, ENVIRONMENT, folderWith, linesOf } from "./broadsheet.ts";

const SENT_AT = (): Date => new Date("2026-11-24T07:00:00Z");

/** A newsletter whose issue was sent to four readers: taken, put off, refused and in doubt. */
async function sentNewsletter() {
  const cwd = await folderWith({ "broadsheet.config.json": '{"name":"The Slipway"}' });
  const ledger = await openLedger(await placeIn(cwd), { clock: SENT_AT, env: ENVIRONMENT });
  await ledger.plan(planOf(people("mara", "jory", "wenna", "denzil")));
  const claims = await ledger.claim(claimOf());
  const { started } = await ledger.turn({ outcomes: [], start: claims });
  const nextTry = new Date("2026-11-24T07:05:00Z");
  const outcomes = started.map((claim, index): Outcome => {
    if (index === 0) return { claim, state: "accepted", reply: "250 taken" };
    if (index === 1) return { claim, state: "deferred", reply: "450 4.2.1 later", nextTry };
    if (index === 2) return { claim, state: "rejected", reply: "550 5.7.1 not you" };
    return { claim, state: "uncertain", reply: "the connection broke" };
  });
  await ledger.turn({ outcomes, start: [] });
  await ledger.close();
  return { cwd, run: async (...args: readonly string[]) => broadsheet(args, { cwd }) };
}

test("status, explain, reconcile and retry tell and settle what became of an issue", async () => {
  const { cwd, run } = await sentNewsletter();
  expect(linesOf(await run("status", "--json", "--html", "past.html"))).toMatchObject([
    {
      newsletter: "the-slipway",
      subscribers: 0,
      issues: [{ slot: ISSUE.slot, accepted: 1, deferred: 1, rejected: 1, uncertain: 1 }],
      notices: [
        {
          severity: "stop",
          code: "SMTP_UNCERTAIN",
          message: "1 reader may or may not have 2026-W48",
        },
        {
          severity: "look",
          message:
            "2026-W48 has not gone to all readers yet, 1 deferred, next try from 2026-11-24 07:05 UTC",
          fix: { command: "broadsheet send 2026-W48" },
        },
      ],
    },
  ]);
  expect(await readFile(path.join(cwd, "past.html"), "utf8")).toMatch(
    /^<!doctype html>.*2026-W48/s,
  );
  expect((await run("status", "latest")).stdout).toContain("Put off");
  const { stdout } = await run("explain", "DENZIL@harbour.example");
  expect(stdout).toContain("2026-W48   in doubt   2026-11-24 07:00 UTC");
  expect(stdout.match(/the connection broke/g)).toHaveLength(1);
  expect(stdout).toContain("Message-ID <denzil@slipway.example>");

  const issue = { ...ISSUE };
  expect((await run("reconcile", ISSUE.slot)).code).toBe(64);
  expect(linesOf(await run("reconcile", ISSUE.slot, "--accept", "--json"))).toEqual([
    { issue, settled: 1, how: "accept" },
  ]);
  expect(linesOf(await run("retry", "latest", "--json"))).toEqual([{ issue, due: 2 }]);
  expect(linesOf(await run("status", ISSUE.slot, "--json"))).toMatchObject([
    { planned: 2, accepted: 2, deferred: 0, rejected: 0, uncertain: 0 },
  ]);
});

test("an issue that was never sent is told as that", async () => {
  const cwd = await folderWith();
  const { code, stderr } = await broadsheet(["status", "2026-11-24"], { cwd });
  expect([code, stderr]).toEqual([
    66,
    expect.stringContaining("2026-11-24 has not been sent to any reader"),
  ]);
  const all = await broadsheet(["status", "--json"], { cwd });
  expect(linesOf(all)).toMatchObject([{ issues: [], subscribers: 0, notices: [] }]);
});
