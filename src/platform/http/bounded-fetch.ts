import type { Agent } from "undici";

/** No answer that is read whole is as large. A server that never ends must not fill the memory. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * The caller's signal is the one limit of time. Left to itself, `fetch` gives up a server that has not begun its
 * answer after five minutes, and a model on two cores thinks longer.
 */
let patient: Agent | undefined;

/**
 * `fetch` for a server that is sent a secret: a redirect, which would carry it elsewhere, is not followed, and
 * no answer goes beyond 2 MB. Only the caller's signal ends a long wait.
 */
export const boundedFetch: typeof globalThis.fetch = async (input, init) => {
  // Most commands only might ask a server: undici is loaded with the first question.
  const { Agent: UndiciAgent, fetch } = await import("undici");
  patient ??= new UndiciAgent({ headersTimeout: 0, bodyTimeout: 0 });
  const request = new Request(input, init);
  const body = await request.text();
  const answer = await fetch(request.url, {
    method: request.method,
    headers: [...request.headers],
    ...(body !== "" && { body }),
    signal: request.signal,
    redirect: "manual",
    dispatcher: patient,
  });
  const { status, statusText, headers } = answer;
  const said = await readWhole(answer.body ?? []);
  return new Response(said.length === 0 ? null : said, {
    status,
    statusText,
    headers: [...headers],
  });
};

async function readWhole(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error("the answer is too long");
    read.push(chunk);
  }
  return new Uint8Array(Buffer.concat(read));
}
