import path from "node:path";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { inputError } from "../../platform/file-error.ts";
import { beginningOf, beginningOfFile } from "../../subscribers/io/mail-files.ts";
import { readEvidence, takeIn, type TakenMail } from "../../subscribers/io/take-in.ts";
import { quarantineError } from "../../subscribers/judgement.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withAudience } from "../with-store.ts";

interface MailFlags extends ConfigFlags {
  readonly mail: string;
}

const bounce: Configure = (command, terminal) => {
  configFlags(command)
    .requiredOption("--mail <FILE>", "a mail that came back; - for the standard input")
    .addHelpText("after", BOUNCE_HELP)
    .action(async (flags: MailFlags) =>
      takeInMail(flags, terminal, (taken, newsletter) => {
        if (taken.came === "known" && taken.stays) throw isNoBounce();
        if (flags.json) terminal.printJson(lineOf(newsletter, taken));
        else terminal.print(sentenceOf(taken));
      }),
    );
};

const BOUNCE_HELP = `
For a filter of the mailbox that \`bounce\` in the config names, and for services' reports of complaints. To read a whole
mailbox: broadsheet bounces.
The token in the address that a mail came to, or in the message that it returns, says whose message came back. Its text
never does. An address that doesn't exist and a reader who complains get nothing more. A full mailbox or a server that
was down is noted, and shown by \`broadsheet explain\` and \`broadsheet status ISSUE\`. If five issues in a row came back
so, over two weeks at least, nothing more is sent there either; \`softBounces\` in the config has another number, or
false for never. A week in which an issue went out and none came back ends the row. What a server says against you
counts against no reader. Automatic replies do nothing. With --mail - the exit code is 75 where the mistake is on our
side, such as a broken config, so that your mail server keeps the mail and tries again.

Example, in /etc/aliases:
  bounces: |"cd /srv/letter && npx broadsheet subscribers bounce --mail -"`;

/** Processes the mail that the flags name, and shows the result. */
async function takeInMail(
  flags: MailFlags,
  terminal: Terminal,
  show: (taken: TakenMail, newsletter: string) => void,
  isForLeaving = false,
): Promise<void> {
  const bytes = await mailAt(flags.mail, terminal);
  await keptInQueue(flags.mail, terminal, async () =>
    withAudience(flags, terminal, async (audience, config) => {
      const { slug, softBounces, unsubscribeMailto } = config;
      const mail = await readEvidence({ bytes }, audience, unsubscribeMailto?.trustAuthserv);
      const { taken, quarantined } = await takeIn([mail], audience, { softBounces, isForLeaving });
      for (const one of taken) {
        if (one.fault) throw one.fault;
        if (one.came === "letter") throw isNoBounce(one.said);
        show(one, slug);
      }
      const doubt = quarantineError(quarantined);
      if (doubt) terminal.report(doubt);
    }),
  );
}

/**
 * Reads the beginning of a mail from a file, or from standard input if the name is "-".
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE.
 */
async function mailAt(name: string, { cwd }: Terminal): Promise<Uint8Array> {
  const file = name === "-" ? name : path.resolve(cwd, name);
  const reading = name === "-" ? beginningOf(process.stdin) : beginningOfFile(file);
  return reading.catch((cause: unknown) => {
    throw inputError(cause, file);
  });
}

/** The result of a mail, for a program. */
export function lineOf(newsletter: string, taken: TakenMail): object {
  const { fault, came, said, status, wasSubscribed, stays, ...reader } = taken;
  const words = came === "nothing" ? { why: said } : { said };
  const [suppressed, quarantined] = [isOff(status), status === "quarantined"];
  const fate = status === undefined ? {} : { suppressed, ...(quarantined && { quarantined }) };
  const why = fault && { why: fault.message };
  return { newsletter, came, ...words, ...reader, ...fate, wasSubscribed, ...why, stays };
}

function isOff(status: TakenMail["status"]): boolean {
  return status !== undefined && !["subscribed", "quarantined", "unknown"].includes(status);
}

const WORDS: Readonly<Record<TakenMail["came"], string>> = {
  bounced: "Bounced",
  "bounced for now": "Bounced for now",
  blocked: "Blocked",
  complained: "Complained",
  "asks to leave": "Asks to leave",
  nothing: "Nothing to do",
  letter: "Letter",
  known: "Nothing to do",
};

/** The result of a mail, for a person. */
export function sentenceOf(taken: TakenMail): string {
  const { came, said = "", address, status, isNew, inARow = 0, fault, wasSubscribed } = taken;
  if (fault) return `${WORDS[came]}   nothing was changed: ${fault.message}`;
  if (came === "known") return `${WORDS[came]}: it was read before`;
  if (came === "nothing") return `${WORDS[came]}: it is ${said}`;
  if (came === "asks to leave") {
    const who = address === undefined ? "" : `   ${address}`;
    return wasSubscribed === undefined ? NOTED : `${wasSubscribed ? LEFT : LEFT_BEFORE}${who}`;
  }
  if (address === undefined) return `${WORDS[came]}   nothing to do: they asked to be forgotten`;
  const row = inARow > 1 ? `, ${inARow} issues in a row` : "";
  const ended = isNew ? "nothing is sent there any more" : "nothing was sent there any more before";
  const then =
    status === "quarantined" ? "quarantined" : isOff(status) ? ended : "still on the list";
  return `${WORDS[came]}   ${address}${row}, ${then}\n${said}`;
}

const LEFT = "Unsubscribed";
const LEFT_BEFORE = "Had left before";
const NOTED = "Nothing was changed: the mail doesn't prove who sent it; see broadsheet status";

function isNoBounce(what = "the mail is no bounce and no complaint"): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", what, {
    fix: "nothing was changed; read it yourself",
  });
}

interface UnsubscribeFlags extends ConfigFlags {
  readonly mail?: string;
}

const unsubscribe: Configure = (command, terminal) => {
  configFlags(command)
    .argument("[TOKEN]", "from the link of a message")
    .option("--mail <FILE>", "a mail to the unsubscribe address; - for the standard input")
    .addHelpText("after", UNSUBSCRIBE_HELP)
    .action(async (token: string | undefined, { mail, ...flags }: UnsubscribeFlags) => {
      if ((token === undefined) === (mail === undefined))
        throw new BroadsheetError("USAGE", "give either a token or a mail", {
          fix: "see: broadsheet subscribers unsubscribe --help",
        });
      const show = (taken: TakenMail, newsletter: string) => {
        const { came, wasSubscribed } = taken;
        if (came === "nothing") throw asksForNothing();
        const isNoted = wasSubscribed === undefined;
        const state = isNoted ? { isNoted } : { wasSubscribed };
        if (!flags.json) terminal.print(sentenceOf(taken));
        else if (came !== "asks to leave") terminal.printJson(lineOf(newsletter, taken));
        else terminal.printJson({ newsletter, unsubscribed: !isNoted, ...state });
      };
      if (mail !== undefined) return takeInMail({ ...flags, mail }, terminal, show, true);
      return withAudience(flags, terminal, async (audience, { slug }) => {
        const wasSubscribed = await audience.unsubscribe(token ?? "");
        show({ came: "asks to leave", wasSubscribed, stays: false }, slug);
      });
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

function asksForNothing(): BroadsheetError {
  return new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    "an automatic reply doesn't ask to be unsubscribed",
    {
      fix: "nothing was changed; an automatic reply counts only by a token in its subject",
    },
  );
}

/** sysexits(3): from here on, a fault is Broadsheet's and not the mail's. */
const OURS = ERROR_CODES.INTERNAL.exit;
const TEMPORARY = ERROR_CODES.STORE_BUSY.exit;

/**
 * Does what a mail requests. If Broadsheet fails, for example because of an invalid config, the exit code makes the mail
 * server keep the mail and retry. With any other exit code the mail would be returned, and its request would be lost.
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
