import { connect, createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";

/** A way to a PostgreSQL server that a test may cut. */
export interface CuttingProxy {
  readonly port: number;
  /** Ends all connections. While it is away, no new one comes about. */
  cut(isAway?: boolean): void;
  /** Connections come about again. */
  heal(): void;
  /** Ends the connection of the next COMMIT after the server has done it, and before the answer has come. */
  cutAfterCommit(): void;
  /** How often that has happened. */
  readonly commitsCut: number;
  close(): Promise<void>;
}

/** The server has done a COMMIT: the type of the message, its length, and the words. */
const COMMITTED = /C.{4}COMMIT\0/s;

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let [isAway, isWaiting, commitsCut] = [false, false, 0];
  const server = createServer((client) => {
    if (isAway) {
      client.destroy();
      return;
    }
    const upstream = connect(serverPort, "127.0.0.1");
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    client.on("data", (data) => upstream.write(data));
    upstream.on("data", (data) => {
      if (isWaiting && COMMITTED.test(data.toString("latin1"))) {
        isWaiting = false;
        commitsCut++;
        end();
      } else client.write(data);
    });
    for (const socket of pair) socket.on("error", end).on("close", end);
  });
  const { port, close } = await listening(server);
  const cut = (away = false): void => {
    isAway = away;
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    port,
    cut,
    heal: () => void (isAway = false),
    cutAfterCommit: () => void (isWaiting = true),
    get commitsCut() {
      return commitsCut;
    },
    close: async () => {
      cut(true);
      await close();
    },
  };
}
