import type { Recipient } from "./recipient.ts";

/** How a reader came to want the newsletter: the evidence of consent that GDPR, article 7, asks for. */
export interface Consent {
  /** In the list owner's words: "form on the front page". */
  readonly how: string;
  readonly at?: Date;
}

/** What is stored of a reader who wants the newsletter. */
export interface SubscriberFacts extends Recipient {
  /** BCP 47. */
  readonly language?: string;
  readonly tags: readonly string[];
  readonly consent?: Consent;
}

export interface Subscriber extends SubscriberFacts {
  /** Never given twice; unsubscribe tokens carry it. */
  readonly id: number;
  readonly subscribedAt: Date;
}

/** A subscriber, and why nothing is sent to them where that is so. */
export interface ListedSubscriber extends Subscriber {
  readonly suppressed?: { readonly reason: SuppressionReason; readonly since: Date };
  /** Nothing is sent until an operator decides whether a server was right that the address doesn't exist. */
  readonly quarantinedSince?: Date;
}

/**
 * Why nothing is sent to an address any more. "erased": its owner asked to be forgotten, and of the
 * address only a keyed hash is left, so that no import brings it back.
 */
export type SuppressionReason = "unsubscribed" | "bounced" | "complained" | "manual" | "erased";

/** The reasons that a list or a person may give; an address is erased by its own command. */
export const SETTABLE_REASONS = ["unsubscribed", "bounced", "complained", "manual"] as const;

/** An address of a newsletter that nothing is sent to, and why, and since when. */
export interface Suppression {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly since: Date;
}
