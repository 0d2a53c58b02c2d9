import { createHash } from "node:crypto";

const MINUTE_MS = 60_000;
/** After the first attempt, the second and so on; the last for all that follow. */
const DELAYS_MINUTES = [5, 10, 20, 45, 90, 180];
const JITTER = 0.2;
/** RFC 5321 §4.5.4.1 gives a message four to five days; a newsletter of the day before yesterday is none. */
const LONGEST_MS = 48 * 60 * MINUTE_MS;

export interface Deferral {
  /** Of the row, and how often it was tried: those who were put off together don't come back together. */
  readonly id: number;
  readonly attempt: number;
  readonly firstTriedAt: Date;
  readonly now: Date;
  /** After this nobody wants the issue any more. */
  readonly expiresAt?: Date | undefined;
}

/**
 * When to try a recipient again whom the server put off: after 5, 10, 20, 45 and 90 minutes, then every
 * three hours, a fifth more or less. Undefined where that would be later than 48 hours after the first
 * attempt, or than the issue is worth.
 */
export function nextTry(deferral: Deferral): Date | undefined {
  const { attempt, firstTriedAt, now, expiresAt } = deferral;
  const minutes = DELAYS_MINUTES[attempt - 1] ?? DELAYS_MINUTES.at(-1) ?? 0;
  const at = now.getTime() + Math.round(minutes * MINUTE_MS * (1 + JITTER * spread(deferral)));
  const end = Math.min(firstTriedAt.getTime() + LONGEST_MS, expiresAt?.getTime() ?? Infinity);
  return at <= end ? new Date(at) : undefined;
}

/** From -1 to 1, the same for the same row and attempt. */
function spread({ id, attempt }: Deferral): number {
  const hash = createHash("sha256").update(`${id}/${attempt}`).digest();
  return (hash.readUInt32BE() / 0xffff_ffff) * 2 - 1;
}
