import type { Site, SentIssues } from "../archive/sent-issue.ts";

/*
 * The outside world of the door: the list, the mails that it sends, and the issues that were sent. Every implementation of
 * a port passes its contract suite in tests/serve.
 */

/** What the pages show of a reader. */
export interface Reader {
  /** The number in the reader's tokens. */
  readonly id: number;
  /** The address; absent for a reader who was erased. */
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
  /** When the reader subscribed; absent if the reader is off the list. */
  readonly subscribedAt?: Date;
  readonly consent?: { readonly how: string; readonly at?: Date };
  readonly pausedUntil?: Date;
  readonly suppressed?: { readonly reason: string; readonly since: Date; readonly how?: string };
  /** The issues that were addressed to them, the latest first. */
  readonly issues: readonly { readonly slot: string; readonly state: string; readonly at: Date }[];
}

/** The readers of one newsletter, each by the token in their mails. Tokens never expire. */
export interface Readers {
  /** The reader of a token; undefined if the token is not one of this list. The id 0 belongs to a probe, and nothing changes it. */
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

  /** What is stored of a reader; undefined if the reader was erased. */
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
  readonly html: string;
  /** The mail is not sent after this time, because its link has expired then. */
  readonly expiresAt: Date;
}

/** A mail that one caller alone may send, once. */
export interface ClaimedMail extends OutgoingMail {
  readonly id: number;
  /** How often it was tried, this time included. */
  readonly attempt: number;
  readonly putAt: Date;
}

/**
 * What became of a mail: "waiting" where the server has certainly not taken it, and may take it later; "doubtful" where
 * it may have taken it.
 */
export type MailOutcome =
  | { readonly state: "sent" | "dropped" | "doubtful" }
  | { readonly state: "waiting"; readonly due: Date };

/** The mails that wait to be sent. They outlive the process. `joinsPerHour`: of the config. */
export interface Outgoing {
  /** Takes a mail that a reader asked for; false for a key that is known, and for a reader who asks too often. */
  put(mail: OutgoingMail): Promise<boolean>;

  /** Whether there is a mail to claim. */
  isDue(joinsPerHour: number): Promise<boolean>;

  /**
   * The next mail that is due. Each mail is handed out once. After a crash without an outcome the server may have it, so
   * that it isn't sent again.
   */
  claim(joinsPerHour: number): Promise<ClaimedMail | undefined>;

  /** Records the outcome of a mail that was claimed and has none yet. Address and text of the mail are then erased. */
  settle(id: number, outcome: MailOutcome): Promise<void>;
}

/** What a visitor sends with the subscribe form. */
export interface JoinRequest {
  /** The address in normal form. */
  readonly address: string;
  /** BCP 47, of the page that the visitor saw; the mail is in it too. */
  readonly language: string;
  /** The address of that page, and the SHA-256 of its wording, in hexadecimal. */
  readonly page: string;
  readonly wording: string;
  /** The network that the visitor comes from: `192.0.2.0/24`. */
  readonly network: string;
  /** Identifies the proof of work that came with it. */
  readonly proof?: string | undefined;
}

/** What the timed token in the link of a confirming mail is for. */
export const CONFIRM = "confirm";

/** How long a visitor may take to confirm. */
export const REQUEST_MS = 7 * 86_400_000;

/** How visitors become readers. */
export interface Joins {
  /** Stores a request durably. What is done takes the same time for every address. */
  ask(request: JoinRequest): Promise<void>;

  /** Decides about the requests that are stored, and puts the mails into the queue that the budget allows. */
  weigh(): Promise<void>;

  /** Whether the request with this id can be confirmed, or has been and its reader is subscribed. */
  find(id: number): Promise<"open" | "joined" | undefined>;

  /** Subscribes the visitor of a request; whether they are subscribed then. */
  confirm(id: number): Promise<boolean>;

  /** Forgets addresses, networks and counts whose time is over. */
  forget(): Promise<void>;
}

/** What a provider reports of a reader's message. */
export interface ProviderReport {
  /** The bounce token that the message carried. */
  readonly token: string;
  readonly slot?: string | undefined;
  readonly what: "bounced" | "bounced for now" | "blocked" | "complained" | "delivered";
  /** The words of the server. */
  readonly said: string;
  /** The provider's own name for it, which two reports of the same event share. */
  readonly id?: string | undefined;
}

/** What follows from reports. */
export interface Reports {
  /**
   * Notes a bounce or a complaint, and settles a reader in doubt who has the message or whose message bounced. Whether
   * the token is one of this list's, without which nothing changes. A report with the same `id` counts once.
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

/** What was sent, and what its pages have in common. */
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
