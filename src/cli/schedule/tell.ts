import type { Config } from "../../config/config.ts";
import type { Told } from "../../schedule/told.ts";
import { countsLine } from "../counts-view.ts";
import type { Terminal } from "../terminal.ts";

interface Manner {
  readonly terminal: Terminal;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** Whether somebody was told of it before, and not long ago. */
  readonly isKnown?: boolean;
}

/** Only what somebody has to know and doesn't is said, a line each; with `isVerbose` all of it. */
export function tell(told: Told, { slug }: Pick<Config, "slug">, manner: Manner): void {
  const { terminal, isVerbose, isJson, isKnown = false } = manner;
  const line = `${slug}/${told.slot}: ${told.says}`;
  if (isJson) terminal.printJson(toldJson(told, slug));
  const { slot, state, code } = told;
  const facts = { newsletter: slug, slot, state, code };
  if (told.ending === "fault") {
    const text = `${code === undefined ? "" : `error ${code}: `}${line}`;
    if (!isKnown || isHeard(terminal, isVerbose)) terminal.warn(text, told.exit, facts);
  } else {
    terminal.event(told.says, facts);
    if (isVerbose && !isJson) terminal.print(line);
  }
  terminal.exitCode ||= told.exit;
}

/** Whether whoever hears it wants all of it: a log, or somebody who is there. */
export function isHeard({ hasLog, isInteractive }: Terminal, isVerbose: boolean): boolean {
  return hasLog || isInteractive || isVerbose;
}

function toldJson({ slot, state, says, exit, code, planned }: Told, newsletter: string): object {
  const counts = planned && countsLine(planned);
  return { ...counts, issue: { newsletter, slot }, state, says, exit, code };
}
