import { createServer, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, TLSSocket } from "node:tls";
import { onTestFinished, TestRunner } from "vitest";
import { FaultySession } from "./faulty-session.ts";
import { listening } from "./listening.ts";
import { randomFrom } from "../bench/training/random.ts";

/** Where in a conversation something goes wrong. `body`: at the first bytes of a message; `after`: when it was taken. */
export type Point =
  | "connect"
  | "EHLO"
  | "HELO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "body"
  | "dot"
  | "after";

/** One thing that goes wrong. What is left out of it is no condition, and nothing that is done. */
export interface Fault {
  readonly at: Point;
  /** Only where this is in the recipient's address. At MAIL nobody knows that yet. */
  readonly to?: string;
  /** Only so often. */
  readonly times?: number;
  /** Only at the n-th connection or command of its kind, from 1; `nthHere`: of this connection. */
  readonly nth?: number;
  readonly nthHere?: number;
  /** Only from the n-th on. */
  readonly from?: number;
  /** Only so often on average; which times these are is the same in every run. */
  readonly chance?: number;
  /** Only to who comes here after so many others within a second, as relays do that limit a rate. */
  readonly perSecond?: number;
  /** What is said instead of the usual, without its last line end. */
  readonly say?: string;
  /** What is done then. A drip is a byte every 20 ms that never makes an answer. */
  readonly do?: "drop" | "end" | "hang" | "drip";
  /** At the dot: it has the message, whatever it says. */
  readonly keeps?: true;
  /** Says and does it so much later, or when this has resolved. */
  readonly delayMs?: number;
  readonly after?: Promise<void>;
}

export interface FaultServerOptions {
  readonly faults?: readonly Fault[];
  /** As EHLO lists them; by default all that a modern server has. */
  readonly extensions?: readonly string[];
  /** With a certificate it offers STARTTLS, or speaks TLS from the first byte. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly isImplicit?: boolean };
  readonly login?: { readonly user: string; readonly password: string };
  /** It offers PIPELINING, and what has come with a command, or only with a message, is gone when it has read that. */
  readonly losesInput?: "behind a command" | "behind a message";
  /** Whether what was taken is kept whole; of many messages only who has them. */
  readonly keepsBodies?: boolean;
}

/** A message that it has taken. */
export interface Taken {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  /** When its first bytes came, by Date.now(). */
  readonly begunAt: number;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
  readonly raw: Buffer;
}

export interface FaultServer {
  readonly port: number;
  readonly taken: readonly Taken[];
  /** Every command of every connection. */
  readonly commands: readonly string[];
  connections(): number;
  /** How many connections hang now. Each has read all that the client sends before it waits. */
  hanging(): number;
  /** From now on these go wrong, and none that did before. */
  setFaults(faults: readonly Fault[]): void;
  close(): Promise<void>;
}

const EXTENSIONS = ["PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

/**
 * An SMTP server over real sockets that goes wrong as it is told, and otherwise takes everything. It ends with the test that
 * starts it.
 */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const taken: Taken[] = [];
  const commands: string[] = [];
  let faults = countdown(options.faults ?? []);
  let [connections, hanging] = [0, 0];
  const onSocket = (socket: Socket): void => {
    connections++;
    socket.on("error", () => undefined);
    new FaultySession(socket, {
      extensions: options.extensions ?? EXTENSIONS,
      login: options.login,
      keepsBodies: options.keepsBodies ?? true,
      losesInput: options.losesInput,
      upgrade: options.tls && !options.tls.isImplicit ? upgradeWith(options.tls) : undefined,
      faultAt: (at) => faults.find((fault) => fault.strikes(at))?.fault,
      onCommand: (line) => commands.push(line),
      onTaken: (message) => taken.push(message),
      onHang: () => {
        hanging++;
        socket.on("close", () => hanging--);
      },
    }).greet();
  };
  const { tls } = options;
  const server = tls?.isImplicit
    ? createTlsServer({ ...tls, noDelay: true }, onSocket)
    : createServer({ noDelay: true }, onSocket);
  server.on("tlsClientError", () => undefined);
  const { port, close } = await listening(server);
  if (TestRunner.getCurrentTest()) onTestFinished(close);
  return {
    port,
    taken,
    commands,
    connections: () => connections,
    hanging: () => hanging,
    setFaults: (next) => void (faults = countdown(next)),
    close,
  };
}

/** Where a conversation has come to. */
export interface Place {
  readonly point: Point;
  readonly to: string;
  /** How often this connection has been here. */
  readonly nthHere: number;
}

interface Armed {
  readonly fault: Fault;
  /** Whether it happens now; it counts how often it could have. */
  readonly strikes: (place: Place) => boolean;
}

function countdown(faults: readonly Fault[]): Armed[] {
  return faults.map((fault, nth) => {
    const random = randomFrom((nth + 1) * 0x9e_37_79_b9);
    let [seen, struck] = [0, 0];
    let passed: number[] = [];
    const isWithinRate = (rate: number): boolean => {
      const now = performance.now();
      passed = passed.filter((at) => at > now - 1000);
      if (passed.length >= rate) return false;
      passed.push(now);
      return true;
    };
    const strikes = ({ point, to, nthHere }: Place): boolean => {
      if (fault.at !== point || !to.includes(fault.to ?? "")) return false;
      seen++;
      if (fault.nthHere !== undefined && fault.nthHere !== nthHere) return false;
      if (fault.nth !== undefined && fault.nth !== seen) return false;
      if (seen < (fault.from ?? 1)) return false;
      if (struck >= (fault.times ?? Infinity)) return false;
      if (fault.perSecond !== undefined && isWithinRate(fault.perSecond)) return false;
      if (fault.chance !== undefined && random() >= fault.chance) return false;
      struck++;
      return true;
    };
    return { fault, strikes };
  });
}

function upgradeWith({ key, cert }: { key: string; cert: string }): (socket: Socket) => TLSSocket {
  const secureContext = createSecureContext({ key, cert });
  return (socket) => new TLSSocket(socket, { isServer: true, secureContext });
}
