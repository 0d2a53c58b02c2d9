import { describe, expect, test } from "vitest";
import { systemWait } from "../../../src/platform/clock.ts";
import type { FetchSession } from "../../../src/platform/http/fetch-session.ts";
import type { Role } from "../../../src/platform/http/fetch-outcome.ts";
import { answer, NOW, openSession, startServer } from "./servers.ts";

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
    const why = `${host} was waited for 5 minutes in this run, the longest time for one host`;
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
    const slow = await siteAndSession({
      "/robots.txt": answer("User-agent: *\nCrawl-delay: 10"),
    });
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
