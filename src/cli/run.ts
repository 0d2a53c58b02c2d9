import { CommanderError } from "commander";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { errnoReason } from "../platform/errno-reason.ts";
import { Interrupted } from "./interrupted.ts";
import { createProgram } from "./program.ts";
import { Terminal } from "./terminal.ts";
import { usageError } from "./usage-error.ts";

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
