import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { lockFileOfRuns, RunLock } from "../../platform/sqlite/run-lock.ts";
import { ON_TIME_MS } from "../../schedule/agenda.ts";
import type { SlotRecord } from "../../schedule/io/sqlite-slots.ts";
import { sendApproved } from "../../schedule/run-due.ts";
import {
  skipSlot,
  unskipSlot,
  assertNotHeld,
  slotNamed,
  STATE_WORDS,
} from "../../schedule/slot.ts";
import {
  configFlags,
  type ConfigFlags,
  type Configure,
  outboxFlags,
  type OutboxFlags,
} from "../flags.ts";
import { reportOutcome } from "../schedule/alerts.ts";
import { type Job, withJob } from "../schedule/with-job.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import type { Terminal } from "../terminal.ts";

interface OffFlags extends ConfigFlags {
  readonly off?: true;
}

const hold: Configure = (command, terminal) => {
  configFlags(command)
    .option("--off", "let it go on")
    .addHelpText("after", HOLD_HELP)
    .action(async (flags: OffFlags) => {
      await withJob(flags, terminal, async ({ slots, clock, config }) => {
        slots.enrol(new Date(clock().getTime() - ON_TIME_MS));
        const isHeld = flags.off !== true;
        const isChanged = slots.hold(isHeld);
        if (flags.json) terminal.printJson({ newsletter: config.slug, isHeld, isChanged });
        else terminal.print(isHeld ? HELD : GOES_ON);
      });
    });
};

const HELD = "Held: no issue is made or sent until you say: broadsheet hold --off";
const GOES_ON = "It goes on with the next run";

const HOLD_HELP = `
Stops the schedule: no issue is built, sent or expires, and a run that is sending stops when what is in flight has
landed. What comes due meanwhile is treated by the schedule's catchUp and maxLate when it goes on.`;

const skip: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<SLOT>", "as `schedule explain` shows it, such as 2026-W48")
    .option("--off", "take that back, as long as there is time for it")
    .addHelpText("after", SKIP_HELP)
    .action(async (name: string, flags: OffFlags) => {
      await withJob(flags, terminal, async ({ slots, schedule, clock, config }) => {
        const timetable = { slots, schedule, now: clock() };
        const isSkipped = flags.off !== true;
        const isChanged = isSkipped ? skipSlot(name, timetable) : unskipSlot(name, timetable);
        const { slug: newsletter } = config;
        if (flags.json) terminal.printJson({ newsletter, slot: name, isSkipped, isChanged });
        else terminal.print(`${name} ${isSkipped ? LEFT_OUT : isChanged ? GOES_OUT : NEVER_WAS}`);
      });
    });
};

const LEFT_OUT = "is left out: no issue is sent for it, unless you take that back with --off";
const GOES_OUT = "is no longer left out: its issue is made when it is due";
const NEVER_WAS = "was not left out";

const SKIP_HELP = `
Examples:
  broadsheet skip 2026-12-25
  broadsheet skip 2026-12-25 --off`;

const approve: Configure = (command, terminal) => {
  outboxFlags(command)
    .argument("<ISSUE>", "its slot, such as 2026-W48, its folder, or: latest")
    .addHelpText("after", APPROVE_HELP)
    .action(async (name: string, flags: OutboxFlags) => approveIssue(name, flags, terminal));
};

const APPROVE_HELP = `
Where the schedule's approval is "manual", a run builds and checks the issue that is due, and sends a copy to the
address in \`notify\`. It goes out when it is approved; where it isn't by the schedule's maxLate, it expires, and what was new in
it is for the next one. With "auto", an issue waits where all its stories were read with doubt, or where the check marked
lines of a model.

Example:
  broadsheet approve 2026-W48`;

/** Sends an issue that waits to be approved. */
async function approveIssue(name: string, flags: OutboxFlags, terminal: Terminal): Promise<void> {
  await withJob(flags, terminal, async (job) => {
    const { slot, state } = approvable(name, job);
    const { slots, config } = job;
    slots.change(slot, { from: state, to: "sending" });
    const lock = new RunLock(lockFileOfRuns(config.store));
    if (!lock.take()) return sentByAnother(slot, lock, terminal);
    try {
      const { result } = await untilInterrupted(terminal, async (signal) =>
        sendApproved(slot, { ...job, signal }),
      );
      const isJson = flags.json === true;
      if (result) reportOutcome(result, config, { terminal, isVerbose: true, isJson });
    } finally {
      lock.release();
    }
  });
}

type Approvable = SlotRecord & { readonly state: "waiting" | "built" };

/** @throws BroadsheetError ISSUE_MISSING, USAGE, ISSUE_EXPIRED, with the state that it is in and what to do. */
function approvable(name: string, { slots, schedule, clock }: Job): Approvable {
  assertNotHeld(slots);
  const record = slotNamed(name, slots);
  const { slot, state, at } = record;
  if (state !== "waiting" && state !== "built") {
    throw new BroadsheetError(
      "USAGE",
      `${slot} doesn't wait to be approved: ${STATE_WORDS[state]}`,
      {
        fix: "see what does: broadsheet status",
      },
    );
  }
  if (clock().getTime() - at.getTime() > schedule.maxLate) {
    throw new BroadsheetError("ISSUE_EXPIRED", `it is too late to approve ${slot}`, {
      fix: `to send it all the same: broadsheet send ${slot}`,
    });
  }
  return { ...record, state };
}

/** The run that is at work may be at another issue; the next run sends this one. */
function sentByAnother(slot: string, { holder }: RunLock, terminal: Terminal): void {
  const other = `another run is at work${holder && ` (${holder})`}`;
  terminal.print(`${slot} is approved; ${other}, and the next one sends it`);
  terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
}

export const commands = { approve, skip, hold };
