import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
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
      note: "since the slot before, the clock went back an hour: this slot comes an hour later in UTC",
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

test("the crontab's line has absolute paths, a lock, and no bare per cent sign", async () => {
  const cwd = await folderWith({ "50% off it's/broadsheet.config.json": JSON.stringify(CONFIG) });
  const folder = path.join(cwd, "50% off it's");
  const { stdout } = await broadsheet(["schedule", "cron"], { cwd: folder });
  const line = stdout.split("\n").find((line) => line.startsWith("*/5 ")) ?? "";
  expect(line).toContain(`cd '${cwd}/50\\% off it'\\''s' && `);
  expect(line).toMatch(/flock -n \.broadsheet\/cron\.lock \/\S+ \/\S+main\.ts run$/);
  // What cron hands to the shell is one word again.
  const command = line
    .replace("*/5 * * * * ", "")
    .replaceAll("\\%", "%")
    .replace(/ && .*/, "");
  expect(execFileSync("sh", ["-c", `${command} && pwd`], { encoding: "utf8" }).trim()).toBe(folder);
});

async function units(cwd: string): Promise<{ name: string; text: string }[]> {
  const { stdout } = await broadsheet(["schedule", "systemd", "--json"], { cwd });
  const schema = z.object({ units: z.array(z.object({ name: z.string(), text: z.string() })) });
  return schema.parse(JSON.parse(stdout)).units;
}

test("systemd's units name the folder and the program, and make up for what was missed", async () => {
  const cwd = await newsletter();
  const [service, timer] = await units(cwd);
  expect(service?.text).toContain(`WorkingDirectory=${cwd}`);
  expect(service?.text).toMatch(/ExecStart=\/\S+ \/\S+main\.ts run/);
  expect(timer?.text).toContain("Persistent=true");
});

test("systemd's service may write where mails come back: they are moved, and an mbox is locked", async () => {
  const cwd = await newsletter({ ...CONFIG, bounces: ["/var/mail/bounces", "Maildir"] });
  const [service] = await units(cwd);
  expect(service?.text).toContain(`ReadWritePaths=${cwd} /var/mail\n`);
});

const ANALYZE = "/usr/bin/systemd-analyze";

test.skipIf(!existsSync(ANALYZE))("systemd itself finds no fault with them", async () => {
  const cwd = await newsletter();
  const made = await units(cwd);
  // The folder of a test may be in memory, below /dev, where systemd lets no service work.
  for (const { name, text } of made)
    await writeFile(path.join(cwd, name), text.replaceAll(cwd, "/srv/the-tidewrack"));
  const files = made.map(({ name }) => path.join(cwd, name));
  expect(() => execFileSync(ANALYZE, ["verify", ...files])).not.toThrow();
});
