/// <reference lib="esnext.disposable" preserve="true" />
import { BroadsheetError } from "../errors.ts";
import type { Recipient } from "./recipient.ts";
import { attempt } from "../platform/attempt.ts";
import { once } from "../platform/remembering.ts";

/** How a reader came to want the newsletter: the evidence of consent that GDPR, article 7, asks for. */
export interface Consent {
  /** How the reader consented, in the list owner's words: "form on the front page". */
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
  readonly suppressed?: Pick<Suppression, "reason" | "since" | "how">;
  /** Nothing is sent until an operator decides whether a server was right that the address doesn't exist. */
  readonly quarantinedSince?: Date;
  /** The reader wants nothing before this moment, which may be past. */
  readonly pausedUntil?: Date;
}

/**
 * Why nothing is sent to an address any more. "erased": its owner asked to be forgotten, and of the
 * address only a keyed hash is left, so that no import brings it back.
 */
export type SuppressionReason = "unsubscribed" | "bounced" | "complained" | "manual" | "erased";

/** Why nothing is sent to an address, by what the list says of it. */
export const KEPT_OUT: Readonly<Record<string, string>> = {
  unsubscribed: "they have unsubscribed",
  bounced: "mail to them came back",
  complained: "they have complained of spam",
  manual: "you have put them on the suppression list",
  erased: "they asked to be forgotten",
};

/** The reasons that a list or a person may give; an address is erased by its own command. */
export const SETTABLE_REASONS = ["unsubscribed", "bounced", "complained", "manual"] as const;

/** An address of a newsletter that nothing is sent to, and why, and since when. */
export interface Suppression {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly since: Date;
  /** How the reader left: "one click in the mail program". Older versions didn't note it. */
  readonly how?: string;
}

/** How many readers a newsletter has. */
export interface AudienceCounts {
  readonly subscribers: number;
  /** The statuses of readers who are sent something. */
  readonly active: number;
  /** Active subscribers in quarantine: they get nothing until an operator decides. */
  readonly quarantined: number;
  /** Subscribers who want nothing for some time, and are neither suppressed nor quarantined. */
  readonly paused: number;
  /** Addresses to which nothing is sent, on the list or not. */
  readonly suppressed: number;
  readonly erased: number;
}

/** A bounce or a complaint. */
export interface Bounce {
  /**
   * As the ledger's history shows it. "bounced": the address doesn't exist. "bounced for now": a full mailbox, or a
   * server that was down. "blocked": a server refuses the sender or what is sent, which counts against no reader.
   */
  readonly what: "bounced" | "bounced for now" | "blocked" | "complained";
  /** The words of the server or service that reports it. */
  readonly said: string;
  /** The Message-IDs of the bounced message that the bounce names. */
  readonly messageIds: readonly string[];
  /** After this number of temporary bounces in a row, nothing is sent to an address. */
  readonly atMost?: number | undefined;
}

/** The reader whose message bounced, and what followed. */
export interface NotedBounce {
  /** The address; absent for an erased reader, because nothing of them is kept. */
  readonly address?: string;
  /** Whether the reader is suppressed from now on, and wasn't before. */
  readonly isNew: boolean;
  /** How many temporary bounces in a row there were. */
  readonly inARow?: number;
}

/** The messages of an issue that servers blocked. */
export interface Blocked {
  readonly slot: string;
  readonly count: number;
  /** The domains of these readers, separated by commas. */
  readonly domains: string;
  /** What a server said, the latest. */
  readonly said: string;
}

/** A mail that asks to end a subscription, and that nothing proves to be from the reader. An operator decides. */
export interface LeaveRequest {
  /** The sender that the mail names. */
  readonly address: string;
  /** The mail's own date; the time of its arrival where it has none, or one in the future. */
  readonly date: Date;
  /** The Message-ID with angle brackets. */
  readonly messageId?: string;
}

/** Single mails that wait longer than it takes to send one. */
export interface WaitingMails {
  readonly count: number;
  readonly since: Date;
  /** How many that visitors asked for were sent within the last hour. */
  readonly sent: number;
}

/** A reader who is sent nothing until an operator decides, and the server's words in its answer to an issue. */
export interface Quarantined {
  readonly address: string;
  readonly since: Date;
  readonly slot: string;
  readonly said: string;
}

/** "release": the server was wrong, and its answers are forgotten. "suppress": the address doesn't exist. */
export type Settlement = "release" | "suppress";

/** A tag as it is kept; `name` is what the caller calls the setting. @throws BroadsheetError USAGE. */
export function tagIn(value: string, name: string): string {
  const tags = checkedTags([value]);
  if ("fault" in tags || tags[0] === undefined || /[;,|]/.test(value)) {
    throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is no tag`, {
      fix: `give a word or a few, without commas, semicolons and bars: ${name} harbour`,
    });
  }
  return tags[0];
}

/** The BCP 47 tag of a language, also where it is written in words. @throws BroadsheetError USAGE. */
export function languageIn(value: string, name: string): string {
  const tag = languageTag(value);
  if (tag !== undefined) return tag;
  throw new BroadsheetError("USAGE", `${name} ${JSON.stringify(value)} is no language`, {
    fix: "use a BCP 47 tag such as en, pt-BR or ar",
  });
}

/** How a reader came to want the newsletter: one line. @throws BroadsheetError USAGE. */
export function consentIn(value: string, name: string): string {
  if (value.trim() !== "" && value.length <= 500 && !/\p{Cc}/u.test(value)) return value.trim();
  throw new BroadsheetError("USAGE", `${name} must be one line of at most 500 characters`, {
    fix: `say how they came to want it: ${name} "form on the front page"`,
  });
}

/** A cell with more tags than this is from another kind of column. */
const MOST_TAGS = 100;
const LONGEST_TAG = 100;

/**
 * The tags in a cell, separated by semicolons, commas or bars, each once; or why they can't be taken.
 */
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

/** Both lists of tags as one. */
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

/**
 * The BCP 47 tag of a language as lists write it: "de", "de_AT", "German", "Deutsch". Undefined for an unknown one.
 */
export function languageTag(written: string): string | undefined {
  const cached = tags.get(written);
  if (cached !== undefined) return cached === "" ? undefined : cached;
  const tag =
    canonicalLanguage(written.replaceAll("_", "-")) ?? byName().get(written.toLowerCase()) ?? "";
  if (tags.size < MOST_KEPT) tags.set(written, tag);
  return tag === "" ? undefined : tag;
}

/** A list of a million has a handful of languages. */
const MOST_KEPT = 1_000;
const tags = new Map<string, string>();

/** A BCP 47 tag in its usual form; undefined for what is no language. */
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

/** What was taken back of a run. */
export interface RestoredRun {
  /** The issue that it sent. */
  readonly slot: string;
  /** The addresses of the readers who are on the list again, or out of quarantine. */
  readonly readers: readonly string[];
  /** When it was taken back before. */
  readonly before?: Date | undefined;
}

/** The readers of a newsletter, for a program: what `broadsheet subscribers` does. Its user closes it, or declares it with `await using`. */
export interface SubscriberList extends AsyncDisposable {
  /**
   * Adds a reader, named `name@domain` or `Name <name@domain>`. One who left stays out, unless they have asked for it
   * again themselves: `isResubscription`.
   * @throws BroadsheetError USAGE for what is no address, or no language.
   */
  add(
    reader: string,
    facts?: ReaderFacts & { readonly isResubscription?: boolean },
  ): Promise<Added>;

  /**
   * Takes in a list as CSV or JSON. The facts given hold for the rows that don't say otherwise; tags are added to theirs.
   * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE; CONTENT_BINARY, CONTENT_EMPTY; CONTENT_UNSUPPORTED where no
   * column holds addresses; USAGE for a language that is none. Rows before a break are in.
   */
  importFile(file: string, facts?: ReaderFacts): Promise<ImportCounts>;

  find(address: string): Promise<ListedSubscriber | undefined>;

  /**
   * The readers in the order in which they came, also those who left; `segment` is an expression such as
   * `tag:de and not language:fr`.
   * @throws BroadsheetError USAGE for an expression that can't be read.
   */
  subscribers(segment?: string): AsyncGenerator<ListedSubscriber>;

  counts(): Promise<AudienceCounts>;

  /** Sends nothing to this address any more, "manual" by default; whether that is new. */
  suppress(address: string, reason?: SuppressionReason): Promise<boolean>;

  /**
   * Ends the subscription that a token stands for; whether it was open.
   * @throws BroadsheetError TOKEN_INVALID, SECRET_MISSING, SECRET_CHANGED.
   */
  unsubscribe(token: string): Promise<boolean>;

  /** Takes an address off the list; whether it was on it. */
  remove(address: string): Promise<boolean>;

  /**
   * Forgets an address, so that no import brings it back; whether there was anything of it.
   * @throws BroadsheetError SECRET_MISSING.
   */
  erase(address: string): Promise<boolean>;

  close(): Promise<void>;
}
