import { BroadsheetError } from "../../errors.ts";
import { commonFlags, type Configure, outboxFlags, parseCount, parseLine } from "../flags.ts";
import type { SendFlags } from "../send/send-flags.ts";

export const send: Configure = (command, terminal) => {
  outboxFlags(commonFlags(command))
    .argument("<ISSUE>", "its date, its folder, or: latest")
    .option("--to <ADDRESS>", 'one copy, to name@domain or "Name <name@domain>"')
    .option("--yes", "don't ask before it goes")
    .option("--dry-run", "say what would be done, and send nothing")
    .option("--limit <N>", "send to so many readers and no more", parseCount("--limit"))
    .option("--segment <EXPR>", "only to these, such as: tag:de", parseLine("--segment"))
    .option("--force", "send in spite of what the checks found")
    .option("--revise", "send what the issue is now to whoever hasn't got it yet")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: SendFlags) => {
      if (flags.to === undefined) {
        const { sendToList } = await import("../send/send-to-list.ts");
        return sendToList(name, flags, terminal);
      }
      refuseListFlags(flags);
      const { sendOne } = await import("../send/send-one.ts");
      return sendOne(name, { ...flags, to: flags.to }, terminal);
    });
};

const HELP = `
Each subscriber gets an issue once. What is left after a run (put off by a server, or the run was stopped) is
sent by the same command, which leaves with 75 until nothing is left. A first Ctrl-C lets what is in flight
land, and says how many that is; a second one leaves at once, and the next run has those in doubt. Where the
connection to your terminal breaks, it ends as by a first one.

The mail server is named by SMTP_URL, in the environment or in .env beside the config, and BROADSHEET_SECRET
signs each reader's way out. Where the server wants access tokens (Gmail, Microsoft 365), SMTP_URL has a user without
a password, and what tokens are fetched with is in SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET,
SMTP_OAUTH_REFRESH_TOKEN and SMTP_OAUTH_TOKEN_URL (docs/sending.md). With transport: "sendmail" in the config a
program on this machine takes the mail, and no SMTP_URL is needed.

Examples:
  broadsheet send 2026-11-24 --to you@example.org
  broadsheet send latest --dry-run
  broadsheet send latest --yes --json
  broadsheet send latest --segment 'tag:harbour and not language:de' --limit 500`;

/** One copy is for somebody who may not be on the list: nothing of it is noted in the ledger. */
function refuseListFlags({ limit, segment, revise }: SendFlags): void {
  const named = Object.entries({ limit, segment, revise }).find(([, given]) => given !== undefined);
  if (!named) return;
  throw new BroadsheetError("USAGE", `--${named[0]} is for the list, and --to for one copy`, {
    fix: "leave one of them out",
  });
}
