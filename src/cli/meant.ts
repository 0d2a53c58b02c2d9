import { existsSync } from "node:fs";
import path from "node:path";
import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { findIssue } from "../issue/io/outbox.ts";
import { systemClock } from "../platform/clock.ts";
import { hasStore } from "../platform/store.ts";
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

/** The same where no issue is named, for a command that works on the files of the issue. */
export async function announcedBuilt(config: Config, terminal: Terminal): Promise<MeantIssue> {
  const issue = await announced({}, config, terminal);
  assertBuilt(issue, config);
  return issue;
}

/**
 * The same for an issue that is named: it may be another one than the next that the schedule sends. Without a schedule the
 * name says it all. Where the outbox has none of that name, the command has more to say.
 */
export async function announceNamed(
  name: string,
  config: Config,
  terminal: Terminal,
): Promise<void> {
  if (!config.schedule) return;
  const found = await findIssue(config.outbox, config.slug, name).catch((error: unknown) => {
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  });
  if (found?.newsletter !== config.slug) return;
  await announced({ slot: found.slot, isBuilt: true }, config, terminal);
}

/** The same for `send`: while an issue is being sent, it is that one. */
export async function announcedToSend(config: Config, terminal: Terminal): Promise<MeantIssue> {
  const issue = await announce(
    await meantToSend(config, systemClock, process.env),
    config,
    terminal,
  );
  assertBuilt(issue, config);
  return issue;
}

/** @throws BroadsheetError ISSUE_MISSING for a slot of the schedule whose draft no command has built yet. */
export function assertBuilt(
  { slot, state, at }: MeantIssue,
  { outbox, slug }: Pick<Config, "outbox" | "slug">,
): void {
  if (state !== "draft" || !at || existsSync(path.join(outbox, slug, slot))) return;
  throw new BroadsheetError("ISSUE_MISSING", `${slot} is not built yet`, {
    fix: `build it: broadsheet build --slot ${slot}`,
  });
}

/** Says which issue a command means. Without a schedule and a list nothing goes out, and there is nothing to say. */
export async function announce(
  issue: MeantIssue,
  config: Config,
  terminal: Terminal,
): Promise<MeantIssue> {
  if (config.schedule || (await hasStore(config.store)))
    terminal.note(await issueLine(issue, config, systemClock));
  return issue;
}
