import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";

const FILE = "/letters/broadsheet.config.ts";

test("a schedule takes the newsletter's time zone, and a limit to being late", () => {
  const { schedule } = parseConfig(
    { timeZone: "Asia/Tokyo", schedule: { cron: "0 7 * * 2", maxLate: "90m" } },
    {},
    FILE,
  );
  expect(schedule).toEqual({
    cron: "0 7 * * 2",
    zone: "Asia/Tokyo",
    catchUp: "once",
    maxLate: 5_400_000,
    approval: "auto",
  });
});

test.each([
  [{ schedule: { cron: "61 7 * * *" } }, "Invalid value for minute: 61"],
  [{ schedule: { cron: "weekly" } }, "does not have the five fields of cron"],
  [{ schedule: { cron: "0 7 31 2 *" } }, "a day that never comes"],
  [{ schedule: { cron: "0 7 * * 2", zone: "Europe/Berln" } }, "is not a time zone"],
  [{ schedule: { cron: "0 7 * * 2", maxLate: "soon" } }, "which is not a time"],
  [{ schedule: { cron: "0 7 * * 2", catchup: "once" } }, "schedule.catchup"],
])("%j is refused by name", (config, told) => {
  expect(() => parseConfig(config, {}, FILE)).toThrow(told);
});
