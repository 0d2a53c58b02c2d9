import { describe, expect, test } from "vitest";
import {
  answer,
  openSession,
  redirect,
  startRawServer,
  startServer,
  textOf,
  type TestServer,
} from "./servers.ts";
import type { FetchOutcome } from "../../../src/platform/http/fetch-outcome.ts";

const PAGE = answer("a page");

async function siteWith(robots: Parameters<typeof startServer>[0][string]): Promise<TestServer> {
  return startServer({ "/robots.txt": robots, "/a": PAGE, "/b": PAGE, "/b?c": PAGE });
}

async function fetchPage(origin: string, path = "/a"): Promise<FetchOutcome> {
  return openSession({ limits: { headersMs: 300 } }).fetch(origin + path, "page");
}

describe("a page whose site says who may read it", () => {
  test("is not asked for when programs may not", async () => {
    const { origin, requests } = await siteWith(answer("User-agent: *\nDisallow: /a"));
    expect(await fetchPage(origin)).toEqual({
      kind: "robots",
      url: `${origin}/a`,
      why: `${origin}/a may not be read by programs: ${new URL(origin).host} says so in its robots.txt`,
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
    const started = performance.now();
    expect(await fetchPage(origin, `/${"a".repeat(2000)}`)).toMatchObject({ kind: "robots" });
    expect(performance.now() - started).toBeLessThan(20_000);
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
        why: `${origin}/robots.txt can't be read, and until it can nothing there may be: ${host} has trouble of its own (${status})`,
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
    expect(await fetchPage(await startRawServer(() => undefined))).toMatchObject({
      kind: "timedOut",
    });
  });
});
