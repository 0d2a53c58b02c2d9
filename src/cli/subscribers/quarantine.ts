import type { Command } from "commander";
import { BroadsheetError } from "../../errors.ts";
import { momentText } from "../../platform/clock.ts";
import type { RestoredRun, Settlement } from "../../subscribers/subscriber.ts";
import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import { quarantineView } from "../counts-view.ts";
import { configFlags, type ConfigFlags, type Configure, parseCount } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { lookAtAudience, withAudience } from "../with-store.ts";
import { repeated } from "./change.ts";

const quarantine: Configure = (command, terminal) => {
  command.addHelpText("after", HELP);
  configFlags(
    command.command("list").description("Show these readers, with the server's answers"),
  ).action(async (flags: ConfigFlags) =>
    lookAtAudience(flags, terminal, async (audience) => {
      const all = await audience.quarantined();
      if (flags.json) for (const one of all) terminal.printJson(one);
      else
        terminal.print(all.length > 0 ? quarantineView(all, terminal) : "No reader is quarantined");
    }),
  );
  const release = command
    .command("release")
    .description("Send to quarantined readers again, because the server was wrong");
  settle(release, "release", terminal);
  const suppress = command
    .command("suppress")
    .description("Suppress quarantined readers, because the server was right");
  settle(suppress, "suppress", terminal);
};

const HELP = `
A mail server may be wrong if it reports more than three readers of a run, and more than 2 % of its answers, as addresses
that don't exist. The same holds for a server that returns as many messages of one issue. These readers stay on the list.
They are quarantined: every issue skips them until you decide. A released reader gets the next issue. To send a missed
issue to released readers: broadsheet retry ISSUE, then send. An export has quarantined readers as subscribers.

Examples:
  broadsheet subscribers quarantine list
  broadsheet subscribers quarantine release --all
  broadsheet subscribers quarantine suppress mara@harbour.example jory@harbour.example`;

function settle(command: Command, how: Settlement, terminal: Terminal): void {
  configFlags(command)
    .argument("[ADDRESS...]", "the addresses", repeated(parseRecipient))
    .option("--all", "all quarantined readers")
    .action(async (people: readonly Recipient[], flags: ConfigFlags & { readonly all?: true }) => {
      if (people.length > 0 === (flags.all ?? false))
        throw new BroadsheetError("USAGE", "no reader is named", {
          fix: "name their addresses, or give --all; broadsheet subscribers quarantine list has them",
        });
      await withAudience(flags, terminal, async (audience, { slug: newsletter }) => {
        const who = (flags.all ? await audience.quarantined() : people).map(
          ({ address }) => address,
        );
        const done = await audience.endQuarantine(who, how);
        for (const [at, address] of who.entries()) {
          const wasQuarantined = done[at] === true;
          if (flags.json) terminal.printJson({ newsletter, address, how, wasQuarantined });
          else terminal.print(`${wasQuarantined ? DONE[how] : "Not quarantined"}   ${address}`);
        }
      });
    });
}

const DONE = { release: "Released", suppress: "Suppressed" };

const restore: Configure = (command, terminal) => {
  configFlags(command)
    .requiredOption("--run <N>", "the number of the run", parseCount("--run"))
    .addHelpText("after", RESTORE_HELP)
    .action(async ({ run, ...flags }: ConfigFlags & { readonly run: number }) =>
      withAudience(flags, terminal, async (audience, { slug: newsletter }) => {
        const restored = await audience.restoreRun(run);
        if (!restored) throw noRun(run);
        const { slot, readers, before } = restored;
        if (flags.json) terminal.printJson({ newsletter, run, issue: slot, readers, before });
        else terminal.print(restoredText(run, restored));
      }),
    );
};

const RESTORE_HELP = `
Readers that the run took off the list are on it again, and readers that it quarantined are released. Readers who have left
since stay as they are. The answers of servers in this run no longer count. "broadsheet status ISSUE" and "broadsheet
explain ADDRESS" have the numbers of runs. To send the issue to these readers: broadsheet retry ISSUE, then send.

Example:
  broadsheet subscribers restore --run 12`;

function restoredText(run: number, { slot, readers, before }: RestoredRun): string {
  if (readers.length > 0) {
    const all = readers.map((address) => `Restored   ${address}`).join("\n");
    return `${all}\n\nNext   broadsheet retry ${slot}, then broadsheet send ${slot}`;
  }
  return before
    ? `Run ${run} was taken back at ${momentText(before)}: there is nothing more to restore`
    : `Run ${run} made no change to the list that can be taken back`;
}

function noRun(run: number): BroadsheetError {
  return new BroadsheetError(
    "RUN_MISSING",
    `there is no run ${run} of this newsletter that has ended`,
    {
      fix: "see the numbers of runs: broadsheet status",
    },
  );
}

export const commands = { quarantine, restore };
