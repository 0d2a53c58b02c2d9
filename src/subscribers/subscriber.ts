import type { Recipient } from "./recipient.ts";
import type { SuppressionReason } from "./suppression.ts";

/** How somebody came to want the newsletter: what has to be shown when it is asked for (GDPR, article 7). */
export interface Consent {
  /** In the words of whoever keeps the list: "form on the front page". */
  readonly how: string;
  readonly at?: Date;
}

/** What is known of somebody who wants the newsletter. */
export interface SubscriberFacts extends Recipient {
  /** BCP 47. */
  readonly language?: string;
  readonly tags: readonly string[];
  readonly consent?: Consent;
}

export interface Subscriber extends SubscriberFacts {
  /** Never given to anybody else; unsubscribe tokens carry it. */
  readonly id: number;
  readonly subscribedAt: Date;
}

/** A subscriber, and why nothing is sent to them where that is so. */
export interface ListedSubscriber extends Subscriber {
  readonly suppressed?: { readonly reason: SuppressionReason; readonly since: Date };
}
