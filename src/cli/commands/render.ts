import { realpath } from "node:fs/promises";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import type { Digest } from "../../digest/digest.ts";
import type { ProjectFlags } from "../../config/io/open-project.ts";
import { type CommonFlags, commonFlags, type Configure, projectFlags } from "../flags.ts";
import { issueJson, issueView } from "../issue-view.ts";
import type { WrittenIssue } from "../../issue/build.ts";
import type { Terminal } from "../terminal.ts";

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
      const written = await renderFile(file, flags, terminal);
      const { publication, issue } = written.built.digest;
      const heading = terminal.paint(
        "bold",
        `${publication?.name ?? issue.newsletter}, rendered again`,
      );
      if (flags.json) terminal.printJson(issueJson(written));
      else terminal.print(issueView(heading, written, flags, terminal));
    });
};

async function renderFile(
  file: string,
  flags: ProjectFlags,
  terminal: Terminal,
): Promise<WrittenIssue> {
  const { openProject } = await import("../../config/io/open-project.ts");
  const { readDigest, renderAgain } = await import("../../issue/io/render-again.ts");
  const [{ placeIssue }, { writeIssue }] = await Promise.all([
    import("../../issue/io/outbox/place-issue.ts"),
    import("../../issue/io/outbox/outbox.ts"),
  ]);
  const config = await openProject(flags, terminal);
  const full = path.resolve(terminal.cwd, file);
  const digest = await readDigest(full, file);
  const folder = path.dirname(full);
  const built = await renderAgain(digest, config, { folder, template: flags.template });
  const around = flags.out ? undefined : outboxAround(folder, digest);
  const { issue } = built.digest;
  const isOwn = around === undefined || !(await isElsewhere(around, config));
  const written = isOwn
    ? await placeIssue(config, issue, built.files)
    : await writeIssue(around, issue, built.files);
  return { built, folder: written };
}

/** Whether it is another outbox than the newsletter's, of which nothing was sent. */
async function isElsewhere(outbox: string, { outbox: own }: Config): Promise<boolean> {
  const ours = await realpath(own).catch(() => own);
  return (await realpath(outbox)) !== ours;
}

/** The outbox that a folder is in, where it is the folder of the digest's own issue. */
function outboxAround(folder: string, { issue }: Digest): string | undefined {
  const newsletter = path.dirname(folder);
  const isItsOwn =
    path.basename(folder) === issue.slot && path.basename(newsletter) === issue.newsletter;
  return isItsOwn ? path.dirname(newsletter) : undefined;
}
