import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../browser.ts";
import { folderWith, HARBOUR, MAIN } from "../cli/broadsheet.ts";
import { SECRET } from "../cli/mailing-project.ts";
import { closedPort } from "../smtp-server.ts";

/** Two accounts of one machine that are no other's: numbers suffice to the kernel. */
const OWNER = 41_001;
const OTHER = 41_002;

let cwd: string;

/** A command, run by an account. */
function as(uid: number, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    "setpriv",
    [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", process.execPath, MAIN, ...args],
    {
      cwd,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        BROADSHEET_SECRET: SECRET,
        XDG_STATE_HOME: path.join(cwd, `state-${uid}`),
        XDG_CACHE_HOME: path.join(cwd, `cache-${uid}`),
      },
    },
  );
  return { code: status, stdout, stderr };
}

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error("two accounts need root: run the tests as root");
  cwd = await folderWith({
    "content/1.txt": HARBOUR,
    "broadsheet.config.json": JSON.stringify({
      name: "The Slipway",
      from: "post@slipway.example",
      urls: { unsubscribe: "https://slipway.example/u/{token}" },
    }),
  });
  // The folder is everybody's, as /tmp is: what is in it is not.
  chmodSync(cwd, 0o1777);
  for (const name of readdirSync(cwd, { recursive: true, encoding: "utf8" })) {
    chownSync(path.join(cwd, name), OWNER, OWNER);
  }
  expect(as(OWNER, "build", "--date", "2026-11-24").stderr).toMatch(SAYS_WHICH);
  expect(as(OWNER, "subscribers", "add", "ada@quay.example").code).toBe(0);
});

/** A program of an account that goes on, and the first line that it prints. */
async function start(uid: number, ...args: string[]) {
  const ids = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const child = spawn("setpriv", [...ids, process.execPath, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], XDG_STATE_HOME: path.join(cwd, `state-${uid}`) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, "line");
  return { child, lines, line: String(line) };
}

/** Prints its port, then for each request a line with all that the browser sent. */
const LISTENER = `
const server = require("node:http").createServer((request, response) => {
  console.log(JSON.stringify([request.url, request.headers]));
  response.end("<!doctype html>");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

/** Asks as another account for an address; prints the status and the body. */
const ASKER = `fetch(process.argv[1]).then(async (it) => console.log(it.status, await it.text()));`;

/** The same for what only the page may do, with a key. */
const POSTER = `
const [target, key] = process.argv.slice(1);
const headers = { "content-type": "application/json", "broadsheet-key": key, origin: new URL(target).origin };
const body = JSON.stringify({ does: "send", hash: "", readers: 1 });
fetch(target, { method: "POST", headers, body }).then(async (it) => console.log(it.status, await it.text()));`;

/** Where there is a list, a build says first which issue it is, and nothing else. */
const SAYS_WHICH = /^(?:\S+ is a draft; [^\n]*\n)?$/;

describe("another account of the machine", () => {
  test("gets no key of the preview, neither by listening on a port nor by looking at programs", async () => {
    const preview = await start(OWNER, MAIN, "desk", "--no-open", "--json");
    const other = await start(OTHER, "-e", LISTENER);
    const page = await (await openBrowser()).newPage();
    try {
      const { url } = JSON.parse(preview.line);
      const key = new URL(url).pathname.split("/")[2] ?? "";
      expect(key).toHaveLength(32);
      await page.goto(url);
      const heard = once(other.lines, "line");
      await page.evaluate((port) => {
        const href = `http://127.0.0.1:${port}/`;
        document.body.append(Object.assign(document.createElement("a"), { href, id: "away" }));
        document.getElementById("away")?.click();
      }, other.line);
      const request = String((await heard)[0]);
      expect(request).toMatch(/^\["\/",\{"host":/);
      expect(request).not.toContain(key);
      expect(request).not.toMatch(/"(?:cookie|referer)":/);
      const { origin } = new URL(url);
      for (const target of ["/", "/k/", `/k/${key.slice(1)}/`, "/the-slipway/2026-11-24"]) {
        const { line } = await start(OTHER, "-e", ASKER, origin + target);
        expect(line).toMatch(/^403 Open the address/);
      }
      const commands = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout;
      expect(commands).toContain("desk --no-open");
      expect(commands).not.toContain(key);
    } finally {
      await page.close();
      for (const { child } of [preview, other]) {
        child.kill("SIGINT");
        await once(child, "exit");
      }
    }
  });

  test("gets no key that a newsletter keeps, and can't send with a key of its own", async () => {
    const port = String(await closedPort());
    const desk = await start(OWNER, MAIN, "desk", "--no-open", "--json", "--port", port);
    try {
      const { url } = JSON.parse(desk.line);
      const key = new URL(url).pathname.split("/")[2] ?? "";
      const folder = path.join(cwd, `state-${OWNER}/broadsheet`);
      const name = readdirSync(folder).find((one) => one.endsWith(".key")) ?? "";
      expect(readFileSync(path.join(folder, name), "utf8")).toBe(key);
      const reader = `require("node:fs").readFile(${JSON.stringify(path.join(folder, name))}, (error) => console.log(error?.code));`;
      expect((await start(OTHER, "-e", reader)).line).toBe("EACCES");
      const other = await start(OTHER, MAIN, "desk", "--no-open", "--json");
      const foreign = new URL(JSON.parse(other.line).url).pathname.split("/")[2] ?? "";
      other.child.kill("SIGINT");
      await once(other.child, "exit");
      const target = `http://127.0.0.1:${port}/k/${foreign}/the-slipway/2026-11-24/life`;
      const { line } = await start(OTHER, "-e", POSTER, target, foreign);
      expect(line).toMatch(/^403 Open the address/);
    } finally {
      desk.child.kill("SIGINT");
      await once(desk.child, "exit");
    }
  });

  test("can't look into the outbox or the store", () => {
    for (const name of ["outbox", ".broadsheet"]) {
      expect(statSync(path.join(cwd, name)).mode & 0o077).toBe(0);
    }
    const listed = as(OTHER, "subscribers", "list");
    expect(listed.code).not.toBe(0);
    expect(listed.stdout + listed.stderr).not.toContain("ada@quay.example");
    expect(listed.stderr).toMatch(/^error [A-Z_]+: .*\n/);
    expect(listed.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
  });

  test("can't build over an issue, and is told what keeps it", () => {
    const built = as(OTHER, "build", "--date", "2026-11-24");
    expect([73, 74, 66]).toContain(built.code);
    expect(built.stderr).toMatch(/^error [A-Z_]+: /);
    expect(as(OWNER, "check", "2026-11-24").code).toBe(0);
  });

  test("root may look, and leaves what it owns to the owner", () => {
    expect(as(0, "subscribers", "list").stdout).toContain("ada@quay.example");
    expect(as(OWNER, "subscribers", "add", "bo@quay.example").code).toBe(0);
  });
});

const cache = () => path.join(cwd, `cache-${OWNER}/broadsheet/mjml`);
const entries = () => readdirSync(cache()).map((name) => path.join(cache(), name));
const built = () => as(OWNER, "build", "--date", "2026-11-25", "--discard-edits");
const page = () => readFileSync(path.join(cwd, "outbox/the-slipway/2026-11-25/email.html"), "utf8");

describe("a cache that another account can write", () => {
  const FORGED = "<html><body>forged by another account</body></html>";
  const NOTICE = /^Not used: \S*\/broadsheet\/mjml, since another account/m;

  beforeAll(() => {
    expect(built().stderr).not.toContain("Not used");
    expect(entries().length).toBeGreaterThan(0);
  });

  test("an entry of another account is not believed, and is made anew", () => {
    for (const file of entries()) {
      writeFileSync(file, FORGED);
      chmodSync(file, 0o644);
      chownSync(file, OTHER, OTHER);
    }
    expect(built().stderr).not.toContain("Not used");
    expect(page()).not.toContain("forged");
    for (const file of entries()) expect(statSync(file).uid).toBe(OWNER);
  });

  test("an entry that others may write is not believed", () => {
    for (const file of entries()) {
      writeFileSync(file, FORGED);
      chmodSync(file, 0o666);
    }
    built();
    expect(page()).not.toContain("forged");
  });

  test.each([
    ["belongs to another account", () => chownSync(cache(), OTHER, OTHER), 0o755],
    ["may be written by others", () => chownSync(cache(), OWNER, OWNER), 0o777],
  ])("a folder that %s is not used at all, and one notice says so", (_what, own, mode) => {
    own();
    chmodSync(cache(), mode);
    for (const file of entries()) {
      writeFileSync(file, FORGED);
      chmodSync(file, 0o644);
      chownSync(file, OWNER, OWNER);
    }
    const { code, stderr } = built();
    expect([code, stderr]).toEqual([0, expect.stringMatching(NOTICE)]);
    expect(page()).not.toContain("forged");
    for (const file of entries()) expect(readFileSync(file, "utf8")).toBe(FORGED);
  });

  test("compiled code is kept in the user's own cache, and not in a folder of /tmp", () => {
    const shared = path.join(tmpdir(), "node-compile-cache");
    const before = readdirSync(tmpdir()).includes("node-compile-cache") ? readdirSync(shared) : [];
    expect(before.filter((name) => name.endsWith(`-${OWNER}`))).toEqual([]);
    const compiled = statSync(path.join(cwd, `cache-${OWNER}/broadsheet/compiled`));
    expect([compiled.uid, compiled.mode & 0o077]).toEqual([OWNER, 0]);
  });
});
