import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import type { Template } from "../../email/email.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import { commandFrom } from "../next-steps.ts";
import { labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";

interface NewFlags extends ConfigFlags {
  readonly from: string;
  readonly partials?: true;
}

const template: Configure = (command, terminal) => {
  configFlags(command.command("new").summary("Copy a template, to make it yours"))
    .description("Copy a template into the newsletter's own, to make it yours.")
    .argument("<NAME>", "what to call it; a shipped template's name replaces that one", parseName)
    .option("--from <TEMPLATE>", "the template to begin with", "digest")
    .option("--partials", "copy the parts that templates share too, to change them for this one")
    .addHelpText(
      "after",
      `
Examples:
  broadsheet template new evening
  broadsheet template new evening --from letter --partials`,
    )
    .action(async (name: string, flags: NewFlags) => {
      const [{ loadTemplate }, { writeNewFiles }, { openProject }] = await Promise.all([
        import("../../email/io/load-template.ts"),
        import("../../platform/files/write-new-files.ts"),
        import("../../config/io/load-config.ts"),
      ]);
      const config = await openProject(flags, terminal);
      const files = filesOf(await loadTemplate(flags.from, config.templates), flags);
      const folder = path.join(config.templates, name);
      await writeNewFiles(folder, files, terminal.shown(folder));
      if (flags.json) terminal.printJson({ dir: folder, files: [...files.keys()] });
      else terminal.print(view(name, folder, files, terminal));
    });
};

/** A template's own files and, on request, the shared partials, by path in its folder. */
function filesOf(template: Template, { partials: isWhole }: NewFlags): Map<string, string> {
  const { html, text, partials, name } = template;
  const own = [...partials.values()].filter(
    ({ file }) => isWhole || path.basename(path.dirname(path.dirname(file))) === name,
  );
  return new Map([
    ["html.mjml.hbs", html.source],
    ["text.txt.hbs", text.source],
    ...own.map(({ file, source }) => [`partials/${path.basename(file)}`, source] as const),
  ]);
}

function view(
  name: string,
  folder: string,
  files: ReadonlyMap<string, string>,
  terminal: Terminal,
): string {
  const { paint } = terminal;
  return [
    paint("bold", `${terminal.shown(folder)}, ${files.size} files`),
    "",
    labelled([
      ["Edit", path.join(terminal.shown(folder), "html.mjml.hbs")],
      ["Next", `${commandFrom(terminal.cwd)} build --template ${name}`],
    ]),
  ].join("\n");
}

function parseName(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(name) && name !== "partials") return name;
  throw new BroadsheetError(
    "USAGE",
    `a template can't be called ${JSON.stringify(name)}: it is a folder's name of letters, digits, - and _`,
    { fix: "call it something like evening" },
  );
}

export const commands = { template };
