import type { Config } from "../../config.ts";
import { ERROR_CODES } from "../../errors.ts";
import { systemClock } from "../../io/clock.ts";
import type { Ping } from "../../io/ping.ts";
import { openSlots } from "../../io/sqlite/open-slots.ts";
import { nextSlot } from "../../schedule/agenda.ts";
import { untilInterrupted } from "../send/until-interrupted.ts";
import { Terminal } from "../terminal.ts";
import { runDue, type RunOutcome } from "./run-due.ts";
import type { RunFlags } from "./run-flags.ts";
import type { RunJob } from "./run-job.ts";
import { scheduled } from "./scheduled.ts";
import { tell } from "./told.ts";

/** Does what is due now about the newsletter of a config, once. */
export async function runOnce(flags: RunFlags, terminal: Terminal): Promise<void> {
  const newsletter = await scheduled(flags, terminal);
  const slots = await openSlots(newsletter.config, systemClock);
  try {
    const silent = new Terminal();
    silent.isQuiet = true;
    const ping = await pingFor(newsletter.config);
    const about = { ...newsletter, slots, clock: systemClock, terminal: silent, flags, ping };
    const { result } = await untilInterrupted(silent, async (signal) =>
      runDue({ ...about, signal }, { isEarly: flags.now }),
    );
    tellAll(result, about, { flags, terminal });
  } finally {
    slots.close();
  }
}

async function pingFor({ secrets: { pingUrl } }: Config): Promise<Ping | undefined> {
  if (pingUrl === undefined) return undefined;
  const { openPing } = await import("../../io/ping.ts");
  return openPing(pingUrl);
}

function tellAll(
  outcome: RunOutcome,
  job: Omit<RunJob, "signal">,
  { flags, terminal }: { readonly flags: RunFlags; readonly terminal: Terminal },
): void {
  const isVerbose = flags.verbose === true;
  if (outcome === "busy") {
    if (isVerbose) terminal.print(`${job.config.slug}: another run is at work`);
    terminal.exitCode ||= ERROR_CODES.LEDGER_BUSY.exit;
    return;
  }
  const isJson = flags.json === true;
  for (const told of outcome) tell(told, job.config, { terminal, isVerbose, isJson });
  if (outcome.length === 0 && isVerbose && !isJson) terminal.print(nothingText(job));
}

function nothingText({ config, schedule, slots, clock }: Omit<RunJob, "signal">): string {
  if (slots.timetable().heldAt) return `${config.slug}: held; to go on: broadsheet hold --off`;
  const now = clock();
  const known = new Set(slots.recent(now).map(({ slot }) => slot));
  const next = nextSlot(schedule, now, known);
  if (!next) return `${config.slug}: nothing is due, now or later`;
  return `${config.slug}: nothing is due until ${next.at.toISOString()}, ${next.name}`;
}
