import type { Command, CommanderError } from "commander";
import { BroadsheetError } from "../errors.ts";

/** What commander found wrong with the arguments, as one of our errors. */
export function usageError(
  { message, code }: CommanderError,
  argv: readonly string[],
  program: Command,
): BroadsheetError {
  const [problem = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const meant = /\(Did you mean (.+)\?\)/.exec(suggestion)?.[1];
  const help = `see: ${["broadsheet", ...namesIn(argv, program), "--help"].join(" ")}`;
  return new BroadsheetError("USAGE", problem.replace(/\.$/, ""), {
    fix: meant ? `did you mean ${meant}?` : isBeforeCommand(code, argv) ? AFTER : help,
  });
}

/** The command that is meant, and of a command that has commands the one of those. */
function namesIn(argv: readonly string[], program: Command): string[] {
  const names: string[] = [];
  let within = program;
  for (const word of argv) {
    const command = within.commands.find((command) => command.name() === word);
    if (!command) continue;
    names.push(word);
    within = command;
  }
  return names;
}

const AFTER = "flags come after the command: broadsheet build --json";

function isBeforeCommand(code: string, [first = "", ...rest]: readonly string[]): boolean {
  return code === "commander.unknownOption" && first.startsWith("-") && rest.length > 0;
}
