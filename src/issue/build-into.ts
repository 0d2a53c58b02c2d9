import { systemClock } from "../platform/clock.ts";
import { hasConfig } from "../config/io/load-config.ts";
import { placeIssue } from "./io/outbox/place-issue.ts";
import { assertNotFrozen } from "../delivery/io/ledger/frozen.ts";
import { withPreview } from "./with-preview.ts";
import type { WrittenIssue } from "../cli/issue-view.ts";
import { type BuildFlags, makeIssue } from "./make-issue.ts";
import type { Memory } from "./memory.ts";
import { dayIn, openProject } from "../config/io/open-project.ts";
import type { Terminal } from "../cli/terminal.ts";

/** The issue that the articles named make, or what is new in the sources, written into the outbox. */
export async function buildInto(
  names: readonly string[],
  flags: BuildFlags,
  terminal: Terminal,
  memory?: Memory,
): Promise<WrittenIssue> {
  const config = await openProject(flags, terminal);
  // Before anything is read, and a model asked, for nothing.
  const slot = flags.date ?? dayIn(config.timeZone, systemClock());
  assertNotFrozen(config, { newsletter: config.slug, slot });
  const made = await makeIssue(names, config, { flags, terminal, memory });
  const built = withPreview(made.built);
  const folder = await placeIssue(config, built.digest.issue, built.files);
  if (!flags.json && !flags.config && !(await hasConfig(terminal.cwd))) terminal.note(BY_DEFAULT);
  return { built, folder, failures: made.failures, fetched: made.fetched };
}

const BY_DEFAULT =
  "No broadsheet.config.ts here: built with defaults. Begin a newsletter with: broadsheet init";
