import { errors, type Agent, type Dispatcher } from "undici";
import { readBody, type Body } from "./read-body.ts";

/** One request. */
export interface Ask {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** HEAD asks whether it is there, and gets no body; GET by default. */
  readonly method?: "GET" | "HEAD";
  /** The most that is kept of the body. */
  readonly maxBytes: number;
  /** Whether the body is worth reading, by what stands before it. */
  readonly isWanted: (head: Head) => boolean;
}

/** An answer up to its body. */
export interface Head {
  readonly status: number;
  /** A header field's value by its name in lower case; of several, the first. */
  readonly field: (name: string) => string | undefined;
}

/** One answer. The body is empty where it was not wanted. */
export interface Answer extends Head, Body {}

/** An unwanted body is let through if it is short and quick, for the connection's sake. */
const DISCARD_BYTES = 16 * 1024;
const DISCARD_MS = 500;

/**
 * One request and its answer, over a connection that may have served before.
 * @throws AddressRefused, UnknownCoding, the signal's reason, and what undici, zlib and the system throw.
 */
export async function exchange(agent: Agent, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const response = await requestTwice(agent, ask, signal);
  const head: Head = {
    status: response.statusCode,
    field: (name) => [response.headers[name]].flat()[0],
  };
  if (!ask.isWanted(head)) {
    await discard(response.body);
    return { ...head, bytes: new Uint8Array(), isCut: false };
  }
  const coding = [response.headers["content-encoding"]].flat().join(",");
  return { ...head, ...(await readBody(response.body, coding, ask.maxBytes)) };
}

/** RFC 9112 §9.3.1: a kept connection may close just as it is used again; a GET is asked anew then. */
async function requestTwice(
  agent: Agent,
  { url, headers, method = "GET" }: Ask,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const path = url.pathname + url.search;
  const request = { origin: url.origin, path, method, headers, signal };
  try {
    return await agent.request(request);
  } catch (error) {
    if (!(error instanceof errors.SocketError) || !error.socket?.bytesRead) throw error;
    return agent.request(request);
  }
}

async function discard(body: Dispatcher.ResponseData["body"]): Promise<void> {
  const timer = setTimeout(() => body.destroy(), DISCARD_MS);
  await body.dump({ limit: DISCARD_BYTES }).catch(() => undefined);
  clearTimeout(timer);
}
