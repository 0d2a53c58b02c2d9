import path from "node:path";
import * as fc from "fast-check";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Past, pastOf, pastPage } from "../../src/cli/past-page.ts";
import { parseConfig } from "../../src/config/config.ts";
import type { Outcome } from "../../src/delivery/ledger.ts";
import { openAudience } from "../../src/subscribers/io/audience.ts";
import { openCursor } from "../../src/sources/io/cursor.ts";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { openRecords } from "../../src/delivery/io/issue-records.ts";
import { openBrowser } from "../browser.ts";
import { claimOf, ISSUE, planOf } from "../delivery/ledger-requests.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { newFolder } from "../temporary.ts";

const clock = () => new Date("2026-11-24T07:00:00Z");

const NONE = {
  accepted: 0,
  "to be sent": 0,
  refused: 0,
  "in doubt": 0,
  "came back": 0,
  "complained of": 0,
  deferred: 0,
  "left out": 0,
};

const EMPTY: Past = {
  name: "The Slipway",
  today: "2026-11-27",
  readers: 0,
  quarantined: 0,
  issues: [],
  slots: new Map(),
  list: [],
  sources: [{ name: "content", articles: 0, lastFetch: undefined, failures: 0, isCurrent: true }],
};

/** Sixty-five weeks of a newsletter that grows, with everything in it that can go wrong. */
const LONG: Past = {
  ...EMPTY,
  readers: 8650,
  issues: Array.from({ length: 65 }, (_, week) => ({
    slot: dayOfWeek(week),
    day: dayOfWeek(week),
    fates: {
      ...NONE,
      accepted: 8000 + 10 * week,
      "to be sent": week === 64 ? 90 : 0,
      refused: week === 31 ? 412 : week % 5,
      "in doubt": week === 44 ? 17 : 0,
      "came back": week % 7,
      "complained of": week === 20 ? 1 : 0,
      deferred: 7 * (week % 9),
    },
  })),
  slots: new Map([
    ["sent", 65],
    ["empty", 2],
    ["missed", 1],
  ]),
  list: Array.from({ length: 65 }, (_, week) => week).flatMap((week) => [
    { day: dayOfWeek(week), what: "joined", count: week === 0 ? 8000 : 15 },
    { day: dayOfWeek(week), what: "unsubscribed", count: 4 },
    { day: dayOfWeek(week), what: week % 9 === 8 ? "complained" : "bounced", count: 1 },
  ]),
  sources: [
    {
      name: "https://harbour.example/a/long/way/to/the/feed-of-ferries-and-shipping.xml",
      articles: 131,
      lastFetch: new Date("2026-11-24T07:00:00Z"),
      failures: 4,
      isCurrent: true,
    },
    ...EMPTY.sources,
    {
      name: "https://old.example/rss",
      articles: 12,
      lastFetch: new Date("2026-03-02T07:00:00Z"),
      failures: 0,
      isCurrent: false,
    },
  ],
};

function dayOfWeek(week: number): string {
  return new Date(Date.UTC(2025, 8, 2 + 7 * week)).toISOString().slice(0, 10);
}

/** What the page says, without its marks. */
function wordsOf(past: Past): string {
  return pastPage(past)
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<wbr>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}

test("what the store knows of a newsletter is told in sums, and nobody's address", async () => {
  const folder = await newFolder();
  const sources = [{ from: "https://quay.example/feed.xml?key=secret" }, { from: "letters" }];
  const env = { BROADSHEET_SECRET: "a secret of thirty-two characters" };
  const config = parseConfig(
    { name: "The Slipway", sources },
    env,
    path.join(folder, "broadsheet.config.json"),
  );
  const names = ["mara", "jory", "wenna", "denzil"];
  const audience = await openAudience(config, clock, { env: { XDG_STATE_HOME: folder } });
  for (const name of [...names, "ysella"])
    await audience.add({ address: `${name}@quay.example`, tags: [] });
  await audience.suppress("ysella@quay.example", "unsubscribed");
  const ledger = await openLedger(config.store, { clock, env: { XDG_STATE_HOME: folder } });
  const recipients = names.map((name) => ({ address: `${name}@quay.example` }));
  const [source = ""] = config.sources.map(({ name }) => name);
  const articles = [{ source, id: "1", title: "Ferries", letters: "ferries" }];
  await ledger.plan({ ...planOf(recipients), start: { seen: "draft", event: "send", articles } });
  const run = await ledger.begin("w", planOf([]).issue);
  const { started } = await ledger.turn({ outcomes: [], start: await ledger.claim(claimOf(3)) });
  const [mara, jory, wenna] = started;
  if (!mara || !jory || !wenna) throw new Error("four were planned");
  const outcomes: Outcome[] = [
    { claim: mara, state: "accepted", reply: "250" },
    { claim: jory, state: "deferred", reply: "450", nextTry: new Date("2026-11-24T08:00:00Z") },
    { claim: wenna, state: "rejected", reply: "550 wenna@quay.example is not here" },
  ];
  await ledger.turn({ outcomes, start: [] });
  await run.end();
  const cursor = await openCursor(config, clock);
  const error = { code: "FETCH_REFUSED", message: "gone" };
  await cursor.noteSources(ISSUE.slot, [{ source, name: "https://quay.example/feed.xml", error }]);
  const records = await openRecords(config, clock);
  await records.passOver([{ slot: "2026-W47", at: new Date("2026-11-17T07:00:00Z") }], "miss");

  const past = await pastOf(ledger, config, clock);

  for (const each of [ledger, audience, cursor, records]) await each[Symbol.asyncDispose]();
  const fates = { ...NONE, accepted: 1, "to be sent": 2, refused: 1, deferred: 1 };
  const day = "2026-11-24";
  expect(past).toEqual({
    name: "The Slipway",
    today: day,
    readers: 4,
    quarantined: 0,
    issues: [{ slot: ISSUE.slot, day: "2026-11-23", fates }],
    slots: new Map([["missed", 1]]),
    list: [
      { day, what: "joined", count: 5 },
      { day, what: "unsubscribed", count: 1 },
    ],
    sources: [
      {
        name: "https://quay.example/feed.xml",
        articles: 1,
        lastFetch: clock(),
        failures: 1,
        isCurrent: true,
      },
      { name: "letters", articles: 0, lastFetch: undefined, failures: 0, isCurrent: true },
    ],
  });
  const words = wordsOf(past);
  expect(words).toContain("1 of 3 readers got the issue of 23 November 2026");
  expect(words).toContain("1 refused");
  expect(words).toContain("2026-W48 1 2 1 0 0 0 1 0");
  expect(words).toContain("quay.example/feed.xml could not be read for 1 issue 1 24 Nov 2026");
  expect(words).toContain("letters 0 not yet");
  expect(pastPage(past)).not.toMatch(/@quay|secret|mara/);
});

test("what there is none of yet is said", () => {
  const words = wordsOf(EMPTY);
  expect(words).toContain("No issue has been sent yet");
  expect(words).toContain("No reader is on the list yet");
  expect(words).toContain("0 articles from 1 source");
  expect(words).not.toContain("On the way");
  expect(pastPage(EMPTY)).not.toContain("<svg");
});

test("a long past is told in its latest issues, and its sums are of all", () => {
  const words = wordsOf(LONG);
  expect(words).toContain("65 issues since 2 September 2025, of which the latest 60 are shown.");
  expect(words).toContain("Mail servers accepted 540,800 of the 541,358 messages sent.");
  expect(words).toContain("Of 68 times that one was due: 65 sent, 2 empty and 1 missed.");
  expect(words).toContain("541 refused, 17 in doubt, 190 came back and 1 complained of");
  expect(words).toContain("8,650 readers on the list, 520 more than on 27 November 2025");
  expect(words).toContain("8,960 joined, 260 unsubscribed, 58 bounced and 7 complained.");
  expect(pastPage(LONG).match(/<tr><th scope="row">\d{4}-\d\d-/g)).toHaveLength(60);
});

test("a chart is a picture with a name, and each of its columns says its figures", () => {
  const html = pastPage(LONG);
  const named = /<svg role="img"[^>]*>\s*<title>[^<]+<\/title>/g;
  expect(html.match(named)).toHaveLength(3);
  expect(html).toContain(
    "<title>24 November 2026: 8,640 accepted, 90 to be sent, 4 refused and 0 in doubt</title>",
  );
});

test("whatever names hold is text", () => {
  const name = `</title><script>alert(1)</script>"'&`;
  const html = pastPage({
    ...LONG,
    name,
    issues: [{ slot: name, day: name, fates: NONE }],
    sources: [{ ...EMPTY.sources[0]!, name }],
  });
  expect(html).not.toContain("<script");
});

test("the months of a list add up to what it has now", () => {
  const day = fc.integer({ min: 0, max: 900 }).map((back) => dayBefore(back));
  const what = fc.constantFrom("joined", "unsubscribed", "bounced", "complained", "manual");
  const days = fc.array(fc.record({ day, what, count: fc.nat(50) }), { minLength: 1 });
  fc.assert(
    fc.property(days, fc.nat(10_000), (all, readers) => {
      const list = all.toSorted((a, b) => (a.day < b.day ? -1 : 1));
      const rows = monthsIn(pastPage({ ...EMPTY, readers, list }));
      expect(rows[0]?.at(-1)).toBe(readers);
      for (const [at, [joined = 0, ...rest]] of rows.entries()) {
        const [after = 0, ...left] = rest.toReversed();
        const before = rows[at + 1]?.at(-1);
        const change = joined - left.reduce((sum, count) => sum + count, 0);
        if (before !== undefined) expect(after).toBe(before + change);
      }
      const told = rows.reduce((sum, [joined = 0]) => sum + joined, 0);
      const joined = list.filter((one) => one.what === "joined");
      expect(told).toBe(joined.reduce((sum, { count }) => sum + count, 0));
    }),
  );
});

/** The numbers of each month, the latest first. */
function monthsIn(html: string): number[][] {
  const rows = html.match(/<tr><th scope="row">\d{4}-\d\d<.*?<\/tr>/g) ?? [];
  return rows.map((row) =>
    [...row.matchAll(/<td>([^<]*)/g)].map(([, cell = ""]) => Number(cell.replaceAll(",", ""))),
  );
}

function dayBefore(back: number): string {
  return new Date(Date.UTC(2026, 10, 27 - back)).toISOString().slice(0, 10);
}

describe("the page is for everybody", () => {
  let page: Page;

  beforeAll(async () => {
    page = await (await openBrowser()).newPage({ viewport: { width: 320, height: 800 } });
  });

  afterAll(async () => page.close());

  test("with all its tables open, in both lights, at 320 px", async () => {
    await page.setContent(pastPage(LONG));
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await faultsInBothLights(page)).toEqual([]);
  });
});
