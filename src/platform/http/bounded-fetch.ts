import type { Agent } from "undici";

/** Larger than any useful answer. An endless answer must not fill the memory. */
const MOST_BYTES = 2 * 1024 * 1024;

/** By default `fetch` gives up after five minutes without an answer, and a model on two cores needs longer. */
let patient: Agent | undefined;

/**
 * `fetch` for requests that contain a secret. It follows no redirect, which would send the secret elsewhere, and rejects
 * answers of more than 2 MB. The signal of the caller is the only time limit.
 */
export const boundedFetch: typeof globalThis.fetch = async (input, init) => {
  // Most commands send no request, so undici is loaded with the first one.
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
