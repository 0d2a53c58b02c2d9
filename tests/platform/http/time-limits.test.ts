import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { FetchLimits } from "../../../src/platform/http/fetch-limits.ts";
import { answer, fetchFeed, openSession, startRawServer, startServer, textOf } from "./servers.ts";

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
