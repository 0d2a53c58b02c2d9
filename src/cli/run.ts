import { isatty } from "node:tty";
import { Command, CommanderError } from "commander";
import { BroadsheetError, ERROR_CODES, nearest } from "../errors.ts";
import { fileError } from "../platform/file-error.ts";
import { version } from "../platform/own-files.ts";
import type { Configure } from "./flags.ts";
import { Interrupted, Terminal } from "./terminal.ts";

/** Executes a command line and returns the exit code (sysexits(3)). */
export async function run(given: readonly string[]): Promise<number> {
  const argv = meantBy(given);
  const terminal = new Terminal();
  process.stdout.on("error", (cause) => leaveUnread(cause, terminal));
  // If stderr is closed, no report is visible, but the work continues.
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
    // For a command line without a complete command, commander shows the help.
    else if (error.code === "commander.help") return ERROR_CODES.USAGE.exit;
    else if (error.exitCode !== 0) terminal.report(usageError(error, argv, program));
  }
  return terminal.exitCode;
}

/** Without arguments, a person gets the desk and a script the help. `preview` is the old name of the desk. */
function meantBy(argv: readonly string[]): readonly string[] {
  if (argv.length === 0 && isatty(0) && isatty(1)) return ["desk"];
  const at = argv[0] === "help" ? 1 : 0;
  return argv[at] === "preview" ? argv.with(at, "desk") : argv;
}

type Load = () => Promise<{ readonly commands: Readonly<Record<string, Configure>> }>;

// Each module is loaded only if the arguments name one of its commands.
const imports: Load = async () => import("./subscribers/import.ts");
const lists: Load = async () => import("./subscribers/list.ts");
const changes: Load = async () => import("./subscribers/change.ts");
const quarantine: Load = async () => import("./subscribers/quarantine.ts");
const mails: Load = async () => import("./subscribers/mail.ts");
const init: Load = async () => import("./commands/init.ts");
const build: Load = async () => import("./commands/build.ts");
const desk: Load = async () => import("./commands/desk.ts");
const screenshot: Load = async () => import("./commands/screenshot.ts");
const check: Load = async () => import("./commands/check.ts");
const articles: Load = async () => import("./commands/articles.ts");
const template: Load = async () => import("./commands/template.ts");
const slots: Load = async () => import("./commands/slots.ts");
const ledger: Load = async () => import("./commands/ledger.ts");
const send: Load = async () => import("./commands/send.ts");
const archive: Load = async () => import("./commands/archive.ts");
const bounces: Load = async () => import("./commands/bounces.ts");
const status: Load = async () => import("./commands/status.ts");
const doctor: Load = async () => import("./commands/doctor.ts");
const runs: Load = async () => import("./schedule/runs.ts");
const serve: Load = async () => import("./commands/serve.ts");
const worker: Load = async () => import("./commands/worker.ts");
const schedule: Load = async () => import("./commands/schedule.ts");
const database: Load = async () => import("./commands/db.ts");

/** A command's name, its summary in one sentence without a full stop, and its module or its subcommands. */
type CommandEntry = readonly [name: string, summary: string, of: Load | readonly CommandEntry[]];

/** The subcommands for the list of subscribers. */
const LIST_COMMANDS: readonly CommandEntry[] = [
  ["import", "Import a list: CSV or JSON, from any service", imports],
  ["list", "Show who is on the list", lists],
  ["export", "Export the list to a file", lists],
  ["add", "Put one address on the list", changes],
  ["remove", "Take addresses off the list", changes],
  ["suppress", "Send nothing to an address any more", changes],
  ["unsubscribe", "End the subscription of a reader who asks for it, by token or mail", mails],
  ["keep", "Ignore a mail that asks to unsubscribe and is not from the reader", changes],
  ["bounce", "Read a mail that came back, or a complaint", mails],
  ["quarantine", "Decide about quarantined readers, whose mail server may be wrong", quarantine],
  ["restore", "Undo the changes of a run to the list", quarantine],
  ["erase", "Delete all data of an address, and keep it out", changes],
  ["accept-secret", "Continue after the secret that signed links already sent was lost", changes],
];

/** The subcommands for a store in PostgreSQL. */
const STORE_COMMANDS: readonly CommandEntry[] = [
  [
    "migrate",
    "Make the tables in the database that DATABASE_URL names, or bring them up to date",
    database,
  ],
  ["copy", "Copy the store into a database, or into a file as a backup", database],
];

/** The commands, grouped by user, in the order in which a new user needs them. */
const COMMANDS: Readonly<Record<string, readonly CommandEntry[]>> = {
  "Editor, to make an issue:": [
    ["init", "Start a newsletter in a folder, with two sample articles", init],
    ["build", "Turn articles into an issue, ready to open and to send", build],
    ["desk", "Make, approve and send an issue in the browser", desk],
    ["render", "Make an issue's files again from its digest, after you edited it", build],
    ["check", "Find the problems that an issue, or any email, would have in inboxes", check],
    ["screenshot", "Take pictures of an issue in every view", screenshot],
    ["extract", "Show the text that is read from an article, and the omitted parts", articles],
    [
      "summarize",
      "Show the summary of an article, and where in the article it comes from",
      articles,
    ],
    ["template", "Create a template of your own as a copy of ours", template],
  ],
  "List, to keep its readers:": [
    ["subscribers", "Import, export and change the list that an issue is sent to", LIST_COMMANDS],
    ["explain", "Show what an address was sent, and what the mail servers said", ledger],
  ],
  "Operator, to send, and to keep it running:": [
    ["send", "Send an issue to the list, or one copy of it", send],
    ["archive", "Write the sent issues as web pages, with feeds, into a folder", archive],
    ["status", "Show the state of each issue, how many readers have it, and what to fix", status],
    ["bounces", "Process returned mail: bounces, complaints, requests to unsubscribe", bounces],
    ["retry", "Try again to reach readers that a server deferred or refused", ledger],
    ["reconcile", "Settle deliveries in doubt: count them as reached, or send again", ledger],
    ["doctor", "Check the requirements of sending: server, DNS records, keys, disk", doctor],
    ["db", "Keep the store in PostgreSQL, or copy it there and back", STORE_COMMANDS],
    [
      "run",
      "Do the work that is due now, once, for cron: build the draft again, check it and send it",
      runs,
    ],
    ["schedule", "Keep running and do due work at its time, or show these times", schedule],
    ["worker", "Keep running and send due issues, together with other workers", worker],
    [
      "serve",
      "Serve the pages where readers subscribe, unsubscribe and change their preferences",
      serve,
    ],
    ["approve", "Approve an issue of the schedule, to go out at the time of its slot", slots],
    ["hold", "Put the newsletter or one issue on hold, or release it", slots],
    ["skip", "Skip an issue of the schedule", slots],
  ],
};

/** Defines the command line. Only the commands in the arguments are loaded. */
async function createProgram(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command("broadsheet")
    .description("Broadsheet turns articles into an email digest.")
    .usage("COMMAND [flags]")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "print this help; broadsheet COMMAND --help says more")
    .addHelpCommand(helpCommand())
    // `schedule` is a command and also has subcommands, each with its own flags.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: writeHelp, getOutHelpWidth: () => HELP_WIDTH })
    .configureHelp({ subcommandTerm, showGlobalOptions: false })
    .addHelpText("after", FIRST_STEPS)
    .hook("preAction", (_program, command) => {
      terminal.isQuiet = command.opts()["quiet"] === true;
    });
  // No command has more than two words, such as `subscribers import`.
  const named = new Set(argv.filter((argument) => !argument.startsWith("-")).slice(0, 2));
  const add = async (parent: Command, entries: readonly CommandEntry[]): Promise<void> => {
    for (const [name, summary, of] of entries) {
      const command = parent.command(name).summary(summary).description(`${summary}.`);
      if (!named.has(name)) continue;
      if (typeof of === "function") configureOf(name, await of())(command, terminal);
      else await add(command, of);
    }
  };
  for (const [group, entries] of Object.entries(COMMANDS)) {
    await add(program.commandsGroup(group), entries);
  }
  return program;
}

/** The function of a module that configures a command. A missing one is a bug. */
function configureOf(name: string, { commands }: Awaited<ReturnType<Load>>): Configure {
  const configure = commands[name];
  if (!configure) throw new Error(`no module has the command ${name}`);
  return configure;
}

function helpCommand(): Command {
  const command = new Command("help").argument("[COMMAND]").summary("Show the help of a command");
  return command.helpGroup("Help:");
}

/** The terminal formats errors in our style. The help for an incomplete command line is no error. */
function writeHelp(text: string): void {
  if (!text.startsWith("error: ")) process.stderr.write(text);
}

const HELP_WIDTH = 100;

const FIRST_STEPS = `
First steps:
  broadsheet desk                 from an empty folder to a sent issue

At the terminal:
  broadsheet init my-letter       a newsletter that builds at once
  cd my-letter
  broadsheet build                writes the issue and says which file to open

Or with any article you have:
  broadsheet build article.txt`;

/** The names alone, because each command's own help has its arguments and flags. */
function subcommandTerm(command: Command): string {
  return command.name();
}

/** `broadsheet … | head` closes the pipe early, which is no error. */
function leaveUnread(cause: NodeJS.ErrnoException, terminal: Terminal): void {
  if (cause.code !== "EPIPE") {
    const options = { fix: "send it elsewhere" };
    terminal.report(fileError(cause, "OUTPUT_UNWRITABLE", "the output can't be written", options));
  }
  process.exit(terminal.exitCode);
}

/**
 * Converts an error of commander to one of ours. A flag that sends without asking, or in spite of the checks, is never
 * suggested.
 */
function usageError(
  { message, code }: CommanderError,
  argv: readonly string[],
  program: Command,
): BroadsheetError {
  const [problem = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const names = namesIn(argv, program);
  if (names[0] === "send" && TRIAL.test(problem)) {
    const fix = "did you mean --to? It sends one copy: broadsheet send --to you@example.org";
    return new BroadsheetError("USAGE", problem, { fix });
  }
  const meant =
    code === "commander.excessArguments"
      ? subcommandNear(problem, names, program)
      : /\(Did you mean (?!.*--(?:yes|force)\b)(.+)\?\)/.exec(suggestion)?.[1];
  const fix = meant ? `did you mean ${meant}?` : fixFor(code, argv, names);
  return new BroadsheetError("USAGE", problem.replace(/\.$/, ""), { fix });
}

/** Names of other programs for `send --to`. Without this list, the most similar flag would be `--yes`. */
const TRIAL = /^unknown option '--(?:copy|me|only-me|preview|proof|sample|self|test|trial|try)\b/;

function fixFor(code: string, argv: readonly string[], names: readonly string[]): string {
  if (isBeforeCommand(code, argv)) return "flags come after the command: broadsheet build --json";
  if (code === "commander.conflictingOption") return "leave one of them out";
  return `see: ${["broadsheet", ...names, "--help"].join(" ")}`;
}

/** The subcommand that was meant, of a command that also runs without one. commander takes a mistyped one as an argument. */
function subcommandNear(
  problem: string,
  [name, subcommand]: readonly string[],
  program: Command,
): string | undefined {
  if (subcommand !== undefined) return undefined;
  const command = program.commands.find((one) => one.name() === name);
  const [, word = ""] = / but got \d+: ([^,]+)/.exec(problem) ?? [];
  return command && nearest(word, new Set(command.commands.map((one) => one.name())));
}

/** The command, and the subcommand if it has some, in the arguments. */
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
