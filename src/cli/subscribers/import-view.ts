import type { Mapping } from "../../subscribers/import/columns.ts";
import type { Tally } from "../../subscribers/io/importer.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { counted } from "../../platform/counted.ts";

const FIELD_NAMES: Readonly<Record<string, string>> = {
  firstName: "first name",
  lastName: "last name",
  subscribedAt: "subscribed on",
  consentAt: "consent given on",
};

/** What the columns of a list are taken for. */
export function mappingView({ columns, unused }: Mapping, terminal: Terminal): string {
  const rows = columns.map(({ heading, field, status }) => [
    heading,
    status && status !== "word"
      ? `status (${STATUS_NAMES[status]})`
      : (FIELD_NAMES[field] ?? field),
  ]);
  const view = table(
    [
      { heading: "Column", align: "left" },
      { heading: "Taken for", align: "left" },
    ],
    rows,
    terminal,
  );
  if (unused.length === 0) return view;
  const names = unused.slice(0, SHOWN).join(", ") + (unused.length > SHOWN ? ", …" : "");
  return `${view}\n${terminal.paint("dim", `Left out: ${names}. To take one: --column name=HEADING`)}`;
}

const SHOWN = 12;

const STATUS_NAMES = {
  yes: "whether they want it",
  no: "whether they don't",
  left: "when they left",
  bounced: "when mail came back",
};

interface Summary {
  readonly tally: Tally;
  readonly rejected: number;
  /** The file that has them. */
  readonly rejects: string;
}

/** What became of the rows. */
export function tallyView(summary: Summary, terminal: Terminal): string {
  const rows = tallyRows(summary, terminal).filter(([, count]) => count > 0);
  return table(
    [
      { heading: "Outcome", align: "left" },
      { heading: "Rows", align: "right" },
      { heading: "What it means", align: "left" },
    ],
    rows.map(([outcome, count, meaning]) => [outcome, counted(count), meaning]),
    terminal,
  );
}

type TallyRow = readonly [outcome: string, count: number, meaning: string];

function tallyRows({ tally, rejected, rejects }: Summary, terminal: Terminal): TallyRow[] {
  const { paint } = terminal;
  return [
    [paint("ready", "Added"), tally.added, "On the list from now on"],
    [paint("ready", "Updated"), tally.updated, "On the list before, with less known of them"],
    ["Unchanged", tally.unchanged, "On the list already"],
    [
      paint("look", "Left"),
      tally.suppressed,
      "The file says that they want no more: nothing is sent there",
    ],
    ...Object.entries(tally.keptOut).map(([reason, count]): TallyRow => [
      paint("look", "Kept out"),
      count,
      KEPT_OUT[reason] ?? "Nothing is sent there",
    ]),
    [paint("fix", "Refused"), rejected, `${terminal.shown(rejects)} says why, line by line`],
  ];
}

const KEPT_OUT: Readonly<Record<string, string>> = {
  unsubscribed: "They have unsubscribed, and no import changes that",
  erased: "They asked to be forgotten, and no import changes that",
  bounced: "Mail to them came back",
  complained: "They have complained of the newsletter as spam",
  manual: "You have put them on the suppression list",
};
