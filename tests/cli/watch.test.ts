import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { ENVIRONMENT, folderWith, HARBOUR, MAIN } from "./broadsheet.ts";
import { LESS_GC } from "../less-gc.ts";

test("build --watch builds again at each change, goes on after an error, and ends in peace", async () => {
  const cwd = await folderWith({ "content/ferry.txt": HARBOUR, "broadsheet.config.json": "{}" });
  const args = ["build", "--watch", "--date", "2026-11-24", "--json"];
  const child = spawn(process.execPath, [...LESS_GC, MAIN, ...args], { cwd, env: ENVIRONMENT });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const built: unknown[] = [];
  createInterface(child.stdout).on("line", (line) => built.push(JSON.parse(line)));
  const latest = () => expect.poll(() => built.at(-1));
  const page = async () =>
    readFile(path.join(cwd, "outbox/broadsheet/2026-11-24/preview.html"), "utf8");
  await latest().toMatchObject({ subject: "The ferry that waits for the post" });
  await writeFile(path.join(cwd, "content/ferry.txt"), HARBOUR.replace("waits", "hopes"));
  await latest().toMatchObject({ subject: "The ferry that hopes for the post" });
  // A change may be built twice, and the folder is not there while one takes the other's place.
  await expect
    .poll(async () => page().catch(() => ""))
    .toContain("The ferry that hopes for the post");
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{ "nme": "x" }');
  await expect.poll(() => errors).toContain("error CONFIG_INVALID");
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{ "number": 7 }');
  await latest().toMatchObject({ issue: { number: 7 } });
  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect((await ended)[0]).toBe(0);
});
