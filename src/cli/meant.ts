import type { Config } from "../config/config.ts";
import { systemClock } from "../platform/clock.ts";
import { hasStore } from "../platform/sqlite/open-store.ts";
import {
  issueLine,
  meantIssue,
  type MeantIssue,
  meantToSend,
  type Named,
} from "../schedule/meant-issue.ts";
import type { Terminal } from "./terminal.ts";

/** The issue that a command means. Which one it is, where it stands and when it goes out is said first, on stderr. */
export async function announced(
  named: Named,
  config: Config,
  terminal: Terminal,
): Promise<MeantIssue> {
  return announce(await meantIssue(config, named, systemClock), config, terminal);
}

/** The same for `send`: while an issue is being sent, it is that one. */
export async function announcedToSend(config: Config, terminal: Terminal): Promise<MeantIssue> {
  return announce(await meantToSend(config, systemClock), config, terminal);
}

/** Without a schedule and a list nothing goes out, and there is nothing to say. */
async function announce(
  issue: MeantIssue,
  config: Config,
  terminal: Terminal,
): Promise<MeantIssue> {
  if (config.schedule || hasStore(config.store))
    terminal.note(await issueLine(issue, config, systemClock));
  return issue;
}
