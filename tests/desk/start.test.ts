import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { keptKey } from "../../src/desk/kept-key.ts";
import { openBrowser } from "../browser.ts";
import { broadsheet, ENVIRONMENT, folderWith, HARBOUR, MAIN } from "../cli/broadsheet.ts";
import { spawnBroadsheet } from "../cli/spawn-broadsheet.ts";
import { closedPort } from "../smtp-server.ts";
import { settled } from "./places.ts";
import { ask, type Running, startPreview } from "./server.ts";

let state: string;

beforeEach(async () => {
  state = await folderWith();
  vi.stubEnv("XDG_STATE_HOME", state);
});

afterEach(() => vi.unstubAllEnvs());

async function newsletter(name: string): Promise<string> {
  return folderWith({ "broadsheet.yaml": `name: ${name}\n`, "content/1.txt": HARBOUR });
}

async function start(cwd: string, port: number): Promise<Running> {
  const env = { XDG_STATE_HOME: state };
  const args = ["--port", String(port), "--date", "2031-04-02"];
  const running = await startPreview(cwd, args, { env });
  onTestFinished(async () => void (await running.stop()));
  return running;
}

test("a newsletter with a port keeps its key, which opens no other newsletter", async () => {
  const cwd = await newsletter("The Mudlark");
  const port = await closedPort();
  const first = await start(cwd, port);
  const again = await spawnBroadsheet(["preview", "--no-open", "--port", String(port)], {
    cwd,
    env: { XDG_STATE_HOME: state },
  });
  expect([again.code, again.stderr]).toEqual([
    64,
    expect.stringMatching(`open on port ${port} already: process \\d+ on`),
  ]);
  expect(again.stderr).not.toContain(first.key);

  // What is written in an open page outlives kill -9, and is saved when the desk is there again.
  const page = await (await openBrowser()).newPage();
  onTestFinished(async () => page.close());
  await page.goto(first.url);
  // The desk that is started again counts from the beginning what it reads.
  const { pathname } = new URL(page.url());
  for (let reads = 0; reads < 9; reads++) await ask(first, `${pathname}/state`, { root: "" });
  await page.reload();
  await settled(page);
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Kept by the page");
  await first.stop("SIGKILL");
  await page.keyboard.press("Enter");
  await expect.poll(async () => page.locator(".editor").textContent()).toContain("still here");
  const restarted = await start(cwd, port);
  expect(restarted.url).toBe(first.url);
  await page.keyboard.press("Enter");
  await expect.poll(async () => page.locator(".subject").textContent()).toBe("Kept by the page");
  const other = await keptKey("/another/newsletter", port);
  const answer = await ask(restarted, "/", { root: `/k/${other.key}` });
  expect([answer.status, answer.body]).toEqual([403, expect.not.stringMatching(/mudlark/i)]);
});

describe("the kept key", () => {
  test("is the same for two starts at once, and nobody else can read it", async () => {
    const ports = Array.from({ length: 8 }, (_, n) => 1 + n);
    const kept = await Promise.all(ports.map(async (port) => keptKey("/n", port)));
    expect(new Set(kept.map(({ key }) => key)).size).toBe(1);
    const folder = path.join(state, "broadsheet");
    const keys = (await readdir(folder)).filter((name) => !name.includes(".key-"));
    expect(keys).toEqual([expect.stringMatching(/^desk-\w{16}\.key$/)]);
    const file = path.join(folder, keys[0] ?? "");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const one of kept) await one.release();

    const message = "the saved key of the desk is damaged, or other accounts can read it";
    await chmod(file, 0o644);
    await expect(keptKey("/n", 1)).rejects.toThrow(message);
    await chmod(file, 0o600);
    await writeFile(file, "");
    await expect(keptKey("/n", 1)).rejects.toThrow(message);
  });
});

test("in a folder without a newsletter the page begins one, and shows the first issue once a command has made one", async () => {
  const cwd = await folderWith();
  const running = await startPreview(cwd);
  onTestFinished(async () => void (await running.stop()));
  const page = await (await openBrowser()).newPage();
  onTestFinished(async () => page.close());
  await page.goto(running.url);
  await page.getByRole("heading", { name: "Name and sender" }).waitFor();
  expect((await broadsheet(["init", ".", "--name", "The Mudlark", "--yes"], { cwd })).code).toBe(0);
  // The answers of an editor who has begun stay in the page until it is opened again.
  await expect.poll(async () => (await page.goto(running.url))?.url()).toContain("/the-mudlark/");
  await page.locator(".subject").waitFor();
});

test("broadsheet alone opens the desk at a terminal, and prints the help elsewhere", async () => {
  const cwd = await folderWith({
    "content/1.txt": HARBOUR,
    "browser.sh": 'cat "$1" > half; mv half opened\n',
  });
  const env = { ...ENVIRONMENT, HOME: cwd, TERM: "xterm", BROWSER: `sh ${cwd}/browser.sh` };
  const line = `'${process.execPath}' '${MAIN}'`;
  const terminal = spawn("script", ["-qec", line, "/dev/null"], { cwd, env });
  let shown = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const ended = once(terminal, "exit");
  const opened = async () => readFile(path.join(cwd, "opened"), "utf8").catch(() => "");
  await expect.poll(opened).toContain("http://127.0.0.1:");
  await expect.poll(() => shown).toMatch(/Desk +.*http:\/\/127\.0\.0\.1:\d+\/k\/[\w-]{32}\//);
  // Ctrl-C, as a terminal sends it.
  terminal.stdin.write("\u0003");
  await ended;
  const script = await spawnBroadsheet([], { cwd });
  expect([script.code, script.stderr]).toEqual([64, expect.stringContaining("Usage: broadsheet")]);
});
