import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ERROR_CODES } from "../../../src/errors.ts";
import type { FetchLimits } from "../../../src/platform/http/fetch-limits.ts";
import { type Role, fetchError } from "../../../src/platform/http/fetch-outcome.ts";
import { quickTime } from "../../quick-time.ts";
import { COMPRESSORS, bomb } from "./bombs.ts";
import {
  INSIDE,
  NOW,
  answer,
  failureOf,
  fetchFeed,
  openSession,
  pageOf,
  redirect,
  startRawServer,
  startServer,
  textOf,
} from "./servers.ts";

describe("a page that is there", () => {
  test("comes with what its server says of it", async () => {
    const { origin } = await startServer({
      "/a?b=1": answer("<p>Ebb at six.", 200, {
        "content-type": "text/html; charset=ISO-8859-2",
        etag: 'W/"7"',
        "last-modified": "Tue, 01 Apr 2031 06:00:00 GMT",
      }),
    });
    const outcome = await openSession().fetch(`${origin}/a?b=1#c`, "page");
    expect(outcome).toEqual({
      kind: "fetched",
      url: `${origin}/a?b=1`,
      redirects: [],
      status: 200,
      bytes: Buffer.from("<p>Ebb at six."),
      contentType: "text/html",
      charset: "iso-8859-2",
      etag: 'W/"7"',
      lastModified: "Tue, 01 Apr 2031 06:00:00 GMT",
    });
  });

  test("is given as it came when its charset is wrong: deciding is for whoever reads it", async () => {
    const bytes = Buffer.from("Ebbe um fünf");
    const { origin } = await startServer({
      "/wrong": answer(bytes, 200, { "content-type": "text/html; charset=utf-16" }),
      "/unknown": answer(bytes, 200, { "content-type": "text/html; charset=latin-none" }),
    });
    expect(await fetchFeed(`${origin}/wrong`)).toMatchObject({ bytes, charset: "utf-16" });
    const unknown = await fetchFeed(`${origin}/unknown`);
    expect(unknown).toMatchObject({ kind: "fetched", bytes });
    expect(unknown).not.toHaveProperty("charset");
  });

  test("may be empty, even if it says that it is compressed", async () => {
    const { origin } = await startServer({ "/": answer("", 200, { "content-encoding": "gzip" }) });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "fetched",
      bytes: Buffer.alloc(0),
    });
  });

  test("is asked for under our own name, without cookie or referrer", async () => {
    const { origin, requests } = await startServer({
      "/": answer("", 200, { "set-cookie": "reader=7" }),
    });
    const session = openSession();
    await session.fetch(`${origin}/`, "feed");
    await session.fetch(`${origin}/`, "page");
    const [feed, robots, page] = requests.map(({ headers }) => headers);
    expect(Object.keys(page ?? {}).sort()).toEqual(
      "accept accept-encoding connection host user-agent".split(" "),
    );
    expect(page?.["user-agent"]).toBe("Broadsheet/1.2.3 (newsletter digest reader)");
    expect(page?.accept).toMatch(/^text\/html,/);
    expect(feed?.accept).toMatch(/^application\/feed\+json,/);
    expect(robots?.accept).toMatch(/^text\/plain,/);
  });

  test("is fetched past a proxy that the environment names", async () => {
    const { origin } = await startServer({ "/": answer("direct") });
    for (const name of ["HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, "http://127.0.0.1:9");
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(textOf(await fetchFeed(`${origin}/`))).toBe("direct");
  });
});

/** Five minutes from `NOW`. */
const AT_FIVE = "Wed, 02 Apr 2031 06:05:00 GMT";

describe("a page that is not there", () => {
  const SAVE_IT = "open it in a browser, save the page and give that file";
  const SEE = "open it in a browser and see what it says";

  test.each([
    [
      202,
      "notReady",
      true,
      "/a?… is accepted but not ready yet (202)",
      "try again in some minutes",
    ],
    [204, "failing", false, "/a?… gives an answer without a page (204)", SEE],
    [300, "failing", false, "/a?… gives an answer without a page (300)", SEE],
    [304, "failing", false, "/a?… gives an answer without a page (304)", SEE],
    [400, "refused", false, "/a?… is refused (400)", SEE],
    [401, "refused", false, "/a?… requires a login (401)", SAVE_IT],
    [402, "refused", false, "/a?… requires a payment (402)", SAVE_IT],
    [403, "refused", false, "/a?… may not be read by programs, or not from here (403)", SAVE_IT],
    [404, "gone", false, "/a?… is not there (404)", "check the address, or take it out"],
    [410, "gone", false, "/a?… was taken down for good (410)", "check the address, or take it out"],
    [451, "refused", false, "/a?… is withheld for legal reasons (451)", "look for another source"],
    [500, "failing", true, " has an internal error (500)", "try again later"],
    [503, "failing", true, " has an internal error (503)", "try again later"],
    [999, "refused", false, "/a?… is refused (999)", SEE],
  ])("with %i is told as %s", async (status, kind, isTemporary, why, fix) => {
    const { origin } = await startServer({ "/a?key=hush": answer("", status) });
    const outcome = failureOf(await fetchFeed(`${origin}/a?key=hush`));
    const start = why.startsWith(" ") ? new URL(origin).host : origin;
    const url = `${origin}/a?key=hush`;
    expect(outcome).toEqual({ kind, status, url, isTemporary, why: `${start}${why}`, fix });
  });

  const ALONE = "and accepts no more requests";
  test.each([
    [429, "90", { retryAfterSeconds: 90 }, `got too many requests (429) ${ALONE} for 90 seconds`],
    [429, "0", { retryAfterSeconds: 1 }, `got too many requests (429) ${ALONE} for 1 second`],
    [429, undefined, {}, `got too many requests (429) ${ALONE}`],
    [503, AT_FIVE, { retryAfterSeconds: 300 }, `is not available now (503) ${ALONE} for 5 minutes`],
  ])("with %i and Retry-After %s is told as later", async (status, field, seconds, why) => {
    const headers = field === undefined ? {} : { "retry-after": field };
    const { origin } = await startServer({ "/": answer("", status, headers) });
    const outcome = failureOf(await fetchFeed(`${origin}/`));
    const [, wait = "later"] = /requests for (.*)$/.exec(why) ?? [];
    const fix = wait === "later" ? "try again later" : `try again in ${wait}`;
    expect(outcome).toMatchObject({ kind: "later", status, fix, isTemporary: true, ...seconds });
    expect(outcome.why).toBe(`${new URL(origin).host} ${why}`);
  });

  test("because its host wants patience is not asked for again until the time is over", async () => {
    const { origin, requests } = await startServer({
      "/busy": answer("", 429, { "retry-after": "90" }),
      "/b": answer("b"),
    });
    let now = NOW.getTime();
    const session = openSession({ clock: () => new Date(now) });
    const both = await Promise.all([
      session.fetch(`${origin}/busy`, "feed"),
      session.fetch(`${origin}/b`, "feed"),
    ]);
    expect(both).toMatchObject([{ kind: "later" }, { kind: "later", url: `${origin}/b` }]);
    expect(requests.map(({ path }) => path)).toEqual(["/busy"]);
    now += 90_000;
    expect(textOf(await session.fetch(`${origin}/b`, "feed"))).toBe("b");
  });

  test.each<[Role, string, string]>([
    ["page", "image/png", "is image/png, not a page"],
    ["feed", "application/pdf", "is application/pdf, not a feed"],
    ["picture", "text/html", "is text/html, not a picture"],
  ])("but something else instead of a %s is told by its type", async (role, contentType, why) => {
    const { origin } = await startServer({
      "/": answer("…", 200, { "content-type": contentType }),
    });
    expect(await openSession().fetch(`${origin}/`, role)).toMatchObject({
      kind: "wrongType",
      contentType,
      why: `${origin}/ ${why}`,
      isTemporary: false,
    });
  });
});

describe("the hosts", () => {
  test("are asked one thing at a time, over one connection", async () => {
    const paths = ["/1", "/2", "/3", "/4", "/5"];
    const { origin, requests, mostAtOnce, connections } = await startServer(
      Object.fromEntries(paths.map((path) => [path, slow(path)])),
    );
    const session = openSession();
    const outcomes = await Promise.all(
      paths.map(async (path) => session.fetch(origin + path, "page")),
    );
    expect(outcomes.map(textOf)).toEqual(paths);
    expect(requests.map(({ path }) => path)).toEqual(["/robots.txt", ...paths]);
    expect(mostAtOnce()).toBe(1);
    expect(connections()).toBe(1);
  });

  test("are asked side by side", async () => {
    const meet = meeting(2);
    const one = await startServer({ "/": meet });
    const other = await startServer({ "/": meet }, "127.0.0.3");
    const session = openSession({ isAllowed: () => true });
    const fetching = [one, other].map(async ({ origin }) => session.fetch(`${origin}/`, "feed"));
    expect((await Promise.all(fetching)).map(textOf)).toEqual(["met", "met"]);
  });
});

test("a session that is closed: ends what is under way and what waits", async () => {
  const begun = Promise.withResolvers<void>();
  const { origin } = await startServer({ "/never": () => begun.resolve() });
  const session = openSession();
  const fetching = ["/never", "/next"].map(async (path) => session.fetch(origin + path, "feed"));
  await begun.promise;
  await session.close();
  expect(await Promise.all(fetching)).toMatchObject([
    { kind: "calledOff", why: `${origin}/never was being fetched when the run ended` },
    { kind: "calledOff" },
  ]);
});

/** Answers only when so many ask at once. */
function meeting(size: number): (response: ServerResponse) => void {
  const waiting: ServerResponse[] = [];
  return (response) => {
    waiting.push(response);
    if (waiting.length === size) for (const each of waiting) each.end("met");
  };
}

/** Answers after a while, compressed. */
function slow(body: string): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    setTimeout(() => response.end(gzipSync(body)), 20);
  };
}

describe("a page that has moved", () => {
  test.each([301, 302, 303, 307, 308])("is found with %i", async (status) => {
    const { origin } = await startServer({
      "/old": redirect("/new", status),
      "/new": answer("here"),
    });
    const outcome = await fetchFeed(`${origin}/old`);
    expect(textOf(outcome)).toBe("here");
    expect(pageOf(outcome)).toMatchObject({ url: `${origin}/new`, redirects: [`${origin}/old`] });
  });

  test("is found from where it is told, relative to there", async () => {
    const { origin } = await startServer({
      "/a/b": redirect("../c/d#e"),
      "/c/d": redirect("?f"),
      "/c/d?f": answer("here"),
    });
    expect(pageOf(await fetchFeed(`${origin}/a/b`))).toMatchObject({
      url: `${origin}/c/d?f`,
      redirects: [`${origin}/a/b`, `${origin}/c/d`],
    });
  });

  test("is found at another host, which gets nothing of the first one's address", async () => {
    const other = await startServer({ "/": answer("there") });
    const { origin } = await startServer({ "/old?key=hush": redirect(`${other.origin}/`) });
    expect(textOf(await fetchFeed(`${origin}/old?key=hush`))).toBe("there");
    expect(JSON.stringify(other.requests)).not.toContain("hush");
  });

  test("five times is found, six times is not", async () => {
    const { origin, requests } = await startServer({
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`/${n}`, redirect(`/${n + 1}`)])),
      "/7": answer("here"),
    });
    expect(textOf(await fetchFeed(`${origin}/2`))).toBe("here");
    expect(await fetchFeed(`${origin}/1`)).toMatchObject({
      kind: "redirects",
      why: `${origin}/6 redirects once more, after 5 times`,
      isTemporary: false,
    });
    expect(requests.at(-1)?.path).toBe("/6");
  });

  test.each([
    ["itself", { "/a": redirect("/a#again") }],
    ["where it came from", { "/a": redirect("/b"), "/b": redirect("/a") }],
  ])("to %s goes round in a circle", async (_where, paths) => {
    const { origin, requests } = await startServer(paths);
    expect(await fetchFeed(`${origin}/a`)).toMatchObject({
      kind: "redirects",
      why: expect.stringContaining("redirects in a circle"),
    });
    expect(requests.length).toBe(Object.keys(paths).length);
  });

  test.each(
    Object.entries({
      "ftp://paper.example/": "ftp:… is not on the web",
      "file:///etc/passwd": "file:… is not on the web",
      "javascript:alert(1)": "javascript:… is not on the web",
      "data:text/html,hello": "data:… is not on the web",
      "http://mara:hush@127.0.0.2/":
        "http://127.0.0.2/ contains a user name or password, and is therefore not requested",
      "http://127.0.0.2:22/":
        "http://127.0.0.2:22/ has port 22, which is not a port of web servers",
      "http://[oops": '"http://[oops" is not an address',
    }),
  )("to %s is not followed", async (location, why) => {
    const { origin } = await startServer({ "/": redirect(location) });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "redirects",
      url: `${origin}/`,
      why: `${origin}/ redirects, but ${why}`,
    });
  });

  test("but doesn't say where to gives no page", async () => {
    const { origin } = await startServer({ "/": answer("", 301) });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({ kind: "failing", status: 301 });
  });
});

describe("a redirect to the inside of a network", () => {
  test("is never connected to", async () => {
    const inside = await startServer({ "/admin": answer("secret") }, INSIDE);
    const { origin } = await startServer({ "/": redirect(`${inside.origin}/admin`) });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "private",
      url: `${inside.origin}/admin`,
      why: "127.0.0.1 is no address of the public internet, and was not connected to",
      isTemporary: false,
    });
    expect(inside.connections()).toBe(0);
  });

  test("nor is the place where clouds keep their keys, not even where private addresses are allowed", async () => {
    const { origin } = await startServer({
      "/": redirect("http://169.254.169.254/latest/meta-data/"),
    });
    const everything = async () =>
      openSession({ isAllowed: undefined }).fetch(`${origin}/`, "feed", () => true);
    for (const outcome of [await fetchFeed(`${origin}/`), await everything()]) {
      expect(outcome).toMatchObject({
        kind: "private",
        why: "169.254.169.254 is no address of a web server, and was not connected to",
      });
    }
  });
});

const MB = 1024 * 1024;

describe("a page that is too large", () => {
  test("is one byte more than may be had", async () => {
    const { origin } = await startServer({
      "/full": answer("x".repeat(1000)),
      "/over": answer("x".repeat(1001)),
    });
    const limits = { maxBytes: 1000 };
    expect(textOf(await fetchFeed(`${origin}/full`, { limits }))).toHaveLength(1000);
    expect(await fetchFeed(`${origin}/over`, { limits })).toMatchObject({
      kind: "tooLarge",
      why: `${origin}/over is larger than the 1 KB that a feed may have`,
      isTemporary: false,
    });
  });

  test("is cut off even if it never ends", async () => {
    const closed = Promise.withResolvers<void>();
    const { origin } = await startServer({
      "/": (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(64 * 1024)));
        };
        response.on("drain", more).on("close", () => closed.resolve());
        more();
      },
    });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "tooLarge",
      why: `${origin}/ is larger than the 10 MB that a feed may have`,
    });
    await closed.promise;
  });

  test.each(Object.entries(COMPRESSORS))(
    "is 200 MB behind a little %s",
    async (name, compressors) => {
      const bytes = await bomb(200, compressors());
      expect(bytes.length).toBeLessThan(1 * MB);
      const [coding] = name.split(" with");
      const { origin } = await startServer({
        "/": answer(bytes, 200, { "content-encoding": coding }),
      });
      const limits = { maxBytes: 5 * MB };
      // Once before, so that what is measured is not the loading of code.
      await fetchFeed(`${origin}/`, { limits });
      const before = process.memoryUsage.rss();
      expect(await fetchFeed(`${origin}/`, { limits })).toMatchObject({ kind: "tooLarge" });
      expect(process.memoryUsage.rss() - before).toBeLessThan(60 * MB);
    },
  );
});

/** Sends a byte every 20 ms, until the connection is closed. */
function drip(response: {
  write(text: string): unknown;
  on(event: "close", then: () => void): unknown;
}): void {
  const timer = setInterval(() => response.write("x"), 20);
  response.on("close", () => clearInterval(timer));
}

const silent = async () => startRawServer(() => undefined);
const secure = async () => (await silent()).replace("http:", "https:");
const serving = (answer: (response: ServerResponse) => void) => async () =>
  `${(await startServer({ "/": answer })).origin}/`;

describe("a server that takes its time", () => {
  test.each<[string, keyof FetchLimits, () => Promise<string>, string]>([
    ["drips a byte now and then", "totalMs", serving(drip), "took longer than 0.3 seconds, and"],
    ["drips its headers", "totalMs", dripsHeaders, "took longer than 0.3 seconds, and was cut off"],
    ["says nothing at all", "headersMs", silent, "did not answer in 0.3 seconds"],
    ["says nothing after the headers", "idleMs", serving(headersAlone), "fell silent for 0.3 sec"],
    ["says nothing after half a gzip", "totalMs", serving(halfAGzip), "longer than 0.3 seconds"],
    ["makes no secure connection", "connectMs", secure, "could not be connected to in 0.3 seconds"],
  ])("and %s is given up", async (_what, limit, open, why) => {
    expect(await fetchFeed(await open(), { limits: { [limit]: 300 } })).toMatchObject({
      kind: "timedOut",
      why: expect.stringContaining(why),
      isTemporary: true,
    });
  });

  test("and whose name is never found is given up", async () => {
    expect(
      await fetchFeed("http://paper.example/", { resolve: neverFound, limits: { connectMs: 300 } }),
    ).toMatchObject({
      kind: "timedOut",
      why: "paper.example could not be connected to in 0.3 seconds",
    });
  });

  test("over several redirects is cut off by the sum", async () => {
    const { origin, requests } = await startServer({
      "/1": slowly("/2"),
      "/2": slowly("/3"),
      "/3": slowly("/4"),
      "/4": slowly("/5"),
    });
    const outcome = await fetchFeed(`${origin}/1`, { limits: { totalMs: 400 } });
    // None of them takes so long by itself; how many there are time for is the machine's business.
    expect(outcome).toMatchObject({ kind: "timedOut" });
    expect(requests.length).toBeLessThan(4);
  });

  test("with the rest of an error or a redirect isn't waited for", async () => {
    const { origin } = await startServer({
      "/lost": (response) => drip(response.writeHead(404)),
      "/old": (response) => drip(response.writeHead(302, { location: "/new" })),
      "/new": answer("here"),
    });
    expect(await fetchFeed(`${origin}/lost`)).toMatchObject({ kind: "gone" });
    expect(textOf(await fetchFeed(`${origin}/old`))).toBe("here");
  });

  test("doesn't take the time of those who wait for it", async () => {
    const { origin } = await startServer({
      "/": (response) => setTimeout(() => response.end("done"), 300),
    });
    quickTime();
    const session = openSession({ limits: { totalMs: 1000 } });
    const fetching = [1, 2, 3, 4].map(async () => session.fetch(`${origin}/`, "feed"));
    expect((await Promise.all(fetching)).map(textOf)).toEqual(["done", "done", "done", "done"]);
  });
});

function slowly(location: string): (response: ServerResponse) => void {
  return (response) => {
    setTimeout(() => response.writeHead(302, { location }).end(), 150);
  };
}

const headersAlone = (response: ServerResponse) => response.flushHeaders();
const halfAGzip = (response: ServerResponse) =>
  void response.writeHead(200, { "content-encoding": "gzip" }).write(Buffer.from([0x1f, 0x8b]));

async function dripsHeaders(): Promise<string> {
  return startRawServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX-Long: ");
    drip(socket);
  });
}

async function neverFound(): Promise<never> {
  return new Promise<never>(() => undefined);
}

describe("a failure to fetch, as an error", () => {
  test.each([
    [404, {}, "INPUT_MISSING"],
    [403, {}, "FETCH_REFUSED"],
    [503, {}, "FETCH_DEFERRED"],
    [202, {}, "FETCH_DEFERRED"],
    [200, { "content-type": "image/png" }, "CONTENT_UNSUPPORTED"],
    [200, { "content-type": "text/plain" }, "CONTENT_TOO_LARGE"],
  ])("with %i %o is %s, and says what to do", async (status, headers, code) => {
    const { origin } = await startServer({ "/": answer("too much", status, headers) });
    const failure = failureOf(await fetchFeed(`${origin}/`, { limits: { maxBytes: 3 } }));
    const error = fetchError(failure);
    expect(error).toMatchObject({ code, message: failure.why, fix: failure.fix });
    expect(ERROR_CODES[error.code].temporary).toBe(failure.isTemporary);
  });

  test("of what is no address is a mistake in the command", async () => {
    expect(fetchError(failureOf(await fetchFeed("ftp://paper.example/")))).toMatchObject({
      code: "USAGE",
    });
  });
});
