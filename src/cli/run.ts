import { Command, CommanderError } from "commander";
import { BroadsheetError, ERROR_CODES } from "../errors.ts";
import { errnoReason } from "../platform/file-error.ts";
import { version } from "../platform/own-files.ts";
import type { Configure } from "./flags.ts";
import { Interrupted, Terminal } from "./terminal.ts";

/** Does what the arguments say; the exit code (sysexits(3)) to leave with. */
export async function run(argv: readonly string[]): Promise<number> {
  const terminal = new Terminal();
  process.stdout.on("error", (cause) => leaveUnread(cause, terminal));
  // Where stderr is closed nothing can be reported, which is no reason to drop the work.
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

interface Entry {
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** Undefined for a command that only has commands. */
  readonly load?: () => Promise<Configure>;
  readonly commands?: readonly Entry[];
}

/** The commands of a list, each loaded where the arguments name it. */
const LIST_COMMANDS: readonly Entry[] = [
  {
    name: "import",
    summary: "Take in a list: CSV or JSON, of any service",
    load: async () => (await import("./subscribers/import.ts")).importList,
  },
  {
    name: "list",
    summary: "Show who is on the list",
    load: async () => (await import("./subscribers/list.ts")).list,
  },
  {
    name: "export",
    summary: "Write the list down, to keep it or to take it elsewhere",
    load: async () => (await import("./subscribers/list.ts")).exportList,
  },
  {
    name: "add",
    summary: "Put one address on the list",
    load: async () => (await import("./subscribers/change.ts")).add,
  },
  {
    name: "remove",
    summary: "Take addresses off the list",
    load: async () => (await import("./subscribers/change.ts")).remove,
  },
  {
    name: "suppress",
    summary: "Send nothing to an address any more",
    load: async () => (await import("./subscribers/change.ts")).suppress,
  },
  {
    name: "unsubscribe",
    summary: "End the subscription of a reader who asks for it, by token or mail",
    load: async () => (await import("./subscribers/mail.ts")).unsubscribe,
  },
  {
    name: "bounce",
    summary: "Read a mail that came back, or a complaint",
    load: async () => (await import("./subscribers/mail.ts")).bounce,
  },
  {
    name: "erase",
    summary: "Forget an address, and keep it out",
    load: async () => (await import("./subscribers/change.ts")).erase,
  },
  {
    name: "accept-secret",
    summary: "Go on where the secret is lost that links already sent are signed with",
    load: async () => (await import("./subscribers/change.ts")).acceptSecret,
  },
];

/** By who needs them, and in each group in the order in which a newcomer does. */
const COMMANDS: Readonly<Record<string, readonly Entry[]>> = {
  "Editor, to make an issue:": [
    {
      name: "init",
      summary: "Start a newsletter in a folder, with two sample articles",
      load: async () => (await import("./commands/init.ts")).init,
    },
    {
      name: "build",
      summary: "Turn articles into an issue, ready to open and to send",
      load: async () => (await import("./commands/build.ts")).build,
    },
    {
      name: "preview",
      summary: "See an issue as its readers will, edit it, and watch it change",
      load: async () => (await import("./commands/preview.ts")).preview,
    },
    {
      name: "render",
      summary: "Make an issue's files again from its digest, after you edited it",
      load: async () => (await import("./commands/build.ts")).render,
    },
    {
      name: "check",
      summary: "Find what would go wrong in an inbox, in an issue or in any email",
      load: async () => (await import("./commands/check.ts")).check,
    },
    {
      name: "screenshot",
      summary: "Take pictures of an issue in every view",
      load: async () => (await import("./commands/screenshot.ts")).screenshot,
    },
    {
      name: "extract",
      summary: "Show what is read from an article, and what is left out",
      load: async () => (await import("./commands/articles.ts")).extract,
    },
    {
      name: "summarize",
      summary: "Show what an issue would say of an article, and from where in it",
      load: async () => (await import("./commands/articles.ts")).summarize,
    },
    {
      name: "template",
      summary: "Begin a template of your own with a copy of ours",
      load: async () => (await import("./commands/template.ts")).template,
    },
    {
      name: "approve",
      summary: "Send an issue of the schedule that waits for approval",
      load: async () => (await import("./commands/slots.ts")).approve,
    },
    {
      name: "skip",
      summary: "Leave out an issue of the schedule",
      load: async () => (await import("./commands/slots.ts")).skip,
    },
  ],
  "List, to keep its readers:": [
    {
      name: "subscribers",
      summary: "Import, export and change the list that an issue is sent to",
      commands: LIST_COMMANDS,
    },
    {
      name: "explain",
      summary: "Show what an address was sent, and what the mail servers said",
      load: async () => (await import("./commands/ledger.ts")).explain,
    },
  ],
  "Operator, to send, and to keep it running:": [
    {
      name: "send",
      summary: "Send an issue to the list, or one copy of it",
      load: async () => (await import("./commands/send.ts")).send,
    },
    {
      name: "status",
      summary: "Show how many readers have each issue, and what there is to mend",
      load: async () => (await import("./commands/status.ts")).status,
    },
    {
      name: "retry",
      summary: "Try again to reach readers whom a server put off or refused",
      load: async () => (await import("./commands/ledger.ts")).retry,
    },
    {
      name: "reconcile",
      summary: "Settle deliveries in doubt: take them as sent, or send again",
      load: async () => (await import("./commands/ledger.ts")).reconcile,
    },
    {
      name: "doctor",
      summary: "Check that all that sending needs is there: server, DNS records, keys, disk",
      load: async () => (await import("./commands/doctor.ts")).doctor,
    },
    {
      name: "run",
      summary: "Do what is due now, once, for cron: collect, build, check and send",
      load: async () => (await import("./schedule/runs.ts")).run,
    },
    {
      name: "schedule",
      summary: "Stay up and run what is due at its time, or show when that is",
      load: async () => (await import("./commands/schedule.ts")).schedule,
    },
    {
      name: "hold",
      summary: "Stop the schedule, or let it go on",
      load: async () => (await import("./commands/slots.ts")).hold,
    },
  ],
};

/** The command line. Only the commands that the arguments name are loaded. */
async function createProgram(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command("broadsheet")
    .description("Broadsheet turns articles into an email digest.")
    .usage("COMMAND [flags]")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "print this help; broadsheet COMMAND --help says more")
    .addHelpCommand(helpCommand())
    // `schedule` is a command and has commands, each with its own flags.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: writeHelp, getOutHelpWidth: () => HELP_WIDTH })
    .configureHelp({ subcommandTerm, showGlobalOptions: false })
    .addHelpText("after", FIRST_STEPS)
    .hook("preAction", (_program, command) => {
      terminal.isQuiet = command.opts()["quiet"] === true;
    });
  const named = new Set(argv.filter((argument) => !argument.startsWith("-")).slice(0, 2));
  const add = async (parent: Command, entries: readonly Entry[]): Promise<void> => {
    for (const { name, summary, load, commands = [] } of entries) {
      const command = parent.command(name).summary(summary).description(`${summary}.`);
      if (!named.has(name)) continue;
      if (load) (await load())(command, terminal);
      await add(command, commands);
    }
  };
  for (const [group, entries] of Object.entries(COMMANDS)) {
    await add(program.commandsGroup(group), entries);
  }
  return program;
}

function helpCommand(): Command {
  const command = new Command("help").argument("[COMMAND]").summary("Show the help of a command");
  return command.helpGroup("Help:");
}

/** The terminal reports errors in our own shape; the help for a line without a command is none. */
function writeHelp(text: string): void {
  if (!text.startsWith("error: ")) process.stderr.write(text);
}

/** LOOK: at most 100 columns. */
const HELP_WIDTH = 100;

const FIRST_STEPS = `
First steps:
  broadsheet init my-letter       a newsletter that builds at once
  cd my-letter
  broadsheet build                writes the issue and says which file to open

Or with any article you have:
  broadsheet build article.txt`;

/** The names alone: each command's own help has its arguments and flags. */
function subcommandTerm(command: Command): string {
  return command.name();
}

/** `broadsheet … | head` closes the pipe when it has seen enough: there is nothing to say about that. */
function leaveUnread(cause: NodeJS.ErrnoException, terminal: Terminal): void {
  if (cause.code !== "EPIPE") {
    const message = `the output can't be written: ${errnoReason(cause)}`;
    const fix = "make room where it goes, or send it elsewhere";
    terminal.report(new BroadsheetError("OUTPUT_UNWRITABLE", message, { fix, cause }));
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
  const fix = meant
    ? `did you mean ${meant}?`
    : isBeforeCommand(code, argv)
      ? "flags come after the command: broadsheet build --json"
      : code === "commander.conflictingOption"
        ? "leave one of them out"
        : help;
  return new BroadsheetError("USAGE", problem.replace(/\.$/, ""), { fix });
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

function isBeforeCommand(code: string, [first = "", ...rest]: readonly string[]): boolean {
  return code === "commander.unknownOption" && first.startsWith("-") && rest.length > 0;
}
