import { systemClock } from "../../platform/clock.ts";
import type { WrittenIssue } from "../../issue/build.ts";
import type { BuildFlags } from "../build-into.ts";
import {
  commonFlags,
  type Configure,
  parseCount,
  parseDate,
  parseLine,
  projectFlags,
  webFlags,
} from "../flags.ts";
import { issueJson, issueView } from "../issue-view.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../../platform/own-files.ts";

export const build: Configure = (command, terminal) => {
  webFlags(projectFlags(commonFlags(command)))
    .argument(
      "[FILE|URL...]",
      "articles, pages, feeds, exports, folders of them, or - (default: the sources of the config)",
    )
    .option("--watch", "build again whenever an article, the config or a template changes")
    .option("--strict", "write nothing unless all could be read, and the model answered")
    .option("--date <YYYY-MM-DD>", "the day of the issue (default: today)", parseDate)
    .option("--subject <TEXT>", "the subject (default: from the stories)", parseLine("--subject"))
    .option(
      "--preheader <TEXT>",
      "the line after the subject in an inbox",
      parseLine("--preheader"),
    )
    .option("--number <N>", "the issue's number on its front page", parseCount("--number"))
    .addHelpText(
      "after",
      `
Examples:
  broadsheet build
  broadsheet build article.txt
  broadsheet build one.md two.md --date 2026-11-24 --template digest --json`,
    )
    .action(async (names: string[], { watch, ...flags }: BuildFlags & { watch?: true }) => {
      const show = (written: WrittenIssue, ms?: number): void => {
        if (flags.json) terminal.printJson(issueJson(written));
        else if (ms === undefined)
          terminal.print(issueView(headingOf(written, terminal), written, flags, terminal));
        else terminal.print(againLine(ms));
      };
      if (watch) {
        const { buildAndWatch } = await import("../build-and-watch.ts");
        await buildAndWatch(names, flags, terminal, show);
        return;
      }
      const { buildInto } = await import("../build-into.ts");
      show(await buildInto(names, flags, terminal));
    });
};

function againLine(ms: number): string {
  return `Built again at ${systemClock().toLocaleTimeString("en-GB")} in ${(ms / 1000).toFixed(1)} s`;
}

function headingOf({ built, fetched = 0 }: WrittenIssue, { paint }: Terminal): string {
  const { publication, issue } = built.digest;
  const seconds = process.uptime().toFixed(1);
  const what = `${publication?.name ?? issue.newsletter}, 1 issue built in ${seconds} s, ${fetchedText(fetched)}`;
  return `${paint("bold", `Broadsheet ${version()}`)}   ${what}`;
}

function fetchedText(count: number): string {
  if (count === 0) return "nothing fetched";
  return count === 1 ? "1 address fetched" : `${count} addresses fetched`;
}
