/** Waits until somebody ends the process by hand, which is how what watches is ended. */
export async function untilInterrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  // Nothing else may be going on that keeps the process.
  const alive = setInterval(() => undefined, 60_000);
  await promise;
  clearInterval(alive);
}
