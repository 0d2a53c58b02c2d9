import { openProject } from "../../config/io/load-config.ts";
import { openRecords } from "../../delivery/io/issue-records.ts";
import { ERROR_CODES } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { lockFileOfRuns, RunLock } from "../../platform/sqlite/run-lock.ts";
import { localText, offsetText, ON_TIME_MS } from "../../schedule/agenda.ts";
import { approveMeant } from "../../schedule/approve.ts";
import { issueLine, meantIssue } from "../../schedule/meant-issue.ts";
import { sendApproved } from "../../schedule/run-due.ts";
import { holdIssue, skipSlot, slotNamed, unskipSlot } from "../../schedule/slot.ts";
import {
  configFlags,
  type ConfigFlags,
  type Configure,
  outboxFlags,
  type OutboxFlags,
} from "../flags.ts";
import { reportOutcome } from "../schedule/alerts.ts";
import { withJob } from "../schedule/with-job.ts";
import { assertBuilt } from "../meant.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import type { Terminal } from "../terminal.ts";

interface OffFlags extends ConfigFlags {
  readonly off?: true;
}

const hold: Configure = (command, terminal) => {
  configFlags(command)
    .argument(
      "[ISSUE]",
      "its slot, its folder, or: latest, the latest that waits (default: the newsletter)",
    )
    .option("--off", "let it go on")
    .addHelpText("after", HOLD_HELP)
    .action(async (name: string | undefined, flags: OffFlags) => {
      // An issue that the canary stopped may have no schedule.
      if (name !== undefined && flags.off) return letGo(name, flags, terminal);
      await withJob(flags, terminal, async (job) => {
        const { records, clock, config } = job;
        const isHeld = flags.off !== true;
        const { slug: newsletter } = config;
        if (name === undefined) {
          records.enrol(new Date(clock().getTime() - ON_TIME_MS));
          const isChanged = records.hold(isHeld);
          if (flags.json) terminal.printJson({ newsletter, isHeld, isChanged });
          else terminal.print(isHeld ? HELD : `The newsletter ${isChanged ? GOES_ON : NOT_HELD}`);
          return;
        }
        const slot = slotNamed(name, records);
        const isChanged = holdIssue(slot, job);
        if (flags.json) terminal.printJson({ newsletter, slot, isHeld, isChanged });
        else terminal.print(heldText(slot));
      });
    });
};

/** Lets one issue go on. */
async function letGo(name: string, flags: OffFlags, terminal: Terminal): Promise<void> {
  const config = await openProject(flags, terminal);
  using records = await openRecords(config, systemClock);
  const slot = slotNamed(name, records);
  const isChanged = records.holdIssue({ slot }, false);
  const line = { newsletter: config.slug, slot, isHeld: false, isChanged };
  if (flags.json) terminal.printJson(line);
  else {
    const goesOn = config.schedule ? GOES_ON : `goes on with: broadsheet send ${slot}`;
    terminal.print(`${slot} ${isChanged ? goesOn : NOT_HELD}`);
  }
}

const HELD = "Held: no issue is made or sent until you say: broadsheet hold --off";
const GOES_ON = "goes on with the next run";
const NOT_HELD = "was not held";

function heldText(slot: string): string {
  return `${slot} is held: it is not sent until you say: broadsheet hold ${slot} --off`;
}

const HOLD_HELP = `
Stops the newsletter: no run builds an issue, none is sent and none expires. A run that is sending stops when what is in
flight has landed. What comes due meanwhile is treated by the schedule's catchUp and maxLate when it goes on. With ISSUE,
only that issue is stopped, and the others go out. send and approve refuse what is held. An issue whose canary fails
is held in the same way.

Examples:
  broadsheet hold
  broadsheet hold 2026-W48
  broadsheet hold 2026-W48 --off`;

const skip: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ISSUE>", "its slot, its folder, or: latest, the latest that waits")
    .option("--off", "take that back, as long as there is time for it")
    .addHelpText("after", SKIP_HELP)
    .action(async (name: string, flags: OffFlags) => {
      await withJob(flags, terminal, async ({ records, schedule, clock, config, env }) => {
        records.assertAtHome(env);
        const timetable = { records, schedule, now: clock() };
        const slot = slotNamed(name, records);
        const isSkipped = flags.off !== true;
        const isChanged = isSkipped ? skipSlot(slot, timetable) : unskipSlot(slot, timetable);
        const { slug: newsletter } = config;
        if (flags.json) terminal.printJson({ newsletter, slot, isSkipped, isChanged });
        else terminal.print(`${slot} ${isSkipped ? SKIPPED : isChanged ? GOES_OUT : NEVER_WAS}`);
        const lifted = isChanged && !isSkipped ? records.liftedBy(slot) : undefined;
        if (lifted !== undefined) terminal.note(`It is held until: ${lifted}`);
      });
    });
};

const SKIPPED = "is skipped: no issue is sent for it, unless you take that back with --off";
const GOES_OUT = "is no longer skipped: it is a draft again, and is built when it is due";
const NEVER_WAS = "was not skipped";

const SKIP_HELP = `
No issue is sent for its slot. A draft, an issue that is waiting and one that is approved can be skipped. Their
articles are new again.

Examples:
  broadsheet skip 2026-12-25
  broadsheet skip 2026-12-25 --off`;

const approve: Configure = (command, terminal) => {
  outboxFlags(command)
    .argument(
      "[ISSUE]",
      "its slot, its folder, or: latest, the latest that waits (default: the next open slot)",
    )
    .option("--changed", "approve what it is now, though it has changed since the approval mail")
    .addHelpText("after", APPROVE_HELP)
    .action(async (name: string | undefined, flags: ApproveFlags) =>
      approveIssue(name, flags, terminal),
    );
};

interface ApproveFlags extends OutboxFlags {
  readonly changed?: true;
}

const APPROVE_HELP = `
Where the schedule's approval is "manual", a run builds and checks the issue that is due, and sends the address in
\`notify\` the issue with its findings. It waits then, and goes out when it is approved. If it is not approved by the
schedule's maxLate it expires, and its articles are for the next issue. With "auto", an issue waits if all its stories
were read with doubt, or if the check marked lines of a model.

An issue that is approved before the time of its slot goes out at that time, exactly as it was approved. An edit takes
the approval back: the issue is a draft again.

Examples:
  broadsheet approve
  broadsheet approve 2026-W48`;

/** Approves an issue, and sends it where the time of its slot has come. */
async function approveIssue(
  name: string | undefined,
  flags: ApproveFlags,
  terminal: Terminal,
): Promise<void> {
  await withJob(flags, terminal, async (job) => {
    const { clock, config, env, records, schedule } = job;
    records.assertAtHome(env);
    const slot = name === undefined ? undefined : slotNamed(name, records);
    const issue = await meantIssue(config, { slot }, clock);
    terminal.note(await issueLine(issue, config, clock));
    assertBuilt(issue, config);
    await approveMeant(issue, job, { isChanged: flags.changed === true });
    if (issue.at && issue.at > clock()) {
      const { zone } = schedule;
      const at = `${localText(issue.at, zone)} ${offsetText(issue.at, zone)}`;
      if (flags.json)
        terminal.printJson({
          newsletter: config.slug,
          slot: issue.slot,
          state: "approved",
          at: issue.at,
        });
      else terminal.print(`${issue.slot} is approved; it goes out ${at}`);
      return;
    }
    const lock = new RunLock(lockFileOfRuns(config.store));
    if (!lock.take()) return sentByAnother(issue.slot, lock, terminal);
    try {
      const { result } = await untilInterrupted(terminal, async (signal) =>
        sendApproved(issue.slot, { ...job, signal }),
      );
      const isJson = flags.json === true;
      if (result) reportOutcome(result, config, { terminal, isVerbose: true, isJson });
    } finally {
      lock.release();
    }
  });
}

/** The run that is at work may be at another issue; the next run sends this one. */
function sentByAnother(slot: string, { holder }: RunLock, terminal: Terminal): void {
  const other = `another run is at work${holder && ` (${holder})`}`;
  terminal.print(`${slot} is approved; ${other}, and the next one sends it`);
  terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
}

export const commands = { approve, skip, hold };
