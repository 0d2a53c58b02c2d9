import { once } from "node:events";
import type { Server, Socket } from "node:net";

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
