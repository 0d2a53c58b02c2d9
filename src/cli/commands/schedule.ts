import type { Config, Schedule } from "../../config/config.ts";
import { BroadsheetError } from "../../errors.ts";
import type { ExplainedSlot } from "../../schedule/explain.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
  logFlag,
  outboxFlags,
  parseCount,
  webFlags,
} from "../flags.ts";
import { installCommands } from "../schedule/install-commands.ts";
import { type RunFlags, scheduled } from "../schedule/scheduled.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { hanging } from "../wrapped.ts";

interface ExplainFlags extends CommonFlags, ConfigFlag {
  readonly from?: Date;
  readonly count: number;
}

export const schedule: Configure = (command, terminal) => {
  logFlag(webFlags(outboxFlags(commonFlags(command))), terminal)
    .option("--verbose", "say in a line what was done")
    // What stands after the name of a command is for that one.
    .enablePositionalOptions()
    .action(async (flags: RunFlags) => {
      terminal.isTerse = true;
      const { stayUp } = await import("../schedule/stay-up.ts");
      await stayUp(flags, terminal);
    });
  command.addHelpText(
    "after",
    `
Without a subcommand it stays up, and does at its time what \`broadsheet run\` does. SIGTERM or Ctrl-C ends it when
what is in flight has landed, with 75 where something is left; once more ends it at once. A changed config counts
within a minute, or at once on SIGHUP; one that is broken is told, and nothing is sent until it is mended.

Examples:
  broadsheet schedule --verbose
  broadsheet schedule explain --count 10
  broadsheet schedule explain --from 2027-03-20
  broadsheet schedule cron
  broadsheet schedule systemd`,
  );
  explain(command.command("explain").summary("Show the next times an issue is due"), terminal);
  installCommands(command, terminal);
};

const explain: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .description(
      "Show the next times an issue is due, here and in UTC, and what the clock does to them.",
    )
    .option("--from <MOMENT>", "show those after this (default: now)", parseMoment)
    .option("--count <N>", "so many of them", parseCount("--count"), 5)
    .action(async (flags: ExplainFlags) => {
      const { explainSlots } = await import("../../schedule/explain.ts");
      const { graceMs } = await import("../../schedule/agenda.ts");
      const { systemClock } = await import("../../platform/clock.ts");
      const { config, schedule } = await scheduled(flags, terminal);
      const { from = systemClock(), count } = flags;
      const slots = explainSlots(schedule, { from, count, graceMs: graceMs(schedule) });
      if (flags.json) for (const slot of slots) terminal.printJson(slot);
      else terminal.print(await view(slots, schedule, config, terminal));
    });
};

async function view(
  slots: readonly ExplainedSlot[],
  { cron, zone, catchUp }: Schedule,
  { name }: Config,
  terminal: Terminal,
): Promise<string> {
  const columns = ["Slot", zone, "UTC", "Sent until"].map((heading) => ({
    heading,
    align: "left" as const,
  }));
  const rows = slots.map(({ slot, local, offset, at, sentUntil }) => [
    slot,
    `${local} ${offset}`,
    utcText(at),
    utcText(sentUntil),
  ]);
  return [
    terminal.paint("bold", `${name}, "${cron}" in ${zone}`),
    "",
    table(columns, rows, terminal),
    ...slots.flatMap(({ slot, note }) =>
      note ? [hanging(`${slot}: `, note, terminal.columns)] : [],
    ),
    "",
    hanging("Missed   ", MISSED[catchUp], terminal.columns),
  ].join("\n");
}

const MISSED: Readonly<Record<Schedule["catchUp"], string>> = {
  skip: "an issue that nobody was there for is left out",
  once: "the latest is sent late, until the time above; those before it are left out",
  merge: "the latest is sent late, until the time above, with the stories of those before it",
};

function utcText(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function parseMoment(value: string): Date {
  const moment = new Date(value);
  if (/^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(moment.getTime())) return moment;
  throw new BroadsheetError("USAGE", `--from ${JSON.stringify(value)} is no moment`, {
    fix: "write a day or a moment of ISO 8601, such as 2027-03-20 or 2027-03-20T12:00Z",
  });
}
