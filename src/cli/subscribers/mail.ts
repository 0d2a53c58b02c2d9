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
For a filter of the mailbox that \`bounce\` in the config names, and for reports of complaints from mail services. To
read a whole mailbox: broadsheet bounces.
The token in the recipient address of the mail, or in the message that it returns, identifies the reader. The text of the
mail never does. If the address doesn't exist, or the reader complains, the reader gets no more issues. A full mailbox or a
server that was down is only recorded; \`broadsheet explain\` and \`broadsheet status ISSUE\` show it. After five such
bounces in a row, over two weeks at least, the reader gets no more issues either. \`softBounces\` in the config sets
another number, or false for never. A week in which an issue went out and none came back ends the row. A server's refusal
of the sender counts against no reader. Automatic replies change nothing. With --mail - the exit code is 75 if the fault is
on this side, such as a broken config, so that your mail server keeps the mail and tries again.

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

/** A received mail and the changes that it caused, as one line of the JSON output. */
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
  if (address === undefined) return `${WORDS[came]}   nothing to do: the reader was erased`;
  const row = inARow > 1 ? `, ${inARow} issues in a row` : "";
  const ended = isNew ? "nothing is sent there any more" : "nothing was sent there before either";
  const then =
    status === "quarantined" ? "quarantined" : isOff(status) ? ended : "still on the list";
  return `${WORDS[came]}   ${address}${row}, ${then}\n${said}`;
}

const LEFT = "Unsubscribed";
const LEFT_BEFORE = "Had left before";
const NOTED = "Nothing was changed: the sender of the mail may be forged; see broadsheet status";

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
    .argument("[TOKEN]", "the token in the unsubscribe link of a message")
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
The token in the subject of a mail identifies the reader. The mailto: link of every message writes it there. A sender can
be forged, so it counts only if the server that \`unsubscribeMailto.trustAuthserv\` in the config names reports a DMARC
pass. Such a mail asks to unsubscribe if its subject begins with "unsubscribe". Any other mail changes nothing, and
\`broadsheet status\` shows it with the commands that settle it. An automatic reply is refused. With --mail - the exit
code is 75 if the fault is on this side, such as a broken config, so that your mail server keeps the mail and tries again.

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
