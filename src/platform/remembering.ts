/** A function that makes its value at the first call, and returns the same value at later calls. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The number of results to cache if each belongs to a story. An issue has fewer stories. */
export const STORIES_CACHED = 250;

/**
 * A cached version of `make`, which keeps the last `most` results. `keyOf` returns the cache key of an input. It helps a
 * process that builds an issue repeatedly, while only one or two stories change.
 */
export function remembering<Input extends readonly unknown[], Result>(
  most: number,
  keyOf: (...input: Input) => unknown,
  make: (...input: Input) => Result,
): (...input: Input) => Result {
  const made = new Map<string, Result>();
  return (...input) => {
    const parts = keyOf(...input);
    const key = typeof parts === "string" ? parts : JSON.stringify(parts);
    const result = made.get(key) ?? make(...input);
    made.delete(key);
    made.set(key, result);
    const [oldest = key] = made.keys();
    if (made.size > most) made.delete(oldest);
    return result;
  };
}
