import { createServer, type AddressInfo, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";
import { listening } from "./listening.ts";

export { freePort as closedPort } from "./listening.ts";

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly isEncrypted: boolean;
  readonly user: unknown;
}

export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** What it took, in order. */
  readonly received: readonly Received[];
  /** How many clients it has greeted. */
  readonly connections: () => number;
  /**
   * Cuts every connection that is open. Only where none is encrypted: smtp-server asks a cut TLS
   * socket for its protocol, on which Node 24 crashes.
   */
  readonly drop: () => void;
}

/** A real SMTP server on a free port, which takes every message unless `options` say otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}): Promise<TestServer> {
  const received: Received[] = [];
  let greeted = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      greeted++;
      callback();
    },
    onData(stream, { envelope, secure, user }, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : "",
          to: envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
          isEncrypted: secure,
          user,
        });
        callback(null, "queued as 7");
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const sockets = new Set<Socket>();
  server.server.on("connection", (socket) => sockets.add(socket));
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(async () => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = addressOf(server.server.address());
  return { host: "127.0.0.1", port, received, connections: () => greeted, drop };
}

/** A server that says whatever `answer` makes it say, for faults no real one has on offer. */
export async function startScriptedServer(
  greeting: string,
  answer: (line: string, socket: Socket) => string | undefined = () => undefined,
): Promise<{ readonly port: number; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(greeting);
    let rest = "";
    socket.on("data", (chunk) => {
      const parts = (rest + chunk.toString("latin1")).split("\r\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        const reply = answer(line, socket);
        if (reply !== undefined) socket.write(reply);
      }
    });
  });
  const { port, close } = await listening(server);
  onTestFinished(close);
  return { port, lines };
}

/** What a server that works says to each command. */
export function usual(line: string): string | undefined {
  if (line.startsWith("EHLO")) return "250-test\r\n250 PIPELINING\r\n";
  if (/^(?:MAIL|RCPT|RSET)/.test(line)) return "250 2.0.0 ok\r\n";
  if (line === "DATA") return "354 go on\r\n";
  if (line === ".") return "250 2.0.0 taken\r\n";
  if (line === "QUIT") return "221 bye\r\n";
  return undefined;
}

/** An error that the server answers with `responseCode`. */
export function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address;
}
