import type { CommanderError } from "commander";
import { BroadsheetError } from "../errors.ts";

/** What commander found wrong with the arguments, as one of our errors. */
export function usageError(
  { message, code }: CommanderError,
  argv: readonly string[],
): BroadsheetError {
  const [problem = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const meant = /\(Did you mean (.+)\?\)/.exec(suggestion)?.[1];
  const command = argv.find((argument) => !argument.startsWith("-"));
  const isKnown = command !== undefined && code !== "commander.unknownCommand";
  const help = `see: broadsheet ${isKnown ? `${command} ` : ""}--help`;
  return new BroadsheetError("USAGE", problem.replace(/\.$/, ""), {
    fix: meant ? `did you mean ${meant}?` : isBeforeCommand(code, argv) ? AFTER : help,
  });
}

const AFTER = "flags come after the command: broadsheet build --json";

function isBeforeCommand(code: string, [first = "", ...rest]: readonly string[]): boolean {
  return code === "commander.unknownOption" && first.startsWith("-") && rest.length > 0;
}
