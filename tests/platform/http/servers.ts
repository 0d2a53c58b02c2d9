import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import https from "node:https";
import net, { isIP, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { FetchSession, type SessionOptions } from "../../../src/platform/http/fetch-session.ts";
import type { Resolve } from "../../../src/platform/http/guarded-agent.ts";
import {
  isFailure,
  type FetchFailure,
  type FetchOutcome,
  type Page,
} from "../../../src/platform/http/fetch-outcome.ts";
import { listening } from "../../listening.ts";

export const NOW = new Date("2031-04-02T06:00:00Z");

/** In these tests 127.0.0.2 is the public internet, and 127.0.0.1 the inside of a network. */
export const PUBLIC = "127.0.0.2";
export const INSIDE = "127.0.0.1";

export interface TestServer {
  readonly origin: string;
  readonly port: number;
  /** What was asked for, in order. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: http.IncomingHttpHeaders;
  }[];
  readonly connections: () => number;
  /** The most that were under way at once. */
  readonly mostAtOnce: () => number;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A web server that knows some paths, until the test is over; the rest, robots.txt too, is 404. */
export async function startServer(
  paths: Readonly<Record<string, Answer>>,
  host = PUBLIC,
): Promise<TestServer> {
  return serve((listener) => http.createServer(listener), paths, host, "http");
}

/** The same over TLS. */
export async function startTlsServer(
  pair: { key: string; cert: string },
  paths: Readonly<Record<string, Answer>>,
  host = PUBLIC,
): Promise<TestServer> {
  return serve((listener) => https.createServer(pair, listener), paths, host, "https");
}

/** A server that does to a connection what it likes; `port` is where. */
export async function startRawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  const { origin, close } = await listening(server, PUBLIC);
  onTestFinished(close);
  return origin;
}

/** A session in which only 127.0.0.2 may be connected to, until the test is over. It waits for nothing. */
export function openSession(options: Partial<SessionOptions> = {}): FetchSession {
  const session = new FetchSession({
    version: "1.2.3",
    clock: () => NOW,
    wait: async () => undefined,
    isAllowed: (address) => address === PUBLIC,
    ...options,
  });
  onTestFinished(() => session.close());
  return session;
}

/** What one feed gives in a session of its own; feeds, since no robots.txt is asked for them. */
export async function fetchFeed(
  address: string,
  options: Partial<SessionOptions> = {},
): Promise<FetchOutcome> {
  return openSession(options).fetch(address, "feed");
}

/** A resolver that knows one answer. */
export function leadingTo(...addresses: string[]): Resolve {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return async () => found;
}

export function pageOf(outcome: FetchOutcome): Page {
  if (isFailure(outcome)) throw new Error(`${outcome.kind}: ${outcome.why}`);
  return outcome;
}

export function failureOf(outcome: FetchOutcome): FetchFailure {
  if (!isFailure(outcome)) throw new Error(`it was ${outcome.kind}`);
  return outcome;
}

export function textOf(outcome: FetchOutcome): string {
  return Buffer.from(pageOf(outcome).bytes).toString();
}

/** An answer with a body, and perhaps a status and header fields. */
export function answer(
  body: string | Uint8Array,
  status = 200,
  headers: http.OutgoingHttpHeaders = {},
): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "text/html", ...headers });
    response.end(body);
  };
}

export function redirect(location: string, status = 302): Answer {
  return answer("", status, { location });
}

async function serve(
  create: (listener: RequestListener) => http.Server,
  paths: Readonly<Record<string, Answer>>,
  host: string,
  scheme: string,
): Promise<TestServer> {
  const requests: { path: string; headers: http.IncomingHttpHeaders }[] = [];
  let connections = 0;
  let atOnce = 0;
  let most = 0;
  const server = create((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    most = Math.max(most, ++atOnce);
    response.on("close", () => atOnce--);
    (paths[path] ?? answer("nothing here", 404))(response, request);
  });
  // A connection that waits for a slow machine is kept.
  server.keepAliveTimeout = 0;
  server.on(scheme === "https" ? "secureConnection" : "connection", () => connections++);
  const { port, close } = await listening(server, host);
  onTestFinished(close);
  return {
    origin: `${scheme}://${host}:${port}`,
    port,
    requests,
    connections: () => connections,
    mostAtOnce: () => most,
  };
}
