import path from "node:path";
import type { Command } from "commander";
import type { ReceivedMail } from "../../subscribers/bounces/received-mail.ts";
import type { MailKind } from "../../subscribers/bounces/read-bounce.ts";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import type { NotedBounce, Bounce } from "../../subscribers/io/bounces.ts";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withAudience } from "../with-store.ts";
import type { MailHead } from "../../subscribers/io/mail-file.ts";
import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";

interface BounceFlags extends CommonFlags, ConfigFlag {
  readonly mail: string;
}

/** `subscribers bounce` */
export function bounceCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .requiredOption("--mail <FILE>", "a mail that came back; - for the standard input")
    .addHelpText("after", BOUNCE_HELP)
    .action(async (flags: BounceFlags) => {
      const mail = await readMail(flags.mail, terminal);
      const { classifyMail } = await import("../../subscribers/bounces/read-bounce.ts");
      const came = classifyMail(mail);
      if (!came) throw isNoReturn();
      if (came.kind === "nothing") return sayNothing(came.what, flags, terminal);
      const { tokens, ...rest } = await returnOf(mail, came);
      await keptInQueue(flags.mail, terminal, async () =>
        withAudience(flags, terminal, (audience, { slug, softBounces }) => {
          const atMost = softBounces === false ? undefined : softBounces;
          const noted = audience.noteBounce(tokens, { ...rest, atMost });
          if (flags.json) terminal.printJson(lineOf(slug, rest, noted));
          else terminal.print(sentenceOf(rest, noted));
        }),
      );
    });
}

const BOUNCE_HELP = `
For the mailbox that \`bounce\` in the config names, and for what services report of their readers' complaints.
Whose mail it was is told by the token in the address that it came back to, or in the message that it returns,
and never by what it says. An address that doesn't exist and a reader who complains get nothing more; a full
mailbox or a server that was down is noted, and shown by \`broadsheet explain\` and \`broadsheet status ISSUE\`.
Where five issues in a row came back so, over two weeks at least, nothing more is sent there either; \`softBounces\`
in the config has another number, or false for never. A week in which an issue went out and none came back ends the
row. Notes of absence do nothing. With --mail - it leaves with 75 where the mistake is here, such as a broken config,
so that your mail server keeps the mail and tries again.

Example, in /etc/aliases:
  bounces: |"cd /srv/letter && npx broadsheet subscribers bounce --mail -"`;

async function readMail(name: string, terminal: Terminal): Promise<ReceivedMail> {
  const { readReceivedMail } = await import("../../subscribers/io/mail-file.ts");
  return readReceivedMail(name === "-" ? name : path.resolve(terminal.cwd, name), process.stdin);
}

async function returnOf(
  mail: ReceivedMail,
  came: Exclude<MailKind, { kind: "nothing" }>,
): Promise<Bounce & { readonly tokens: readonly string[] }> {
  const { messageIdsIn, tokensIn } = await import("../../subscribers/bounces/read-bounce.ts");
  const tokens = tokensIn(mail);
  if (tokens.length === 0) throw saysNotWhose();
  const shared = { said: came.said, messageIds: messageIdsIn(mail), tokens };
  if (came.kind === "complained") return { ...shared, what: "complained", suppress: "complained" };
  return came.isGone
    ? { ...shared, what: "bounced", suppress: "bounced" }
    : { ...shared, what: "bounced for now" };
}

function sayNothing(why: string, { json }: BounceFlags, terminal: Terminal): void {
  if (json) terminal.printJson({ came: "nothing", why });
  else terminal.print(`Nothing to do: it is ${why}`);
}

function lineOf(newsletter: string, came: Bounce, noted: NotedBounce) {
  const { what, said } = came;
  const { address, isNew, inARow } = noted;
  const suppressed = isSuppressed(came, noted);
  return { newsletter, came: what, address, said, suppressed, isNew, inARow };
}

function isSuppressed({ suppress }: Bounce, { isTooMany = false }: NotedBounce): boolean {
  return suppress !== undefined || isTooMany;
}

const WORDS: Readonly<Record<Bounce["what"], string>> = {
  bounced: "Bounced",
  "bounced for now": "Bounced for now",
  complained: "Complained",
};

function sentenceOf(came: Bounce, noted: NotedBounce): string {
  const { address, isNew, inARow = 0 } = noted;
  if (address === undefined) return "Nothing to do: they asked to be forgotten";
  const row = inARow > 1 ? `, ${inARow} issues in a row` : "";
  const ended = isNew ? "nothing is sent there any more" : "nothing was sent there any more before";
  const then = isSuppressed(came, noted) ? ended : "still on the list";
  return `${WORDS[came.what]}   ${address}${row}, ${then}\n${came.said}`;
}

function saysNotWhose(): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    "the mail doesn't say whose message came back",
    {
      fix: "nothing was changed, since anybody can write a name; with `bounce` in the config each message has a return path with a token",
    },
  );
}

function isNoReturn(): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "the mail is no bounce and no complaint", {
    fix: "nothing was changed; read it yourself",
  });
}

interface UnsubscribeFlags extends CommonFlags, ConfigFlag {
  readonly mail?: string;
}

/** `subscribers unsubscribe` */
export function unsubscribeCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("[TOKEN]", "from the link of a message")
    .option("--mail <FILE>", "a mail to the unsubscribe address; - for the standard input")
    .addHelpText("after", UNSUBSCRIBE_HELP)
    .action(async (token: string | undefined, flags: UnsubscribeFlags) => {
      if ((token === undefined) === (flags.mail === undefined)) throw neitherOrBoth();
      const mail = flags.mail === undefined ? undefined : await readRequest(flags.mail, terminal);
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

const UNSUBSCRIBE_HELP = `
For the handler of your unsubscribe link, which must call it on POST only (RFC 8058), and for a mail filter.
A mail counts by the token in its subject, which every message's mailto: link writes there; without one, by
its sender, where the subject begins with "unsubscribe". With --mail - it leaves with 75 where the mistake is here,
such as a broken config, so that your mail server keeps the mail and tries again.

Examples:
  broadsheet subscribers unsubscribe "$TOKEN" --json
  |"cd /srv/letter && npx broadsheet subscribers unsubscribe --mail -"      in /etc/aliases`;

async function readRequest(name: string, terminal: Terminal): Promise<MailHead> {
  const { readMailHead } = await import("../../subscribers/io/mail-file.ts");
  return readMailHead(name === "-" ? name : path.resolve(terminal.cwd, name), process.stdin);
}

/** Whether the subscription was open. */
async function leaveByMail(mail: MailHead, audience: SqliteAudience): Promise<boolean> {
  const { requestIn } = await import("../../subscribers/tokens.ts");
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

/** sysexits(3): from here on the fault is ours, and not that of what was handed over. */
const OURS = ERROR_CODES.INTERNAL.exit;
const TEMPORARY = ERROR_CODES.STORE_BUSY.exit;

/**
 * Does what a mail asks for. One that a mail server hands over stays in its queue where the fault is ours, such as a
 * config that was broken by an edit: by any other exit code it would be returned, and what it asks for be lost.
 */
async function keptInQueue(
  mail: string | undefined,
  terminal: Terminal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { exit } = ERROR_CODES[error instanceof BroadsheetError ? error.code : "INTERNAL"];
    if (mail !== "-" || exit < OURS) throw error;
    terminal.report(error, TEMPORARY);
  }
}
