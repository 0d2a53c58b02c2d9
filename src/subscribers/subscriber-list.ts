import type { AudienceCounts, Consent, ListedSubscriber, SuppressionReason } from "./subscriber.ts";

/** The facts of a reader, or of all readers in a file. */
export interface ReaderFacts {
  /** BCP 47. */
  readonly language?: string;
  readonly tags?: readonly string[];
  /** How they came to want the newsletter. */
  readonly consent?: Consent;
}

/** What became of an address that was added: or why nothing is sent there any more. */
export type Added = "added" | "updated" | "unchanged" | SuppressionReason;

/** What became of the rows of a file. */
export interface ImportCounts {
  readonly read: number;
  /** Written beside the file, as NAME.rejects.csv, each with its reason. */
  readonly rejected: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The file itself says that they want no more. */
  readonly suppressed: number;
  /** They have left, and stay so whatever a list says. */
  readonly keptOut: Readonly<Partial<Record<SuppressionReason, number>>>;
}

/** The readers of a newsletter, for a program: what `broadsheet subscribers` does. Its user closes it. */
export interface SubscriberList {
  /**
   * Adds a reader, named `name@domain` or `Name <name@domain>`. One who left stays out, unless they have asked for it
   * again themselves: `isResubscription`.
   * @throws BroadsheetError USAGE for what is no address, or no language.
   */
  add(reader: string, facts?: ReaderFacts & { readonly isResubscription?: boolean }): Added;

  /**
   * Takes in a list as CSV or JSON. The facts given hold for the rows that don't say otherwise; tags are added to theirs.
   * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE; CONTENT_BINARY, CONTENT_EMPTY; CONTENT_UNSUPPORTED where no
   * column holds addresses; USAGE for a language that is none. Rows before a break are in.
   */
  importFile(file: string, facts?: ReaderFacts): Promise<ImportCounts>;

  find(address: string): ListedSubscriber | undefined;

  /**
   * The readers in the order in which they came, also those who left; `segment` is an expression such as
   * `tag:de and not language:fr`.
   * @throws BroadsheetError USAGE for an expression that can't be read.
   */
  subscribers(segment?: string): Generator<ListedSubscriber>;

  counts(): AudienceCounts;

  /** Sends nothing to this address any more, "manual" by default; whether that is new. */
  suppress(address: string, reason?: SuppressionReason): boolean;

  /**
   * Ends the subscription that a token stands for; whether it was open.
   * @throws BroadsheetError TOKEN_INVALID, SECRET_MISSING, SECRET_CHANGED.
   */
  unsubscribe(token: string): boolean;

  /** Takes an address off the list; whether it was on it. */
  remove(address: string): boolean;

  /**
   * Forgets an address, so that no import brings it back; whether there was anything of it.
   * @throws BroadsheetError SECRET_MISSING.
   */
  erase(address: string): boolean;

  close(): void;
}
