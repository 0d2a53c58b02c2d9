import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { answer, fetchFeed, openSession, startRawServer, startServer, textOf } from "./servers.ts";

/** Sends a byte every 20 ms, until the connection is closed. */
function drip(response: {
  write(text: string): unknown;
  on(event: "close", then: () => void): unknown;
}): void {
  const timer = setInterval(() => response.write("x"), 20);
  response.on("close", () => clearInterval(timer));
}

describe("a server that takes its time", () => {
  test("and drips a byte now and then is cut off", async () => {
    const { origin } = await startServer({ "/": drip });
    const limits = { totalMs: 400 };
    expect(await fetchFeed(`${origin}/`, { limits })).toMatchObject({
      kind: "timedOut",
      why: `${origin}/ took longer than 0.4 seconds, and was cut off`,
      isTemporary: true,
    });
  });

  test("and drips its headers is cut off", async () => {
    const origin = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Long: ");
      drip(socket);
    });
    expect(await fetchFeed(origin, { limits: { totalMs: 400 } })).toMatchObject({
      kind: "timedOut",
      why: `${origin}/ took longer than 0.4 seconds, and was cut off`,
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

  test("and says nothing at all is given up", async () => {
    const origin = await startRawServer(() => undefined);
    expect(await fetchFeed(origin, { limits: { headersMs: 300 } })).toMatchObject({
      kind: "timedOut",
      why: `${new URL(origin).host} did not answer in 0.3 seconds`,
      isTemporary: true,
    });
  });

  test("and says nothing after the headers is given up", async () => {
    const { origin } = await startServer({ "/": (response) => response.flushHeaders() });
    expect(await fetchFeed(`${origin}/`, { limits: { idleMs: 300 } })).toMatchObject({
      kind: "timedOut",
      why: `${origin}/ fell silent for 0.3 seconds in mid-page`,
    });
  });

  test("and says nothing after the beginning of what is compressed is given up", async () => {
    const { origin } = await startServer({
      "/": (response) => {
        response.writeHead(200, { "content-encoding": "gzip" }).write(Buffer.from([0x1f, 0x8b]));
      },
    });
    const outcome = await fetchFeed(`${origin}/`, { limits: { totalMs: 300 } });
    expect(outcome).toMatchObject({ kind: "timedOut" });
  });

  test("and makes no secure connection is given up", async () => {
    const origin = await startRawServer(() => undefined);
    const { host } = new URL(origin);
    expect(await fetchFeed(`https://${host}/`, { limits: { connectMs: 300 } })).toMatchObject({
      kind: "timedOut",
      why: `${host} could not be connected to in 0.3 seconds`,
    });
  });

  test("and whose name is never found is given up", async () => {
    const options = {
      resolve: async () => new Promise<never>(() => undefined),
      limits: { connectMs: 300 },
    };
    expect(await fetchFeed("http://paper.example/", options)).toMatchObject({
      kind: "timedOut",
      why: "paper.example could not be connected to in 0.3 seconds",
    });
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
