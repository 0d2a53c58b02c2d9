import { openRecords } from "../../delivery/io/issue-records.ts";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import { localText, offsetText, ON_TIME_MS } from "../../schedule/agenda.ts";
import { approveMeant } from "../../schedule/approve.ts";
import { issueLine, meantIssue } from "../../schedule/meant-issue.ts";
import { sendWhenFree } from "../../schedule/run-due.ts";
import { holdIssue, skipSlot, slotNamed, unskipSlot } from "../../schedule/slot.ts";
import {
  configFlags,
  type ConfigFlags,
  type Configure,
  outboxFlags,
  type OutboxFlags,
} from "../flags.ts";
import { reportOutcome } from "../schedule/alerts.ts";
import { newsletterOf, withJob } from "../schedule/with-job.ts";
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
    .option("--off", "release it")
    .addHelpText("after", HOLD_HELP)
    .action(async (name: string | undefined, flags: OffFlags) => {
      // Workers also send the issues of a newsletter without a schedule.
      const { config, schedule } = await newsletterOf(flags, terminal);
      await using records = await openRecords(config, systemClock);
      const isHeld = flags.off !== true;
      const { slug: newsletter } = config;
      if (name === undefined) {
        await records.enrol(new Date(systemClock().getTime() - ON_TIME_MS));
        const isChanged = await records.hold(isHeld);
        if (flags.json) terminal.printJson({ newsletter, isHeld, isChanged });
        else if (isHeld) terminal.print(HELD);
        else terminal.print(`The newsletter ${isChanged ? released(schedule) : NOT_HELD}`);
        return;
      }
      const slot = await slotNamed(name, records);
      const isChanged = isHeld
        ? await holdIssue(slot, { records, schedule, clock: systemClock })
        : await records.holdIssue({ slot }, false);
      if (flags.json) terminal.printJson({ newsletter, slot, isHeld, isChanged });
      else if (isHeld)
        terminal.print(
          `${slot} is held: it is not sent until you run: broadsheet hold ${slot} --off`,
        );
      else terminal.print(`${slot} ${isChanged ? released(schedule, slot) : NOT_HELD}`);
    });
};

function released(schedule: object | undefined, ...slot: readonly string[]): string {
  const command = ["broadsheet send", ...slot].join(" ");
  return `is released; ${schedule ? "the next run continues" : `to send: ${command}`}`;
}

const HELD = "Held: no issue is made or sent until you run: broadsheet hold --off";
const NOT_HELD = "was not held";

const HOLD_HELP = `
Stops the newsletter: no run builds an issue, none is sent and none expires. A run that is sending stops when the
messages in flight have their answers. When the newsletter is released, catchUp and maxLate of the schedule decide what
happens to issues that came due meanwhile. With ISSUE, only that issue is stopped, and the others go out. send and
approve refuse a held issue. An issue whose canary fails is held in the same way.

Examples:
  broadsheet hold
  broadsheet hold 2026-W48
  broadsheet hold 2026-W48 --off`;

const skip: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ISSUE>", "its slot, its folder, or: latest, the latest that waits")
    .option("--off", "undo that, while there is time")
    .addHelpText("after", SKIP_HELP)
    .action(async (name: string, flags: OffFlags) => {
      await withJob(flags, terminal, async ({ records, schedule, clock, config, env }) => {
        await records.assertAtHome(env);
        const timetable = { records, schedule, now: clock() };
        const slot = await slotNamed(name, records);
        const isSkipped = flags.off !== true;
        const isChanged = await (isSkipped ? skipSlot : unskipSlot)(slot, timetable);
        const { slug: newsletter } = config;
        if (flags.json) terminal.printJson({ newsletter, slot, isSkipped, isChanged });
        else terminal.print(`${slot} ${isSkipped ? SKIPPED : isChanged ? GOES_OUT : NEVER_WAS}`);
        const lifted = isChanged && !isSkipped ? await records.liftedBy(slot) : undefined;
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
    .option(
      "--changed",
      "approve the current version, although it has changed since the approval mail",
    )
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

/** Approves an issue, and sends it if the time of its slot has come. */
async function approveIssue(
  name: string | undefined,
  flags: ApproveFlags,
  terminal: Terminal,
): Promise<void> {
  await withJob(flags, terminal, async (job) => {
    const { clock, config, env, records, schedule } = job;
    await records.assertAtHome(env);
    const slot = name === undefined ? undefined : await slotNamed(name, records);
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
    const { result } = await untilInterrupted(terminal, async (signal) =>
      sendWhenFree(issue.slot, { ...job, signal }),
    );
    if (result instanceof BroadsheetError) {
      // The current run may be sending another issue. The next run sends this one.
      terminal.print(`${issue.slot} is approved; ${result.message}, and the next one sends it`);
      terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
    } else if (result)
      reportOutcome(result, config, { terminal, isVerbose: true, isJson: flags.json === true });
  });
}

export const commands = { approve, skip, hold };
