import path from "node:path";
import type { Config } from "../config.ts";
import { loadConfig } from "./load-config.ts";
import type { ProjectFlags } from "../../cli/flags.ts";
import type { Terminal } from "../../cli/terminal.ts";

/** The newsletter that a command works on. Flags win over the environment, and that over the file. */
export async function openProject(flags: ProjectFlags, terminal: Terminal): Promise<Config> {
  const { cwd } = terminal;
  const config = await loadConfig({ cwd, file: flags.config, env: process.env });
  return {
    ...config,
    ...(flags.out && { outbox: path.resolve(cwd, flags.out) }),
    ...(flags.template && { template: flags.template }),
  };
}

/** The day it is at a moment in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string, moment: Date): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}
