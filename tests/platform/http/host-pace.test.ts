import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemWait } from "../../../src/platform/clock.ts";
import { retryAfterSeconds, shownWait } from "../../../src/platform/http/answer-failure.ts";
import { type FetchLimits, HostQueue } from "../../../src/platform/http/fetch-limits.ts";
import { Places } from "../../../src/platform/places.ts";
import type { FetchOutcome, Role } from "../../../src/platform/http/fetch-outcome.ts";
import type { FetchSession } from "../../../src/platform/http/fetch-session.ts";
import {
  NOW,
  type TestServer,
  answer,
  openSession,
  redirect,
  startRawServer,
  startServer,
  textOf,
} from "./servers.ts";

type Paths = Parameters<typeof startServer>[0];

/** A site whose answers take no time, and a session whose clock moves only while it waits. */
async function siteAndSession(paths: Paths = {}) {
  let nowMs = 0;
  const asked: [path: string, seconds: number][] = [];
  const notes: string[] = [];
  const recorded = Object.fromEntries(
    Object.entries({ ...pagesTo(40), ...paths }).map(([path, give]): [string, Paths[string]] => [
      path,
      (response, request) => {
        asked.push([path, nowMs / 1000]);
        give(response, request);
      },
    ]),
  );
  const { origin, mostAtOnce } = await startServer(recorded);
  const session = openSession({
    clock: () => new Date(NOW.getTime() + nowMs),
    wait: async (ms) => void (nowMs += ms),
    note: (text) => void notes.push(text),
  });
  return { origin, session, asked, notes, mostAtOnce };
}

function pagesTo(count: number): Paths {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`/${at + 1}`, answer("…")]));
}

async function fetchAll(session: FetchSession, origin: string, count: number, role: Role) {
  const paths = Array.from({ length: count }, (_, at) => `/${at + 1}`);
  return Promise.all(paths.map(async (path) => session.fetch(origin + path, role)));
}

function times(asked: readonly [path: string, seconds: number][]): number[] {
  return asked.flatMap(([path, seconds]) => (path === "/robots.txt" ? [] : [seconds]));
}

describe("a host of which many pages are wanted", () => {
  test("is asked one at a time, and after the first twenty five times a second", async () => {
    const { origin, session, asked, mostAtOnce } = await siteAndSession();
    await fetchAll(session, origin, 24, "page");
    const first = Array.from({ length: 20 }, () => 0);
    expect(times(asked)).toEqual([...first, 0.2, 0.4, 0.6, 0.8]);
    expect(mostAtOnce()).toBe(1);
  });

  test.each<[Role, string]>([
    ["page", "text/html"],
    ["picture", "image/png"],
  ])("is asked for each %s after its Crawl-delay", async (role, type) => {
    const headers = { "content-type": type };
    const { origin, session, asked, notes } = await siteAndSession({
      "/robots.txt": answer("User-agent: *\nCrawl-delay: 3"),
      ...Object.fromEntries(["/1", "/2", "/3"].map((path) => [path, answer("…", 200, headers)])),
    });
    for (const path of ["/1", "/2", "/3"]) {
      expect(await session.fetch(origin + path, role)).toMatchObject({ kind: "fetched" });
    }
    expect(times(asked)).toEqual([0, 3, 6]);
    expect(notes).toEqual([]);
  });

  test("waits 10 seconds at most between two, and it is reported that more was asked for", async () => {
    const robots = answer("User-agent: Broadsheet\nCrawl-delay: 600");
    const { origin, session, asked, notes } = await siteAndSession({ "/robots.txt": robots });
    await fetchAll(session, origin, 3, "page");
    expect(times(asked)).toEqual([0, 10, 20]);
    const { host } = new URL(origin);
    const wish = "10 minutes between two requests and gets 10 seconds";
    expect(notes).toEqual([
      `Waiting for ${host}, which wants ${wish}: after 5 minutes nothing more is fetched from it`,
    ]);
  });

  test("is waited for five minutes in a run and no longer, and that is reported before", async () => {
    const robots = answer("User-agent: *\nCrawl-delay: 10");
    const { origin, session, asked, notes } = await siteAndSession({ "/robots.txt": robots });
    const outcomes = await fetchAll(session, origin, 33, "page");
    expect(times(asked)).toEqual(Array.from({ length: 31 }, (_, at) => at * 10));
    const { host } = new URL(origin);
    const why = `the requests to ${host} have waited for 5 minutes in this run, the maximum for one host`;
    const url = `${origin}/33`;
    expect(outcomes[32]).toMatchObject({ kind: "timedOut", url, why, isTemporary: true });
    expect(notes).toEqual([
      `Waiting for ${host}, which wants 10 seconds between two requests: after 5 minutes nothing more is fetched from it`,
    ]);
  });

  test.each(["0", "-3", "soon", "NaN"])("has no delay by a Crawl-delay of %s", async (delay) => {
    const robots = answer(`User-agent: *\nCrawl-delay: ${delay}`);
    const { origin, session, asked } = await siteAndSession({ "/robots.txt": robots });
    await fetchAll(session, origin, 3, "page");
    expect(times(asked)).toEqual([0, 0, 0]);
  });

  test("keeps the usual gap if its Crawl-delay is shorter", async () => {
    const robots = answer("User-agent: *\nCrawl-delay: 0.001");
    const { origin, session, asked } = await siteAndSession({ "/robots.txt": robots });
    await fetchAll(session, origin, 22, "page");
    const seconds = times(asked);
    expect((seconds[21] ?? 0) - (seconds[20] ?? 0)).toBeCloseTo(0.2);
  });

  test("does not keep other hosts waiting", async () => {
    const slow = await siteAndSession({ "/robots.txt": answer("User-agent: *\nCrawl-delay: 10") });
    const other = await startServer(pagesTo(1), "127.0.0.3");
    const waiting = Promise.withResolvers<void>();
    const session = openSession({ isAllowed: () => true, wait: async () => waiting.promise });
    const fetching = fetchAll(session, slow.origin, 2, "page");
    await session.fetch(`${other.origin}/1`, "page");
    waiting.resolve();
    expect(await fetching).toMatchObject([{ kind: "fetched" }, { kind: "fetched" }]);
  });

  test("is no longer waited for when the session is closed", async () => {
    const { origin } = await siteAndSession({
      "/robots.txt": answer("User-agent: *\nCrawl-delay: 10"),
    });
    const begun = Promise.withResolvers<void>();
    const session = openSession({
      wait: async (ms, signal) => {
        begun.resolve();
        await systemWait(ms * 1000, signal);
      },
    });
    const fetching = fetchAll(session, origin, 2, "page");
    await begun.promise;
    await session.close();
    expect(await fetching).toMatchObject([{ kind: "fetched" }, { kind: "calledOff" }]);
  });
});

/** Refuses so many times, and then answers. */
function busy(times: number, after: string, status = 429): Paths[string] {
  let left = times;
  return (response, request) =>
    (left-- > 0 ? answer("", status, { "retry-after": after }) : answer("…"))(response, request);
}

describe("a host that asks for patience", () => {
  test.each([
    ["for 3 seconds", busy(1, "3"), [0, 3]],
    ["for 3 seconds, with 503", busy(1, "3", 503), [0, 3]],
    ["twice", busy(2, "4"), [0, 4, 8]],
    ["for no time, as it says", busy(1, "0"), [0, 1]],
  ])("%s is asked again when they are over", async (_what, page, seconds) => {
    const { origin, session, asked } = await siteAndSession({ "/1": page });
    expect(await session.fetch(`${origin}/1`, "feed")).toMatchObject({ kind: "fetched" });
    expect(times(asked)).toEqual(seconds);
  });

  test("is asked again for the page that it refused, before other pages", async () => {
    const { origin, session, asked } = await siteAndSession({ "/1": busy(1, "1") });
    const outcomes = await fetchAll(session, origin, 3, "page");
    expect(outcomes.map(({ kind }) => kind)).toEqual(["fetched", "fetched", "fetched"]);
    expect(asked.map(([path]) => path)).toEqual(["/1", "/1", "/2", "/3"]);
  });

  test("now and then is asked again each time", async () => {
    const pages = { "/1": busy(1, "9"), "/2": busy(2, "9"), "/3": busy(1, "9") };
    const { origin, session } = await siteAndSession(pages);
    const outcomes = await fetchAll(session, origin, 3, "feed");
    expect(outcomes.map(({ kind }) => kind)).toEqual(["fetched", "fetched", "fetched"]);
  });

  test("three times in a row is left alone for the rest of the run", async () => {
    const { origin, session, asked } = await siteAndSession({ "/1": busy(Infinity, "3") });
    const first = await session.fetch(`${origin}/1`, "feed");
    expect(first).toMatchObject({ kind: "later", retryAfterSeconds: 3 });
    const second = await session.fetch(`${origin}/2`, "feed");
    expect(second).toMatchObject({ kind: "later", url: `${origin}/2` });
    expect(asked.map(([path, at]) => `${path} ${at}`)).toEqual(["/1 0", "/1 3", "/1 6"]);
  });

  test("in answer to its robots.txt is asked for it again, and then for the page", async () => {
    const { origin, session, asked } = await siteAndSession({ "/robots.txt": busy(1, "2") });
    expect(await session.fetch(`${origin}/1`, "page")).toMatchObject({ kind: "fetched" });
    expect(asked).toEqual([
      ["/robots.txt", 0],
      ["/robots.txt", 2],
      ["/1", 2],
    ]);
  });
});

describe("the queue of hosts", () => {
  test("asks a host for one thing at a time, in order, and no more hosts at once than it may", async () => {
    const hosts = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        hosts,
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (asked, limit, s) => {
          const queue = new HostQueue();
          const places = new Places(limit);
          const running = new Set<string>();
          const begun: number[] = [];
          const tasks = asked.map(async (host, index) =>
            queue.run(host, async () =>
              places.run(async () => {
                expect(running.has(host)).toBe(false);
                running.add(host);
                expect(running.size).toBeLessThanOrEqual(limit);
                begun.push(index);
                await s.schedule(Promise.resolve());
                running.delete(host);
                return index;
              }),
            ),
          );
          expect(await s.waitFor(Promise.all(tasks))).toEqual(asked.map((_, index) => index));
          for (const host of asked) {
            const order = begun.filter((index) => asked[index] === host);
            expect(order).toEqual(order.toSorted((one, other) => one - other));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("goes on after a failure", async () => {
    const queue = new HostQueue();
    const places = new Places(1);
    const failing = queue.run("a", async () =>
      places.run(async () => Promise.reject(new Error("no"))),
    );
    const next = queue.run("a", async () => places.run(async () => "yes"));
    await expect(failing).rejects.toThrow("no");
    await expect(next).resolves.toBe("yes");
  });
});

test.each([
  ["120", 120],
  [" 0 ", 0],
  ["Wed, 02 Apr 2031 06:05:00 GMT", 300],
  ["Wednesday, 02-Apr-31 06:05:00 GMT", 300],
  ["Wed Apr  2 06:05:00 2031 GMT", 300],
  ["Tue, 01 Apr 2031 06:05:00 GMT", 0],
  ["soon", undefined],
  ["-5", undefined],
  ["1.5", undefined],
  ["99999999999999", undefined],
  ["", undefined],
  [undefined, undefined],
])("a Retry-After field: %s is %s seconds", (field, seconds) => {
  expect(retryAfterSeconds(field, NOW)).toBe(seconds);
});

test.each([
  [1, "1 second"],
  [90, "90 seconds"],
  [121, "3 minutes"],
  [7201, "3 hours"],
  [604_800, "7 days"],
  [2_592_001, "more than 30 days"],
  [251_606_390_400, "more than 30 days"],
  [Infinity, "more than 30 days"],
])("%i seconds are told as %s, never as less than they are", (seconds, told) => {
  expect(shownWait(seconds)).toBe(told);
});

const PAGE = answer("a page");

async function siteWith(robots: Parameters<typeof startServer>[0][string]): Promise<TestServer> {
  return startServer({ "/robots.txt": robots, "/a": PAGE, "/b": PAGE, "/b?c": PAGE });
}

async function fetchPage(
  origin: string,
  path = "/a",
  limits: Partial<FetchLimits> = {},
): Promise<FetchOutcome> {
  return openSession({ limits }).fetch(origin + path, "page");
}

describe("a page whose site says who may read it", () => {
  test("is not asked for when programs may not", async () => {
    const { origin, requests } = await siteWith(answer("User-agent: *\nDisallow: /a"));
    expect(await fetchPage(origin)).toEqual({
      kind: "robots",
      url: `${origin}/a`,
      why: `the robots.txt of ${new URL(origin).host} does not let programs read ${origin}/a`,
      fix: "open it in a browser, save the page and give that file",
      isTemporary: false,
    });
    expect(requests.map(({ path }) => path)).toEqual(["/robots.txt"]);
  });

  test.each([
    ["others", "User-agent: Other\nDisallow: /", "/a", "fetched"],
    ["our name", "User-agent: *\nDisallow:\n\nUser-agent: broadsheet\nDisallow: /", "/a", "robots"],
    ["but us", "User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\nAllow: /", "/a", "fetched"],
    ["a longer path first", "User-agent: *\nDisallow: /\nAllow: /a", "/a", "fetched"],
    ["a pattern", "User-agent: *\nDisallow: /*?c$", "/b?c", "robots"],
    ["a pattern that stops earlier", "User-agent: *\nDisallow: /*?c$", "/b", "fetched"],
    ["after a byte order mark", "\uFEFFUser-agent: *\r\nDisallow: /", "/a", "robots"],
    ["nothing", "", "/a", "fetched"],
    ["nonsense", "<!doctype html><p>Welcome", "/a", "fetched"],
  ])("is read or not where it rules out %s", async (_whom, rules, path, kind) => {
    const { origin } = await siteWith(answer(rules));
    expect(await fetchPage(origin, path)).toMatchObject({ kind });
  });

  test("may lie after many rules, but not after 500 KB of them (RFC 9309 §2.5)", async () => {
    const early = `User-agent: *\n${"#".repeat(400 * 1024)}\nDisallow: /`;
    const late = `User-agent: *\n${"#".repeat(500 * 1024)}\nDisallow: /`;
    expect(await fetchPage((await siteWith(answer(early))).origin)).toMatchObject({
      kind: "robots",
    });
    expect(await fetchPage((await siteWith(answer(late))).origin)).toMatchObject({
      kind: "fetched",
    });
  });

  test("is not held up by rules of nothing but stars", async () => {
    const rules = `User-agent: *\nDisallow: /${"*".repeat(480 * 1024)}$\n`;
    const { origin } = await startServer({ "/robots.txt": answer(rules) });
    const before = process.threadCpuUsage();
    expect(await fetchPage(origin, `/${"a".repeat(2000)}`)).toMatchObject({ kind: "robots" });
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000_000).toBeLessThan(20);
  });
});

describe("a site's rules", () => {
  test("are asked for once, and hold for the whole run", async () => {
    const { origin, requests } = await siteWith(answer("User-agent: *\nDisallow: /b"));
    const session = openSession();
    const paths = ["/a", "/b", "/a"];
    const outcomes = await Promise.all(
      paths.map(async (path) => session.fetch(origin + path, "page")),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(["fetched", "robots", "fetched"]);
    expect(requests.map(({ path }) => path)).toEqual(["/robots.txt", "/a", "/a"]);
  });

  test.each(["feed", "picture"] as const)("are not asked for a %s", async (role) => {
    const { origin, requests } = await startServer({
      "/robots.txt": answer("User-agent: *\nDisallow: /"),
      "/f": answer("x", 200, { "content-type": "application/octet-stream" }),
    });
    expect(textOf(await openSession().fetch(`${origin}/f`, role))).toBe("x");
    expect(requests.map(({ path }) => path)).toEqual(["/f"]);
  });

  test("hold where a redirect leads, by the rules there", async () => {
    const other = await siteWith(answer("User-agent: *\nDisallow: /a"));
    const { origin } = await startServer({ "/old": redirect(`${other.origin}/a`) });
    expect(await fetchPage(origin, "/old")).toMatchObject({
      kind: "robots",
      url: `${other.origin}/a`,
    });
    expect(other.requests.map(({ path }) => path)).toEqual(["/robots.txt"]);
  });

  test("are read from where they have moved to", async () => {
    const { origin } = await startServer({
      "/robots.txt": redirect("/rules", 301),
      "/rules": answer("User-agent: *\nDisallow: /"),
      "/a": PAGE,
    });
    expect(await fetchPage(origin)).toMatchObject({ kind: "robots" });
  });

  test.each([400, 401, 403, 404, 410])("that are not there (%i) forbid nothing", async (status) => {
    const { origin } = await siteWith(answer("", status));
    expect(await fetchPage(origin)).toMatchObject({ kind: "fetched" });
  });

  test("that are never reached for redirects forbid nothing", async () => {
    const { origin } = await siteWith(redirect("/robots.txt"));
    expect(await fetchPage(origin)).toMatchObject({ kind: "fetched" });
  });

  test.each([500, 503])(
    "that can't be had because of an error (%i) forbid everything",
    async (status) => {
      const { origin, requests } = await siteWith(answer("", status));
      const { host } = new URL(origin);
      expect(await fetchPage(origin)).toMatchObject({
        kind: "robots",
        url: `${origin}/a`,
        why: `${origin}/robots.txt can't be read, so no page of this site may be fetched: ${host} has an internal error (${status})`,
        fix: "try again later",
        isTemporary: true,
      });
      expect(requests).toHaveLength(1);
    },
  );

  test("that break off forbid everything", async () => {
    const origin = await startRawServer((socket) => {
      socket.once("data", () =>
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent"),
      );
    });
    expect(await fetchPage(origin)).toMatchObject({ kind: "robots", isTemporary: true });
  });

  test("of a host that was asked too often are told as that", async () => {
    const { origin } = await siteWith(answer("", 429, { "retry-after": "9" }));
    expect(await fetchPage(origin)).toMatchObject({
      kind: "later",
      url: `${origin}/a`,
      retryAfterSeconds: 9,
    });
  });

  test("of a host that can't be reached are told as that", async () => {
    expect(await fetchPage("http://127.0.0.2:9099")).toMatchObject({
      kind: "unreachable",
      url: "http://127.0.0.2:9099/a",
    });
    const silent = await startRawServer(() => undefined);
    expect(await fetchPage(silent, "/a", { headersMs: 300 })).toMatchObject({ kind: "timedOut" });
  });
});
