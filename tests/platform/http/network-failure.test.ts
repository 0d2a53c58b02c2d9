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
  leadingTo,
  openSession,
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

  test("because nothing listens is told as that", async () => {
    expect(await fetchFeed("http://127.0.0.2:9099/a")).toMatchObject({
      kind: "unreachable",
      why: "127.0.0.2:9099 can't be reached: nothing listens there",
      fix: "check the address and the network",
      isTemporary: true,
    });
  });
});

describe("a secure server", () => {
  test("whose certificate nobody vouches for is refused", async () => {
    const { origin, requests } = await startTlsServer(selfSignedCertificate(), { "/": answer("") });
    const outcome = failureOf(await fetchFeed(`${origin}/`));
    expect(outcome).toMatchObject({ kind: "unreachable", isTemporary: false });
    expect(outcome.why).toBe(
      `${new URL(origin).host} can't be reached: its certificate is self-signed`,
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

const OK = "HTTP/1.1 200 OK\r\n";
const length = (bytes: number) => `Content-Length: ${bytes}\r\n`;

describe("an answer that is none", () => {
  test.each<[string, string, RegExp, boolean?]>([
    ["nothing", "", /^127\.0\.0\.2:\d+ closed the connection before http:\S+\/ was complete$/],
    ["half of it", `${OK}Content-Length: 99\r\n\r\nhalf`, /closed the connection before/],
    ["half a chunk", `${OK}Transfer-Encoding: chunked\r\n\r\n9\r\nhalf`, /closed the connection/],
    ["another protocol", "220 mail.example ESMTP\r\n", /does not answer in HTTP$/, false],
    [
      "no length",
      `${OK}Content-Length: 12abc\r\n\r\nhello`,
      /does not have the length that it declares$/,
    ],
    ["less than none", `${OK}Content-Length: -1\r\n\r\nhello`, /not answer in HTTP$/, false],
    [
      "two lengths",
      `${OK}${length(5)}${length(7)}\r\nhello`,
      /does not have the length that it declares$/,
    ],
    ["huge headers", `${OK}X: ${"x".repeat(70_000)}\r\n\r\n`, /headers longer than 64 KB$/, false],
    ["no gzip", `${OK}Content-Encoding: gzip\r\n\r\nplain`, /is compressed wrongly, or cut off$/],
    ["no brotli", `${OK}Content-Encoding: br\r\n\r\n\xffplain`, /compressed wrongly, or cut off$/],
    ["no zstd", `${OK}Content-Encoding: zstd\r\n\r\nplain`, /is compressed wrongly, or cut off$/],
    ["another coding", `${OK}Content-Encoding: lzma\r\n\r\nplain`, /unknown way \(lzma\)$/, false],
  ])("but %s is told as that", async (_name, text, why, isTemporary = true) => {
    const outcome = failureOf(await fetchFeed(await saying(text)));
    expect(outcome).toMatchObject({ kind: "broken", isTemporary });
    expect(outcome.why).toMatch(why);
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

/** A certificate for `localhost` that is trusted until the test is over. */
function trusted(): { key: string; cert: string } {
  const pair = selfSignedCertificate();
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, pair.cert]);
  onTestFinished(() => tls.setDefaultCACertificates(before));
  return pair;
}
