import type { Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { BroadsheetError } from "../../errors.ts";
import { errnoReason } from "../file-error.ts";

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Accepts no more connections, waits for the running answers, and then closes. */
  close(): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** The remedy if the port is in use. */
  readonly fix: string;
  /** The time for running answers when the server closes. */
  readonly graceMs?: number;
}

/** The time in which a request must arrive. */
const ARRIVAL = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 };
const LOOK_MS = 2_000;
/** The maximum number of connections without a request. One more closes the oldest. */
const MOST_IDLE = 500;

type App = Pick<Hono, "fetch" | "request">;

/**
 * Serves an application over HTTP.
 * @throws BroadsheetError USAGE if the port is in use.
 */
export async function listen(
  app: App,
  { host, port, fix, graceMs = 0 }: ListenOptions,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { ...ARRIVAL, connectionsCheckingInterval: LOOK_MS },
  });
  if (!("closeAllConnections" in server)) throw new Error("the server speaks HTTP/2");
  boundIdle(server);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // A client reads the answer only after it has written its whole request, so the rest is read and dropped.
    socket.removeAllListeners("data").on("data", () => undefined);
    if (error.code === "HPE_HEADER_OVERFLOW") void answerOverlong(app, socket);
    else socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, () => resolve());
  await promise.catch((cause: NodeJS.ErrnoException) => {
    const what = `the port ${port} can't be used: ${errnoReason(cause) || cause.message}`;
    throw new BroadsheetError("USAGE", what, { fix, cause });
  });
  // A machine without a free file descriptor fails to accept a connection, and can accept the next one.
  server.on("error", () => undefined);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** An address that is too long gets the same answer as an unknown one. */
async function answerOverlong(app: App, socket: Socket): Promise<void> {
  const answer = await app.request("/-");
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 404 Not Found\r\n${headers.join("")}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]));
}

type NodeServer = Extract<
  ReturnType<typeof createAdaptorServer>,
  { closeAllConnections: () => void }
>;

/** Limits the number of idle connections, so that they don't block others. */
function boundIdle(server: NodeServer): void {
  const idle = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
    const [oldest] = idle;
    if (idle.size > MOST_IDLE) oldest?.destroy();
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
