import { CommanderError, type Command } from "commander";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { errnoReason } from "../platform/file-error.ts";
import { Interrupted, Terminal } from "./terminal.ts";
import { createProgram } from "./program.ts";

/** Does what the arguments say; the exit code (sysexits(3)) to leave with. */
export async function run(argv: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  process.stdout.on("error", (cause) => leaveUnread(cause, terminal));
  // Nobody is left who could be told, which is no reason to drop what is being done.
  process.stderr.on("error", () => undefined);
  process.once("uncaughtException", (error) => {
    terminal.report(error);
    process.exit(terminal.exitCode);
  });
  const program = await createProgram(argv, terminal);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof Interrupted) return Interrupted.exitCode;
    if (!(error instanceof CommanderError)) terminal.report(error);
    // A line that ends before its command has been answered with the help.
    else if (error.code === "commander.help") return ERROR_CODES.USAGE.exit;
    else if (error.exitCode !== 0) terminal.report(usageError(error, argv, program));
  }
  return terminal.exitCode;
}

/** `broadsheet … | head` closes the pipe when it has seen enough: there is nothing to say about that. */
function leaveUnread(cause: NodeJS.ErrnoException, terminal: Terminal): void {
  if (cause.code !== "EPIPE") {
    terminal.report(
      new BroadsheetError(
        "OUTPUT_UNWRITABLE",
        `the output can't be written: ${errnoReason(cause)}`,
        {
          fix: "make room where it goes, or send it elsewhere",
          cause,
        },
      ),
    );
  }
  process.exit(terminal.exitCode);
}

/** What commander found wrong with the arguments, as one of our errors. */
function usageError(
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
