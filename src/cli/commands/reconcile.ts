import { BroadsheetError } from "../../errors.ts";
import type { Accepted } from "../../delivery/io/open-ledger.ts";
import { counted } from "../../platform/counted.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";
import { issueNamed } from "../../delivery/issue-named.ts";
import { withLedger } from "../with-store.ts";
import type { Terminal } from "../terminal.ts";

interface ReconcileFlags extends CommonFlags, ConfigFlag {
  readonly accept?: true;
  readonly resend?: true;
  readonly acceptStore?: true;
}

export const reconcile: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("[ISSUE]", "its date, its folder, or: latest")
    .option("--accept", "take it that they have the issue")
    .option("--resend", "send it again: some will have it twice, under the same Message-ID")
    .option("--accept-store", "go on from a store that is older than it was, or begin a new one")
    .addHelpText("after", HELP)
    .action(async (name: string | undefined, flags: ReconcileFlags) => {
      if (flags.acceptStore) return acceptStoreOf(name, flags, terminal);
      const how = howOf(flags);
      if (name === undefined) throw unnamed();
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

Every command refuses a store that is empty, gone, or older than what was done with it since, as one from a backup
is, and so does this one with --accept or --resend. Put the latest store back if there is any. Where there is none,
only --accept-store takes what is there: everybody who was still open in it is in doubt then, and so is each issue
that it knows nothing of. In the place of a store that is empty or gone it begins a new one, and keeps what is left
of the old one beside it under .lost.

Examples:
  broadsheet reconcile 2026-11-24 --accept
  broadsheet reconcile --accept-store`;

function howOf({ accept, resend }: ReconcileFlags): "accept" | "resend" {
  if (accept !== resend) return accept ? "accept" : "resend";
  throw new BroadsheetError("USAGE", "say how those in doubt are to be taken", {
    fix: "add --accept where they have the issue, --resend where they haven't",
  });
}

function unnamed(): BroadsheetError {
  return new BroadsheetError("USAGE", "say which issue they are in doubt about", {
    fix: "name its date, its folder, or: latest; broadsheet status lists them",
  });
}

function view(settled: number, how: "accept" | "resend", slot: string): string {
  if (settled === 0) return "Nobody was in doubt";
  return how === "accept"
    ? `${counted(settled)} taken as sent`
    : `${counted(settled)} to be sent to again\n\nNext   broadsheet send ${slot}`;
}

async function acceptStoreOf(
  name: string | undefined,
  flags: ReconcileFlags,
  terminal: Terminal,
): Promise<void> {
  if (name !== undefined || flags.accept || flags.resend) {
    throw new BroadsheetError("USAGE", "--accept-store is for the whole store", {
      fix: "leave the rest out; then settle the issues one by one, with --accept or --resend",
    });
  }
  const [{ openProject }, { systemClock }, { acceptStore }] = await Promise.all([
    import("../../config/io/load-config.ts"),
    import("../../platform/clock.ts"),
    import("../../delivery/io/open-ledger.ts"),
  ]);
  const config = await openProject(flags, terminal);
  const accepted = await acceptStore(config.store, { clock: systemClock, env: process.env });
  if (flags.json) terminal.printJson({ store: config.store, ...accepted });
  else if (accepted) terminal.print(acceptedText(accepted));
  else terminal.print("The store is the latest one: there is nothing to accept");
}

function acceptedText({ isNew, inDoubt, lost }: Accepted): string {
  return [
    isNew
      ? "A new store was begun. The links in mails that were sent before end no subscription any more."
      : "The store is taken for what it is.",
    "Who left the list since is not in it. Where you know who that was, leave them out first: broadsheet subscribers import FILE --as unsubscribed",
    ...(inDoubt > 0
      ? [
          `${counted(inDoubt)} may have been sent something since, and are in doubt: broadsheet status`,
        ]
      : []),
    ...lost.map((issue) => {
      const slot = issue.slice(issue.indexOf("/") + 1);
      return `It knows nothing of ${issue}, which everybody may have: broadsheet reconcile ${slot} --accept, or --resend`;
    }),
  ].join("\n");
}
