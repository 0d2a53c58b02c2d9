import path from "node:path";
import { openProject } from "../../config/io/load-config.ts";
import { BroadsheetError } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { counted, many } from "../../platform/text.ts";
import { mailboxesOf, readBounces } from "../../schedule/io/read-bounces.ts";
import type { TakenMail } from "../../subscribers/io/take-in.ts";
import { quarantineError } from "../../subscribers/judgement.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import { lineOf, sentenceOf } from "../subscribers/mail.ts";
import { untilInterrupted } from "../until-interrupted.ts";

const bounces: Configure = (command, terminal) => {
  configFlags(command)
    .argument("[SOURCE...]", "Maildirs, folders of .eml files, mboxes, mails")
    .option("--dry-run", "show what would be done, without changing or moving anything")
    .addHelpText("after", HELP)
    .action(async (sources: readonly string[], flags: ConfigFlags & { readonly dryRun?: true }) => {
      const config = await openProject(flags, terminal);
      const named = sources.map((source) => path.resolve(terminal.cwd, source));
      if (mailboxesOf(config, named).length === 0)
        throw new BroadsheetError("CONFIG_INVALID", "there is no mailbox to read", {
          fix: "name a file or folder, add `bounces` to the config, or set BOUNCES_URL: imaps://user:password@host/INBOX",
        });
      const all: TakenMail[] = [];
      const onMail = (taken: TakenMail) => {
        all.push(taken);
        const isOfReader = taken.address !== undefined || taken.fault || "wasSubscribed" in taken;
        if (flags.json) terminal.printJson(lineOf(config.slug, taken));
        else if (isOfReader) terminal.print(sentenceOf(taken));
      };
      const around = { clock: systemClock, env: process.env };
      const isRehearsal = flags.dryRun === true;
      const { result } = await untilInterrupted(terminal, async (signal) =>
        readBounces(config, { ...around, signal, named, onMail, isRehearsal }),
      );
      const { quarantined, faults } = result;
      for (const fault of [quarantineError(quarantined) ?? [], faults].flat())
        terminal.report(fault);
      const kinds = Map.groupBy(all, ({ came }) => came);
      const mails = Object.fromEntries([...kinds].map(([came, some]) => [came, some.length]));
      const stay = all.filter(({ stays }) => stays).length;
      if (flags.json) terminal.printJson({ newsletter: config.slug, mails, stay, quarantined });
      else terminal.print(summaryOf(mails, all.length, stay));
    });
};

const HELP = `
Reads returned mails, complaints and requests to unsubscribe, and applies them. An address that doesn't exist and a
reader who complains get no more mail. A mail to the unsubscribe address ends its subscription. A full mailbox is
recorded. A refusal that is about the sender (SPF, DKIM, block lists, content) counts against no reader, and
\`broadsheet status\` shows it. All these mails, and automatic replies, are moved into the folder Done of their
mailbox. A personal mail stays where it is, unread. Mails in an mbox and single files are read and not moved. The
same mail again changes nothing.

Without a source it reads \`bounces\` in the config and the mailbox that BOUNCES_URL names in the environment:
imaps://user:password@host/INBOX (npm install imapflow). \`broadsheet run\` does so before anything else.

The token in the address that a mail came to, or in the message that it returns, says whose message came back. If more
than three readers and more than 2 % of the readers of an issue are reported as gone, the relay may be wrong: all of
them are quarantined (broadsheet subscribers quarantine).

Examples:
  broadsheet bounces
  broadsheet bounces ~/Maildir --dry-run
  broadsheet bounces /var/mail/bounces saved/*.eml`;

function summaryOf(kinds: Readonly<Record<string, number>>, sum: number, stay: number): string {
  if (sum === 0) return "No new mails";
  const parts = Object.entries(kinds).map(([came, count]) => `${counted(count)} ${came}`);
  const left = stay > 0 ? `; left for you to read: ${counted(stay)}` : "";
  return `${many(sum, "mail")}: ${parts.join(", ")}${left}`;
}

export const commands = { bounces };
