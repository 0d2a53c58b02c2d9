/** More than any answer that is read whole takes; a server that never ends must not fill the memory. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * `fetch` for a server that is told a secret: a redirect, which would carry it elsewhere, is not followed, and
 * no answer goes beyond 2 MB.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "manual" });
  const body = response.body?.pipeThrough(limitedTo(MOST_BYTES)) ?? null;
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
};

function limitedTo(
  bytes: number,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let left = bytes;
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error("the answer is too long"));
      else controller.enqueue(chunk);
    },
  });
}
