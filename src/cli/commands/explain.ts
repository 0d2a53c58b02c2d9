import type { Recipient } from "../../audience/recipient.ts";
import type { History } from "../../delivery/ledger.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";
import { clock } from "../ledger/counts-view.ts";
import { lookAtLedger } from "../ledger/with-ledger.ts";
import { parsePerson } from "../subscribers/values.ts";
import { lookAtAudience } from "../subscribers/with-audience.ts";
import type { Terminal } from "../terminal.ts";

interface ExplainFlags extends CommonFlags, ConfigFlag {}

export const explain: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<ADDRESS>", "who", parsePerson)
    .action(async ({ address }: Recipient, flags: ExplainFlags) => {
      const standing = await standingOf(address, flags, terminal);
      await lookAtLedger(flags, terminal, async (ledger, { slug }) => {
        const histories = await ledger.explain(address);
        if (flags.json) {
          terminal.printJson({ newsletter: slug, address, standing, issues: histories });
          return;
        }
        terminal.print(terminal.paint("bold", `${address}, ${standing}`));
        for (const history of histories) terminal.print(`\n${historyView(history, terminal)}`);
        if (histories.length === 0) terminal.print("No issue was ever planned for this address");
      });
    });
};

/** Whether anything is sent there, and why not. */
async function standingOf(
  address: string,
  flags: ExplainFlags,
  terminal: Terminal,
): Promise<string> {
  let standing = "";
  await lookAtAudience(flags, terminal, (audience) => {
    standing = audience.standingOf(address);
  });
  return standing;
}

function historyView(history: History, { paint }: Terminal): string {
  const { issue, state, attempt, changedAt, reply, events, messageId, nextTry } = history;
  const tries = attempt > 1 ? `, attempt ${attempt}` : "";
  return [
    `${paint("bold", issue.slot)}   ${state}${tries}   ${clock(changedAt)}`,
    ...events.map(({ at, what, reply: said = "" }) =>
      `  ${clock(at)}   ${what}   ${said}`.trimEnd(),
    ),
    ...(reply === undefined ? [] : [`  ${reply}`]),
    ...(nextTry ? [`  tried again from ${clock(nextTry)}`] : []),
    ...(messageId === undefined ? [] : [paint("dim", `  Message-ID ${messageId}`)]),
  ].join("\n");
}
