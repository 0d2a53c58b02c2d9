import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type DiskCache, diskCache } from "../../../src/platform/http/disk-cache.ts";
import type { KeptPage } from "../../../src/platform/http/fetch-outcome.ts";
import { answer, fetchFeed, NOW, openSession, redirect, startServer, textOf } from "./servers.ts";
import { newFolder } from "../../temporary.ts";

const PAGE: KeptPage = {
  url: "https://paper.example/a",
  status: 200,
  bytes: Buffer.from([0, 255, 10, 13]),
  contentType: "text/html",
  charset: "utf-8",
  etag: 'W/"é7"',
  lastModified: "Tue, 01 Apr 2031 06:00:00 GMT",
};
const DAY = 86_400_000;

async function cacheFolder(): Promise<string> {
  const folder = await newFolder();
  return path.join(folder, ".broadsheet", "http");
}

async function newCache(): Promise<{
  folder: string;
  cache: DiskCache;
  pass: (ms: number) => void;
}> {
  const folder = await cacheFolder();
  let now = Date.now();
  return {
    folder,
    cache: diskCache(folder, () => new Date(now)),
    pass: (ms) => {
      now += ms;
    },
  };
}

/** A page that says 304 to whoever has it. */
function versioned(body: string, etag: string): Parameters<typeof startServer>[0][string] {
  return (response, request) => {
    const isKnown = request.headers["if-none-match"] === etag;
    answer(isKnown ? "" : body, isKnown ? 304 : 200, { etag })(response, request);
  };
}

describe("a page that was kept", () => {
  test("comes out as it went in, for that address and role only", async () => {
    const { cache } = await newCache();
    await cache.save("page", PAGE);
    expect(await cache.load(PAGE.url, "page")).toEqual(PAGE);
    expect(await cache.load(PAGE.url, "feed")).toBeUndefined();
    expect(await cache.load(`${PAGE.url}b`, "page")).toBeUndefined();
  });

  test("gives way to a newer one", async () => {
    const { cache } = await newCache();
    await cache.save("page", PAGE);
    const { charset: _, ...newer } = { ...PAGE, bytes: Buffer.from("newer"), etag: '"8"' };
    await cache.save("page", newer);
    expect(await cache.load(PAGE.url, "page")).toEqual(newer);
  });

  test("shares its body with others, and leaves no draft behind", async () => {
    const { cache, folder } = await newCache();
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) =>
        cache.save("page", { ...PAGE, url: `${PAGE.url}${n % 4}` }),
      ),
    );
    const names = await readdir(folder);
    expect(names.filter((name) => name.endsWith(".body"))).toHaveLength(1);
    expect(names).toHaveLength(5);
    expect(await cache.load(`${PAGE.url}3`, "page")).toMatchObject({ bytes: PAGE.bytes });
  });

  test.each([
    ["its body is cut", ".body", (text: string) => text.slice(1)],
    ["what is known of it is cut", ".json", (text: string) => text.slice(0, -9)],
    ["it is about another page", ".json", (text: string) => text.replace("/a", "/b")],
    ["its etag breaks a request", ".json", (text: string) => text.replace("W/", "\\r\\nHost: x")],
    ["its body is away", ".json", (text: string) => text.replace(/"body":".*?"/, '"body":"../x"')],
  ])("is not there when %s", async (_what, ending, damage) => {
    const { cache, folder } = await newCache();
    await cache.save("page", PAGE);
    const name = (await readdir(folder)).find((each) => each.endsWith(ending)) ?? "";
    const file = path.join(folder, name);
    const whole = await readFile(file, "latin1");
    expect(damage(whole)).not.toBe(whole);
    await writeFile(file, damage(whole), "latin1");
    expect(await cache.load(PAGE.url, "page")).toBeUndefined();
  });

  test("goes when nobody has asked for it in 30 days", async () => {
    const { cache, folder, pass } = await newCache();
    await cache.save("page", PAGE);
    await cache.save("page", { ...PAGE, url: `${PAGE.url}2`, bytes: Buffer.from("used") });
    pass(29 * DAY);
    await cache.tidy();
    expect(await cache.load(`${PAGE.url}2`, "page")).toMatchObject({ bytes: Buffer.from("used") });
    pass(2 * DAY);
    await cache.tidy();
    expect(await cache.load(PAGE.url, "page")).toBeUndefined();
    expect(await cache.load(`${PAGE.url}2`, "page")).toMatchObject({ bytes: Buffer.from("used") });
    expect(await readdir(folder)).toHaveLength(2);
  });
});

describe("a session that keeps pages", () => {
  test("gives the earlier body when nothing has changed", async () => {
    const { cache } = await newCache();
    const { origin, requests } = await startServer({
      "/": (response, request) =>
        request.headers["if-none-match"]
          ? answer("", 304, { etag: '"7"', "last-modified": "later" })(response, request)
          : answer("body", 200, { etag: '"7"', "last-modified": "Tue, 01 Apr 2031 06:00:00 GMT" })(
              response,
              request,
            ),
    });
    await fetchFeed(`${origin}/`, { cache });
    const outcome = await fetchFeed(`${origin}/`, { cache });
    expect(
      requests.map(({ headers }) => [headers["if-none-match"], headers["if-modified-since"]]),
    ).toEqual([
      [undefined, undefined],
      ['"7"', "Tue, 01 Apr 2031 06:00:00 GMT"],
    ]);
    expect(outcome).toEqual({
      kind: "unchanged",
      url: `${origin}/`,
      redirects: [],
      status: 304,
      bytes: Buffer.from("body"),
      contentType: "text/html",
      etag: '"7"',
      lastModified: "later",
    });
  });

  test("asks by the date alone where there is no etag", async () => {
    const { cache } = await newCache();
    const { origin } = await startServer({
      "/": (response, request) => {
        const isKnown = request.headers["if-modified-since"] === "Tue, 01 Apr 2031 06:00:00 GMT";
        const headers = isKnown ? {} : { "last-modified": "Tue, 01 Apr 2031 06:00:00 GMT" };
        answer(isKnown ? "" : "body", isKnown ? 304 : 200, headers)(response, request);
      },
    });
    await fetchFeed(`${origin}/`, { cache });
    expect(await fetchFeed(`${origin}/`, { cache })).toMatchObject({
      kind: "unchanged",
      bytes: Buffer.from("body"),
    });
  });

  test("finds what has moved again, and keeps it under where it is", async () => {
    const { cache } = await newCache();
    const { origin } = await startServer({
      "/old": redirect("/new"),
      "/new": versioned("body", '"7"'),
    });
    await fetchFeed(`${origin}/old`, { cache });
    expect(await fetchFeed(`${origin}/old`, { cache })).toMatchObject({
      kind: "unchanged",
      url: `${origin}/new`,
      redirects: [`${origin}/old`],
      bytes: Buffer.from("body"),
    });
  });

  test("takes what has changed, and keeps that", async () => {
    const { cache } = await newCache();
    const paths = { "/": versioned("one", '"1"') };
    const { origin } = await startServer(paths);
    await fetchFeed(`${origin}/`, { cache });
    paths["/"] = versioned("two", '"2"');
    expect(await fetchFeed(`${origin}/`, { cache })).toMatchObject({
      kind: "fetched",
      bytes: Buffer.from("two"),
    });
    expect(await fetchFeed(`${origin}/`, { cache })).toMatchObject({
      kind: "unchanged",
      bytes: Buffer.from("two"),
    });
  });

  test.each([
    ["has nothing to tell its version by", answer("x")],
    ["is not for storing", answer("x", 200, { etag: '"7"', "cache-control": "private, no-store" })],
    ["is not there", answer("x", 404, { etag: '"7"' })],
    ["is of another type", answer("x", 200, { etag: '"7"', "content-type": "image/png" })],
    ["is too large", answer("x".repeat(200), 200, { etag: '"7"' })],
  ])("keeps nothing that %s", async (_what, page) => {
    const { cache, folder } = await newCache();
    const { origin } = await startServer({ "/": page });
    await fetchFeed(`${origin}/`, { cache, limits: { maxBytes: 100 } });
    expect(await readdir(folder).catch(() => [])).toEqual([]);
  });

  test("goes on without, where the folder can't be written", async () => {
    const folder = await cacheFolder();
    await writeFile(path.dirname(folder), "a file, not a folder");
    const cache = diskCache(folder, () => NOW);
    const { origin } = await startServer({ "/": versioned("body", '"7"') });
    const session = openSession({ cache });
    expect(textOf(await session.fetch(`${origin}/`, "feed"))).toBe("body");
    await expect(session.close()).resolves.toBeUndefined();
    await expect(cache.save("feed", PAGE)).rejects.toThrow();
  });
});
