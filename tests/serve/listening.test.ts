import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SqliteDatabase } from "../../src/platform/sqlite/database.ts";
import { openDoorStore } from "../../src/serve/io/door-store.ts";
import { doorBench, formsIn } from "./door-bench.ts";
import { fileOf } from "./store-bench.ts";

const ONE_CLICK = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "List-Unsubscribe=One-Click",
};

let bench: Awaited<ReturnType<typeof doorBench>>;
let site: string;
let token: string;

beforeEach(async () => {
  bench = await doorBench({}, {}, openDoorStore);
  site = await bench.listen();
  token = await bench.add({ address: "mara@harbour.example", tags: [] });
});
afterEach(async () => bench.close());

/** A connection over which a text was written. */
async function connection(text: string): Promise<Socket> {
  const socket = connect(Number(new URL(site).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** All that the server answers to a text, until it closes the connection. */
async function answerTo(text: string): Promise<string> {
  const socket = await connection(text);
  let answer = "";
  socket.setEncoding("utf8").on("data", (part: string) => (answer += part));
  await once(socket, "close");
  return answer;
}

test("readers are answered beside 1,000 connections that never finish their request", async () => {
  const halves = await Promise.all(
    Array.from({ length: 1_000 }, async () =>
      connection(`POST /u/${token} HTTP/1.1\r\nHost: x\r\nX-`),
    ),
  );
  expect((await fetch(`${site}/u/${token}`)).status).toBe(200);
  expect((await fetch(`${site}/u/${token}`, ONE_CLICK)).status).toBe(200);
  expect((await bench.readers.find(token))?.state).toBe("left");
  for (const half of halves) half.destroy();
});

test("a token of a megabyte gets the same bytes as any other that is none of ours", async () => {
  const nothing = await (await fetch(`${site}/u/sample`)).text();
  const answer = await answerTo(`GET /u/${"x".repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  expect(answer.split("\r\n\r\n", 2)[1]).toBe(nothing);
});

test("a body of 100 MB is refused before it is sent", async () => {
  const head = `POST /u/${token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 104857600\r\n\r\nList-Unsubscribe=One-Click&x=`;
  expect(await answerTo(head)).toMatch(/^HTTP\/1\.1 413 /);
  expect((await bench.readers.find(token))?.state).toBe("subscribed");
});

test.each([
  "GET /\0 HTTP/1.1\r\n\r\n",
  "\x16\x03\x01\x02",
  "GET / HTTP/9\r\n\r\n",
  "no request\r\n\r\n",
])("%j is no request, and the next one is answered", async (text) => {
  expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${site}/health`)).status).toBe(200);
});

test.each(["/../../etc/passwd", "http://evil.example/u"])(
  "%s, which no program that knows addresses would ask for, is not there",
  async (path) => {
    const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  },
);

test("a store that another process writes to holds up no page, and a reader who writes may try again", async () => {
  const other = new SqliteDatabase(fileOf(bench.store));
  other.begin();
  const waiting = fetch(`${site}/u/${token}`, ONE_CLICK);
  expect((await fetch(`${site}/u/${token}`)).status).toBe(200);
  const busy = await waiting;
  expect(busy.status).toBe(503);
  expect(busy.headers.get("retry-after")).toBe("10");
  expect(await busy.text()).toContain("Nothing was changed");
  other.rollback();
  other.close();
  expect((await fetch(`${site}/u/${token}`, ONE_CLICK)).status).toBe(200);
  expect((await bench.readers.find(token))?.state).toBe("left");
});

/** All that is in the store. */
function contents(): string {
  using database = new SqliteDatabase(fileOf(bench.store), { isReadOnly: true });
  const tables = database.all("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const rows = tables.map(({ name }) => database.all(`SELECT * FROM "${String(name)}"`));
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

test("1,000 GET, HEAD and OPTIONS of every route change nothing", async () => {
  const page = await (await bench.app.request(`/p/${token}`)).text();
  bench.pass(5_000);
  const body = new URLSearchParams(formsIn(page)[1]).toString();
  await bench.app.request(`/p/${token}`, { ...ONE_CLICK, body });
  const link = /data\/(\S+)/.exec(bench.mails[0]?.text ?? "")?.[1] ?? "";
  const routes = [...new Set(bench.app.routes.map(({ path }) => path))];
  const paths = routes.map((route) =>
    route
      .replaceAll("*", "any")
      .replace(/:(\w+)/g, (_all, name) => (name === "link" ? link : token)),
  );
  expect(paths).toContain(`/p/${token}/data/${link}`);
  const before = contents();
  for (let count = 0; count < 1_000; count += 1) {
    const method = ["GET", "HEAD", "OPTIONS"][count % 3] ?? "";
    const query = count % 2 === 0 ? "" : "?List-Unsubscribe=One-Click";
    await bench.app.request(`${paths[count % paths.length]}${query}`, { method });
  }
  expect(contents()).toBe(before);
  expect(bench.mails).toHaveLength(1);
});
