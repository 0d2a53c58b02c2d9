import { Command } from "commander";
import type { Configure } from "./flags.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "../platform/own-files.ts";

interface Entry {
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  readonly load: () => Promise<Configure>;
}

/** In the order in which a newcomer needs them. */
const COMMANDS: readonly Entry[] = [
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
    name: "render",
    summary: "Make an issue's files again from its digest, after you edited it",
    load: async () => (await import("./commands/render.ts")).render,
  },
  {
    name: "check",
    summary: "Say what would go wrong in an inbox: in an issue, or anybody's email",
    load: async () => (await import("./commands/check.ts")).check,
  },
  {
    name: "preview",
    summary: "See an issue as its readers will, edit it, and watch it change",
    load: async () => (await import("./commands/preview.ts")).preview,
  },
  {
    name: "screenshot",
    summary: "Take pictures of an issue in every view",
    load: async () => (await import("./commands/screenshot.ts")).screenshot,
  },
  {
    name: "send",
    summary: "Send an issue to the list, or one copy of it",
    load: async () => (await import("./commands/send.ts")).send,
  },
  {
    name: "subscribers",
    summary: "Import, export and change the list that an issue is sent to",
    load: async () => (await import("./commands/subscribers.ts")).subscribers,
  },
  {
    name: "status",
    summary: "Show how many have which issue, and what wants a look",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "explain",
    summary: "Show what an address was sent, and what the mail servers said",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "reconcile",
    summary: "Settle who may have an issue or may not: take it as sent, or send it again",
    load: async () => (await import("./commands/reconcile.ts")).reconcile,
  },
  {
    name: "retry",
    summary: "Try again whom a server put off or refused",
    load: async () => (await import("./commands/retry.ts")).retry,
  },
  {
    name: "doctor",
    summary: "Look whether all that sending needs is there: server, DNS records, keys, disk",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    name: "extract",
    summary: "Show what is read from an article, and what is left out",
    load: async () => (await import("./commands/extract.ts")).extract,
  },
  {
    name: "summarize",
    summary: "Show what an issue would say of an article, and from where in it",
    load: async () => (await import("./commands/summarize.ts")).summarize,
  },
  {
    name: "run",
    summary: "Do what is due now, once, for cron: collect, build, check and send",
    load: async () => (await import("./commands/run.ts")).run,
  },
  {
    name: "approve",
    summary: "Send an issue that waits for an editor's word",
    load: async () => (await import("./commands/approve.ts")).approve,
  },
  {
    name: "hold",
    summary: "Stop the schedule, or let it go on",
    load: async () => (await import("./commands/hold.ts")).hold,
  },
  {
    name: "skip",
    summary: "Leave out an issue that comes or waits",
    load: async () => (await import("./commands/skip.ts")).skip,
  },
  {
    name: "schedule",
    summary: "Stay up and run what is due at its time, or show when that is",
    load: async () => (await import("./commands/schedule.ts")).schedule,
  },
  {
    name: "template",
    summary: "Begin a template of your own with one of ours",
    load: async () => (await import("./commands/template.ts")).template,
  },
];

/** The command line. Only the commands that the arguments name are loaded. */
export async function createProgram(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command("broadsheet")
    .description("Broadsheet turns articles into an email digest.")
    .usage("COMMAND [flags]")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "print this help; broadsheet COMMAND --help tells more")
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
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).description(`${summary}.`);
    if (named.has(name)) (await load())(command, terminal);
  }
  return program;
}

/** Errors are told by the door, in our own shape; the help for a line without a command is not one. */
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
