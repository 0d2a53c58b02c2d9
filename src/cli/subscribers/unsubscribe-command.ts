import path from "node:path";
import type { Command } from "commander";
import { BroadsheetError } from "../../errors.ts";
import type { MailHead } from "../../subscribers/io/mail/mail-file.ts";
import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { keptInQueue } from "./kept-in-queue.ts";
import { withAudience } from "./with-audience.ts";

interface Flags extends CommonFlags, ConfigFlag {
  readonly mail?: string;
}

/** `subscribers unsubscribe` */
export function unsubscribeCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("[TOKEN]", "from the link of a message")
    .option("--mail <FILE>", "a mail to the unsubscribe address; - for the standard input")
    .addHelpText("after", HELP)
    .action(async (token: string | undefined, flags: Flags) => {
      if ((token === undefined) === (flags.mail === undefined)) throw neitherOrBoth();
      const mail = flags.mail === undefined ? undefined : await readMail(flags.mail, terminal);
      await keptInQueue(flags.mail, terminal, async () =>
        withAudience(flags, terminal, async (audience, { slug }) => {
          const wasSubscribed = mail
            ? await leaveByMail(mail, audience)
            : audience.unsubscribe(token ?? "");
          if (flags.json) {
            terminal.printJson({ newsletter: slug, unsubscribed: true, wasSubscribed });
          } else terminal.print(wasSubscribed ? "Unsubscribed" : "Had left before");
        }),
      );
    });
}

const HELP = `
For the handler of your unsubscribe link, which must call it on POST only (RFC 8058), and for a mail filter.
A mail counts by the token in its subject, which every message's mailto: link writes there; without one, by
its sender, where the subject begins with "unsubscribe". With --mail - it leaves with 75 where the mistake is here,
such as a broken config, so that your mail server keeps the mail and tries again.

Examples:
  broadsheet subscribers unsubscribe "$TOKEN" --json
  |"cd /srv/letter && npx broadsheet subscribers unsubscribe --mail -"      in /etc/aliases`;

async function readMail(name: string, terminal: Terminal): Promise<MailHead> {
  const { readMailHead } = await import("../../subscribers/io/mail/mail-file.ts");
  return readMailHead(name === "-" ? name : path.resolve(terminal.cwd, name), process.stdin);
}

/** Whether the subscription was open. */
async function leaveByMail(mail: MailHead, audience: SqliteAudience): Promise<boolean> {
  const { requestIn } = await import("../../subscribers/unsubscribe-mail.ts");
  const request = requestIn(mail);
  if (!request) throw asksForNothing();
  if ("address" in request) {
    const subscriber = audience.find(request.address);
    return subscriber !== undefined && audience.suppress(subscriber.address, "unsubscribed");
  }
  return audience.unsubscribe(request.token);
}

function asksForNothing(): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "the mail doesn't ask to be unsubscribed", {
    fix: 'nothing was changed; it needs a token in its subject, or a subject that begins with "unsubscribe"',
  });
}

function neitherOrBoth(): BroadsheetError {
  return new BroadsheetError("USAGE", "give either a token or a mail", {
    fix: "see: broadsheet subscribers unsubscribe --help",
  });
}
