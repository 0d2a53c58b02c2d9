import { type Configure, logFlag, outboxFlags, webFlags } from "../flags.ts";
import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { nextSlot, localText, offsetText } from "../../schedule/agenda.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { systemWait } from "../../platform/clock.ts";
import { noticeText } from "../../platform/notice.ts";
import { isAlerted, isFullyReported, withAlerts, forgetAlerts, reportOutcome } from "./alerts.ts";
import { readBouncesFirst } from "../../schedule/read-bounces-first.ts";
import { runDue, type RunOutcome } from "../../schedule/run-due.ts";
import { type RunFlags, type Job, silentTerminal, withJob } from "./with-job.ts";
import type { RunJob } from "../../schedule/slot.ts";

const run: Configure = (command, terminal) => {
  logFlag(webFlags(outboxFlags(command)), terminal)
    .option("--now", "take the next open slot before its time if no issue is due or unfinished")
    .option("--verbose", "report in a line what was done, or when something will be due")
    .addHelpText("after", RUN_HELP)
    .action(async (flags: RunFlags) => {
      terminal.isTerse = true;
      await runOnce(flags, terminal);
    });
};

const RUN_HELP = `
It is for cron and systemd. Call it as often as you like: it does what is due, once. At the time of a slot it builds
the draft again, so that new articles come in and edits stay, checks it, and sends it, or asks for approval. An issue
that is waiting or approved is not built again. An approved issue goes out as it was approved. Of an issue that
\`broadsheet send\` began, the run sends what is left, and makes no other issue for its slot. The next run finishes
what was cut off.

It prints nothing if all went well, and an alert of one line on stderr if something needs the operator. A fault that
lasts is reported when it begins, when it becomes another one, once a day and in the last hour of its issue; at a
terminal, with --verbose and in a log each run reports it. It exits with 0 if nothing is left to do now, also while
deferred readers wait for their time. It exits with 75 if it leaves readers for the next run, or if another run is
working. The other run is reported after it has worked for a minute.

All other notices, such as deferred readers, a slot that passed while nothing ran, or a source that failed, are shown
with --verbose and by "broadsheet status".

Examples:
  broadsheet run
  broadsheet run --now --verbose`;

/** Does the work that is due for the newsletter of a config, once. */
export async function runOnce(flags: RunFlags, terminal: Terminal): Promise<void> {
  await withAlerts({ flags, terminal }, async () =>
    withJob(flags, terminal, async (job) => {
      const asked = terminal.isInteractive ? terminal : silentTerminal();
      const isSaid = flags.verbose && !flags.json;
      const onIssue = async (slot: string): Promise<void> => {
        const { announced } = await import("../meant.ts");
        await announced({ slot }, job.config, terminal);
      };
      const { result } = await untilInterrupted(asked, async (signal) => {
        await readBouncesFirst(job, signal, (fault) => terminal.report(fault));
        const options = { isEarly: flags.now };
        return runDue({ ...job, signal, onIssue: isSaid ? onIssue : undefined }, options);
      });
      await reportOutcomes(result, job, { flags, terminal });
    }),
  );
}

/** A scheduler looks once a minute, and reads mailboxes at every tenth look. */
const LOOKS = 10;

interface ReportOptions {
  readonly flags: Pick<RunFlags, "config" | "verbose" | "json">;
  readonly terminal: Terminal;
}

/** Reports the results of a run; with `--verbose` also other notices. */
async function reportOutcomes(
  outcome: RunOutcome,
  job: Job,
  { flags, terminal }: ReportOptions,
): Promise<void> {
  const isVerbose = flags.verbose === true;
  if (outcome instanceof BroadsheetError) {
    if (isFullyReported(terminal, isVerbose)) terminal.report(outcome);
    terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
    return;
  }
  const isJson = flags.json === true;
  for (const one of outcome) {
    reportOutcome(one, job.config, {
      terminal,
      isVerbose,
      isJson,
      isAlerted: await isAlerted(one, job),
    });
  }
  if (!isVerbose || isJson) return;
  if (outcome.length === 0) terminal.print(await nothingText(job));
  const faults = outcome.filter(({ ending }) => ending === "fault");
  // Most runs have nothing to do and print nothing.
  const { gatherNotices } = await import("../../schedule/io/gather-notices.ts");
  for (const notice of await gatherNotices(job.config, job)) {
    const isSaid = faults.some(
      ({ slot, says }) => notice.id === `fault:${slot}` || says.startsWith(notice.message),
    );
    if (!isSaid && notice.about.rule === undefined)
      terminal.print(`${job.config.slug}: ${noticeText(notice)}`);
  }
}

async function nothingText({ config, schedule, records, clock }: Job): Promise<string> {
  if ((await records.timetable()).heldAt)
    return `${config.slug}: held; to release it: broadsheet hold --off`;
  const now = clock();
  const next = nextSlot(schedule, now, await records.recent(now));
  if (!next) return `${config.slug}: nothing is due, now or later`;
  const { zone } = schedule;
  const at = `${localText(next.at, zone)} ${offsetText(next.at, zone)}`;
  return `${config.slug}: nothing is due until ${at}, ${next.name}`;
}

/** Does due work at its time, until the process is asked to end. */
export async function stayUp(flags: RunFlags, terminal: Terminal): Promise<void> {
  // The operator who starts the scheduler wants to see all current faults.
  await forgetAlerts({ flags, terminal });
  const asked = terminal.isInteractive ? terminal : silentTerminal();
  const look = { flags, terminal };
  const alarm = new Alarm();
  let looks = 0;
  // A daemon has no terminal. SIGHUP makes it read its config again.
  process.on("SIGHUP", alarm.ring);
  const { result } = await untilInterrupted(
    asked,
    async (signal) =>
      keepOn({
        look: async () => lookOnce(signal, { ...look, readsBounces: looks++ % LOOKS === 0 }),
        wait: alarm.wait,
        signal,
      }),
    terminal.isInteractive ? {} : { signals: ["SIGINT", "SIGTERM"] },
  );
  process.off("SIGHUP", alarm.ring);
  // Earlier failures were already reported. The exit code says whether work remains.
  terminal.exitCode = result ? ERROR_CODES.SMTP_DEFERRED.exit : 0;
}

/** The results of a look, and the time of the next one. */
interface Look {
  readonly outcome: RunOutcome;
  readonly pauseMs: number;
}

interface KeptOn {
  readonly look: () => Promise<Look>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Looks for due work, does it and waits, until the signal comes. Returns whether the signal interrupted work. */
export async function keepOn({ look, wait, signal }: KeptOn): Promise<boolean> {
  for (;;) {
    const { outcome, pauseMs } = await look();
    if (signal.aborted) {
      return (
        !(outcome instanceof BroadsheetError) && outcome.some(({ ending }) => ending === "later")
      );
    }
    await wait(pauseMs, signal);
    if (signal.aborted) return false;
  }
}

/**
 * Does due work with the current config. If the config is invalid, nothing is sent with an older one. The clock is read each
 * time too, because it may be changed, and the machine may sleep.
 */
export async function lookOnce(
  signal: AbortSignal,
  options: ReportOptions & { readonly flags: RunFlags; readonly readsBounces?: boolean },
): Promise<Look> {
  const { flags, terminal, readsBounces } = options;
  const look = await withAlerts(options, async () =>
    withJob(flags, terminal, async (job) => {
      if (readsBounces) await readBouncesFirst(job, signal, (fault) => terminal.report(fault));
      const outcome = await runDue({ ...job, signal });
      // A look without due work reports nothing.
      if (!(outcome instanceof BroadsheetError) && outcome.length > 0)
        await reportOutcomes(outcome, job, options);
      return { outcome, pauseMs: await pauseMs(job) };
    }),
  );
  return look ?? { outcome: [], pauseMs: LONGEST_MS };
}

/** Deferred readers, and a newsletter that is no longer on hold, are found at the next look. */
const LONGEST_MS = 60_000;

export async function pauseMs({
  schedule,
  records,
  clock,
}: Pick<RunJob, "schedule" | "records" | "clock">): Promise<number> {
  const now = clock();
  const next = nextSlot(schedule, now, await records.recent(now));
  if (!next) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(0, next.at.getTime() - now.getTime()));
}

/** Waits until a time, or until it is rung. A ring between two waits ends the next one. */
class Alarm {
  #bell = new AbortController();

  readonly ring = (): void => this.#bell.abort();

  readonly wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    const either = AbortSignal.any([signal, this.#bell.signal]);
    await systemWait(ms, either);
    this.#bell = new AbortController();
  };
}

export const commands = { run };
