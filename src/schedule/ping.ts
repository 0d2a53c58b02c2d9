/** Tells a watcher that a job ran, so that it can say when one did not. */
export interface Ping {
  readonly start: () => Promise<PingOutcome>;
  /** With the exit code, 0 where all went well, and a line that the watcher keeps. */
  readonly end: (exit: number, line?: string) => Promise<PingOutcome>;
}

/** Whether the watcher got the ping, and why not. */
export type PingOutcome = { readonly isOk: true } | { readonly isOk: false; readonly why: string };
