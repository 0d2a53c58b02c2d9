import { userInfo } from "node:os";
import path from "node:path";
import type { Config, Schedule } from "../../config.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Installed } from "../../schedule/crontab.ts";
import type { ExplainedSlot } from "../../schedule/explain.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
  parseCount,
} from "../flags.ts";
import { labelled, table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface ExplainFlags extends CommonFlags, ConfigFlag {
  readonly from?: Date;
  readonly count: number;
}

export const schedule: Configure = (command, terminal) => {
  command.addHelpText(
    "after",
    `
Examples:
  broadsheet schedule explain --count 10
  broadsheet schedule explain --from 2027-03-20
  broadsheet schedule cron
  broadsheet schedule systemd`,
  );
  explain(command.command("explain").summary("Show the next times an issue is due"), terminal);
  cron(command.command("cron").summary("Print the line for a crontab"), terminal);
  systemd(command.command("systemd").summary("Print the units for systemd"), terminal);
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
      const { graceMs } = await import("../../schedule/due.ts");
      const { systemClock } = await import("../../io/clock.ts");
      const { config, schedule } = await scheduled(flags, terminal);
      const { from = systemClock(), count } = flags;
      const slots = explainSlots(schedule, { from, count, graceMs: graceMs(schedule) });
      if (flags.json) for (const slot of slots) terminal.printJson(slot);
      else terminal.print(await view(slots, schedule, config, terminal));
    });
};

const cron: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .description("Print the line for a crontab, ready to paste.")
    .action(async (flags: CommonFlags & ConfigFlag) => {
      const { crontab } = await import("../../schedule/crontab.ts");
      const { config, schedule } = await scheduled(flags, terminal);
      const text = crontab(installed(config, flags), schedule);
      if (flags.json) terminal.printJson({ crontab: text });
      else terminal.print(text);
    });
};

const systemd: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .description("Print a service and a timer for systemd, and the commands that install them.")
    .action(async (flags: CommonFlags & ConfigFlag) => {
      const { systemdUnits } = await import("../../schedule/systemd-units.ts");
      const { config } = await scheduled(flags, terminal);
      const units = systemdUnits(installed(config, flags));
      if (flags.json) return terminal.printJson({ units });
      for (const { name, text } of units) terminal.print(`# /etc/systemd/system/${name}\n${text}`);
      const [, timer] = units;
      terminal.print(
        `# sudo systemctl daemon-reload && sudo systemctl enable --now ${timer?.name}`,
      );
    });
};

async function scheduled(flags: ConfigFlag & CommonFlags, terminal: Terminal) {
  const { openProject } = await import("../project.ts");
  const config = await openProject(flags, terminal);
  if (config.schedule) return { config, schedule: config.schedule };
  throw new BroadsheetError("CONFIG_INVALID", "the config has no schedule", {
    fix: 'add one, such as schedule: { cron: "0 7 * * 2" } for Tuesdays at 7:00',
  });
}

function installed({ folder, slug, outbox, store }: Config, { config }: ConfigFlag): Installed {
  const [node = process.execPath, program = ""] = process.argv;
  const outside = [outbox, path.dirname(store)].filter((place) => isOutside(place, folder));
  return {
    command: [node, path.resolve(program), ...(config ? ["--config", path.resolve(config)] : [])],
    folder,
    newsletter: slug,
    user: userInfo().username,
    writable: [folder, ...new Set(outside)],
  };
}

function isOutside(place: string, folder: string): boolean {
  const inside = path.relative(folder, place);
  return inside.startsWith("..") || path.isAbsolute(inside);
}

async function view(
  slots: readonly ExplainedSlot[],
  { cron, zone, catchUp, approval }: Schedule,
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
    ...slots.flatMap(({ slot, note }) => (note ? [`${slot}: ${note}`] : [])),
    "",
    labelled([
      ["Missed", MISSED[catchUp]],
      [
        "Sending",
        approval === "auto" ? "by itself, where check finds no error" : "after broadsheet approve",
      ],
    ]),
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
