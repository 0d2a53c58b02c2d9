import { describe, expect, test } from "vitest";
import { sameServer } from "../../../src/platform/http/web-address.ts";
import {
  answer,
  fetchFeed,
  INSIDE,
  openSession,
  PUBLIC,
  leadingTo,
  redirect,
  startServer,
  textOf,
} from "./servers.ts";

/** Whom the session lets in when nobody says otherwise. */
const AS_USUAL = { isAllowed: undefined };

describe("an address inside a network", () => {
  test.each(
    "127.0.0.1 0x7f.1 2130706433 0177.0.0.1 [::1] [::ffff:7f00:1] [64:ff9b::7f00:1] 0.0.0.0 localhost".split(
      " ",
    ),
  )("is not connected to when it is written %s", async (host) => {
    const { port, connections } = await startServer({ "/": answer("secret") }, INSIDE);
    expect(await fetchFeed(`http://${host}:${port}/`, AS_USUAL)).toMatchObject({
      kind: "private",
      fix: "if it is your own, allow it with --allow-private",
    });
    expect(connections()).toBe(0);
  });

  test.each(["10.0.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "[fe80::1]", "[fd00::1]"])(
    "is refused at once, without waiting for an answer: %s",
    async (host) => {
      expect(await fetchFeed(`http://${host}/`, AS_USUAL)).toMatchObject({ kind: "private" });
    },
  );

  test("is refused to pages as that, before their site's rules are asked for", async () => {
    const { origin, connections } = await startServer({}, INSIDE);
    const outcome = await openSession(AS_USUAL).fetch(`${origin}/a`, "page");
    expect(outcome).toMatchObject({ kind: "private", url: `${origin}/a` });
    expect(connections()).toBe(0);
  });

  test("is connected to where it is trusted", async () => {
    const { origin } = await startServer({ "/": answer("ours") }, INSIDE);
    const outcome = await openSession(AS_USUAL).fetch(
      `${origin}/`,
      "page",
      sameServer(new URL(origin)),
    );
    expect(textOf(outcome)).toBe("ours");
  });

  test("is not connected to where another one is trusted, nor from that by a redirect", async () => {
    const inside = await startServer({ "/": answer("secret") }, INSIDE);
    const named = await startServer(
      { "/": redirect(`${inside.origin}/`), "/own": redirect("/a"), "/a": answer("ours") },
      INSIDE,
    );
    const session = openSession(AS_USUAL);
    const trust = sameServer(new URL(named.origin));
    for (const address of [`${inside.origin}/`, `${named.origin}/`]) {
      expect(await session.fetch(address, "page", trust)).toMatchObject({
        kind: "private",
        url: `${inside.origin}/`,
        fix: expect.stringMatching(/^if it is your own, name it itself: --allow-private is for/),
      });
    }
    expect(inside.connections()).toBe(0);
    expect(textOf(await session.fetch(`${named.origin}/own`, "page", trust))).toBe("ours");
  });
});

describe("a name", () => {
  test("that leads inside is told with where it leads", async () => {
    const resolve = leadingTo("10.0.0.7");
    expect(await fetchFeed("http://wiki.example/", { ...AS_USUAL, resolve })).toMatchObject({
      kind: "private",
      why: "wiki.example is at 10.0.0.7, which is no address of the public internet, and was not connected to",
    });
  });

  test("that leads outside and inside is connected to outside only", async () => {
    const { port } = await startServer({ "/": answer("outside") });
    const inside = await startServer({ "/": answer("inside") }, INSIDE);
    const resolve = leadingTo(INSIDE, PUBLIC, "::1");
    for (const at of [port, inside.port])
      await fetchFeed(`http://paper.example:${at}/`, { resolve });
    expect(textOf(await fetchFeed(`http://paper.example:${port}/`, { resolve }))).toBe("outside");
    expect(inside.connections()).toBe(0);
  });

  test("that leads inside from the second time on is connected to outside only (DNS rebinding)", async () => {
    const { port, connections } = await startServer({
      "/": answer("outside", 200, { connection: "close" }),
    });
    const answers = [leadingTo(PUBLIC), leadingTo(INSIDE)];
    const asked: string[] = [];
    const session = openSession({
      resolve: async (host) => {
        asked.push(host);
        return answers.shift()?.(host) ?? [];
      },
    });
    expect(textOf(await session.fetch(`http://paper.example:${port}/`, "feed"))).toBe("outside");
    expect(await session.fetch(`http://paper.example:${port}/`, "feed")).toMatchObject({
      kind: "private",
    });
    // Once for each connection: nothing is looked up apart from connecting, so nothing can differ.
    expect(asked).toEqual(["paper.example", "paper.example"]);
    expect(connections()).toBe(1);
  });
});
