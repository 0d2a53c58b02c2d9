import path from "node:path";
import { BroadsheetError, nearest } from "../../errors.ts";
import { type CommonFlags, commonFlags, type Configure, parseLine } from "../flags.ts";
import type { Newsletter } from "../init/newsletter-files.ts";
import { commandFrom, shellWord } from "../next-steps.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface InitFlags extends CommonFlags {
  readonly yes?: true;
  readonly name?: string;
  readonly template?: string;
}

export const init: Configure = (command, terminal) => {
  commonFlags(command)
    .argument("[DIR]", "the folder, made where it isn't there", ".")
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
    .addHelpText(
      "after",
      `
Examples:
  broadsheet init my-letter
  broadsheet init my-letter --yes --name "The Morning Letter"`,
    )
    .action(async (dir: string, flags: InitFlags) => {
      const folder = path.resolve(terminal.cwd, dir);
      const newsletter = await newsletterFor(folder, flags, terminal);
      const { newsletterFiles } = await import("../init/newsletter-files.ts");
      const { writeNewFiles } = await import("../../platform/files/write-new-files.ts");
      const files = newsletterFiles(newsletter);
      await assertNoConfig(folder, terminal);
      await writeNewFiles(folder, files, terminal.shown(folder));
      if (flags.json) terminal.printJson({ dir: folder, files: [...files.keys()] });
      else terminal.print(welcome(newsletter, folder, terminal));
    });
};

/** Beside a config of another kind a new one would be one too many. */
async function assertNoConfig(folder: string, terminal: Terminal): Promise<void> {
  const { configsIn } = await import("../../config/io/load-config.ts");
  const [name] = await configsIn(folder);
  if (name === undefined) return;
  throw new BroadsheetError("FILE_EXISTS", `${terminal.shown(folder)} already has ${name}`, {
    fix: "choose another folder, or move what is there away",
  });
}

async function newsletterFor(
  folder: string,
  { yes, name, template }: InitFlags,
  terminal: Terminal,
): Promise<Newsletter> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const given = { name: name ?? nameFrom(path.basename(folder)), template };
  if (yes || !terminal.isInteractive) return { ...given, timeZone };
  const { askForNewsletter } = await import("../init/ask.ts");
  return { ...(await askForNewsletter(given)), timeZone };
}

/** A folder's name as a title: "my-letter" is "My Letter". */
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

function nextSteps(folder: string, { cwd }: Terminal): string[] {
  const command = commandFrom(cwd);
  const inside = path.relative(cwd, folder);
  if (inside === "") return [`${command} build`];
  // npm runs a script in the folder of its package.json, so a cd would be in vain.
  if (command.startsWith("npm run")) {
    return [`${command} build --config ${shellWord(path.join(inside, "broadsheet.yaml"))}`];
  }
  return [`cd ${shellWord(inside)}`, `${command} build`];
}
