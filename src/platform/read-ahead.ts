/**
 * What each value gives, in the order of the values, while so many of them are under way: what comes
 * later is not kept waiting by a slow first.
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
