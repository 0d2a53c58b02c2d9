import { configsIn } from "../../config/io/load-config.ts";
import { type Newsletter, newsletterFiles } from "../../config/new-newsletter.ts";
import { writeNewFiles } from "../../platform/files/write-new-files.ts";
import path from "node:path";
import { BroadsheetError, nearest } from "../../errors.ts";
import { type CommonFlags, commonFlags, type Configure, parseLine } from "../flags.ts";
import { shellWord } from "../../platform/notice.ts";
import { commandFrom } from "../next-steps.ts";
import { workflowFiles } from "../github-workflows.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface InitFlags extends CommonFlags {
  readonly yes?: true;
  readonly name?: string;
  readonly template?: string;
  readonly github?: true;
}

const init: Configure = (command, terminal) => {
  commonFlags(command)
    .argument("[DIR]", "the folder, created if it is missing", ".")
    .option("--yes", "ask nothing")
    .option(
      "--name <NAME>",
      "the newsletter's name (default: from the folder)",
      parseLine("--name"),
    )
    .option(
      "--template <NAME>",
      "digest or brief (default: by the number of stories)",
      parseShipped,
    )
    .option(
      "--github",
      "also write workflows for GitHub Actions, or only these if there is a config",
    )
    .addHelpText(
      "after",
      `
With --github a pull request is built and checked, and \`broadsheet run\` goes every 15 minutes with its state in PostgreSQL.
No file is overwritten. docs/hosting.md shows what the workflows need.

Examples:
  broadsheet init my-letter
  broadsheet init my-letter --yes --name "The Morning Letter"
  broadsheet init --github`,
    )
    .action(async (dir: string, flags: InitFlags) => {
      const folder = path.resolve(terminal.cwd, dir);
      const newsletter = await newsletterFor(folder, flags, terminal);
      const workflows = flags.github ? workflowFiles(folder) : new Map<string, string>();
      const files = new Map([...(newsletter ? newsletterFiles(newsletter) : []), ...workflows]);
      await writeNewFiles(folder, files, terminal.shown(folder));
      if (flags.json) return terminal.printJson({ dir: folder, files: [...files.keys()] });
      const texts = [
        ...(newsletter ? [welcome(newsletter, folder, terminal)] : []),
        ...(flags.github ? [workflowsText([...workflows.keys()], terminal)] : []),
      ];
      terminal.print(texts.join("\n\n"));
    });
};

/** The newsletter to create; undefined if one exists, which gets only the workflows. */
async function newsletterFor(
  folder: string,
  { yes, name, template, github }: InitFlags,
  terminal: Terminal,
): Promise<Newsletter | undefined> {
  const [config] = await configsIn(folder);
  if (config !== undefined) {
    if (github && !name && !template) return undefined;
    // A second config in another format would be ambiguous.
    throw new BroadsheetError("FILE_EXISTS", `${terminal.shown(folder)} already has ${config}`, {
      fix: "choose another folder, or move that file away",
    });
  }
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const given = { name: name ?? nameFrom(path.basename(folder)), template };
  const rest = { timeZone, isScheduled: github === true };
  if (yes || !terminal.isInteractive) return { ...given, ...rest };
  const { askForNewsletter } = await import("../ask-for-newsletter.ts");
  return { ...(await askForNewsletter(given)), ...rest };
}

/** A folder's name as a title: "my-letter" becomes "My Letter". */
function nameFrom(folder: string): string {
  const words = folder.split(/[^\p{L}\p{N}\p{M}'’]+/u).filter(Boolean);
  const [first = "My", ...rest] = words.length > 0 ? words : ["My", "Newsletter"];
  return [first, ...rest]
    .map((word) => word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()))
    .join(" ");
}

function parseShipped(value: string): string {
  const shipped = ["digest", "brief", "letter"];
  if (shipped.includes(value)) return value;
  const near = nearest(value, shipped);
  throw new BroadsheetError(
    "USAGE",
    `there is no template ${JSON.stringify(value)} to begin with`,
    {
      fix: near ? `did you mean ${near}?` : "use digest, brief or letter",
    },
  );
}

function welcome({ name }: Newsletter, folder: string, terminal: Terminal): string {
  const { paint } = terminal;
  const shown = terminal.shown(folder);
  return [
    paint("bold", `${name} is in ${shown === "." ? "this folder" : shown}`),
    "",
    labelled([
      ["broadsheet.yaml", "its name, sender and look"],
      ["content/", "two sample articles: put your own in their place"],
      [".env.example", "what sending needs; copy it to .env"],
    ]),
    "",
    labelled(nextSteps(folder, terminal).map((step, at) => [at === 0 ? "Next" : "", step])),
  ].join("\n");
}

function workflowsText(names: readonly string[], terminal: Terminal): string {
  const does = [
    "builds and checks each pull request, with screenshots",
    "builds and sends what is due, every 15 minutes, with its state in PostgreSQL",
  ];
  return [
    terminal.paint("bold", "GitHub Actions"),
    "",
    labelled(names.map((name, at) => [name, does[at] ?? ""])),
    "",
    labelled([
      ["Next", "npm install playwright-core axe-core pg pg-boss"],
      ["", "set DATABASE_URL, SMTP_URL and BROADSHEET_SECRET as secrets of the repository"],
      ["", "node_modules/broadsheet/docs/hosting.md has all steps"],
    ]),
  ].join("\n");
}

function nextSteps(folder: string, { cwd }: Terminal): string[] {
  const command = commandFrom(cwd);
  const inside = path.relative(cwd, folder);
  if (inside === "") return [`${command} build`];
  // npm runs a script in the folder of its package.json, so a `cd` would have no effect.
  if (command.startsWith("npm run")) {
    return [`${command} build --config ${shellWord(path.join(inside, "broadsheet.yaml"))}`];
  }
  return [`cd ${shellWord(inside)}`, `${command} build`];
}

export const commands = { init };
