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
    const key = JSON.stringify(says(...input));
    const result = made.get(key) ?? make(...input);
    made.delete(key);
    made.set(key, result);
    for (const oldest of [...made.keys()].slice(0, -most)) made.delete(oldest);
    return result;
  };
}
