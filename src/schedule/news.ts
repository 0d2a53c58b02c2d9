import type { ToldFaults } from "./io/told-faults.ts";

const DAY_MS = 86_400_000;
/** So long before it is too late, somebody may still do something about it. */
const LAST_CHANCE_MS = 3_600_000;

/** A fault that lasts. */
interface Fault {
  readonly code: string;
  readonly says: string;
  /** When nothing more is tried. */
  readonly until?: Date | undefined;
}

/**
 * Whether somebody is to be told of a fault that runs meet again and again: when it begins or changes, a day later,
 * and when there is little time left. What is known then, undefined where there is nothing to tell.
 */
export function newsOf(fault: Fault, told: ToldFaults, now: Date): ToldFaults | undefined {
  const key = keyOf(fault);
  const at = told[key];
  if (at !== undefined && !isForgotten(at, now) && !isLastChance(at, fault, now)) return undefined;
  const recent = Object.entries(told).filter(([, at]) => !isForgotten(at, now));
  return { ...Object.fromEntries(recent), [key]: now.getTime() };
}

/** What was told at a time yet to come was told by a clock that was wrong. */
function isForgotten(at: number, now: Date): boolean {
  return at > now.getTime() || now.getTime() - at >= DAY_MS;
}

function isLastChance(at: number, { until }: Fault, now: Date): boolean {
  if (!until) return false;
  const from = until.getTime() - LAST_CHANCE_MS;
  return now.getTime() >= from && at < from;
}

/**
 * Servers put a number of their own, the time or a reader's address into what they say: words with digits or "@"
 * don't make another fault.
 */
function keyOf({ code, says }: Fault): string {
  const words = says.split(/\s+/).filter((word) => !/[\d@]/.test(word));
  return [code, ...words].join(" ");
}
