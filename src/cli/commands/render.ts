import path from "node:path";
import type { ProjectFlags } from "../../config/io/load-config.ts";
import { type CommonFlags, commonFlags, type Configure, projectFlags } from "../flags.ts";
import { issueJson, issueView } from "../issue-view.ts";

export const render: Configure = (command, terminal) => {
  projectFlags(commonFlags(command))
    .argument("<DIGEST.json>", "the digest of an issue, edited or not")
    .addHelpText(
      "after",
      `
The files go beside the digest where it lies in the folder of its issue, else into the outbox.

Example:
  broadsheet build --date 2026-11-24
  broadsheet render outbox/my-letter/2026-11-24/digest.json`,
    )
    .action(async (file: string, flags: CommonFlags & ProjectFlags) => {
      const { openProject } = await import("../../config/io/load-config.ts");
      const { renderFile } = await import("../../issue/render.ts");
      const config = await openProject(flags, terminal);
      const written = await renderFile(path.resolve(terminal.cwd, file), config, {
        ...flags,
        shown: file,
      });
      const { publication, issue } = written.built.digest;
      const heading = terminal.paint(
        "bold",
        `${publication?.name ?? issue.newsletter}, rendered again`,
      );
      if (flags.json) terminal.printJson(issueJson(written));
      else terminal.print(issueView(heading, written, flags, terminal));
    });
};
