import type { Site } from "../archive/head-tags.ts";
import type { SentIssues } from "../archive/sent-issue.ts";

/*
 * The outside world of the door: the list, the mails that it sends, and the issues that were sent. Every implementation of
 * a port passes its contract suite in tests/serve.
 */

/** What the pages show of a reader. */
export interface Reader {
  /** The number in the reader's tokens. */
  readonly id: number;
  /** Absent for a reader who was erased: pages and mails have nothing to show or to send. */
  readonly address?: string;
  readonly state: "subscribed" | "paused" | "left";
  /** When nothing was sent any more, where that is known. */
  readonly leftAt?: Date;
  /** The pause ends here, in the first issue from this moment on. */
  readonly pausedUntil?: Date;
}

/** All that is stored of a reader. */
export interface ReaderRecord {
  readonly address: string;
  readonly name?: string;
  readonly language?: string;
  readonly tags: readonly string[];
  /** Absent for a reader who was taken off the list. */
  readonly subscribedAt?: Date;
  readonly consent?: { readonly how: string; readonly at?: Date };
  readonly pausedUntil?: Date;
  readonly suppressed?: { readonly reason: string; readonly since: Date; readonly how?: string };
  /** The issues that were addressed to them, the latest first. */
  readonly issues: readonly { readonly slot: string; readonly state: string; readonly at: Date }[];
}

/** The readers of one newsletter, each by the token in their mails. Tokens never expire. */
export interface Readers {
  /** Undefined for a token that isn't one of this list's, without a reason. The id 0 is a probe's: nothing changes it. */
  find(token: string): Promise<Reader | undefined>;

  /**
   * Ends the subscription, and returns when that was; undefined where it had ended before. `how` is shown by `explain`:
   * "one click in the mail program".
   */
  leave(id: number, how: string): Promise<Date | undefined>;

  /** Takes back the leave of this moment, and no other; whether it did. */
  undo(id: number, leftAt: Date): Promise<boolean>;

  /** Sends nothing until then; undefined ends the pause. Whether the reader is subscribed. */
  pause(id: number, until: Date | undefined): Promise<boolean>;

  /** Undefined for a reader who was erased. */
  record(id: number): Promise<ReaderRecord | undefined>;

  /** Forgets the reader, and keeps no more than a hash by which the address is recognised. */
  erase(id: number): Promise<void>;
}

/** A mail to one address that isn't an issue: a link that a reader or visitor asked for. */
export interface OutgoingMail {
  /** No two mails of a newsletter have the same one: a second one is dropped. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** After this the link in it is of no use, and it isn't sent any more. */
  readonly expiresAt: Date;
}

/** The mails that wait to be sent. They outlive the process. */
export interface Outgoing {
  /** Takes a mail; whether its key is new. */
  put(mail: OutgoingMail): Promise<boolean>;
}

/** What was sent, and what its pages have in common. */
export interface Archive {
  readonly sent: SentIssues;
  readonly site: Site;
}

export interface Ports {
  /** Where the newsletter has an archive. */
  readonly archive?: Archive | undefined;
  readonly readers: Readers;
  readonly outgoing: Outgoing;
}
