import { ERROR_CODES } from "../../errors.ts";
import { nextSlot } from "../../schedule/agenda.ts";
import { localText, offsetText } from "../../schedule/slots.ts";
import { untilInterrupted } from "../send/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { type Attention, putOffText, scheduleStatus } from "../../schedule/schedule-status.ts";
import { isAlerted, withAlerts } from "./alerts.ts";
import { runDue, type RunOutcome } from "../../schedule/run-due.ts";
import type { RunFlags } from "./scheduled.ts";
import { plannedIssueOf } from "../../schedule/planned-issue.ts";
import { reportOutcome } from "./report-outcome.ts";
import { type Job, silentTerminal, withJob } from "./with-job.ts";

/** Does what is due now about the newsletter of a config, once. */
export async function runOnce(flags: RunFlags, terminal: Terminal): Promise<void> {
  await withAlerts({ flags, terminal }, async () =>
    withJob(flags, terminal, async (job) => {
      const asked = terminal.isInteractive ? terminal : silentTerminal();
      const { result } = await untilInterrupted(asked, async (signal) =>
        runDue({ ...job, signal }, { isEarly: flags.now }),
      );
      await reportOutcomes(result, job, { flags, terminal });
    }),
  );
}

export interface ReportOptions {
  readonly flags: Pick<RunFlags, "config" | "verbose" | "json">;
  readonly terminal: Terminal;
}

/** Reports what a run did; with `--verbose` also what else needs attention. */
export async function reportOutcomes(
  outcome: RunOutcome,
  job: Job,
  { flags, terminal }: ReportOptions,
): Promise<void> {
  const isVerbose = flags.verbose === true;
  if (outcome === "busy") {
    if (isVerbose) terminal.print(`${job.config.slug}: another run is at work`);
    terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
    return;
  }
  const isJson = flags.json === true;
  for (const one of outcome) {
    reportOutcome(one, job.config, {
      terminal,
      isVerbose,
      isJson,
      isAlerted: isAlerted(one, job),
    });
  }
  if (!isVerbose || isJson) return;
  if (outcome.length === 0) terminal.print(nothingText(job));
  const reported = new Set(outcome.map(({ slot }) => slot));
  for (const { slot, says } of await attentionAfter(job)) {
    if (slot === undefined || !reported.has(slot)) terminal.print(`${job.config.slug}: ${says}`);
  }
}

async function attentionAfter(job: Job): Promise<Attention[]> {
  const { attention, tended } = await scheduleStatus(job.config, job.clock);
  const putOff: Attention[] = [];
  for (const slot of tended) {
    const planned = await plannedIssueOf(slot, job);
    const says = planned && putOffText(planned);
    if (says !== undefined) putOff.push({ slot, says });
  }
  return [...putOff, ...attention];
}

function nothingText({ config, schedule, slots, clock }: Job): string {
  if (slots.timetable().heldAt) return `${config.slug}: held; to go on: broadsheet hold --off`;
  const now = clock();
  const recorded = new Set(slots.recent(now).map(({ slot }) => slot));
  const next = nextSlot(schedule, now, recorded);
  if (!next) return `${config.slug}: nothing is due, now or later`;
  const { zone } = schedule;
  const at = `${localText(next.at, zone)} ${offsetText(next.at, zone)}`;
  return `${config.slug}: nothing is due until ${at}, ${next.name}`;
}
