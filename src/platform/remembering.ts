/** A function that makes its value at the first call, and returns that again at later ones. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * A cached version of `make`, which keeps the last `most` results. `says` gives the key of an input. For a process that
 * builds an issue again and again, while only a story or two change.
 */
export function remembering<Input extends readonly unknown[], Result>(
  most: number,
  says: (...input: Input) => unknown,
  make: (...input: Input) => Result,
): (...input: Input) => Result {
  const made = new Map<string, Result>();
  return (...input) => {
    const said = says(...input);
    const key = typeof said === "string" ? said : JSON.stringify(said);
    const result = made.get(key) ?? make(...input);
    made.delete(key);
    made.set(key, result);
    const [oldest = key] = made.keys();
    if (made.size > most) made.delete(oldest);
    return result;
  };
}
