import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { linesOf } from "./cli/broadsheet.ts";
import { NONE, people, SLOT, stateOf } from "./cli/mailing-project.ts";
import { startFaultServer } from "./fault-server.ts";
import { copyOf, fixtureOf } from "./older-newsletter.ts";

const FIXTURE = fixtureOf("newsletter-half-sent");

const { taken: before } = z
  .object({ taken: z.array(z.object({ to: z.string(), messageId: z.string() })) })
  .parse(JSON.parse(await readFile(path.join(FIXTURE, "expected.json"), "utf8")));

/** What the former version knew when it was killed. */
const LEFT = { ...NONE, accepted: 17, deferred: 1, planned: 2, uncertain: 20 };

/** An hour after the former version was killed: the reader who was put off is due. */
const NOW = "2026-11-29T20:50:00Z";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(NOW) });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a store that the former version left half-sent goes on: nobody twice, nobody lost, and the doubt is kept", async () => {
  const smtp = await startFaultServer();
  const { run } = await copyOf(FIXTURE, {
    port: smtp.port,
    env: { BROADSHEET_STORE_PLACE: "any" },
  });
  expect(linesOf(await run(["status", SLOT, "--json"]))[0]).toMatchObject(LEFT);
  const [doubted] = linesOf(await run(["explain", "r20@harbour.example", "--json"]));
  const events = [{ what: "uncertain", reply: "the sender stopped before the server answered" }];
  expect(doubted).toMatchObject({ issues: [{ state: "uncertain", events }] });

  const sent = stateOf(await run(["send", SLOT, "--yes", "--json"], 75));
  expect(sent).toMatchObject({ accepted: 20, deferred: 0, planned: 0, uncertain: 20 });
  const ids = [...before, ...smtp.taken].map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);

  await run(["reconcile", SLOT, "--resend"]);
  expect(stateOf(await run(["send", SLOT, "--yes", "--json"]))).toMatchObject({ accepted: 40 });
  // Those who had it have it again, under the Message-ID of then.
  const all = new Map([...before, ...smtp.taken].map(({ to, messageId }) => [messageId, to]));
  expect([...all.values()].toSorted()).toEqual(people(40).toSorted());
});
