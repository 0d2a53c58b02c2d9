import path from "node:path";
import { openProject } from "../../config/io/load-config.ts";
import { BroadsheetError } from "../../errors.ts";
import { publishArchive } from "../../issue/io/sent-issues.ts";
import { counted, many } from "../../platform/text.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";

const archive: Configure = (command, terminal) => {
  configFlags(command)
    .option("--out <DIR>", "where the pages go (default: archive.dir of the config)")
    .addHelpText("after", MORE)
    .action(async (flags: ConfigFlags & { readonly out?: string }) => {
      const config = await openProject({ ...(flags.config && { config: flags.config }) }, terminal);
      const dir =
        flags.out === undefined ? config.archive?.dir : path.resolve(terminal.cwd, flags.out);
      if (dir === undefined)
        throw new BroadsheetError("USAGE", "there is no folder for the pages", {
          fix: "name one: --out DIR, or archive: { dir: public } in the config",
        });
      const { missing, ...done } = await publishArchive(config, dir);
      for (const { slot, why } of missing) terminal.note(`Left out ${slot}: ${why}`);
      if (flags.json) terminal.printJson({ dir, ...done, missing });
      else {
        const changed =
          done.written === 0
            ? "no file changed"
            : `${many(done.written, "file")} of ${counted(done.files)} written`;
        const folder = terminal.paint("bold", terminal.shown(dir));
        terminal.print(`${many(done.issues, "issue")} in ${folder}, ${changed}`);
      }
    });
};

const MORE = `
Each issue is shown as it was sent, from the store, without the data of any reader: no name, no address and no
unsubscribe link. There are a front page, a page for each year, the pictures, an Atom feed, a JSON Feed and a sitemap. The
addresses in them begin with \`site\` of the config. With \`archive\` in the config, "send" and "run" write the pages by
themselves, before the first message of an issue leaves.

No file is removed, and a page of another program is not replaced. docs/readers.md shows how to put the folder on the web.

Examples:
  broadsheet archive
  broadsheet archive --out ../site/news --json`;

export const commands = { archive };
