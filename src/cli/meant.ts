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

/** Finds the issue of a command. Its name, state and date are first shown on stderr. */
export async function announced(
  named: Named,
  config: Config,
  terminal: Terminal,
): Promise<MeantIssue> {
  return announce(await meantIssue(config, named, systemClock), config, terminal);
}

/** Finds and shows the issue of a command that has no named issue and needs the files of the issue. */
export async function announcedBuilt(config: Config, terminal: Terminal): Promise<MeantIssue> {
  const issue = await announced({}, config, terminal);
  assertBuilt(issue, config);
  return issue;
}

/**
 * Shows the name, state and date of a named issue, which may not be the next one of the schedule. Without a schedule,
 * nothing is shown. If the outbox has no issue of that name, the command itself reports it.
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

/** Finds and shows the issue of `send`. An issue whose sending has begun has priority. */
export async function announcedToSend(config: Config, terminal: Terminal): Promise<MeantIssue> {
  const issue = await announce(
    await meantToSend(config, systemClock, process.env),
    config,
    terminal,
  );
  assertBuilt(issue, config);
  return issue;
}

/** @throws BroadsheetError ISSUE_MISSING for a slot of the schedule without a built draft. */
export function assertBuilt(
  { slot, state, at }: MeantIssue,
  { outbox, slug }: Pick<Config, "outbox" | "slug">,
): void {
  if (state !== "draft" || !at || existsSync(path.join(outbox, slug, slot))) return;
  throw new BroadsheetError("ISSUE_MISSING", `${slot} is not built yet`, {
    fix: `build it: broadsheet build --slot ${slot}`,
  });
}

/** Shows the issue of a command. Without a schedule and a list nothing is sent, so nothing is shown. */
export async function announce(
  issue: MeantIssue,
  config: Config,
  terminal: Terminal,
): Promise<MeantIssue> {
  if (config.schedule || (await hasStore(config.store)))
    terminal.note(await issueLine(issue, config, systemClock));
  return issue;
}
