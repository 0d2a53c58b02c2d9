import { expect, test } from "vitest";
import { broadsheet, folderWith } from "./broadsheet.ts";

const CONFIG = {
  name: "The Tidewrack",
  schedule: { cron: "30 2 * * *", zone: "Europe/Berlin", maxLate: "3h" },
};

async function newsletter(config: object = CONFIG): Promise<string> {
  return folderWith({ "broadsheet.config.json": JSON.stringify(config) });
}

test("explain shows when issues are due, and what the clock does to them", async () => {
  const cwd = await newsletter();
  const flags = ["--from", "2026-10-24T12:00Z", "--count", "2"];
  const json = await broadsheet(["schedule", "explain", ...flags, "--json"], { cwd });
  expect(
    json.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      slot: "2026-10-25",
      at: "2026-10-25T00:30:00.000Z",
      local: "Sun 2026-10-25 02:30",
      offset: "+02:00",
      note: "the clock shows this time twice: this is the first",
      sentUntil: "2026-10-25T03:30:00.000Z",
    },
    {
      slot: "2026-10-26",
      at: "2026-10-26T01:30:00.000Z",
      local: "Mon 2026-10-26 02:30",
      offset: "+01:00",
      note: "since the last one, the clock went back an hour: it comes an hour later in UTC",
      sentUntil: "2026-10-26T04:30:00.000Z",
    },
  ]);
  const shown = await broadsheet(["schedule", "explain", ...flags], { cwd });
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain("2026-10-25   Sun 2026-10-25 02:30 +02:00   2026-10-25 00:30");
  expect(Math.max(...shown.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("without a schedule it says how to write one", async () => {
  const { code, stderr } = await broadsheet(["schedule", "explain"], { cwd: await newsletter({}) });
  expect(code).toBe(78);
  expect(stderr).toContain('schedule: { cron: "0 7 * * 2" }');
});
