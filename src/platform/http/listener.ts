import type { Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { BroadsheetError } from "../../errors.ts";

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Takes no more connections, waits for the answers under way, and then closes. */
  close(): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What to do where the port is taken. */
  readonly fix: string;
  /** How long answers under way may take when the server closes. */
  readonly graceMs?: number;
}

/** A request that takes longer to arrive holds a connection for nothing. */
const ARRIVAL = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 };
const LOOK_MS = 2_000;
/** Connections without a request; the oldest one gives way to another. */
const MOST_IDLE = 500;

/**
 * Serves an application over HTTP.
 * @throws BroadsheetError USAGE where the port is taken.
 */
export async function listen(
  app: Pick<Parameters<typeof createAdaptorServer>[0], "fetch">,
  { host, port, fix, graceMs = 0 }: ListenOptions,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { ...ARRIVAL, connectionsCheckingInterval: LOOK_MS },
  });
  if (!("closeAllConnections" in server)) throw new Error("the server speaks HTTP/2");
  boundIdle(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, () => resolve());
  await promise.catch((cause: NodeJS.ErrnoException) => {
    const what = `the port ${port} can't be had: ${cause.code ?? cause.message}`;
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

type NodeServer = Extract<
  ReturnType<typeof createAdaptorServer>,
  { closeAllConnections: () => void }
>;

/** Keeps connections that send nothing from shutting out those that do. */
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
