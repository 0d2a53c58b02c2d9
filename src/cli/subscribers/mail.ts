import path from "node:path";
import {
  authenticatedSender,
  type MailHead,
  MOST_MAIL_BYTES,
  readMailHead,
  readReceivedMail,
  type ReceivedMail,
  classifyMail,
  type MailKind,
  messageIdsIn,
  tokensIn,
  valueOf,
  requestIn,
} from "../../subscribers/received-mail.ts";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import type { NotedBounce, Bounce } from "../../subscribers/subscriber.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withAudience } from "../with-store.ts";
import { inputError } from "../../platform/file-error.ts";
import { openLocalFile } from "../../platform/files/local-file.ts";
import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";

interface BounceFlags extends ConfigFlags {
  readonly mail: string;
}

/** `subscribers bounce` */
const bounce: Configure = (command, terminal) => {
  configFlags(command)
    .requiredOption("--mail <FILE>", "a mail that came back; - for the standard input")
    .addHelpText("after", BOUNCE_HELP)
    .action(async (flags: BounceFlags) => {
      const mail = await readReceivedMail(await mailAt(flags.mail, terminal));
      const came = classifyMail(mail);
      if (!came) throw isNoBounce();
      if (came.kind === "nothing") return sayNothing(came.what, flags, terminal);
      const { tokens, ...rest } = bounceIn(mail, came);
      await keptInQueue(flags.mail, terminal, async () =>
        withAudience(flags, terminal, (audience, { slug, softBounces }) => {
          const atMost = softBounces === false ? undefined : softBounces;
          const noted = audience.noteBounce(tokens, { ...rest, atMost });
          if (flags.json) terminal.printJson(lineOf(slug, rest, noted));
          else terminal.print(sentenceOf(rest, noted));
        }),
      );
    });
};

const BOUNCE_HELP = `
For the mailbox that \`bounce\` in the config names, and for what services report of their readers' complaints.
Whose mail it was says the token in the address that it came back to, or in the message that it returns,
and never its text. An address that doesn't exist and a reader who complains get nothing more; a full
mailbox or a server that was down is noted, and shown by \`broadsheet explain\` and \`broadsheet status ISSUE\`.
Where five issues in a row came back so, over two weeks at least, nothing more is sent there either; \`softBounces\`
in the config has another number, or false for never. A week in which an issue went out and none came back ends the
row. Notes of absence do nothing. With --mail - it leaves with 75 where the mistake is on our side, such as a broken
config, so that your mail server keeps the mail and tries again.

Example, in /etc/aliases:
  bounces: |"cd /srv/letter && npx broadsheet subscribers bounce --mail -"`;

/**
 * The beginning of a mail: in a file, or on the standard input where the name is "-".
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE.
 */
async function mailAt(name: string, { cwd }: Terminal): Promise<Uint8Array> {
  const file = name === "-" ? name : path.resolve(cwd, name);
  const reading = name === "-" ? beginningOf(process.stdin) : beginningOfFile(file);
  return reading.catch((cause: unknown) => {
    throw inputError(cause, file);
  });
}

async function beginningOfFile(file: string): Promise<Uint8Array> {
  await using handle = await openLocalFile(file, { within: undefined });
  return await beginningOf(handle.createReadStream({ autoClose: false }));
}

async function beginningOf(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    parts.push(chunk);
    length += chunk.length;
    if (length >= MOST_MAIL_BYTES) break;
  }
  return Buffer.concat(parts);
}

function bounceIn(
  mail: ReceivedMail,
  came: Exclude<MailKind, { kind: "nothing" }>,
): Bounce & { readonly tokens: readonly string[] } {
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
      fix: "nothing was changed, since a name is easily forged; with `bounce` in the config each message has a return path with a token",
    },
  );
}

function isNoBounce(): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "the mail is no bounce and no complaint", {
    fix: "nothing was changed; read it yourself",
  });
}

interface UnsubscribeFlags extends ConfigFlags {
  readonly mail?: string;
}

/** `subscribers unsubscribe` */
const unsubscribe: Configure = (command, terminal) => {
  configFlags(command)
    .argument("[TOKEN]", "from the link of a message")
    .option("--mail <FILE>", "a mail to the unsubscribe address; - for the standard input")
    .addHelpText("after", UNSUBSCRIBE_HELP)
    .action(async (token: string | undefined, flags: UnsubscribeFlags) => {
      if ((token === undefined) === (flags.mail === undefined)) throw neitherOrBoth();
      const mail =
        flags.mail === undefined
          ? undefined
          : await readMailHead(await mailAt(flags.mail, terminal));
      await keptInQueue(flags.mail, terminal, async () =>
        withAudience(flags, terminal, (audience, { slug, unsubscribeMailto }) => {
          const wasSubscribed = mail
            ? leaveByMail(mail, audience, unsubscribeMailto?.trustAuthserv)
            : audience.unsubscribe(token ?? "");
          const isNoted = wasSubscribed === undefined;
          const state = isNoted ? { isNoted } : { wasSubscribed };
          if (flags.json)
            terminal.printJson({ newsletter: slug, unsubscribed: !isNoted, ...state });
          else terminal.print(isNoted ? NOTED : wasSubscribed ? "Unsubscribed" : "Had left before");
        }),
      );
    });
};

const UNSUBSCRIBE_HELP = `
For the handler of your unsubscribe link, which must call it on POST only (RFC 8058), and for a mail filter.
A mail counts by the token in its subject, which the mailto: link of every message writes there. The sender of a mail
can be forged: it counts only where \`unsubscribeMailto.trustAuthserv\` in the config names the server that receives
these mails, and that server reports a DMARC pass. Such a mail asks to leave if its subject begins with "unsubscribe".
Any other mail changes nothing, unless it is an automatic reply, which is refused: \`broadsheet status\` shows it with
the commands that settle it. With --mail - the exit code is 75 where the mistake is on our side, such as a broken
config, so that your mail server keeps the mail and tries again.

Examples:
  broadsheet subscribers unsubscribe "$TOKEN" --json
  |"cd /srv/letter && npx broadsheet subscribers unsubscribe --mail -"      in /etc/aliases`;

/**
 * Whether the subscription was open; undefined where the mail proves nothing, and is stored for the operator. That is no
 * error: the mail server would return the mail to a sender who may be forged.
 */
function leaveByMail(
  mail: MailHead,
  audience: SqliteAudience,
  authserv: string | undefined,
): boolean | undefined {
  const { token, sender } = requestIn(mail);
  try {
    if (token !== undefined) return audience.unsubscribe(token);
  } catch (error) {
    const isInvalid = error instanceof BroadsheetError && error.code === "TOKEN_INVALID";
    if (!isInvalid || mail.isAutomatic) throw error;
  }
  if (mail.isAutomatic) throw asksForNothing();
  if (sender && authserv !== undefined && authenticatedSender(mail.fields, authserv) === sender) {
    return audience.find(sender) !== undefined && audience.suppress(sender, "unsubscribed");
  }
  const date = new Date(valueOf(mail.fields, "date"));
  const messageId = MESSAGE_ID.exec(valueOf(mail.fields, "message-id"))?.[0];
  audience.noteLeaveRequest({
    address: mail.from ?? UNKNOWN,
    date,
    ...(messageId && { messageId }),
  });
  return undefined;
}

/** Stands for the sender where From has not exactly one usable address. The latest such mail is stored. */
const UNKNOWN = "unknown@sender.invalid";

/** Printable, as a terminal shows it, and no longer than a line. */
const MESSAGE_ID = /<[!-;=?-~]{1,250}>/;

const NOTED = "Nothing was changed: the mail doesn't prove who sent it; see broadsheet status";

function asksForNothing(): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    "an automatic reply doesn't ask to be unsubscribed",
    {
      fix: "nothing was changed; an automatic reply counts only by a token in its subject",
    },
  );
}

function neitherOrBoth(): BroadsheetError {
  return new BroadsheetError("USAGE", "give either a token or a mail", {
    fix: "see: broadsheet subscribers unsubscribe --help",
  });
}

/** sysexits(3): from here on the fault is on our side, and not in the mail that was handed over. */
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

export const commands = { unsubscribe, bounce };
