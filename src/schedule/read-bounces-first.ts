import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { Environment } from "../platform/environment.ts";
import { quarantineError } from "../subscribers/judgement.ts";

interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly env: Environment;
}

/** The longest time that an issue waits for mailboxes. The next run reads the rest. */
const LONGEST_READING_MS = 60_000;

/**
 * Reads bounces before an issue is sent. A fault is a notice in `status`, and does not delay the issue. Without mailboxes,
 * the code that reads them is not loaded, because most runs have no work.
 */
export async function readBouncesFirst(
  { config, clock, env }: Context,
  signal: AbortSignal,
  report: (fault: unknown) => void,
): Promise<void> {
  if (config.bounces.length === 0 && config.secrets.bouncesUrl === undefined) return;
  const { readBounces } = await import("./io/read-bounces.ts");
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_READING_MS)]);
    const { quarantined } = await readBounces(config, { clock, env, signal: either });
    const doubt = quarantineError(quarantined);
    if (doubt) report(doubt);
  } catch (error) {
    // The run itself meets a fault of the store as well.
    if (!(error instanceof BroadsheetError)) report(error);
  }
}
