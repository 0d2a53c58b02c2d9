import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSuitable, parseContentType } from "../../../src/platform/http/answer-outcome.ts";
import { isHostAddress, isPublicAddress } from "../../../src/platform/http/guarded-agent.ts";
import { sameServer, shownUrl, webAddress } from "../../../src/platform/http/web-address.ts";
import {
  INSIDE,
  PUBLIC,
  answer,
  fetchFeed,
  leadingTo,
  openSession,
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
        fix: expect.stringMatching(/^if the server is your own, name this address itself: /),
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

const PUBLIC_ADDRESSES =
  "8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.1 2606:4700::1111 2a00:1450::1".split(" ");

const NOT_PUBLIC = [
  ["nothing", "0.0.0.0", "0.1.2.3", "::"],
  ["this machine", "127.0.0.1", "127.255.255.254", "::1"],
  ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1"],
  ["link-local", "169.254.1.1", "fe80::1", "fec0::1"],
  ["metadata", "169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"],
  ["a provider's inside (CGNAT)", "100.64.0.1", "100.127.255.255"],
  ["groups and everybody", "224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255"],
  ["reserved", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"],
  ["reserved in IPv6", "2001:db8::1", "100::1", "4000::1", "3fff::1"],
  ["tunnels", "2002:7f00:1::", "2001:0:4136:e378::1", "::127.0.0.1", "::ffff:0:127.0.0.1"],
  ["IPv4 in IPv6", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:a9fe:a9fe", "::ffff:10.0.0.1"],
  ["NAT64", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1"],
  ["no address", "", "localhost", "example.org", "1.2.3.4.5", "[::1]"],
];

describe("an address of the public internet", () => {
  test.each(PUBLIC_ADDRESSES)("%s is one", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(NOT_PUBLIC.map(([name, ...addresses]) => ({ name, addresses })))(
    "is not $name: $addresses",
    ({ addresses }) => {
      expect(addresses.filter(isPublicAddress)).toEqual([]);
    },
  );

  test("an IPv4 address is judged the same in the clothes of IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const isPublic = isPublicAddress(address);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublic);
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(isPublic);
        expect(isPublicAddress(`2002:${hextets(address)}::`)).toBe(false);
      }),
    );
  });
});

describe("where private addresses are allowed", () => {
  test.each(["127.0.0.1", "::1", "10.1.2.3", "192.168.0.4", "fd12::1", "8.8.8.8"])(
    "%s may be connected to",
    (address) => {
      expect(isHostAddress(address)).toBe(true);
    },
  );

  test.each(
    "169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 224.0.0.1 ff02::1 x".split(" "),
  )("%s still may not", (address) => {
    expect(isHostAddress(address)).toBe(false);
  });
});

function hextets(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function hrefOf(text: string, base?: string): string {
  const url = webAddress(text, base === undefined ? undefined : new URL(base));
  return url instanceof URL ? url.href : url.why;
}

describe("an address of the web", () => {
  test("is taken without its fragment and the blanks around it", () => {
    expect(hrefOf(" https://paper.example/a?b=1#c \n")).toBe("https://paper.example/a?b=1");
  });

  test("may be relative to another, which may change the scheme too", () => {
    expect(hrefOf("../c?d", "https://paper.example/a/b")).toBe("https://paper.example/c?d");
    expect(hrefOf("//other.example/", "https://paper.example/")).toBe("https://other.example/");
    expect(hrefOf("http://paper.example/", "https://paper.example/")).toBe("http://paper.example/");
  });

  test.each([
    ["paper.example/a", '"paper.example/a" is not an address'],
    ["", '"" is not an address'],
    ["https://", '"https://" is not an address'],
    ["http://1.2.3.256/", '"http://1.2.3.256/" is not an address'],
    [
      "http://paper.example:22/",
      "http://paper.example:22/ has port 22, which is not a port of web servers",
    ],
    [
      "http://a.example:6667/",
      "http://a.example:6667/ has port 6667, which is not a port of web servers",
    ],
  ])("is not %s", (text, why) => {
    expect(webAddress(text)).toMatchObject({ kind: "badUrl", why, isTemporary: false });
  });

  test.each([
    "http://paper.example:8080/",
    "https://paper.example:80/",
    "http://paper.example:65535/",
  ])("may be at another port: %s", (text) => {
    expect(hrefOf(text)).toBe(text);
  });

  test("is not endless", () => {
    expect(webAddress(`https://paper.example/${"a".repeat(5000)}`)).toMatchObject({
      kind: "badUrl",
      why: expect.stringMatching(
        /^https:\/\/paper\.example\/a{90,}… has more than 2048 characters$/,
      ),
    });
  });

  test("never shows a password, a token or a line break", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    const address = fc.tuple(
      fc.constantFrom("https://", "http://", "ftp://", "https:", "//", "", "x y://", "https:// "),
      fc.constantFrom("paper.example", "pa per.example", "[::1", "1.2.3.256", "host:99999"),
      fc.string(),
    );
    fc.assert(
      fc.property(secret, secret, address, (user, token, [scheme, host, rest]) => {
        const text = `${scheme}mara:${user}@${host}/feed?key=${token}${rest}`;
        const outcome = webAddress(text);
        const told = outcome instanceof URL ? shownUrl(outcome) : JSON.stringify(outcome);
        expect(told).not.toContain(user);
        expect(told).not.toContain(token);
        expect(told).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe("a Content-Type field", () => {
  test.each([
    ["text/html; charset=UTF-8", { name: "text/html", charset: "utf-8" }],
    ['Text/HTML;charset="iso-8859-1"', { name: "text/html", charset: "iso-8859-1" }],
    ["text/html; charset='windows-1251'", { name: "text/html" }],
    ["text/html, text/html; charset=shift_jis", { name: "text/html", charset: "shift_jis" }],
    ["application/rss+xml", { name: "application/rss+xml" }],
    ["text/html; charset=klingon", { name: "text/html" }],
    ["text/html; charset=", { name: "text/html" }],
    ["utf-8", { name: "" }],
    ["", { name: "" }],
  ])("%s is read as what can be made of it", (field, type) => {
    expect(parseContentType(field)).toEqual(type);
  });

  test("is never too odd to be read, and its charset can be decoded", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { charset = "utf-8" } = parseContentType(`text/html; charset=${text}`);
        expect(new TextDecoder(charset).encoding).not.toBe("");
      }),
    );
  });
});

describe("a type", () => {
  test.each(
    "text/html|application/xhtml+xml|application/rss+xml|application/json|application/vnd.api+json|application/octet-stream|".split(
      "|",
    ),
  )("that may be text is read as a page: %s", (type) => {
    expect(isSuitable(type, "page")).toBe(true);
  });

  test.each(
    "image/png image/svg+xml video/mp4 application/pdf application/zip application/vnd.openxmlformats-officedocument.wordprocessingml.document".split(
      " ",
    ),
  )("that is none is not: %s", (type) => {
    expect(isSuitable(type, "page")).toBe(false);
  });

  test("of a picture is an image's", () => {
    expect(["image/webp", "", "text/html"].map((type) => isSuitable(type, "picture"))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
