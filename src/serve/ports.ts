import type { Site, SentIssues } from "../archive/sent-issue.ts";

/*
 * The ports of the readers' pages: the list, the single mails, and the sent issues. Every implementation of a port passes its
 * contract suite in tests/serve.
 */

/** A reader as the pages show it. */
export interface Reader {
  /** The number in the reader's tokens. */
  readonly id: number;
  /** The address. Absent for an erased reader. */
  readonly address?: string;
  readonly state: "subscribed" | "paused" | "left";
  /** The time at which the reader left, if it is known. */
  readonly leftAt?: Date;
  /** The end of the pause. The reader gets the first issue after it. */
  readonly pausedUntil?: Date;
}

/** All stored data of a reader. */
export interface ReaderRecord {
  readonly address: string;
  readonly name?: string;
  readonly language?: string;
  readonly tags: readonly string[];
  /** The time of the subscription. Absent if the reader is off the list. */
  readonly subscribedAt?: Date;
  readonly consent?: { readonly how: string; readonly at?: Date };
  readonly pausedUntil?: Date;
  readonly suppressed?: { readonly reason: string; readonly since: Date; readonly how?: string };
  /** The issues that were planned for the reader, the latest first. */
  readonly issues: readonly { readonly slot: string; readonly state: string; readonly at: Date }[];
}

/** The readers of one newsletter, by the tokens in their mails. Tokens never expire. */
export interface Readers {
  /** The reader of a token. Undefined if the token is not of this list. The id 0 belongs to a probe, which is never changed. */
  find(token: string): Promise<Reader | undefined>;

  /**
   * Ends the subscription, and returns the time. Undefined if it had ended before. `explain` shows `how`, such as "one click
   * in the mail program".
   */
  leave(id: number, how: string): Promise<Date | undefined>;

  /** Undoes the unsubscription at `leftAt`, and no other one. Returns whether there was one. */
  undo(id: number, leftAt: Date): Promise<boolean>;

  /** Pauses the subscription until a time. Undefined ends the pause. Returns whether the reader is subscribed. */
  pause(id: number, until: Date | undefined): Promise<boolean>;

  /** The stored data of a reader. Undefined if the reader was erased. */
  record(id: number): Promise<ReaderRecord | undefined>;

  /** Erases the reader. Only a hash remains, which recognises the address. */
  erase(id: number): Promise<void>;
}

/** A single mail with a link that a reader or visitor asked for. */
export interface OutgoingMail {
  /** A unique key within the newsletter. A second mail with the same key is dropped. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The mail is not sent after this time, because its link has expired then. */
  readonly expiresAt: Date;
}

/** A mail that only its claimer may send, and only once. */
export interface ClaimedMail extends OutgoingMail {
  readonly id: number;
  /** The number of attempts, including this one. */
  readonly attempt: number;
  readonly putAt: Date;
}

/**
 * The outcome of a mail. "waiting": the server has not accepted it, but may do so later. "doubtful": the server may have
 * accepted it.
 */
export type MailOutcome =
  | { readonly state: "sent" | "dropped" | "doubtful" }
  | { readonly state: "waiting"; readonly due: Date };

/** The waiting mails. They survive the process. `joinsPerHour` is the limit in the config. */
export interface Outgoing {
  /** Puts a reader's mail into the queue. Returns false for a known key, and for a reader who asks too often. */
  put(mail: OutgoingMail): Promise<boolean>;

  /** Whether there is a mail to claim. */
  isDue(joinsPerHour: number): Promise<boolean>;

  /**
   * Claims the next due mail. Each mail is claimed once. After a crash without an outcome, the server may have the mail, so it
   * is not sent again.
   */
  claim(joinsPerHour: number): Promise<ClaimedMail | undefined>;

  /** Records the outcome of a mail that was claimed and has none yet. Address and text of the mail are then erased. */
  settle(id: number, outcome: MailOutcome): Promise<void>;
}

/** A visitor's request to subscribe. */
export interface JoinRequest {
  /** The address in normal form. */
  readonly address: string;
  /** The language of the page and of the mail, by BCP 47. */
  readonly language: string;
  readonly page: string;
  /** The SHA-256 of the page's wording, in hexadecimal. */
  readonly wording: string;
  /** The visitor's network: `192.0.2.0/24`. */
  readonly network: string;
  /** The id of the proof of work. */
  readonly proof?: string | undefined;
}

/** The purpose of the timed token in the confirmation link. */
export const CONFIRM = "confirm";

/** The time within which a visitor may confirm. */
export const REQUEST_MS = 7 * 86_400_000;

/** The requests to subscribe. */
export interface Joins {
  /** Stores a request durably. The time that this takes does not depend on the address. */
  ask(request: JoinRequest): Promise<void>;

  /** Decides about stored requests, and puts mails into the queue within the budget. */
  weigh(): Promise<void>;

  /** The state of a request: it can be confirmed, or its reader is subscribed. Undefined otherwise. */
  find(id: number): Promise<"open" | "joined" | undefined>;

  /** Subscribes the visitor of a request. Returns whether the visitor is subscribed now. */
  confirm(id: number): Promise<boolean>;

  /** Deletes expired addresses, networks and counts. */
  forget(): Promise<void>;
}

/** A provider's report about a reader's message. */
export interface ProviderReport {
  /** The bounce token in the message. */
  readonly token: string;
  readonly slot?: string | undefined;
  readonly what: "bounced" | "bounced for now" | "blocked" | "complained" | "delivered";
  /** The server's text. */
  readonly said: string;
  /** The provider's id of the event. Two reports of one event have the same id. */
  readonly id?: string | undefined;
}

/** The processing of reports. */
export interface Reports {
  /**
   * Records a bounce or a complaint. A reader in doubt counts as accepted, because a server got the message. Returns whether
   * the token is of this list. Without such a token, nothing changes. Reports with the same `id` count once.
   */
  take(report: ProviderReport): Promise<boolean>;
}

/** The servers of Amazon SNS. */
export interface Sns {
  /** A certificate in PEM. */
  certificate(url: URL): Promise<string>;
  /** Visits the address that confirms a subscription. */
  confirm(url: URL): Promise<void>;
}

/** The sent issues, and the values that their pages share. */
export interface Archive {
  readonly sent: SentIssues;
  readonly site: Site;
}

export interface Ports {
  /** The archive, if the newsletter has one. */
  readonly archive?: Archive | undefined;
  readonly readers: Readers;
  readonly outgoing: Pick<Outgoing, "put">;
  readonly joins: Joins;
  /** The reports of providers, if there are any. */
  readonly reports?: Reports | undefined;
  readonly sns?: Sns | undefined;
}
