import { parseRecipient } from "../../subscribers/recipient.ts";
import {
  composeCopy,
  type Copy,
  sendCopy,
  type State,
  stateAfter,
} from "../../issue/io/sending/send-copy.ts";
import { type IssueToSend, nameOf } from "../../issue/issue-to-send.ts";
import { confirm } from "../confirm.ts";
import { issueInOutbox } from "../../issue/io/sending/load-issue.ts";
import { openProject } from "../../config/io/load-config.ts";
import { labelled } from "../table.ts";
import type { Style, Terminal } from "../terminal.ts";
import { reporterOn } from "../reporter.ts";
import { shortened, wrapped } from "../wrapped.ts";
import { mailbox } from "./overview.ts";
import type { SendFlags } from "./send-flags.ts";

/** Sends one copy of an issue to an address, of which the ledger knows nothing. */
export async function sendOne(
  name: string,
  flags: SendFlags & { readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const to = parseRecipient(flags.to);
  const config = await openProject(flags, terminal);
  const issue = await issueInOutbox(name, config, reporterOn(terminal));
  const copy = await composeCopy(issue, to, config);
  if (!flags.json) terminal.print(`${overview(issue, copy, terminal)}\n`);
  const refused = flags.dryRun ? "Nothing was tried" : "Answer y to send it, or give --yes";
  const isSent = !flags.dryRun && (await isAgreed(flags, terminal));
  if (isSent) await handOver(issue, copy, flags, terminal);
  else conclude({ issue, state: "planned", answer: refused }, flags, terminal);
}

/** Somebody at a terminal is asked; a script has said what it wants by --to. */
async function isAgreed({ yes }: SendFlags, terminal: Terminal): Promise<boolean> {
  if (yes || !terminal.isInteractive) return true;
  return confirm("Send it?");
}

async function handOver(
  issue: IssueToSend,
  copy: Copy,
  flags: SendFlags,
  terminal: Terminal,
): Promise<void> {
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

function overview({ digest }: IssueToSend, copy: Copy, { paint, columns }: Terminal): string {
  const { subject, template } = digest;
  const size = `${(copy.message.raw.length / 1024).toFixed(1)} KB`;
  return [
    paint(
      "bold",
      wrapped(shortened(`${nameOf({ digest })}, ${subject}`, 2 * columns), columns).join("\n"),
    ),
    [template, size].filter(Boolean).join(", "),
    "",
    labelled([
      ["From", mailbox(copy.from)],
      ["To", mailbox(copy.to)],
      ["Through", copy.route.through],
    ]),
  ].join("\n");
}
