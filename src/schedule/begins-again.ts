import { BroadsheetError } from "../errors.ts";
import { standingOf } from "./standing.ts";
import type { RunJob } from "./run-job.ts";

/**
 * Begins a slot again whose issue is gone: somebody has taken the folder away, or the config names another outbox.
 * False where the error is another one, or where readers are planned, who are to get what the others got.
 */
export async function beginsAgain(
  slot: string,
  error: unknown,
  job: Pick<RunJob, "slots" | "config" | "clock" | "env">,
): Promise<boolean> {
  if (!(error instanceof BroadsheetError) || error.code !== "ISSUE_MISSING") return false;
  if (await standingOf(slot, job)) return false;
  const { slots } = job;
  const isBuilt = slots.change(slot, { from: "built", to: "begun" });
  return isBuilt || slots.change(slot, { from: "sending", to: "begun" });
}
