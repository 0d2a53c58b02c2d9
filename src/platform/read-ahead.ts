/**
 * The results of `read` in the order of the values. At most `atOnce` calls of `read` run at the same time, so that a
 * slow value does not delay the start of the next ones.
 */
export async function* readAhead<Value, Result>(
  values: Iterable<Value>,
  atOnce: number,
  read: (value: Value) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting = values[Symbol.iterator]();
  const underWay: Promise<Result>[] = [];
  const begin = () => {
    const next = waiting.next();
    if (next.done) return;
    const result = read(next.value);
    // A failure before its turn is thrown when its turn comes, not as an unhandled rejection now.
    result.catch(() => undefined);
    underWay.push(result);
  };
  for (let count = 0; count < atOnce; count++) begin();
  for (let first = underWay.shift(); first; first = underWay.shift()) {
    const result = await first;
    begin();
    yield result;
  }
}
