/**
 * Seconds that this thread is on the processor for some work. Neither a busy machine nor the collector's own threads
 * count, so a limit on it holds wherever the tests run.
 */
export function cpuSecondsOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000_000;
}

/**
 * How many times as long `large` takes as `small`: the first of three rounds in which it is less than `limit`, else
 * their lowest, as a round in which memory is collected or code is compiled says nothing of how the work grows.
 */
export function growthOf(
  [small, large]: readonly [() => unknown, () => unknown],
  { limit }: { readonly limit: number },
): number {
  small();
  let lowest = Infinity;
  for (let round = 1; round <= 3 && lowest >= limit; round++)
    lowest = Math.min(lowest, cpuSecondsOf(large) / cpuSecondsOf(small));
  return lowest;
}
