import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { folderWith, HARBOUR, linesOf } from "../../cli/broadsheet.ts";
import { spawnBroadsheet } from "../../cli/spawn-broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith({ "ferry.txt": HARBOUR });
});

async function config(code: string): Promise<void> {
  await writeFile(path.join(cwd, "broadsheet.config.ts"), code);
}

test.each([
  [
    "waits for ever",
    "await new Promise(() => {});",
    "waits for something that never happens\n   at",
  ],
  [
    "leaves later",
    "setTimeout(() => process.exit(0), 20); await new Promise(() => {});",
    "calls process.exit()\n   at broadsheet.config.ts:1:",
  ],
])("a config that %s is refused", async (_what, code, message) => {
  await config(code);
  const run = await spawnBroadsheet(["build", "ferry.txt", "--json"], { cwd });
  expect(run).toMatchObject({ code: 78, stdout: "" });
  expect(run.stderr).toContain(`error CONFIG_INVALID: the config ${message}`);
  expect(run.stderr).toMatch(/\n {2}fix .+\n$/);
});

test("an error that nobody catches while a config loads is still told in our shape", async () => {
  await config('setTimeout(() => { throw new Error("later"); }, 20); await new Promise(() => {});');
  const run = await spawnBroadsheet(["build", "ferry.txt"], { cwd });
  expect(run.code).toBe(70);
  expect(run.stderr).toMatch(/^error INTERNAL: later\n/);
});

test("whatever a config prints, stdout is the result's, and what it leaves running ends with the build", async () => {
  await config(
    'console.log("one"); process.stdout.write("two\\n"); setInterval(() => {}, 50); export default { name: "Loud" };',
  );
  const run = await spawnBroadsheet(["build", "ferry.txt", "--json"], { cwd });
  expect(run).toMatchObject({ code: 0, stderr: "one\ntwo\n" });
  expect(linesOf(run)).toMatchObject([{ issue: { newsletter: "loud" } }]);
});

test("a config that keeps busy and comes to nothing is given up", async () => {
  await config("setInterval(() => {}, 50); await new Promise(() => {});");
  // A hundred times as fast: nobody waits ten seconds for a test.
  const hurry =
    "data:text/javascript,const real=setTimeout;globalThis.setTimeout=(f,ms,...a)=>real(f,ms/100,...a)";
  const run = await spawnBroadsheet(["build"], { cwd, node: ["--import", hurry] });
  expect(run.stderr).toContain("error CONFIG_INVALID: the config waits for something");
  expect(run.code).toBe(78);
});
