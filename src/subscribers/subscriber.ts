/// <reference lib="esnext.disposable" preserve="true" />
import { BroadsheetError } from "../errors.ts";
import type { Recipient } from "./recipient.ts";
import { attempt } from "../platform/attempt.ts";
import { once } from "../platform/remembering.ts";

/** The evidence of a reader's consent (GDPR, article 7). */
export interface Consent {
  /** How the reader consented, in the list owner's words: "form on the front page". */
  readonly how: string;
  readonly at?: Date;
}

/** The stored facts of a subscriber. */
export interface SubscriberFacts extends Recipient {
  /** A language tag by BCP 47. */
  readonly language?: string;
  readonly tags: readonly string[];
  readonly consent?: Consent;
}

export interface Subscriber extends SubscriberFacts {
  /** The id in unsubscribe tokens. No id is ever given twice. */
  readonly id: number;
  readonly subscribedAt: Date;
}

/** A subscriber, with the reasons why nothing is sent to the address. */
export interface ListedSubscriber extends Subscriber {
  readonly suppressed?: Pick<Suppression, "reason" | "since" | "how">;
  /** The time since which the reader is in quarantine. An operator decides whether the address really does not exist. */
  readonly quarantinedSince?: Date;
  /** The end of a pause that the reader chose. It may be in the past. */
  readonly pausedUntil?: Date;
}

/**
 * The reason for a suppression. "erased": its owner asked to be erased. Only a keyed hash of the address is stored, so that
 * no import adds it again.
 */
export type SuppressionReason = "unsubscribed" | "bounced" | "complained" | "manual" | "erased";

/** The text for each reason. */
export const KEPT_OUT: Readonly<Record<string, string>> = {
  unsubscribed: "they have unsubscribed",
  bounced: "mail to them came back",
  complained: "they have complained of spam",
  manual: "you have put them on the suppression list",
  erased: "they asked to be forgotten",
};

/** The reasons that an import or a person may give. Another command erases an address. */
export const SETTABLE_REASONS = ["unsubscribed", "bounced", "complained", "manual"] as const;

/** A suppressed address of a newsletter. */
export interface Suppression {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly since: Date;
  /** How the reader left: "one click in the mail program". Older versions did not store it. */
  readonly how?: string;
}

/** The numbers of a newsletter's readers. */
export interface AudienceCounts {
  readonly subscribers: number;
  /** Subscribers who get the next issue. */
  readonly active: number;
  /** Subscribers in quarantine. They get nothing until an operator decides. */
  readonly quarantined: number;
  /** Subscribers who paused the subscription, and are neither suppressed nor quarantined. */
  readonly paused: number;
  /** Suppressed addresses, on the list or not. */
  readonly suppressed: number;
  readonly erased: number;
}

/** A bounce or a complaint. */
export interface Bounce {
  /**
   * The name of the event in the history. "bounced": the address doesn't exist. "bounced for now": a full mailbox, or a
   * server that was down. "blocked": a server refuses the sender or the content, which does not count against the reader.
   */
  readonly what: "bounced" | "bounced for now" | "blocked" | "complained";
  /** The text of the server or service that reports it. */
  readonly said: string;
  /** The Message-IDs of the bounced message that the bounce names. */
  readonly messageIds: readonly string[];
  /** After this number of temporary bounces in a row, nothing is sent to an address. */
  readonly atMost?: number | undefined;
}

/** The reader whose message bounced, and the consequences. */
export interface NotedBounce {
  /** The address. Absent for an erased reader, whose address is not stored. */
  readonly address?: string;
  /** Whether this bounce suppressed the reader. */
  readonly isNew: boolean;
  /** The number of temporary bounces in a row. */
  readonly inARow?: number;
}

/** The messages of an issue that servers blocked. */
export interface Blocked {
  readonly slot: string;
  readonly count: number;
  /** The domains of these readers, separated by commas. */
  readonly domains: string;
  /** The latest reply of a server. */
  readonly said: string;
}

/** A mail that asks to unsubscribe, without a proof that it is from the reader. An operator decides. */
export interface LeaveRequest {
  /** The sender by the mail's From field. */
  readonly address: string;
  /** The mail's own date. If it is missing or in the future, it is replaced by the time of arrival. */
  readonly date: Date;
  /** The Message-ID with angle brackets. */
  readonly messageId?: string;
}

/** Single mails that have waited longer than usual. */
export interface WaitingMails {
  readonly count: number;
  readonly since: Date;
  /** The number of mails for visitors that were sent within the last hour. */
  readonly sent: number;
}

/** A quarantined reader, with the server's reply to an issue. An operator decides about the reader. */
export interface Quarantined {
  readonly address: string;
  readonly since: Date;
  readonly slot: string;
  readonly said: string;
}

/** "release": the server was wrong, and its replies are deleted. "suppress": the address doesn't exist. */
export type Settlement = "release" | "suppress";

/** A tag in its stored form. `name` is the caller's name of the setting. @throws BroadsheetError USAGE. */
export function tagIn(value: string, name: string): string {
  const tags = checkedTags([value]);
  if ("fault" in tags || tags[0] === undefined || /[;,|]/.test(value)) {
    throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is not a tag`, {
      fix: `give one or a few words without commas, semicolons and bars: ${name} harbour`,
    });
  }
  return tags[0];
}

/** The BCP 47 tag of a language that is written as a tag or as a name. @throws BroadsheetError USAGE. */
export function languageIn(value: string, name: string): string {
  const tag = languageTag(value);
  if (tag !== undefined) return tag;
  throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is not a language`, {
    fix: "use a BCP 47 tag such as en, pt-BR or ar",
  });
}

/** The evidence of a reader's consent, on one line. @throws BroadsheetError USAGE. */
export function consentIn(value: string, name: string): string {
  if (value.trim() !== "" && value.length <= 500 && !/\p{Cc}/u.test(value)) return value.trim();
  throw new BroadsheetError("USAGE", `${name} must be one line of at most 500 characters`, {
    fix: `say how the reader consented: ${name} "form on the front page"`,
  });
}

/** The most tags in a cell. A cell with more tags is from another kind of column. */
const MOST_TAGS = 100;
const LONGEST_TAG = 100;

/** The tags in a cell, separated by semicolons, commas or bars, each once. Otherwise the reason why they are invalid. */
export function readTags(cell: string): readonly string[] | { readonly fault: string } {
  if (cell === "") return NONE;
  const tags = cell.split(/[;,|]/).map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"));
  return checkedTags(tags);
}

function checkedTags(written: readonly string[]): readonly string[] | { readonly fault: string } {
  const tags = new Map<string, string>();
  for (const tag of written.map((tag) => tag.trim())) {
    if (/\p{Cc}/u.test(tag)) return { fault: "has a tag with a line break or a control character" };
    if (tag.length > LONGEST_TAG)
      return { fault: `has a tag of more than ${LONGEST_TAG} characters` };
    if (tag !== "" && !tags.has(tagKey(tag))) tags.set(tagKey(tag), tag);
  }
  if (tags.size > MOST_TAGS) return { fault: `has more than ${MOST_TAGS} tags` };
  return [...tags.values()];
}

/** Joins two lists of tags. */
export function joinTags(tags: readonly string[], others: readonly string[]): readonly string[] {
  if (others.length === 0) return tags;
  const keys = new Set(tags.map(tagKey));
  const fresh = others.filter((tag) => !keys.has(tagKey(tag)));
  return fresh.length === 0 ? tags : [...tags, ...fresh];
}

/** "VIP" and "vip" are one tag. */
export function tagKey(tag: string): string {
  return tag.normalize("NFC").toLowerCase();
}

const NONE: readonly string[] = [];

/** Languages whose names are recognised in a list. */
const NAMED =
  "ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka ko lt lv mk ms mt nb nl nn no pl pt ro ru sk sl sq sr sv sw th tr uk ur vi zh".split(
    " ",
  );

/** The BCP 47 tag of a language as lists write it: "de", "de_AT", "German", "Deutsch". Undefined for an unknown language. */
export function languageTag(written: string): string | undefined {
  const cached = tags.get(written);
  if (cached !== undefined) return cached === "" ? undefined : cached;
  const tag =
    canonicalLanguage(written.replaceAll("_", "-")) ?? byName().get(written.toLowerCase()) ?? "";
  if (tags.size < MOST_KEPT) tags.set(written, tag);
  return tag === "" ? undefined : tag;
}

/** The most languages in the cache. Even a list of a million readers has only a few. */
const MOST_KEPT = 1_000;
const tags = new Map<string, string>();

/** A BCP 47 tag in its canonical form. Undefined if it is not a language. */
export function canonicalLanguage(written: string): string | undefined {
  return attempt(() => {
    const [tag] = Intl.getCanonicalLocales(written);
    const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
    return tag && tag !== "und" && names.of(tag) ? tag : undefined;
  });
}

const byName = once(() => {
  const names = NAMED.flatMap((tag) =>
    ["en", tag].map((inLanguage): [string, string] => {
      const names = new Intl.DisplayNames(inLanguage, { type: "language" });
      return [(names.of(tag) ?? tag).toLowerCase(), tag];
    }),
  );
  return new Map(names);
});

/** The facts of a reader, or of all readers in a file. */
export interface ReaderFacts {
  /** A language tag by BCP 47. */
  readonly language?: string;
  readonly tags?: readonly string[];
  /** The evidence of the readers' consent. */
  readonly consent?: Consent;
}

/** The result of adding an address. A suppressed address is not added, and the result is the reason. */
export type Added = "added" | "updated" | "unchanged" | SuppressionReason;

/** The numbers of rows in an imported file. */
export interface ImportCounts {
  readonly read: number;
  /** Rows that could not be imported. They are written beside the file, into NAME.rejects.csv, each with its reason. */
  readonly rejected: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that suppress the reader, because the file says that the reader has left. */
  readonly suppressed: number;
  /** Rows of readers who had left before. No import adds them again. */
  readonly keptOut: Readonly<Partial<Record<SuppressionReason, number>>>;
}

/** The result of restoring the readers of a run. */
export interface RestoredRun {
  /** The issue that the run sent. */
  readonly slot: string;
  /** The addresses of the readers who are on the list again, or out of quarantine. */
  readonly readers: readonly string[];
  /** The time of an earlier restoration. */
  readonly before?: Date | undefined;
}

/**
 * The readers of a newsletter, for programs. It does the same as `broadsheet subscribers`. Close it, or declare it with
 * `await using`.
 */
export interface SubscriberList extends AsyncDisposable {
  /**
   * Adds a reader, written as `name@domain` or `Name <name@domain>`. A reader who has left is not added, unless
   * `isResubscription` says that the reader asked for it again.
   * @throws BroadsheetError USAGE for an invalid address or language.
   */
  add(
    reader: string,
    facts?: ReaderFacts & { readonly isResubscription?: boolean },
  ): Promise<Added>;

  /**
   * Imports a list as CSV or JSON. `facts` are the values for rows without their own ones. Its tags are added to each row's
   * tags.
   * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE; CONTENT_BINARY, CONTENT_EMPTY; CONTENT_UNSUPPORTED if no column
   * contains addresses; USAGE for an invalid language. Rows before a fault are imported.
   */
  importFile(file: string, facts?: ReaderFacts): Promise<ImportCounts>;

  find(address: string): Promise<ListedSubscriber | undefined>;

  /**
   * The readers in the order in which they were added, including readers who left. `segment` is an expression such as
   * `tag:de and not language:fr`.
   * @throws BroadsheetError USAGE for an invalid expression.
   */
  subscribers(segment?: string): AsyncGenerator<ListedSubscriber>;

  counts(): Promise<AudienceCounts>;

  /** Suppresses an address, with the reason "manual" by default. Returns whether it was not suppressed before. */
  suppress(address: string, reason?: SuppressionReason): Promise<boolean>;

  /**
   * Ends the subscription of a token. Returns whether it was open.
   * @throws BroadsheetError TOKEN_INVALID, SECRET_MISSING, SECRET_CHANGED.
   */
  unsubscribe(token: string): Promise<boolean>;

  /** Takes an address off the list. Returns whether it was on it. */
  remove(address: string): Promise<boolean>;

  /**
   * Erases an address, so that no import adds it again. Returns whether any data of it was stored.
   * @throws BroadsheetError SECRET_MISSING.
   */
  erase(address: string): Promise<boolean>;

  close(): Promise<void>;
}
