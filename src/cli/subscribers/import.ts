import { FIELDS, type Field, type Mapping, type Tally } from "../../subscribers/import-row.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { parseConsent, parseLanguage, parseReason, parseTag, repeated } from "./change.ts";
import { KEPT_OUT, type SuppressionReason } from "../../subscribers/subscriber.ts";
import { systemClock } from "../../platform/clock.ts";
import { type ListFile, openList } from "../../subscribers/io/list-file.ts";
import { type Audience, openAudience, type ListConfig } from "../../subscribers/io/audience.ts";
import { counted } from "../../platform/text.ts";
import { commandFrom } from "../next-steps.ts";
import { Progress } from "../reporter.ts";
import { openProject } from "../../config/io/load-config.ts";
import {
  type Imported,
  importList as readInList,
  rejectsBeside,
} from "../../subscribers/io/subscriber-list.ts";
import { table } from "../table.ts";
import path from "node:path";

const importList: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<FILE>", 'a list as CSV or JSON, or "-" for standard input')
    .option("--column <FIELD=NAME>", COLUMN_HELP, repeated(parseColumn))
    .option("--tag <TAG>", "a tag for all in the list; may be given again", repeated(parseTag))
    .option(
      "--language <LANGUAGE>",
      "the language of readers without one in the list",
      parseLanguage,
    )
    .option("--consent <HOW>", "how the readers gave consent, if a row has none", parseConsent)
    .option(
      "--as <REASON>",
      "its readers must get no more mail: unsubscribed, bounced, complained",
      parseReason,
    )
    .option("--encoding <NAME>", "the encoding of a list that isn't UTF-8, such as windows-1252")
    .option("--rejects <FILE>", "the file for rejected rows (default: beside the list)")
    .option("--dry-run", "read the list, show its errors, and change nothing")
    .option("--strict", "exit with 65 if a row is rejected")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: ImportFlags) => runImport(file, flags, terminal));
};

const COLUMN_HELP =
  "the meaning of a column that isn't recognised: address, name, language, tags, …";

const EXAMPLES = `
The headings of exports from Mailchimp, Ghost, Substack, Beehiiv, Kit, Buttondown and listmonk are recognised. Readers
that the export marks as unsubscribed, bounced or complained are suppressed. A reader who has
unsubscribed here or was erased is never imported. A second import of the same list changes nothing.

Examples:
  broadsheet subscribers import readers.csv --dry-run
  broadsheet subscribers import readers.csv --consent "form on the front page" --tag harbour
  broadsheet subscribers import export.csv --column address=Kontakt --column name=
  broadsheet subscribers import unsubscribed.csv --as unsubscribed`;

/** Parses `address=Kontakt`. An empty name after the sign means that no column has this field. */
function parseColumn(value: string): readonly [Field, string] {
  const [name = "", ...heading] = value.split("=");
  const field = FIELDS.find((field) => field.toLowerCase() === name.trim().toLowerCase());
  if (field && heading.length > 0) return [field, heading.join("=").trim()];
  const near = nearest(name, FIELDS);
  throw new BroadsheetError("USAGE", `--column ${JSON.stringify(value)} is not FIELD=HEADING`, {
    fix:
      field || near === undefined
        ? `write --column address=NAME; there are ${FIELDS.join(", ")}`
        : `did you mean --column ${near}=${heading.join("=") || "NAME"}?`,
  });
}

interface ImportFlags extends ConfigFlags {
  readonly column?: readonly (readonly [Field, string])[];
  readonly tag?: readonly string[];
  readonly language?: string;
  readonly consent?: string;
  readonly as?: SuppressionReason;
  readonly encoding?: string;
  readonly rejects?: string;
  readonly dryRun?: true;
  readonly strict?: true;
}

interface Job {
  readonly config: ListConfig;
  readonly flags: ImportFlags;
  readonly terminal: Terminal;
}

/** Imports a list, and reports the result for its rows. */
async function runImport(file: string, flags: ImportFlags, terminal: Terminal): Promise<void> {
  const config = await openProject(flags, terminal);
  const location = file === "-" ? file : path.resolve(terminal.cwd, file);
  const list = await openList(location, { encoding: flags.encoding, stdin: process.stdin });
  if (list.isGuessed) {
    terminal.note(
      `The list isn't UTF-8 and is read as ${list.encoding}. For another encoding: --encoding NAME`,
    );
  }
  const job = { config, flags, terminal };
  if (flags.dryRun) return conclude(list, await readAll(list, job), job);
  await using audience = await openAudience(config, systemClock);
  await noteOtherLists(audience, job);
  conclude(list, await readAll(list, job, audience), job);
}

/** For fewer rows no progress is shown, because they are stored within a second. */
const FEW_ROWS = 5_000;

/** Reads the list, showing its mapping and its progress. */
async function readAll(
  list: ListFile,
  { flags, terminal, config }: Job,
  into?: Audience,
): Promise<Outcome> {
  const { lines = 0 } = list;
  using progress = new Progress(terminal, "Importing", lines < FEW_ROWS ? 0 : lines);
  return await readInList(list, {
    named: new Map(flags.column),
    defaults: {
      language: flags.language,
      tags: flags.tag,
      consent: flags.consent === undefined ? undefined : { how: flags.consent },
      suppressed: flags.as,
    },
    rejects: rejectsOf(list, { flags, terminal, config }),
    onMapping: (mapping) => {
      if (!flags.json) terminal.print(`${mappingView(mapping, terminal)}\n`);
    },
    onRows: (count) => progress.step(count),
    into,
  });
}

function rejectsOf({ location }: ListFile, { flags, terminal }: Job): string {
  if (flags.rejects !== undefined) return path.resolve(terminal.cwd, flags.rejects);
  return path.resolve(terminal.cwd, rejectsBeside(location));
}

/** A renamed newsletter has left its list behind: the tokens, and the readers who have unsubscribed. */
async function noteOtherLists(audience: Audience, { config, terminal }: Job): Promise<void> {
  const [other] = await audience.otherLists();
  if (!other || (await audience.counts()).subscribers > 0) return;
  terminal.note(
    `${config.slug} has no subscribers yet; this store has ${counted(other.subscribers)} of ${other.newsletter}. ` +
      `If that is its former name, set it in the config: slug: ${JSON.stringify(other.newsletter)}`,
  );
}

/** The outcome of an import. Without a tally nothing was changed. */
type Outcome = Awaited<ReturnType<typeof readInList>>;

function conclude(list: ListFile, imported: Outcome, job: Job): void {
  const { flags, terminal, config } = job;
  const rejects = rejectsOf(list, job);
  const { read, rejected, mapping, tally } = imported;
  if (flags.json) {
    terminal.printJson({
      newsletter: config.slug,
      source: list.location,
      read,
      ...(tally ?? { readable: read - rejected }),
      rejected,
      ...(rejected > 0 && { rejects }),
      columns: mapping.columns.map(({ heading, field }) => ({ heading, field })),
      unused: mapping.unused,
    });
  } else if (tally) {
    terminal.print(tallyView({ tally, rejected, rejects }, terminal));
    terminal.print(`\nNext   ${commandFrom(terminal.cwd)} subscribers list`);
  } else {
    terminal.print(`${counted(read - rejected)} rows can be imported; nothing was changed`);
  }
  if (rejected > 0 && (flags.strict || rejected === read))
    throw new BroadsheetError("CONTENT_UNSUPPORTED", refusal(imported, rejects), {
      where: { file: rejects },
      fix: "correct them there and import that file",
    });
  if (rejected > 0 && flags.json !== true && !tally) terminal.note(refusal(imported, rejects));
}

function refusal({ read, rejected }: Imported, rejects: string): string {
  return `${counted(rejected)} of ${counted(read)} rows can't be imported; ${path.basename(rejects)} has the reasons`;
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  firstName: "first name",
  lastName: "last name",
  subscribedAt: "subscribed on",
  consentAt: "consent given on",
};

/** The mapping of the list's columns to fields. */
function mappingView({ columns, unused }: Mapping, terminal: Terminal): string {
  const rows = columns.map(({ heading, field, status }) => [
    heading,
    status && status !== "word"
      ? `status (${STATUS_NAMES[status]})`
      : (FIELD_NAMES[field] ?? field),
  ]);
  const view = table(["Column", "Taken for"], rows, terminal);
  if (unused.length === 0) return view;
  const names =
    unused.slice(0, SHOWN_NAMES).join(", ") + (unused.length > SHOWN_NAMES ? ", …" : "");
  return `${view}\n${terminal.paint("dim", `Left out: ${names}. To import one: --column name=HEADING`)}`;
}

const SHOWN_NAMES = 12;

const STATUS_NAMES = {
  yes: "true if subscribed",
  no: "true if unsubscribed",
  left: "date of leaving",
  bounced: "date of the bounce",
};

interface Summary {
  readonly tally: Tally;
  readonly rejected: number;
  readonly rejects: string;
}

function tallyView(summary: Summary, terminal: Terminal): string {
  const rows = tallyRows(summary, terminal).filter(([, count]) => count > 0);
  return table(
    ["Outcome", { numbers: "Rows" }, "What it means"],
    rows.map(([outcome, count, meaning]) => [outcome, counted(count), meaning]),
    terminal,
  );
}

type TallyRow = readonly [outcome: string, count: number, meaning: string];

function tallyRows({ tally, rejected, rejects }: Summary, terminal: Terminal): TallyRow[] {
  const { paint } = terminal;
  return [
    [paint("ready", "Added"), tally.added, "On the list from now on"],
    [paint("ready", "Updated"), tally.updated, "On the list already; new data was added"],
    ["Unchanged", tally.unchanged, "On the list already"],
    [
      paint("look", "Left"),
      tally.suppressed,
      "Unsubscribed or bounced in the file: nothing is sent there",
    ],
    ...Object.entries(tally.keptOut).map(([reason, count]): TallyRow => [
      paint("look", "Kept out"),
      count,
      `No import changes that: ${KEPT_OUT[reason] ?? "nothing is sent there"}`,
    ]),
    [paint("fix", "Refused"), rejected, `${terminal.shown(rejects)} has the reason for each line`],
  ];
}

export const commands = { import: importList };
