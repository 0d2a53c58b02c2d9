import { performance } from "node:perf_hooks";

/** A timer may end a moment before its time. */
const SHORTEST_WAIT_MS = 50;

/**
 * The result of work that the process waits for. Only time in which the process has nothing to do counts: while it reads
 * an article, what a disk has answered long ago waits with everything else.
 * @throws the error of `late` where the work takes longer.
 */
export async function withinIdleTime<Result>(
  work: Promise<Result>,
  longestMs: number,
  late: () => Error,
): Promise<Result> {
  const ended = Promise.withResolvers<never>();
  const begun = idleMs();
  const end = (): void => {
    const left = longestMs - (idleMs() - begun);
    if (left > 0) timer = setTimeout(end, Math.max(left, SHORTEST_WAIT_MS));
    else ended.reject(late());
  };
  let timer = setTimeout(end, longestMs);
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}
