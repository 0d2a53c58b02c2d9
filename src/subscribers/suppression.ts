/**
 * Why nothing is sent to an address any more. "erased": its owner asked to be forgotten, and of the
 * address only a keyed hash is left, so that no import brings it back.
 */
export type SuppressionReason = "unsubscribed" | "bounced" | "complained" | "manual" | "erased";

/** Those that a list or a person may give; an address is erased by a command of its own. */
export const SETTABLE_REASONS = ["unsubscribed", "bounced", "complained", "manual"] as const;

/** An address of a newsletter that nothing is sent to, and why, and since when. */
export interface Suppression {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly since: Date;
}
