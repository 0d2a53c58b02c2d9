import type { Recipient } from "../../subscribers/recipient.ts";
import type { DeliveryState, History } from "../../delivery/ledger.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
} from "../flags.ts";
import { momentText } from "../../platform/clock.ts";
import { lookAtLedger, lookAtAudience } from "../with-store.ts";
import { parsePerson } from "../subscribers/values.ts";
import type { Terminal } from "../terminal.ts";
import { hanging } from "../wrapped.ts";

interface ExplainFlags extends CommonFlags, ConfigFlag {}

export const explain: Configure = (command, terminal) => {
  configFlag(commonFlags(command))
    .argument("<ADDRESS>", "who", parsePerson)
    .action(async ({ address }: Recipient, flags: ExplainFlags) => {
      const standing = await statusOf(address, flags, terminal);
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
async function statusOf(address: string, flags: ExplainFlags, terminal: Terminal): Promise<string> {
  let standing = "";
  await lookAtAudience(flags, terminal, (audience) => {
    standing = audience.statusOf(address);
  });
  return standing;
}

/** What happened, oldest first, and what the state as it is rests on where that isn't among it. */
function historyView(history: History, { paint, columns }: Terminal): string {
  const { issue, state, attempt, changedAt, reply, messageId, nextTry } = history;
  const isTold = history.events.some((event) => event.reply === reply);
  const now = reply === undefined || isTold ? [] : [{ at: changedAt, what: state, reply }];
  const events = [...history.events, ...now].toSorted((a, b) => Number(a.at) - Number(b.at));
  const tries = attempt > 1 ? `, attempt ${attempt}` : "";
  return [
    `${paint("bold", issue.slot)}   ${wordFor(state)}${tries}   ${momentText(changedAt)}`,
    ...events.map((event) => eventView(event, columns)),
    ...(nextTry ? [`   tried again from ${momentText(nextTry)}`] : []),
    ...(messageId === undefined ? [] : [paint("dim", `   Message-ID ${messageId}`)]),
  ].join("\n");
}

/** Servers can be long-winded: their words stand in a column of their own, or below where it would be narrow. */
function eventView({ at, what, reply = "" }: History["events"][number], columns: number): string {
  const head = `   ${momentText(at)}   ${wordFor(what)}   `;
  if (columns - head.length >= NARROW) return hanging(head, reply, columns).trimEnd();
  return `${head.trimEnd()}\n${hanging("      ", reply, columns)}`.trimEnd();
}

const NARROW = 20;

/** As everywhere on the terminal; what is no state is told as the ledger has it. */
function wordFor(what: string): string {
  return WORDS.get(what) ?? what;
}

const WORDS: ReadonlyMap<string, string> = new Map<DeliveryState, string>([
  ["planned", "waiting"],
  ["claimed", "waiting"],
  ["sending", "under way"],
  ["deferred", "put off"],
  ["rejected", "refused"],
  ["uncertain", "in doubt"],
]);
