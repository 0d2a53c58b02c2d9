/** A function that makes its value at the first call, and returns that again at later ones. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * A function that remembers its last results, as many as `most`, by what its input `says`: for a process that makes an issue
 * again and again, of which a story or two have changed.
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
