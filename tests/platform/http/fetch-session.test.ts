import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Role } from "../../../src/platform/http/fetch-outcome.ts";
import { answer, failureOf, fetchFeed, NOW, openSession, startServer, textOf } from "./servers.ts";

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
    const { origin } = await startServer({
      "/": answer("", 200, { "content-encoding": "gzip" }),
    });
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
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: "http://127.0.0.1:9",
      http_proxy: "http://127.0.0.1:9",
      NODE_USE_ENV_PROXY: "1",
    });
    try {
      expect(textOf(await fetchFeed(`${origin}/`))).toBe("direct");
    } finally {
      process.env = before;
    }
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
    [401, "refused", false, "/a?… wants a login (401)", SAVE_IT],
    [402, "refused", false, "/a?… wants to be paid for (402)", SAVE_IT],
    [403, "refused", false, "/a?… may not be read by programs, or not from here (403)", SAVE_IT],
    [404, "gone", false, "/a?… is not there (404)", "check the address, or take it out"],
    [410, "gone", false, "/a?… was taken down for good (410)", "check the address, or take it out"],
    [451, "refused", false, "/a?… is withheld for legal reasons (451)", "look for another source"],
    [500, "failing", true, " has trouble of its own (500)", "try again later"],
    [503, "failing", true, " has trouble of its own (503)", "try again later"],
    [999, "refused", false, "/a?… is refused (999)", SEE],
  ])("with %i is told as %s", async (status, kind, isTemporary, why, fix) => {
    const { origin } = await startServer({ "/a?key=hush": answer("", status) });
    const outcome = failureOf(await fetchFeed(`${origin}/a?key=hush`));
    const start = why.startsWith(" ") ? new URL(origin).host : origin;
    const url = `${origin}/a?key=hush`;
    expect(outcome).toEqual({ kind, status, url, isTemporary, why: `${start}${why}`, fix });
  });

  const ALONE = "and wants to be left alone";
  test.each([
    [429, "90", { retryAfterSeconds: 90 }, `was asked too often (429) ${ALONE} for 90 seconds`],
    [429, "0", { retryAfterSeconds: 1 }, `was asked too often (429) ${ALONE} for 1 second`],
    [429, undefined, {}, `was asked too often (429) ${ALONE}`],
    [503, AT_FIVE, { retryAfterSeconds: 300 }, `is not available now (503) ${ALONE} for 5 minutes`],
  ])("with %i and Retry-After %s is told as later", async (status, field, seconds, why) => {
    const headers = field === undefined ? {} : { "retry-after": field };
    const { origin } = await startServer({ "/": answer("", status, headers) });
    const outcome = failureOf(await fetchFeed(`${origin}/`));
    const [, wait = "later"] = /alone for (.*)$/.exec(why) ?? [];
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

describe("a session that is closed", () => {
  test("ends what is under way and what waits", async () => {
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
