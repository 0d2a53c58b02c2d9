import { once } from "node:events";
import path from "node:path";
import { parseSegment, type Segment } from "../../subscribers/segment.ts";
import type { Audience } from "../../subscribers/io/audience.ts";
import type { ListedSubscriber } from "../../subscribers/subscriber.ts";
import { systemClock } from "../../platform/clock.ts";
import { counted } from "../../platform/text.ts";
import { configFlags, type ConfigFlags, type Configure, parseCount } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { csvLines, jsonLines, writeList } from "../../subscribers/io/list-file.ts";
import { exportedReaders } from "../../subscribers/io/subscriber-list.ts";
import { lookAtAudience } from "../with-store.ts";
import { table, shortened, textWidth } from "../table.ts";

interface ListFlags extends ConfigFlags {
  readonly segment?: Segment;
  readonly limit?: number;
}

interface ExportFlags extends ConfigFlags {
  readonly segment?: Segment;
}

const SEGMENT_HELP = "only this segment, such as: tag:harbour and not language:de";

const list: Configure = (command, terminal) => {
  configFlags(command)
    .option("--segment <EXPRESSION>", SEGMENT_HELP, parseSegment)
    .option(
      "--limit <N>",
      "the maximum number (default: 50, or all with --json)",
      parseCount("--limit"),
    )
    .addHelpText("after", SEGMENTS)
    .action(async (flags: ListFlags) =>
      lookAtAudience(flags, terminal, async (audience) => show(audience, flags, terminal)),
    );
};

const exportList: Configure = (command, terminal) => {
  configFlags(command)
    .argument("[FILE]", "a new file for the list (default: the standard output)")
    .option("--segment <EXPRESSION>", SEGMENT_HELP, parseSegment)
    .addHelpText("after", EXPORT_HELP)
    .action(async (file: string | undefined, flags: ExportFlags) =>
      lookAtAudience(flags, terminal, async (audience) =>
        exportTo(file, { audience, flags, terminal }),
      ),
    );
};

const SEGMENTS = `
A segment combines tag:NAME, language:TAG and domain:NAME with and, or, not and brackets. Put a name with spaces in
double quotes. language:de also selects de-AT.

Examples:
  broadsheet subscribers list --segment 'tag:harbour and not language:de'
  broadsheet subscribers list --json | jq -r .address`;

const EXPORT_HELP = `
Writes all readers as CSV, or with --json one object a line. Readers who have left are included, with the date. A cell
that a spreadsheet would read as a formula begins with ', which import removes.

Examples:
  broadsheet subscribers export readers.csv
  broadsheet subscribers export --segment language:de > german.csv`;

interface Export {
  readonly audience: Audience;
  readonly flags: ExportFlags;
  readonly terminal: Terminal;
}

async function exportTo(
  name: string | undefined,
  { audience, flags, terminal }: Export,
): Promise<void> {
  const all = exportedReaders(audience, flags.segment);
  const lines = flags.json ? jsonLines(all) : csvLines(all);
  if (name === undefined || name === "-") return printLines(lines, flags.json ? "\n" : "\r\n");
  const file = path.resolve(terminal.cwd, name);
  await writeList(file, lines);
  terminal.note(`Written to ${terminal.shown(file)}`);
}

async function show(audience: Audience, flags: ListFlags, terminal: Terminal): Promise<void> {
  const pages = audience.pages(flags.segment);
  if (flags.json) return printLines(jsonLines(first(pages, flags.limit)));
  const limit = flags.limit ?? SHOWN_READERS;
  const rows: ListedSubscriber[] = [];
  for await (const page of first(pages, limit + 1)) rows.push(...page);
  const isMore = rows.length > limit;
  if (flags.segment && rows.length === 0) return terminal.print("This segment has no reader");
  const shown = rows.slice(0, limit);
  const heading = flags.segment ? "In this segment" : await headingOf(audience);
  terminal.print(view(shown, heading, { terminal, isMore }));
}

const SHOWN_READERS = 50;

async function* first<Value>(
  pages: AsyncIterable<readonly Value[]>,
  limit = Infinity,
): AsyncGenerator<readonly Value[]> {
  let left = limit;
  for await (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

/** The number of readers, and of those who have left. */
async function headingOf(audience: Audience): Promise<string> {
  const { subscribers, active, quarantined, paused, suppressed, erased } = await audience.counts();
  const left = subscribers - active - quarantined - paused;
  return [
    `${counted(active)} to be sent to`,
    quarantined > 0 && `${counted(quarantined)} quarantined`,
    paused > 0 && `${counted(paused)} paused`,
    left > 0 && `${counted(left)} who have left`,
    suppressed > 0 && `${counted(suppressed)} on the suppression list`,
    erased > 0 && `${counted(erased)} erased`,
  ]
    .filter(Boolean)
    .join(", ");
}

function view(
  rows: readonly ListedSubscriber[],
  heading: string,
  { terminal, isMore }: { readonly terminal: Terminal; readonly isMore: boolean },
): string {
  const parts = [terminal.paint("bold", heading)];
  if (rows.length > 0) parts.push("", subscribersTable(rows, terminal));
  if (isMore) parts.push(terminal.paint("dim", "There are more: --limit N, or --json for all"));
  return parts.join("\n");
}

interface Shown {
  readonly heading: string;
  readonly of: (subscriber: ListedSubscriber, terminal: Terminal) => string;
}

const ADDRESS: Shown = { heading: "Address", of: ({ address }) => address };
const NAME: Shown = { heading: "Name", of: ({ name = "" }) => name };
const LANGUAGE: Shown = { heading: "Language", of: ({ language = "" }) => language };
const TAGS: Shown = { heading: "Tags", of: ({ tags }) => tags.join(", ") };
const SINCE: Shown = {
  heading: "Since",
  of: ({ subscribedAt }) => subscribedAt.toISOString().slice(0, 10),
};
const STATUS: Shown = {
  heading: "Status",
  of: ({ suppressed, quarantinedSince, pausedUntil }, { paint }) => {
    if (suppressed) return paint("look", suppressed.reason);
    if (quarantinedSince) return paint("look", "quarantined");
    if (!pausedUntil || pausedUntil <= systemClock()) return paint("ready", "subscribed");
    return paint("look", `paused until ${pausedUntil.toISOString().slice(0, 10)}`);
  },
};

const GAP_COLUMNS = 3;
/** The width that names and tags need to be distinguishable. */
const READABLE = 24;

/**
 * A table of subscribers that fits the terminal if possible. Long names and tags are cut, and in a narrow terminal the date
 * is omitted. Addresses stay complete, because users copy them.
 */
function subscribersTable(subscribers: readonly ListedSubscriber[], terminal: Terminal): string {
  const widthOf = ({ heading, of }: Shown) =>
    Math.max(heading.length, ...subscribers.map((one) => textWidth(of(one, terminal)))) +
    GAP_COLUMNS;
  const roomBeside = (fixed: readonly Shown[]) =>
    terminal.columns - GAP_COLUMNS - fixed.reduce((sum, column) => sum + widthOf(column), 0);
  const isRoomy = roomBeside([ADDRESS, LANGUAGE, SINCE, STATUS]) >= READABLE;
  const since = isRoomy ? [SINCE] : [];
  const room = Math.max(roomBeside([ADDRESS, LANGUAGE, ...since, STATUS]), READABLE);
  const tags = Math.min(widthOf(TAGS), Math.max(room - widthOf(NAME), Math.floor(room / 2)));
  const name = Math.min(widthOf(NAME), room - tags);
  const columns = [
    ADDRESS,
    shorter(NAME, name - GAP_COLUMNS),
    LANGUAGE,
    shorter(TAGS, tags - GAP_COLUMNS),
    ...since,
    STATUS,
  ];
  return table(
    columns.map(({ heading }) => heading),
    subscribers.map((one) => columns.map(({ of }) => of(one, terminal))),
    terminal,
  );
}

function shorter({ heading, of }: Shown, columns: number): Shown {
  return { heading, of: (one, terminal) => shortened(of(one, terminal), columns) };
}

/** Writes lines as fast as the reader of stdout accepts them, so that only few are in memory. */
async function printLines(pages: AsyncIterable<readonly string[]>, lineEnd = "\n"): Promise<void> {
  const { stdout } = process;
  for await (const lines of pages)
    if (!stdout.write(lines.map((line) => line + lineEnd).join(""))) await once(stdout, "drain");
}

export const commands = { list, export: exportList };
