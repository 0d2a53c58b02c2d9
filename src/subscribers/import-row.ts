import { BroadsheetError, nearest } from "../errors.ts";
import { parseDate } from "../article/dates.ts";
import {
  languageTag,
  joinTags,
  readTags,
  type Consent,
  type SubscriberFacts,
  type SuppressionReason,
} from "./subscriber.ts";
import { domainOf, readRecipient, type Recipient, splitMailbox } from "./recipient.ts";

/** The fields of a subscriber that a column of a list can contain. */
export const FIELDS = [
  "address",
  "name",
  "firstName",
  "lastName",
  "language",
  "tags",
  "subscribedAt",
  "consent",
  "consentAt",
  "status",
] as const;

export type Field = (typeof FIELDS)[number];

type StatusKind =
  /** The status in a word: "active", "bounced". */
  | "word"
  /** Whether the reader is subscribed. */
  | "yes"
  /** Whether the reader has unsubscribed. */
  | "no"
  /** The date at which the reader left. Empty for a subscriber. */
  | "left"
  /** The date of a bounce. */
  | "bounced";

/** A column, and the field that it contains. */
interface Column {
  readonly index: number;
  readonly heading: string;
  readonly field: Field;
  readonly status?: StatusKind;
}

/** The columns of a list by their fields, and the unused columns. */
export interface Mapping {
  readonly columns: readonly Column[];
  readonly unused: readonly string[];
  /** Whether the first line is already a reader and not a heading. */
  readonly isHeadless: boolean;
}

/** A list of subscribers has dozens of columns at most. */
const MOST_COLUMNS = 500;

interface Meaning {
  readonly field: Field;
  readonly status?: StatusKind;
}

/** The headings of exports from Mailchimp, Ghost, Substack, Beehiiv, Kit, Buttondown and listmonk, and of lists made by hand. */
const HEADINGS: readonly (readonly [Meaning, headings: string])[] = [
  [
    { field: "address" },
    "email emailaddress address mail mailaddress emailadresse mailadresse adresse adresseemail adressemail courriel correo correoelectronico subscriberemail",
  ],
  [{ field: "name" }, "name fullname displayname subscribername nome nom nombre"],
  [{ field: "firstName" }, "firstname givenname fname first vorname prenom"],
  [{ field: "lastName" }, "lastname familyname surname lname last nachname"],
  [{ field: "language" }, "language lang locale preferredlanguage sprache langue idioma"],
  [{ field: "tags" }, "tags tag labels label groups segments lists schlagworte"],
  [
    { field: "subscribedAt" },
    "subscribedat subscribedon datesubscribed subscriptiondate signupdate signedupat createdat created dateadded joinedat joined",
  ],
  [{ field: "consent" }, "consent source optinsource signupsource subscriptionsource"],
  [{ field: "consentAt" }, "consentat consentdate confirmtime confirmedat optintime optinat"],
  [
    { field: "status", status: "word" },
    "status state subscriptionstatus subscriberstatus emailstatus",
  ],
  [{ field: "status", status: "yes" }, "subscribed subscribedtoemails optedin optin"],
  [{ field: "status", status: "no" }, "unsubscribed emaildisabled optedout optout blocked"],
  [
    { field: "status", status: "left" },
    "unsubtime unsubscribedat unsubscribedon dateunsubscribed cancelledat canceledat deletedat",
  ],
  [{ field: "status", status: "bounced" }, "cleantime bouncedat"],
];

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  HEADINGS.flatMap(([meaning, headings]) =>
    headings.split(" ").map((heading): [string, Meaning] => [heading, meaning]),
  ),
);

/** The fields that may have several columns. For other fields, the first column counts. */
const MANY: ReadonlySet<Field> = new Set<Field>(["tags", "status"]);

/**
 * Maps the columns of a list to fields by their headings. `named` gives the headings of some fields. If no heading stands
 * for the address, it is the column with an address in the first row.
 * @throws BroadsheetError USAGE for a named column that does not exist, CONTENT_UNSUPPORTED if no column contains addresses.
 */
export function mapColumns(
  header: readonly string[],
  firstRow: readonly string[],
  named: ReadonlyMap<Field, string> = new Map(),
): Mapping {
  if (header.length > MOST_COLUMNS) throw tooWide(header.length);
  const addressed = header.findIndex(looksLikeAddress);
  if (addressed >= 0) return headless(header, addressed);
  const columns = [...namedColumns(header, named), ...guessedColumns(header, named)];
  const guess = firstRow.findIndex(looksLikeAddress);
  const isMissing = !columns.some(({ field }) => field === "address");
  if (isMissing && guess < 0)
    throw new BroadsheetError("CONTENT_UNSUPPORTED", "no column of the list contains addresses", {
      fix: `name the column: --column address=NAME; the list has ${shown(header)}`,
    });
  if (isMissing) columns.push({ index: guess, heading: header[guess] ?? "", field: "address" });
  const used = new Set(columns.map(({ index }) => index));
  return {
    columns: columns.sort((a, b) => a.index - b.index),
    unused: header.filter((_heading, index) => !used.has(index)),
    isHeadless: false,
  };
}

function headless(row: readonly string[], index: number): Mapping {
  return {
    columns: [{ index, heading: `column ${index + 1}`, field: "address" }],
    unused: row.flatMap((_cell, at) => (at === index ? [] : [`column ${at + 1}`])),
    isHeadless: true,
  };
}

function namedColumns(header: readonly string[], named: ReadonlyMap<Field, string>): Column[] {
  return [...named]
    .filter(([, heading]) => heading !== "")
    .map(([field, heading]) => {
      const index = header.findIndex((there) => simplified(there) === simplified(heading));
      if (index < 0) throw noColumn(heading, header);
      const column = { index, heading: header[index] ?? "", field };
      if (field !== "status") return column;
      // The heading of a column that the user names as the status may show its kind.
      const { status = "word" } = MEANINGS.get(simplified(heading)) ?? {};
      return Object.assign(column, { status });
    });
}

function guessedColumns(header: readonly string[], named: ReadonlyMap<Field, string>): Column[] {
  const taken = new Set<Field>(named.keys());
  const given = new Set([...named.values()].map(simplified));
  return header.flatMap((heading, index) => {
    const meaning = MEANINGS.get(simplified(heading));
    if (!meaning || taken.has(meaning.field) || given.has(simplified(heading))) return [];
    if (!MANY.has(meaning.field)) taken.add(meaning.field);
    return [{ index, heading, ...meaning }];
  });
}

function simplified(heading: string): string {
  return heading
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

function looksLikeAddress(cell: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(cell.trim());
}

function noColumn(heading: string, header: readonly string[]): BroadsheetError {
  const near = nearest(heading, header);
  return new BroadsheetError("USAGE", `the list has no column "${heading}"`, {
    fix: near ? `did you mean "${near}"?` : `it has ${shown(header)}`,
  });
}

function tooWide(count: number): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the list has ${count} columns, so it can't be a list of subscribers`,
    { fix: `keep only the columns that are needed, at most ${MOST_COLUMNS}` },
  );
}

const SHOWN_COLUMNS = 8;

function shown(header: readonly string[]): string {
  const names = header
    .slice(0, SHOWN_COLUMNS)
    .map((heading) => JSON.stringify(heading.slice(0, 40)));
  return names.join(", ") + (header.length > SHOWN_COLUMNS ? ", …" : "");
}

/** The status of a reader in a list: subscribed, a reason why not, or a fault of the cell. */
type Status = "wanted" | Exclude<SuppressionReason, "erased"> | { readonly fault: string };

type StatusWord = Exclude<Status, object>;

const WORDS: ReadonlyMap<string, StatusWord> = new Map([
  ...words(
    "wanted",
    "active subscribed enabled confirmed regular premium member free paid yes true 1",
  ),
  ...words(
    "unsubscribed",
    "unsubscribed unsubscribe inactive disabled cancelled canceled optedout",
  ),
  ...words("unsubscribed", "archived removed deleted no false 0"),
  ...words("bounced", "bounced bounce hardbounced hardbounce cleaned undeliverable invalid"),
  ...words("complained", "complained complaint spam spammy junk abuse"),
  ...words("manual", "manual blocked blocklisted blacklisted suppressed banned"),
]);

const UNCONFIRMED = new Set(["pending", "unconfirmed", "unactivated", "nonsubscribed", "waiting"]);

function words(meaning: StatusWord, list: string): (readonly [string, StatusWord])[] {
  return list.split(" ").map((word) => [word, meaning]);
}

function statusOf(kind: StatusKind, cell: string): Status {
  const word = cell.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  if (word === "") return "wanted";
  if (kind === "left") return "unsubscribed";
  if (kind === "bounced") return "bounced";
  if (UNCONFIRMED.has(word)) return { fault: "has not confirmed the subscription yet" };
  const meaning = WORDS.get(word);
  if (meaning === undefined) {
    return { fault: `has an unknown status: ${JSON.stringify(cell.slice(0, 40))}` };
  }
  if (kind !== "no") return meaning;
  return meaning === "wanted" ? "unsubscribed" : "wanted";
}

export interface ImportedRow extends SubscriberFacts {
  readonly subscribedAt?: Date;
  /** The reason why nothing must be sent to the reader, if the list has one. */
  readonly suppressed?: SuppressionReason;
}

/** The values for rows without their own ones. The tags are added to each row's tags. */
export interface RowDefaults {
  readonly language?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly consent?: Consent | undefined;
  /** The reason for suppressing every address of this list, whatever its rows say. */
  readonly suppressed?: SuppressionReason | undefined;
}

/** The reason why a row can't be imported. It continues the sentence "the row …". */
export interface RowFault {
  readonly fault: string;
}

/** Reads rows of a list by its mapping. */
export function rowReader(
  { columns }: Pick<Mapping, "columns">,
  defaults: RowDefaults = {},
): (cells: readonly string[]) => ImportedRow | RowFault {
  const places = placesOf(columns);
  return (cells) => {
    const subscriber = readFacts(cells, places, defaults);
    if ("fault" in subscriber) return subscriber;
    const suppressed = readStatus(cells, places) ?? defaults.suppressed;
    if (suppressed === undefined) return subscriber;
    return typeof suppressed === "object" ? suppressed : { ...subscriber, suppressed };
  };
}

interface Places {
  readonly first: ReadonlyMap<Field, number>;
  readonly tags: readonly number[];
  readonly statuses: readonly { readonly kind: StatusKind; readonly index: number }[];
}

function placesOf(columns: Mapping["columns"]): Places {
  return {
    first: new Map(columns.toReversed().map(({ field, index }) => [field, index])),
    tags: columns.flatMap(({ field, index }) => (field === "tags" ? [index] : [])),
    statuses: columns.flatMap(({ status, index }) => (status ? [{ kind: status, index }] : [])),
  };
}

type Facts = Omit<ImportedRow, "suppressed">;

function readFacts(
  cells: readonly string[],
  places: Places,
  defaults: RowDefaults,
): Facts | RowFault {
  const recipient = recipientIn(cells, places);
  if ("what" in recipient) return { fault: recipient.what };
  if (!isReachable(recipient.address)) return { fault: "has a domain without a dot" };
  const language = languageIn(cells, places) ?? defaults.language;
  if (typeof language === "object") return language;
  const tags = tagsIn(cells, places);
  if ("fault" in tags) return tags;
  const consent = consentIn(cells, places) ?? defaults.consent;
  if (consent && "fault" in consent) return consent;
  const subscribedAt = dateIn(cells, places, "subscribedAt") ?? consent?.at;
  if (subscribedAt && "fault" in subscribedAt) return subscribedAt;
  return factsOf(recipient, {
    tags: defaults.tags ? joinTags(tags, defaults.tags) : tags,
    language,
    consent,
    subscribedAt,
  });
}

interface Read {
  readonly tags: readonly string[];
  readonly language: string | undefined;
  readonly consent: Consent | undefined;
  readonly subscribedAt: Date | undefined;
}

/** Makes the facts without spread syntax, which would take longer than all other work on a row. */
function factsOf({ address, name }: Recipient, read: Read): Facts {
  const { tags, language, consent, subscribedAt } = read;
  const facts: { -readonly [Key in keyof Facts]: Facts[Key] } = { address, tags };
  if (name !== undefined) facts.name = name;
  if (language !== undefined) facts.language = language;
  if (consent) facts.consent = consent;
  if (subscribedAt) facts.subscribedAt = subscribedAt;
  return facts;
}

function recipientIn(cells: readonly string[], places: Places) {
  const written = cellAt(cells, places, "address");
  // A cell may contain a whole mailbox, because people copy them from mails.
  const mailbox = written.includes("<") ? splitMailbox(written) : { address: written };
  const name = cellAt(cells, places, "name") || nameOfParts(cells, places) || mailbox.name || "";
  // PostgreSQL can't store a NUL character, and no name needs one.
  return readRecipient({ address: mailbox.address, name: name.replaceAll("\0", "") });
}

/** A domain without a dot, as in "mara@harbour", is more often a mistake than a machine in the local network. */
function isReachable(address: string): boolean {
  const domain = domainOf(address);
  return domain.includes(".") || domain === "localhost";
}

function nameOfParts(cells: readonly string[], places: Places): string {
  const first = cellAt(cells, places, "firstName");
  const last = cellAt(cells, places, "lastName");
  return first && last ? `${first} ${last}` : first || last;
}

function languageIn(cells: readonly string[], places: Places): string | RowFault | undefined {
  const written = cellAt(cells, places, "language");
  if (written === "") return undefined;
  return languageTag(written) ?? { fault: `has an unknown language: ${quoted(written)}` };
}

function tagsIn(cells: readonly string[], { tags }: Places): readonly string[] | RowFault {
  let all: readonly string[] = NONE;
  for (const index of tags) {
    const read = readTags(unguarded(cells[index] ?? ""));
    if ("fault" in read) return read;
    all = all.length === 0 ? read : joinTags(all, read);
  }
  return all;
}

const NONE: readonly string[] = [];

function consentIn(cells: readonly string[], places: Places): Consent | RowFault | undefined {
  const how = cellAt(cells, places, "consent");
  if (/\p{Cc}/u.test(how)) return { fault: "has a line break in its consent" };
  if (how.length > LONGEST_CONSENT) return { fault: "has a consent that is too long" };
  const at = dateIn(cells, places, "consentAt");
  if (at && "fault" in at) return at;
  if (how === "" && !at) return undefined;
  return { how, ...(at && { at }) };
}

const LONGEST_CONSENT = 500;

function dateIn(
  cells: readonly string[],
  places: Places,
  field: Field,
): Date | RowFault | undefined {
  const written = cellAt(cells, places, field);
  if (written === "") return undefined;
  // A list may have a million dates. The usual format needs no slow parsing.
  const iso = ISO_DATE.test(written) ? written : parseDate(written, "Z");
  const date = new Date(iso ?? Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  return { fault: `has a date that can't be read or is ambiguous: ${quoted(written)}` };
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

function readStatus(
  cells: readonly string[],
  { statuses }: Places,
): SuppressionReason | RowFault | undefined {
  for (const { kind, index } of statuses) {
    const status = statusOf(kind, unguarded(cells[index] ?? ""));
    if (status !== "wanted") return status;
  }
  return undefined;
}

function cellAt(cells: readonly string[], { first }: Places, field: Field): string {
  const index = first.get(field);
  return index === undefined ? "" : unguarded(cells[index] ?? "");
}

/** Removes the quote that exports put before a cell that a spreadsheet would take for a formula. */
function unguarded(cell: string): string {
  const text = cell.trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

function quoted(written: string): string {
  return JSON.stringify(written.slice(0, 40));
}

/** The numbers in `ImportCounts` that the importer counts. */
export type Tally = Record<"added" | "updated" | "unchanged" | "suppressed", number> & {
  readonly keptOut: Partial<Record<SuppressionReason, number>>;
};
