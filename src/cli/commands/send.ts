import { BroadsheetError } from "../../errors.ts";
import type { Recipient } from "../../audience/recipient.ts";
import {
  type CommonFlags,
  commonFlags,
  type Configure,
  type OutboxFlags,
  outboxFlags,
} from "../flags.ts";
import type { Copy, IssueToSend, State } from "../../io/send-copy.ts";
import { labelled } from "../table.ts";
import type { Style, Terminal } from "../terminal.ts";

interface SendFlags extends CommonFlags, OutboxFlags {
  readonly to?: string;
  readonly yes?: true;
}

export const send: Configure = (command, terminal) => {
  outboxFlags(commonFlags(command))
    .argument("<ISSUE>", "its date, its folder, or: latest")
    .option("--to <ADDRESS>", 'who gets it: name@domain or "Name <name@domain>"')
    .option("--yes", "don't ask before it goes")
    .addHelpText(
      "after",
      `
The mail server is named by SMTP_URL, in the environment or in .env beside the config.

Examples:
  broadsheet send 2026-11-24 --to you@example.org
  SMTP_URL=smtp://localhost:1025 broadsheet send latest --to you@example.org --yes --json`,
    )
    .action(async (name: string, flags: SendFlags) => {
      const to = await recipientOf(flags.to);
      const { openProject } = await import("../project.ts");
      const { issueToSend } = await import("../issue-to-send.ts");
      const { composeCopy } = await import("../../io/send-copy.ts");
      const config = await openProject(flags, terminal);
      const issue = await issueToSend(name, config, terminal);
      const copy = await composeCopy(issue, to, config);
      if (!flags.json) terminal.print(`${overview(issue, copy, terminal)}\n`);
      if (await isAgreed(flags, terminal)) await handOver(issue, copy, flags, terminal);
      else
        conclude(
          { issue, state: "planned", answer: "Answer y to send it, or give --yes" },
          flags,
          terminal,
        );
    });
};

async function recipientOf(to: string | undefined): Promise<Recipient> {
  if (to === undefined) {
    throw new BroadsheetError("USAGE", "sending to a list is not built yet", {
      fix: "send one copy: add --to ADDRESS",
    });
  }
  const { parseRecipient } = await import("../../audience/recipient.ts");
  return parseRecipient(to);
}

/** Somebody at a terminal is asked; a script has said what it wants by --to. */
async function isAgreed({ yes }: SendFlags, terminal: Terminal): Promise<boolean> {
  if (yes || !terminal.isInteractive) return true;
  const { confirm } = await import("../confirm.ts");
  return confirm("Send it?");
}

async function handOver(
  issue: IssueToSend,
  copy: Copy,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
  const { sendCopy, stateAfter } = await import("../../io/send-copy.ts");
  try {
    conclude({ issue, state: "accepted", answer: await sendCopy(copy) }, flags, terminal);
  } catch (error) {
    const state = stateAfter(error);
    if (!state) throw error;
    conclude({ issue, state, answer: ANSWERS[state] }, flags, terminal);
    throw error;
  }
}

interface Conclusion {
  readonly issue: IssueToSend;
  readonly state: State;
  readonly answer: string;
}

/** The last line: what became of the copy. */
function conclude(
  { issue, state, answer }: Conclusion,
  flags: SendFlags,
  terminal: Terminal,
): void {
  const [word, style] = WORDS[state];
  if (!flags.json) return terminal.print(`${terminal.paint(style, word)}   ${answer}`);
  const count = (counted: State) => (counted === state ? 1 : 0);
  terminal.printJson({
    issue: issue.digest.issue,
    planned: count("planned"),
    accepted: count("accepted"),
    deferred: count("deferred"),
    rejected: count("rejected"),
    uncertain: count("uncertain"),
    suppressed: 0,
    skipped: 0,
  });
}

const WORDS: Readonly<Record<State, readonly [word: string, style: Style]>> = {
  planned: ["Not sent.", "fix"],
  accepted: ["Accepted", "ready"],
  deferred: ["Put off", "look"],
  rejected: ["Refused", "fix"],
  uncertain: ["In doubt", "look"],
};

const ANSWERS: Readonly<Record<State, string>> = {
  planned: "The server never got it",
  accepted: "",
  deferred: "The server wants it later",
  rejected: "The server won't have it",
  uncertain: "It may have arrived: look there before you send it again",
};

function overview({ digest }: IssueToSend, copy: Copy, { paint }: Terminal): string {
  const { issue, subject, template } = digest;
  const name = issue.number === undefined ? issue.slot : `No. ${issue.number}`;
  const size = `${(copy.message.raw.length / 1024).toFixed(1)} KB`;
  return [
    paint("bold", `${name}, ${subject}`),
    [template, size].filter(Boolean).join(", "),
    "",
    labelled([
      ["From", mailbox(copy.from)],
      ["To", mailbox(copy.to)],
      ["Through", copy.through],
    ]),
  ].join("\n");
}

function mailbox({ address, name }: Recipient): string {
  return name ? `${name} <${address}>` : address;
}
