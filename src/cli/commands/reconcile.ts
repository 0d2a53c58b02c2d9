import { BroadsheetError } from "../../errors.ts";
import { counted } from "../counted.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";
import { issueNamed } from "../ledger/issue-named.ts";
import { withLedger } from "../ledger/with-ledger.ts";

interface ReconcileFlags extends CommonFlags, ConfigFlag {
  readonly accept?: true;
  readonly resend?: true;
}

export const reconcile: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<ISSUE>", "its date, its folder, or: latest")
    .option("--accept", "take it that they have the issue")
    .option("--resend", "send it again: some will have it twice, under the same Message-ID")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: ReconcileFlags) => {
      const how = howOf(flags);
      await withLedger(flags, terminal, async (ledger, config) => {
        const issue = await issueNamed(name, ledger, config);
        const settled = await ledger.settle(issue, how);
        if (flags.json) terminal.printJson({ issue, settled, how });
        else terminal.print(view(settled, how, issue.slot));
      });
    });
};

const HELP = `
Somebody is in doubt when their message was handed over and the server's answer never came: a connection
broke, or the machine went down. Look into the server's log, by the Message-IDs that "broadsheet explain" has.

After a store was restored from a backup, everybody who was still open in it is in doubt.`;

function howOf({ accept, resend }: ReconcileFlags): "accept" | "resend" {
  if (accept !== resend) return accept ? "accept" : "resend";
  throw new BroadsheetError("USAGE", "say how those in doubt are to be taken", {
    fix: "add --accept where they have the issue, --resend where they haven't",
  });
}

function view(settled: number, how: "accept" | "resend", slot: string): string {
  if (settled === 0) return "Nobody was in doubt";
  return how === "accept"
    ? `${counted(settled)} taken as sent`
    : `${counted(settled)} to be sent to again\n\nNext   broadsheet send ${slot}`;
}
