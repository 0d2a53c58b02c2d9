import { givenCount, givenDay, givenLine } from "../platform/given-values.ts";
import { type Command, Option } from "commander";
import type { ProjectFlags } from "../config/io/load-config.ts";
import { BroadsheetError } from "../errors.ts";
import type { Terminal } from "./terminal.ts";

/** Adds arguments, flags, examples and an action to a command. */
export type Configure = (command: Command, terminal: Terminal) => void;

export interface CommonFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly debug?: true;
}

export interface ConfigFlags extends CommonFlags, Pick<ProjectFlags, "config"> {}

export interface OutboxFlags extends ConfigFlags, Pick<ProjectFlags, "out"> {}

export function commonFlags(command: Command): Command {
  return command
    .option("--json", "print the result as JSON, one object a line")
    .option("--quiet", "say nothing on success")
    .option("--debug", "show where in the program an error arose")
    .helpOption("--help", "print this help");
}

export function configFlags(command: Command): Command {
  return commonFlags(command).option(
    "--config <FILE>",
    "the config to use (default: broadsheet.yaml here)",
  );
}

export function outboxFlags(command: Command): Command {
  return configFlags(command).option(
    "--out <DIR>",
    "the outbox (default: outbox beside the config)",
  );
}

/** The flags of commands that write an issue. */
export function projectFlags(command: Command): Command {
  return outboxFlags(command).option(
    "--template <NAME>",
    "digest, brief, letter, or one of your own",
  );
}

/** `--allow-private`, for commands that read from the web. */
export function webFlags(command: Command): Command {
  return command.option("--allow-private", "also fetch named addresses on private networks");
}

/** `--slot` and `--date`, for commands that build an issue. */
export function issueFlags(command: Command): Command {
  const slot = "the slot of the schedule (default: the next open slot)";
  const date = "the first open slot of that day, or a separate issue where there is none";
  return command
    .addOption(new Option("--slot <NAME>", slot).argParser(parseLine("--slot")).conflicts("date"))
    .option("--date <YYYY-MM-DD>", date, (value) => givenDay(value, "--date"));
}

/** `--log-format`, for commands that run unattended. */
export function logFlag(command: Command, terminal: Terminal): Command {
  const format = new Option("--log-format <FORMAT>", "text for people, json for programs");
  return command.addOption(format.choices(["text", "json"])).hook("preAction", async (_, asked) => {
    if (asked.getOptionValue("logFormat") !== "json") return;
    const { openJsonLog } = await import("../platform/json-log.ts");
    terminal.logTo(openJsonLog("broadsheet"));
  });
}

/** Returns a parser for a flag with a whole number from 1. */
export function parseCount(flag: string): (value: string) => number {
  return (value) => givenCount(/^\d+$/.test(value) ? Number(value) : Number.NaN, flag, value);
}

/** A port on which a server can listen. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new BroadsheetError("USAGE", `--port ${JSON.stringify(value)} is no port`, {
    fix: "give a number from 1 to 65535, or leave --port out to take any that is free",
  });
}

/** Returns a parser for a flag with a text that is not empty. */
export function parseLine(flag: string): (value: string) => string {
  return (value) => givenLine(value, flag);
}

/** The file for a page, or true for stdout. */
export type PageFlag = string | true;

/** `--html article.txt` would overwrite the article, so the name must be that of a page. */
export function parsePageName(file: string): string {
  if (/\.html?$/i.test(file)) return file;
  throw new BroadsheetError("USAGE", `--html ${JSON.stringify(file)} is not the name of a page`, {
    fix: "name a file that ends in .html, or put --html last to have the page on stdout",
  });
}

export const JSON_AND_PAGE = "--json and --html without a file";

/** The error for flags that exclude each other. */
export function contradiction(both: string): BroadsheetError {
  return new BroadsheetError("USAGE", `${both} can't be combined`, {
    fix: "leave one of them out",
  });
}
