import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** Where a server listens. */
interface Listening {
  readonly port: number;
  /** `http://` with the host and the port. */
  readonly origin: string;
  /** Ends the server and cuts every connection that is open. */
  readonly close: () => Promise<void>;
}

/** Lets a server listen on a free port. */
export async function listening(server: Server, host = "127.0.0.1"): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, origin: `http://${host}:${address.port}`, close };
}

/** Linux hands out ports from 32768 on, to servers that ask for any port and to connections. */
const [LOWEST, FIRST_OF_LINUX] = [20_000, 32_768];

/**
 * A port at which nothing listens, and at which nothing will but what the test starts there: a folder that all workers of
 * a run share says which ports are taken.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, FIRST_OF_LINUX);
    const taking = mkdir(path.join(tmpdir(), `port-${port}`));
    const isOurs = await taking.then(
      () => true,
      () => false,
    );
    if (isOurs && (await isUnused(port))) return port;
  }
}

/** Whether a server can listen there; a server outside of the tests may have the port. */
async function isUnused(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
