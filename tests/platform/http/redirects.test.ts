import { describe, expect, test } from "vitest";
import {
  INSIDE,
  answer,
  fetchFeed,
  openSession,
  pageOf,
  redirect,
  startServer,
  textOf,
} from "./servers.ts";

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
      why: expect.stringContaining("sends its readers round in a circle"),
    });
    expect(requests.length).toBe(Object.keys(paths).length);
  });

  test.each([
    ["ftp://paper.example/", "ftp:… is not on the web"],
    ["file:///etc/passwd", "file:… is not on the web"],
    ["javascript:alert(1)", "javascript:… is not on the web"],
    ["data:text/html,hello", "data:… is not on the web"],
    [
      "http://mara:hush@127.0.0.2/",
      "http://127.0.0.2/ has a user name or password in it, and is not asked with it",
    ],
    ["http://127.0.0.2:22/", "http://127.0.0.2:22/ is at port 22, where no web server is"],
    ["http://[oops", '"http://[oops" is not an address'],
  ])("to %s is not followed", async (location, why) => {
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
