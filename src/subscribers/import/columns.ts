import { BroadsheetError, nearest } from "../../errors.ts";

/** What a column of a list may hold for us. */
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

/** How a column says whether a reader still wants the newsletter. */
export type StatusKind =
  /** In a word: "active", "bounced". */
  | "word"
  /** Whether they do. */
  | "yes"
  /** Whether they don't. */
  | "no"
  /** When they left; empty for a reader who has not. */
  | "left"
  /** When mail to them came back. */
  | "bounced";

/** A column, and what it is taken for. */
interface Column {
  readonly index: number;
  readonly heading: string;
  readonly field: Field;
  readonly status?: StatusKind;
}

/** How a list is read: which column is what, and which are left out. */
export interface Mapping {
  readonly columns: readonly Column[];
  readonly unused: readonly string[];
  /** The first line is a reader and no heading. */
  readonly isHeadless: boolean;
}

/** A list has dozens of columns at most; one of a million is no list. */
const MOST_COLUMNS = 500;

interface Meaning {
  readonly field: Field;
  readonly status?: StatusKind;
}

/** Headings as they are in exports of Mailchimp, Ghost, Substack, Beehiiv, Kit, Buttondown, listmonk and by hand. */
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

/** What may stand in several columns; of anything else the first one counts. */
const MANY: ReadonlySet<Field> = new Set<Field>(["tags", "status"]);

/**
 * What the columns of a list are, by their headings; `named` says it for some of them. Where no heading
 * tells the addresses, the column is taken that has one in it in the first row below.
 * @throws BroadsheetError USAGE for a named column that isn't there, CONTENT_UNSUPPORTED where no column
 * holds addresses.
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
  if (isMissing && guess < 0) throw noAddresses(header);
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
      // One that is named as the status may still say it in its own way.
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

function noAddresses(header: readonly string[]): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "no column of the list holds addresses", {
    fix: `say which one does: --column address=NAME; it has ${shown(header)}`,
  });
}

function tooWide(count: number): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `the list has ${count} columns, which is no list of subscribers`,
    { fix: `leave in it what is needed: ${MOST_COLUMNS} columns are read at most` },
  );
}

const SHOWN = 8;

function shown(header: readonly string[]): string {
  const names = header.slice(0, SHOWN).map((heading) => JSON.stringify(heading.slice(0, 40)));
  return names.join(", ") + (header.length > SHOWN ? ", …" : "");
}
