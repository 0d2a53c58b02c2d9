import type { Clock } from "../clock.ts";
import type { FetchFailure } from "./fetch-outcome.ts";

/** How long a host that was asked too often is let alone when it doesn't say. */
const USUAL_SECONDS = 60;

/** Hosts that asked for patience. Until their time is over they aren't asked again in this run. */
export class HostPauses {
  readonly #clock: Clock;
  readonly #pauses = new Map<string, { readonly until: number; readonly failure: FetchFailure }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the host said when it asked for patience; undefined where it may be asked. */
  of(url: URL): FetchFailure | undefined {
    const pause = this.#pauses.get(url.host);
    return pause && this.#clock().getTime() < pause.until
      ? { ...pause.failure, url: url.href }
      : undefined;
  }

  /** Takes note of an answer. */
  heed(url: URL, failure: FetchFailure | undefined): void {
    if (failure?.kind !== "later") return;
    const until = this.#clock().getTime() + (failure.retryAfterSeconds ?? USUAL_SECONDS) * 1000;
    this.#pauses.set(url.host, { until, failure });
  }
}
