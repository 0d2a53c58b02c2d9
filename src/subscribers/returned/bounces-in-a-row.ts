/** An issue that somebody was sent, and whether it came back for now. */
export interface SentIssue {
  readonly at: Date;
  readonly cameBack: boolean;
}

const DAY_MS = 86_400_000;
/** Servers try for up to five days before they say that they couldn't. */
const WITHOUT_MS = 7 * DAY_MS;
/** A mailbox is full over the holidays, and a server is down for a week. */
const LONG_ENOUGH_MS = 14 * DAY_MS;

/**
 * How many issues have come back for now, as a full mailbox has them come back, since it last went well: since a
 * week in which an issue went out and none came back. That one didn't proves nothing, since not every server says so.
 * `isLasting`: it has gone on for two weeks. `sent`: the latest first.
 */
export function bouncesInARow(
  sent: Iterable<SentIssue>,
  now: Date,
): { readonly count: number; readonly isLasting: boolean } {
  const row: number[] = [];
  let later = now.getTime();
  let hasGoneWell = false;
  for (const { at, cameBack } of sent) {
    if (!cameBack) hasGoneWell = true;
    else if (hasGoneWell && later - at.getTime() > WITHOUT_MS) break;
    else {
      row.push(at.getTime());
      later = at.getTime();
      hasGoneWell = false;
    }
  }
  const [last = 0] = row;
  return { count: row.length, isLasting: last - (row.at(-1) ?? last) >= LONG_ENOUGH_MS };
}
