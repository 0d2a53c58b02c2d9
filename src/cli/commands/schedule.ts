import { crontab, systemdUnits, type Installed } from "../schedule/scheduler-units.ts";
import { systemClock } from "../../platform/clock.ts";
import { graceMs, explainSlots, type ExplainedSlot } from "../../schedule/agenda.ts";
import type { Schedule } from "../../config/config.ts";
import type { NewsletterStore } from "../../platform/store.ts";
import { BroadsheetError } from "../../errors.ts";
import {
  configFlags,
  type ConfigFlags,
  type Configure,
  logFlag,
  outboxFlags,
  parseCount,
  webFlags,
} from "../flags.ts";
import { type RunFlags, scheduled } from "../schedule/with-job.ts";
import { table, hanging } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { userInfo } from "node:os";
import path from "node:path";
import { attempt } from "../../platform/attempt.ts";

const schedule: Configure = (command, terminal) => {
  logFlag(webFlags(outboxFlags(command)), terminal)
    .option("--verbose", "report in a line what was done")
    // Options after the name of a subcommand belong to that subcommand.
    .enablePositionalOptions()
    .action(async (flags: RunFlags) => {
      terminal.isTerse = true;
      const { stayUp } = await import("../schedule/runs.ts");
      await stayUp(flags, terminal);
    });
  command.addHelpText(
    "after",
    `
Without a subcommand it stays up, and does at the time of each slot what \`broadsheet run\` does. SIGTERM or Ctrl-C
ends it when the messages in flight have their answers, SIGTERM within ten seconds. It exits with 75 if readers remain.
A second signal ends it at once. A changed config counts within a minute, or at once on SIGHUP; one that is broken is
reported, and nothing is sent until it is mended.

Examples:
  broadsheet schedule --verbose
  broadsheet schedule explain --count 10
  broadsheet schedule explain --from 2027-03-20
  broadsheet schedule cron
  broadsheet schedule systemd`,
  );
  explain(command.command("explain").summary("Show the next times an issue is due"), terminal);
  cron(command.command("cron").summary("Print the line for a crontab"), terminal);
  systemd(command.command("systemd").summary("Print a service and a timer"), terminal);
};

const explain: Configure = (command, terminal) => {
  configFlags(command)
    .description(
      "Show the next slots: when an issue is due, in local time and in UTC, and changes of the clock.",
    )
    .option("--from <MOMENT>", "show the slots after this time (default: now)", parseMoment)
    .option("--count <N>", "the number of slots", parseCount("--count"), 5)
    .action(async (flags: ConfigFlags & { readonly from?: Date; readonly count: number }) => {
      const { config, schedule } = await scheduled(flags, terminal);
      const { from = systemClock(), count } = flags;
      const slots = explainSlots(schedule, { from, count, graceMs: graceMs(schedule) });
      if (flags.json) for (const slot of slots) terminal.printJson(slot);
      else terminal.print(await view(slots, schedule, config.name, terminal));
    });
};

async function view(
  slots: readonly ExplainedSlot[],
  { cron, zone, catchUp }: Schedule,
  name: string,
  terminal: Terminal,
): Promise<string> {
  const rows = slots.map(({ slot, local, offset, at, sentUntil }) => [
    slot,
    `${local} ${offset}`,
    utcText(at),
    utcText(sentUntil),
  ]);
  return [
    terminal.paint("bold", `${name}, "${cron}" in ${zone}`),
    "",
    table(["Slot", zone, "UTC", "Sent until"], rows, terminal),
    ...slots.flatMap(({ slot, note }) =>
      note ? [hanging(`${slot}: `, note, terminal.columns)] : [],
    ),
    "",
    hanging("Missed   ", MISSED[catchUp], terminal.columns),
  ].join("\n");
}

const MISSED: Readonly<Record<Schedule["catchUp"], string>> = {
  skip: "an issue whose time passed while nothing ran is left out",
  once: "the latest is sent late, until the time above; those before it are left out",
  merge: "the latest is sent late, until the time above, with the stories of those before it",
};

function utcText(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

function parseMoment(value: string): Date {
  const moment = new Date(value);
  if (/^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(moment.getTime())) return moment;
  throw new BroadsheetError("USAGE", `--from ${JSON.stringify(value)} is not a date or a time`, {
    fix: "write a date or a time in ISO 8601, such as 2027-03-20 or 2027-03-20T12:00Z",
  });
}

const cron: Configure = (command, terminal) => {
  configFlags(command)
    .description("Print the line for a crontab that calls broadsheet run every five minutes.")
    .action(async (flags: ConfigFlags) => {
      const { config, schedule } = await scheduled(flags, terminal);
      const text = crontab(installed(config, flags), schedule);
      if (flags.json) terminal.printJson({ crontab: text });
      else terminal.print(text);
    });
};

const systemd: Configure = (command, terminal) => {
  configFlags(command)
    .description("Print a service and a timer for systemd, and the command that starts them.")
    .action(async (flags: ConfigFlags) => {
      const { config } = await scheduled(flags, terminal);
      const units = systemdUnits(installed(config, flags));
      if (flags.json) return terminal.printJson({ units });
      for (const { name, text } of units) terminal.print(`# /etc/systemd/system/${name}\n${text}`);
      const timer = units.at(-1)?.name;
      terminal.print(`# sudo systemctl daemon-reload && sudo systemctl enable --now ${timer}`);
    });
};

interface Project extends NewsletterStore {
  readonly folder: string;
  readonly outbox: string;
  readonly bounces: readonly string[];
}

function installed(
  { folder, slug, outbox, store, bounces }: Project,
  { config }: ConfigFlags,
): Installed {
  const [node = process.execPath, program = ""] = process.argv;
  // The folder of an mbox must be writable, because its lock is a file beside it.
  const files = "file" in store ? [store.file, ...bounces] : bounces;
  const all = [outbox, ...files.map((file) => path.dirname(file))];
  const outside = all.filter((place) => isOutside(place, folder));
  const writable = [folder, ...new Set(outside)];
  for (const place of writable) assertOneLine(place);
  return {
    command: [node, path.resolve(program), ...(config ? ["--config", path.resolve(config)] : [])],
    folder,
    newsletter: slug,
    user: userName(),
    writable,
  };
}

/** A container may run the process under a user id without a name. */
function userName(): string {
  return attempt(() => userInfo().username) ?? String(process.getuid?.() ?? "nobody");
}

function isOutside(place: string, folder: string): boolean {
  const inside = path.relative(folder, place);
  return inside.startsWith("..") || path.isAbsolute(inside);
}

/** A crontab or a unit file can't contain a path with a line break. */
function assertOneLine(place: string): void {
  if (!/\p{Cc}/u.test(place)) return;
  throw new BroadsheetError("USAGE", `${JSON.stringify(place)} has a line break in its name`, {
    fix: "give the folder another name",
  });
}

export const commands = { schedule };
