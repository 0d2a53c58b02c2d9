/** How long and how much a fetch may take. */
export interface FetchLimits {
  /** Until the connection stands, its name and TLS included. */
  readonly connectMs: number;
  /** Until the answer begins. */
  readonly headersMs: number;
  /** The longest silence within the answer. */
  readonly idleMs: number;
  /** All of it, redirects included and waiting for its turn not, so that a server that drips is cut. */
  readonly totalMs: number;
  /** Of the body after decompression. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: FetchLimits = {
  connectMs: 10_000,
  headersMs: 15_000,
  idleMs: 10_000,
  totalMs: 30_000,
  maxBytes: 10 * 1024 * 1024,
};
