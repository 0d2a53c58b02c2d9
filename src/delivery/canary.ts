import { BroadsheetError } from "../errors.ts";
import { momentText } from "../platform/clock.ts";
import { counted, many } from "../platform/text.ts";
import type { CanaryNote, PlannedIssue } from "./ledger.ts";

/** The setting. `wait` is in milliseconds, `stopAt` a share of the readers. */
export interface CanarySetting {
  readonly readers: number;
  readonly wait: number;
  readonly stopAt: number;
}

export interface CanaryStep {
  /** The number of readers who may get the issue now. */
  readonly atMost: number;
  /** The reason why the other readers wait. */
  readonly why?: BroadsheetError;
  /** A change of the canary's state, which the caller records. */
  readonly note?: CanaryNote;
}

/**
 * Decides how many readers may get an issue now. Until the canary is judged, the issue goes only to its first readers.
 * The issue is held as soon as too many refusals and bounces are known.
 */
export function canaryStep(
  planned: PlannedIssue,
  setting: CanarySetting | undefined,
  now: Date,
): CanaryStep {
  const { counts, canary, issue } = planned;
  const { accepted, rejected, uncertain, sending } = counts;
  const answered = accepted + rejected + uncertain + sending;
  const all = answered + counts.planned + counts.claimed + counts.deferred;
  if (!setting || canary?.verdict === "passed" || all <= setting.readers)
    return { atMost: Infinity };
  if (canary?.verdict === "held") return { atMost: 0, why: heldError(issue.slot) };
  if (answered < setting.readers) return { atMost: setting.readers - answered };
  const held = whyHeld(planned, answered, setting);
  if (held !== undefined) return { atMost: 0, why: heldError(issue.slot, held), note: { held } };
  if (canary && canary.until <= now) return { atMost: Infinity, note: { passed: true } };
  const until = canary?.until ?? new Date(now.getTime() + setting.wait);
  const why = waitError(planned, until);
  return canary ? { atMost: 0, why } : { atMost: 0, why, note: { until } };
}

/** Whether the other readers of an issue still wait for the bounces of its first readers. */
export function isCanaryOut({ canary }: Pick<PlannedIssue, "canary">, now: Date): boolean {
  return canary !== undefined && canary.verdict === undefined && canary.until > now;
}

function whyHeld(
  { counts: { rejected }, bounces }: PlannedIssue,
  answered: number,
  { stopAt }: CanarySetting,
): string | undefined {
  const bad = rejected + (bounces?.returned ?? 0);
  if (bad < stopAt * answered) return undefined;
  const percent = counted(Math.round((1000 * bad) / answered) / 10);
  return `refusals, bounces and complaints: ${counted(bad)} of the first ${many(answered, "reader")} (${percent} %)`;
}

function heldError(
  slot: string,
  why = "too many of its first readers refused it",
): BroadsheetError {
  return new BroadsheetError("CANARY_STOPPED", `${slot} is held: ${why}`, {
    fix: `find out why: broadsheet explain ADDRESS; to send the rest all the same: broadsheet hold ${slot} --off, then send`,
  });
}

function waitError({ counts, issue }: PlannedIssue, until: Date): BroadsheetError {
  const what = `the first ${counted(counts.accepted)} readers have ${issue.slot}; the others get it after ${momentText(until)}, unless too many of these messages bounce or cause complaints`;
  return new BroadsheetError("CANARY_OUT", what, { fix: "send again then" });
}
