import type { DeliveryState } from "../ledger.ts";

/** What a run has done so far: how many recipients came to each state. */
export type Tally = Readonly<
  Record<Exclude<DeliveryState, "claimed" | "sending">, number> & {
    /** Of those that were skipped, the ones for whom no message could be made. */
    unmade: number;
    /** Outcomes that came after somebody else had taken the recipient over. */
    late: number;
  }
>;

export const NOTHING_YET: Tally = {
  planned: 0,
  accepted: 0,
  deferred: 0,
  rejected: 0,
  uncertain: 0,
  suppressed: 0,
  skipped: 0,
  unmade: 0,
  late: 0,
};

export function counted(tally: Tally, ...what: readonly (keyof Tally)[]): Tally {
  const next: Record<keyof Tally, number> = { ...tally };
  for (const one of what) next[one]++;
  return next;
}
