/**
 * Collecting from many feeds of a server on several loopback hosts, which is a process of its own: a first issue,
 * once more with what is left over, and when all is old. Each is timed, with the memory that stays.
 *
 *     npx node --expose-gc bench/collect.ts [FEEDS] [ITEMS]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { collect } from "../src/sources/collect/collect.ts";
import { parseConfig } from "../src/config/config.ts";
import { openCursor } from "../src/sources/io/cursor.ts";
import { feedOf, told } from "../tests/sources/collect/paper.ts";
import { takeArticlesFor } from "../tests/sources/take-articles.ts";
import { SILENT } from "../src/platform/reporter.ts";

const HOSTS = 20;
const NOW = new Date("2026-11-24T07:00:00Z");
const clock = () => NOW;
const HOUR_MS = 3_600_000;

const [first = "200", second = "50", third = "50"] = process.argv.slice(2);
if (first === "serve") serve(Number(second), Number(third));
else await measure(Number(first), Number(second));

async function measure(feeds: number, items: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-collect-"));
  const server = spawn(process.execPath, [
    import.meta.filename,
    "serve",
    String(feeds),
    String(items),
  ]);
  try {
    const port = await new Promise<string>((resolve) =>
      server.stdout.once("data", (data: Buffer) => resolve(String(data).trim())),
    );
    const sources = Array.from(
      { length: feeds },
      (_, feed) => `http://127.0.0.${2 + (feed % HOSTS)}:${port}/${feed}.xml`,
    );
    console.log(`${feeds} feeds of ${items} items on ${Math.min(HOSTS, feeds)} hosts`);
    await once("first issue", folder, { sources });
    for (const round of [2, 3, 4]) await once(`again (${round})`, folder, { sources });
    for (const round of [1, 2, 3])
      await once(`all is old (${round})`, folder, { sources, window: "1m" });
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

async function once(what: string, folder: string, user: object): Promise<void> {
  const config = parseConfig(user, {}, path.join(folder, "broadsheet.config.ts"));
  const surroundings = { cwd: process.cwd(), reporter: SILENT };
  await using cursor = await openCursor(config, clock);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const flags = { allowPrivate: true } as const;
  const options = { cursor, slot: what, flags, clock, ...surroundings };
  const { stories, leftOver, verdict, fetched, readings, sources } = await collect(config, options);
  const wallMs = performance.now() - startedAt;
  const { user: userUs, system } = process.cpuUsage(before);
  const prints = readings.map(({ print }) => print);
  await takeArticlesFor(config, prints, { slot: what, clock });
  globalThis.gc?.();
  const failed = sources.filter(({ error }) => error).length;
  console.log(
    [
      what.padEnd(16),
      `${(wallMs / 1000).toFixed(2)} s`,
      `${((userUs + system) / 1e6).toFixed(2)} s of processor`,
      `${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
      `${verdict}: ${stories} stories, ${leftOver} left over, ${fetched} addresses, ${failed} failed`,
    ].join("   "),
  );
}

/** Answers 304 to whoever has a feed, as it never changes. */
function serve(feeds: number, items: number): void {
  const bodies = new Map(
    Array.from({ length: feeds }, (_, feed) => [`/${feed}.xml`, bodyOf(feed, items)]),
  );
  const server = createServer((request, response) => {
    const body = bodies.get(request.url ?? "") ?? "User-agent: *\nAllow: /\n";
    const etag = `"${createHash("sha1").update(body).digest("hex")}"`;
    const isKnown = request.headers["if-none-match"] === etag;
    response.writeHead(isKnown ? 304 : 200, { "content-type": "application/rss+xml", etag });
    response.end(isKnown ? "" : body);
  });
  server.listen(0, "0.0.0.0", () => {
    const address = server.address();
    if (typeof address === "object" && address) console.log(address.port);
  });
}

/** Items of about 400 words, an hour apart. */
function bodyOf(feed: number, items: number): string {
  const site = `https://paper-${feed}.example`;
  const each = Array.from({ length: items }, (_, at) => {
    const number = feed * items + at;
    const texts = [0, 1, 2, 3, 4].map((part) => told(number * 5 + part).text);
    const date = new Date(NOW.getTime() - (at + 1) * HOUR_MS).toISOString();
    return told(number, {
      guid: `${site}/${at}`,
      link: `${site}/${at}`,
      date,
      text: texts.join("</p><p>"),
    });
  });
  return feedOf(each, `${site}/`);
}
