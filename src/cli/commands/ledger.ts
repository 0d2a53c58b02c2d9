import type { Config } from "../../config/config.ts";
import type { Accepted } from "../../delivery/io/open-ledger.ts";
import {
  issueNamed,
  notSent,
  wordFor,
  type DeliveryEvent,
  type History,
  type IssueKey,
} from "../../delivery/ledger.ts";
import type { Cause } from "../../delivery/judgement.ts";
import { BroadsheetError } from "../../errors.ts";
import { momentText } from "../../platform/clock.ts";
import { storeName } from "../../platform/store.ts";
import { counted, many } from "../../platform/text.ts";
import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { lookAtAudience, lookAtLedger, recordOf, withLedger } from "../with-store.ts";
import { hanging } from "../table.ts";
import type { Standing } from "../../subscribers/io/audience.ts";

const retry: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ISSUE>", "its slot, its folder, or: latest")
    .addHelpText("after", RETRY_HELP)
    .action(async (name: string, flags: ConfigFlags) =>
      withLedger(flags, terminal, async (ledger, config) => {
        const issue = await issueNamed(name, ledger, config);
        if (!(await ledger.issue(issue))) throw notSent(issue, await recordOf(issue.slot, config));
        const due = await ledger.retry(issue);
        if (flags.json) terminal.printJson({ issue, due });
        else if (due === 0) terminal.print("No reader to try again");
        else terminal.print(withNext(`${counted(due)} to be tried again`, issue.slot));
      }),
    );
};

const RETRY_HELP = `
Deferred readers, and readers whose domain is paused, are due at once, and those who were refused or skipped are
planned again, apart from those on the suppression list and in quarantine. A reader who has the issue, or may have it, isn't sent it again.`;

function withNext(what: string, slot: string): string {
  return `${what}\n\nNext   broadsheet send ${slot}`;
}

interface ReconcileFlags extends ConfigFlags {
  readonly accept?: true;
  readonly resend?: true;
  readonly acceptStore?: true;
}

const reconcile: Configure = (command, terminal) => {
  configFlags(command)
    .argument("[ISSUE]", "its slot, its folder, or: latest")
    .option("--accept", "count readers in doubt as reached")
    .option(
      "--resend",
      "send the issue to readers in doubt again; some may get it twice, with the same Message-ID",
    )
    .option(
      "--accept-store",
      "continue with a store that was moved or restored from a backup, or begin a new one",
    )
    .addHelpText("after", RECONCILE_HELP)
    .action(async (name: string | undefined, flags: ReconcileFlags) => {
      if (flags.acceptStore) return acceptStoreOf(name, flags, terminal);
      const how = howOf(flags);
      if (name === undefined)
        throw new BroadsheetError(
          "USAGE",
          "name the issue whose readers in doubt are to be settled",
          {
            fix: "name its slot, its folder, or: latest; broadsheet status lists them",
          },
        );
      await withLedger(flags, terminal, async (ledger, config) => {
        const issue = await issueNamed(name, ledger, config);
        const settled = await ledger.settle(issue, how);
        if (flags.json) terminal.printJson({ issue, settled, how });
        else if (settled === 0) terminal.print(await unsettledText(issue, how, config));
        else if (how === "accept") terminal.print(`${counted(settled)} counted as reached`);
        else terminal.print(withNext(`${many(settled, "reader")} will get it again`, issue.slot));
      });
    });
};

/** The result if no recorded reader was in doubt. The readers of an issue without a record are settled when they are planned. */
async function unsettledText(
  { slot }: IssueKey,
  how: "accept" | "resend",
  config: Config,
): Promise<string> {
  if ((await recordOf(slot, config))?.lost === undefined) return "No reader was in doubt";
  const what = how === "accept" ? "are counted as reached when it is sent" : "get it again";
  return withNext(`All its readers ${what}`, slot);
}

const RECONCILE_HELP = `
A reader is in doubt if the message was handed over and the server's answer never came: a connection broke, or the
machine went down. Search the server's log for the Message-IDs that "broadsheet explain" shows.

Every command refuses a store that is missing, empty, or older than its latest use, such as a restored backup. Put the
latest store back. Only if it is lost, use --accept-store. It accepts the store that is there: all readers who were
still open in it are in doubt from then on, and so is each issue that it has no record of. If the store is missing or
empty, the option begins a new one. It keeps the rest of the old store beside it, with the ending .lost.

A store records its home: a machine and a folder. "send" and "run" refuse it in any other place, because it may be a
copy of a store that is still in use. If you have moved the folder, --accept-store makes the new place its home. No
reader is in doubt after that.

Examples:
  broadsheet reconcile 2026-11-24 --accept
  broadsheet reconcile --accept-store`;

function howOf({ accept, resend }: ReconcileFlags): "accept" | "resend" {
  if (accept !== resend) return accept ? "accept" : "resend";
  throw new BroadsheetError("USAGE", "say whether the readers in doubt have the issue", {
    fix: "add --accept if they have the issue, --resend if they do not",
  });
}

async function acceptStoreOf(
  name: string | undefined,
  flags: ReconcileFlags,
  terminal: Terminal,
): Promise<void> {
  if (name !== undefined || flags.accept || flags.resend) {
    throw new BroadsheetError("USAGE", "--accept-store is for the whole store", {
      fix: "use --accept-store alone; then settle each issue with --accept or --resend",
    });
  }
  const [{ openProject }, { systemClock }, { acceptStore }] = await Promise.all([
    import("../../config/io/load-config.ts"),
    import("../../platform/clock.ts"),
    import("../../delivery/io/open-ledger.ts"),
  ]);
  const config = await openProject(flags, terminal);
  const accepted = await acceptStore(config.store, { clock: systemClock, env: process.env });
  if (flags.json) terminal.printJson({ store: storeName(config.store), ...accepted });
  else if (accepted) terminal.print(acceptedText(accepted));
  else terminal.print("The store is the latest one: there is nothing to accept");
}

function acceptedText({ isNew, inDoubt, lost, movedFrom, isOlder }: Accepted): string {
  const moved = `This place is the home of the store now. Do not send anything from ${movedFrom} any more.`;
  if (!isOlder) return moved;
  return [
    ...(movedFrom === undefined ? [] : [moved]),
    isNew
      ? "A new store was begun. The unsubscribe links in earlier mails no longer work."
      : "The store is accepted as it is.",
    "It does not know the readers who have left the list since. If you know them, import them before you send: broadsheet subscribers import FILE --as unsubscribed",
    ...(inDoubt > 0
      ? [
          `${many(inDoubt, "reader")} may have got an issue since, and ${inDoubt === 1 ? "is" : "are"} in doubt: broadsheet status`,
        ]
      : []),
    ...lost.map((issue) => {
      const slot = issue.slice(issue.indexOf("/") + 1);
      return `It has no record of ${issue}, which all readers may have: broadsheet reconcile ${slot} --accept, or --resend`;
    }),
  ].join("\n");
}

const explain: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ADDRESS>", "who", parseRecipient)
    .action(async ({ address }: Recipient, flags: ConfigFlags) => {
      const standing = await standingOf(address, flags, terminal);
      await lookAtLedger(flags, terminal, async (ledger, { slug }) => {
        const histories = await ledger.explain(address);
        if (flags.json) {
          const { status, ...since } = standing;
          const facts = { newsletter: slug, address, standing: status, ...since };
          terminal.printJson({ ...facts, issues: histories });
          return;
        }
        terminal.print(terminal.paint("bold", `${address}, ${standingText(standing)}`));
        for (const history of histories) terminal.print(`\n${historyView(history, terminal)}`);
        if (histories.length === 0) terminal.print("No issue was ever planned for this address");
      });
    });
};

async function standingOf(
  address: string,
  flags: ConfigFlags,
  terminal: Terminal,
): Promise<Standing> {
  let standing: Standing = { status: "unknown" };
  await lookAtAudience(flags, terminal, async (audience) => {
    standing = await audience.standingOf(address);
  });
  return standing;
}

/** For example "unsubscribed 2026-11-24 07:00 UTC: one click in the mail program". */
function standingText({ status, since, how, pausedUntil }: Standing): string {
  if (pausedUntil) return `paused until ${momentText(pausedUntil)}`;
  return `${status}${since ? ` ${momentText(since)}` : ""}${how ? `: ${how}` : ""}`;
}

/** The events, oldest first, and the reply that caused the current state if no event contains it. */
function historyView(history: History, { paint, columns }: Terminal): string {
  const { issue, state, attempt, changedAt, reply, messageId, nextTry, cause } = history;
  const isAmongThem = history.events.some((event) => event.reply === reply);
  const now =
    reply === undefined || isAmongThem ? [] : [{ at: changedAt, what: state, reply, cause }];
  const events: DeliveryEvent[] = [...history.events, ...now].toSorted(
    (a, b) => Number(a.at) - Number(b.at),
  );
  const tries = attempt > 1 ? `, attempt ${attempt}` : "";
  return [
    `${paint("bold", issue.slot)}   ${wordFor(state)}${tries}   ${momentText(changedAt)}`,
    ...events.map((event) => eventView(event, columns)),
    ...(nextTry ? [`   tried again from ${momentText(nextTry)}`] : []),
    ...(messageId === undefined ? [] : [paint("dim", `   Message-ID ${messageId}`)]),
  ].join("\n");
}

/** Replies of servers may be long. They have a column of their own, or are below if that would be too narrow. */
function eventView(event: DeliveryEvent, columns: number): string {
  const { at, what, reply: said = "", cause, run } = event;
  const by = [cause && `cause: ${CAUSE_WORDS[cause]}`, run && `run ${run}`].filter(Boolean);
  const reply = by.length > 0 ? `${said} (${by.join(", ")})`.trim() : said;
  const head = `   ${momentText(at)}   ${wordFor(what)}   `;
  if (columns - head.length >= NARROW_COLUMNS) return hanging(head, reply, columns).trimEnd();
  return `${head.trimEnd()}\n${hanging("      ", reply, columns)}`.trimEnd();
}

const NARROW_COLUMNS = 20;

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  reader: "the reader",
  domain: "the recipient domain",
  relay: "the relay",
  ourselves: "ourselves",
};

export const commands = { explain, retry, reconcile };
