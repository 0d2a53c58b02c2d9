import type { Config } from "../../config/config.ts";
import type { SlotOutcome } from "../../schedule/slot-outcome.ts";
import { countsLine } from "../counts-view.ts";
import type { Terminal } from "../terminal.ts";

interface ReportManner {
  readonly terminal: Terminal;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** Whether an alert of this was given already, and not long ago. */
  readonly isAlerted?: boolean;
}

/** Prints a new fault, one line; with `isVerbose` every outcome. */
export function reportOutcome(
  outcome: SlotOutcome,
  { slug }: Pick<Config, "slug">,
  manner: ReportManner,
): void {
  const { terminal, isVerbose, isJson, isAlerted = false } = manner;
  const line = `${slug}/${outcome.slot}: ${outcome.says}`;
  if (isJson) terminal.printJson(outcomeJson(outcome, slug));
  const { slot, state, code } = outcome;
  const facts = { newsletter: slug, slot, state, code };
  if (outcome.ending === "fault") {
    const text = `${code === undefined ? "" : `error ${code}: `}${line}`;
    if (!isAlerted || isFullyReported(terminal, isVerbose))
      terminal.warn(text, outcome.exit, facts);
  } else {
    terminal.event(outcome.says, facts);
    if (isVerbose && !isJson) terminal.print(line);
  }
  terminal.exitCode ||= outcome.exit;
}

/** Whether known faults are reported too: to a log, or to a person at the terminal. */
export function isFullyReported({ hasLog, isInteractive }: Terminal, isVerbose: boolean): boolean {
  return hasLog || isInteractive || isVerbose;
}

function outcomeJson(
  { slot, state, says, exit, code, planned }: SlotOutcome,
  newsletter: string,
): object {
  const counts = planned && countsLine(planned);
  return { ...counts, issue: { newsletter, slot }, state, says, exit, code };
}
