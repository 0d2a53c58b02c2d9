import tls from "node:tls";
import { errors } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { networkFailure } from "../../../src/platform/http/network-failure.ts";
import { DEFAULT_LIMITS } from "../../../src/platform/http/fetch-limits.ts";
import { selfSignedCertificate } from "../../certificate.ts";
import {
  answer,
  failureOf,
  fetchFeed,
  INSIDE,
  leadingTo,
  openSession,
  redirect,
  startRawServer,
  startServer,
  startTlsServer,
  textOf,
} from "./servers.ts";

/** A server that says something to every connection and then hangs up. */
async function saying(text: string): Promise<string> {
  return startRawServer((socket) => {
    socket.once("data", () => socket.end(text));
  });
}

describe("a host that can't be reached", () => {
  test("because it has no name is told as that", async () => {
    const outcome = failureOf(await fetchFeed("http://nowhere.invalid/"));
    expect(outcome.kind).toBe("unreachable");
    // A machine without a network can't say that there is none (RFC 6761 §6.4).
    expect(outcome.why).toMatch(
      /^nowhere\.invalid can't be reached: (?:there is no such host|its name can't be looked up now)$/,
    );
  });

  test("because its name has no address is told as that", async () => {
    expect(await fetchFeed("http://paper.example/", { resolve: async () => [] })).toMatchObject({
      why: "paper.example can't be reached: there is no such host",
      isTemporary: false,
    });
  });

  test("because nothing listens is told as that", async () => {
    expect(await fetchFeed("http://127.0.0.2:9099/a")).toMatchObject({
      kind: "unreachable",
      why: "127.0.0.2:9099 can't be reached: nothing listens there",
      fix: "check the address and the network",
      isTemporary: true,
    });
  });

  test("at any of its addresses is told once", async () => {
    const resolve = leadingTo("127.0.0.2", "127.0.0.3");
    const options = { resolve, isAllowed: () => true };
    expect(await fetchFeed("http://paper.example:9099/", options)).toMatchObject({
      why: "paper.example:9099 can't be reached: nothing listens there",
    });
  });
});

describe("a secure server", () => {
  test("whose certificate nobody vouches for is refused", async () => {
    const { origin, requests } = await startTlsServer(selfSignedCertificate(), { "/": answer("") });
    const outcome = failureOf(await fetchFeed(`${origin}/`));
    expect(outcome).toMatchObject({ kind: "unreachable", isTemporary: false });
    expect(outcome.why).toBe(
      `${new URL(origin).host} can't be reached: its certificate is signed by itself alone`,
    );
    expect(outcome.fix).toContain("NODE_EXTRA_CA_CERTS");
    expect(requests).toEqual([]);
  });

  test("is refused even if the environment would trust everybody", async () => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    onTestFinished(() => {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    });
    const { origin } = await startTlsServer(selfSignedCertificate(), { "/": answer("") });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({ kind: "unreachable" });
  });

  test("is refused where a redirect leads to it too", async () => {
    const secure = await startTlsServer(selfSignedCertificate(), { "/": answer("") });
    const { origin } = await startServer({ "/": redirect(`${secure.origin}/`) });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "unreachable",
      url: `${secure.origin}/`,
    });
  });

  test("whose certificate is trusted, but for another name, is refused", async () => {
    const pair = trusted();
    const { port } = await startTlsServer(pair, { "/": answer("hello") });
    const resolve = leadingTo("127.0.0.2");
    expect(textOf(await fetchFeed(`https://localhost:${port}/`, { resolve }))).toBe("hello");
    expect(await fetchFeed(`https://paper.example:${port}/`, { resolve })).toMatchObject({
      why: `paper.example:${port} can't be reached: its certificate is for another name`,
    });
  });

  test("that isn't one is told as that", async () => {
    const { port } = await startServer({ "/": answer("") });
    const outcome = failureOf(await fetchFeed(`https://127.0.0.2:${port}/`));
    expect(outcome.kind).toBe("unreachable");
    expect(outcome.why).toMatch(/can't be reached: it makes no secure connection \(\w+\)$/);
  });
});

describe("an answer that is none", () => {
  test.each([
    [
      "nothing",
      "",
      /^127\.0\.0\.2:\d+ closed the connection before http:\S+\/ was all there$/,
      true,
    ],
    [
      "half of it",
      "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf",
      /closed the connection before/,
      true,
    ],
    [
      "half a chunk",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
      /closed the connection before/,
      true,
    ],
    ["another protocol", "220 mail.example ESMTP\r\n", /does not answer in HTTP$/, false],
    [
      "a length that is no number",
      "HTTP/1.1 200 OK\r\nContent-Length: 12abc\r\n\r\nhello",
      /is not as long as it says it is$/,
      true,
    ],
    [
      "a negative length",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
      /does not answer in HTTP$/,
      false,
    ],
    [
      "two lengths",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
      /is not as long as it says it is$/,
      true,
    ],
    [
      "huge headers",
      `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(70_000)}\r\n\r\n`,
      /answers with headers longer than 64 KB$/,
      false,
    ],
    [
      "no gzip",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain",
      /is compressed wrongly, or cut off$/,
      true,
    ],
    [
      "no brotli",
      "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\xff\xffplain",
      /is compressed wrongly, or cut off$/,
      true,
    ],
    [
      "no zstd",
      "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nplain",
      /is compressed wrongly, or cut off$/,
      true,
    ],
    [
      "an unknown coding",
      "HTTP/1.1 200 OK\r\nContent-Encoding: lzma\r\n\r\nplain",
      /in a way that was not asked for \(lzma\)$/,
      false,
    ],
  ])("but %s is told as that", async (_name, text, why, isTemporary) => {
    const outcome = failureOf(await fetchFeed(await saying(text)));
    expect(outcome).toMatchObject({ kind: "broken", isTemporary });
    expect(outcome.why).toMatch(why);
  });

  test("but a connection that is reset is told as that", async () => {
    const origin = await startRawServer((socket) =>
      socket.once("data", () => socket.resetAndDestroy()),
    );
    expect(await fetchFeed(origin)).toMatchObject({ kind: "broken", isTemporary: true });
  });

  test("but a connection that is reset in mid-page is told as that", async () => {
    const { origin } = await startServer({
      "/": (response) => {
        response.write("half");
        setTimeout(() => response.socket?.resetAndDestroy(), 20);
      },
    });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({ kind: "broken", isTemporary: true });
  });
});

test("headers of 60 KB are read", async () => {
  const text = `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(60_000)}\r\nContent-Length: 2\r\n\r\nhi`;
  expect(textOf(await fetchFeed(await saying(text)))).toBe("hi");
});

test("a body without a length, ended by closing the connection, is whole", async () => {
  expect(textOf(await fetchFeed(await saying("HTTP/1.1 200 OK\r\n\r\nhello")))).toBe("hello");
});

test("a kept connection that closes as it is used again is replaced", async () => {
  let connections = 0;
  const origin = await startRawServer((socket) => {
    const body = `${++connections}`;
    socket.once("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${body}`);
      socket.once("data", () => socket.end());
    });
  });
  const session = openSession();
  expect(textOf(await session.fetch(origin, "feed"))).toBe("1");
  expect(textOf(await session.fetch(origin, "feed"))).toBe("2");
});

test.each([
  ["the system says", Object.assign(new Error("odd"), { code: "ENOBUFS", syscall: "connect" })],
  ["undici says", new errors.NotSupportedError("odd")],
])("whatever else %s is told by its code", (_who, error) => {
  expect(networkFailure(new URL("http://paper.example/"), error, DEFAULT_LIMITS)).toMatchObject({
    kind: "unreachable",
    why: `paper.example can't be reached: the exchange failed (${error.code})`,
  });
});

test("a bug of ours is not told as a failure of the network", () => {
  for (const bug of [new TypeError("no function"), new errors.InvalidArgumentError("no path")]) {
    const told = () => networkFailure(new URL("http://paper.example/"), bug, DEFAULT_LIMITS);
    expect(told).toThrow(bug);
  }
});

test("an address inside a network that has a certificate is still inside", async () => {
  const { origin, connections } = await startTlsServer(trusted(), { "/": answer("") }, INSIDE);
  expect(await fetchFeed(`${origin}/`)).toMatchObject({ kind: "private" });
  expect(connections()).toBe(0);
});

/** A certificate for `localhost` that is trusted until the test is over. */
function trusted(): { key: string; cert: string } {
  const pair = selfSignedCertificate();
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, pair.cert]);
  onTestFinished(() => tls.setDefaultCACertificates(before));
  return pair;
}
