import { userInfo } from "node:os";
import path from "node:path";
import type { Command } from "commander";
import type { Config } from "../../config/config.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Installed } from "../../schedule/scheduler-units.ts";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { scheduled } from "./scheduled.ts";

/** `schedule cron` and `schedule systemd`: what to paste on the machine that sends. */
export function installCommands(command: Command, terminal: Terminal): void {
  cron(command.command("cron").summary("Print the line for a crontab"), terminal);
  systemd(command.command("systemd").summary("Print a service and a timer"), terminal);
}

function cron(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .description("Print the line for a crontab that does what is due.")
    .action(async (flags: CommonFlags & ConfigFlag) => {
      const { crontab } = await import("../../schedule/scheduler-units.ts");
      const { config, schedule } = await scheduled(flags, terminal);
      const text = crontab(installed(config, flags), schedule);
      if (flags.json) terminal.printJson({ crontab: text });
      else terminal.print(text);
    });
}

function systemd(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .description("Print a service and a timer for systemd, and the command that starts them.")
    .action(async (flags: CommonFlags & ConfigFlag) => {
      const { systemdUnits } = await import("../../schedule/scheduler-units.ts");
      const { config } = await scheduled(flags, terminal);
      const units = systemdUnits(installed(config, flags));
      if (flags.json) return terminal.printJson({ units });
      for (const { name, text } of units) terminal.print(`# /etc/systemd/system/${name}\n${text}`);
      const timer = units.at(-1)?.name;
      terminal.print(`# sudo systemctl daemon-reload && sudo systemctl enable --now ${timer}`);
    });
}

function installed({ folder, slug, outbox, store }: Config, { config }: ConfigFlag): Installed {
  const [node = process.execPath, program = ""] = process.argv;
  const outside = [outbox, path.dirname(store)].filter((place) => isOutside(place, folder));
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

/** A container may run us under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "nobody");
  }
}

function isOutside(place: string, folder: string): boolean {
  const inside = path.relative(folder, place);
  return inside.startsWith("..") || path.isAbsolute(inside);
}

/** Neither a crontab nor a unit can say a path with a line break in it. */
function assertOneLine(place: string): void {
  if (!/\p{Cc}/u.test(place)) return;
  throw new BroadsheetError("USAGE", `${JSON.stringify(place)} has a line break in its name`, {
    fix: "give the folder another name",
  });
}
