import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openPing } from "../../../src/cli/schedule/ping.ts";
import { freePort } from "../../listening.ts";

interface Asked {
  readonly path: string | undefined;
  readonly body: string;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server does not listen");
  return address.port;
}

/** A watcher that answers with these codes in turn, and with the last one from then on. */
async function startWatcher(...codes: number[]) {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push({ path: request.url, body: await text(request) });
    response.statusCode = codes.length > 1 ? (codes.shift() ?? 200) : (codes[0] ?? 200);
    response.end("OK");
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const port = portOf(server);
  return { asked, url: `http://127.0.0.1:${port}` };
}

test("a watcher hears when a run begins, ends well, and fails with which code", async () => {
  const { asked, url } = await startWatcher();
  const ping = openPing(`${url}/ping/abc/?create=1`);
  const outcomes = [
    await ping.start(),
    await ping.end(0),
    await ping.end(75, "2 readers were put off"),
  ];
  expect(outcomes.every(({ isOk }) => isOk)).toBe(true);
  expect(asked).toEqual([
    { path: "/ping/abc/start?create=1", body: "" },
    { path: "/ping/abc/?create=1", body: "" },
    { path: "/ping/abc/75?create=1", body: "2 readers were put off" },
  ]);
});

test("a watcher that failed once is pinged again", async () => {
  const { asked, url } = await startWatcher(503, 200);
  expect(await openPing(url).end(0)).toEqual({ isOk: true });
  expect(asked).toHaveLength(2);
});

test("a watcher that cannot be reached is an outcome that doesn't quote its address", async () => {
  const { url } = await startWatcher(404);
  expect(await openPing(`${url}/key`).end(0)).toEqual({ isOk: false, why: "it answered 404" });
  const nobody = await openPing(`http://127.0.0.1:${await freePort()}/key`).start();
  expect(nobody).toEqual({ isOk: false, why: "it could not be reached (ECONNREFUSED)" });
});

test("what is no address of the web is refused, without being quoted", () => {
  expect(() => openPing("abc-my-key")).toThrow(/^BROADSHEET_PING_URL is no http/);
});
