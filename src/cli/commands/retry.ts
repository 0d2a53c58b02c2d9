import { counted } from "../../platform/counted.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";
import { issueNamed, notSent } from "../../delivery/issue-named.ts";
import { withLedger } from "../with-store.ts";

interface RetryFlags extends CommonFlags, ConfigFlag {}

export const retry: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<ISSUE>", "its date, its folder, or: latest")
    .addHelpText(
      "after",
      `
Whoever was put off, or whose domain is left alone, is due at once, and whoever was refused or skipped is planned
again, apart from those on the suppression list. Nobody who has the issue, or may have it, is sent it again.`,
    )
    .action(async (name: string, flags: RetryFlags) =>
      withLedger(flags, terminal, async (ledger, config) => {
        const issue = await issueNamed(name, ledger, config);
        if (!(await ledger.issue(issue))) throw notSent(issue);
        const due = await ledger.retry(issue);
        if (flags.json) terminal.printJson({ issue, due });
        else terminal.print(due === 0 ? "Nobody to try again" : view(due, issue.slot));
      }),
    );
};

function view(due: number, slot: string): string {
  return `${counted(due)} to be tried again\n\nNext   broadsheet send ${slot}`;
}
