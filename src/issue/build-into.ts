import type { Config } from "../config/config.ts";
import type { Failure } from "../platform/reporter.ts";
import type { BuiltIssue } from "./build-issue.ts";
import { assertNotFrozen } from "../delivery/io/ledger/frozen.ts";
import { dayIn, systemClock } from "../platform/clock.ts";
import { placeIssue } from "./io/outbox/place-issue.ts";
import { type MakeOptions, makeIssue } from "./make-issue.ts";
import { withPreview } from "./with-preview.ts";

/** An issue that lies in the outbox. */
export interface WrittenIssue {
  readonly built: BuiltIssue;
  /** Absolute. */
  readonly folder: string;
  /** What the issue had to go without; a digest rendered again has nothing to read. */
  readonly failures?: readonly Failure[];
  /** How many addresses of the web were asked for it. */
  readonly fetched?: number;
}

/** The issue that the articles named make, or what is new in the sources, written into the outbox. */
export async function buildInto(
  names: readonly string[],
  config: Config,
  options: MakeOptions,
): Promise<WrittenIssue> {
  // Before anything is read, and a model asked, for nothing.
  const slot = options.flags.date ?? dayIn(config.timeZone, systemClock());
  assertNotFrozen(config, { newsletter: config.slug, slot });
  const { built: bare, failures, fetched } = await makeIssue(names, config, options);
  const built = withPreview(bare);
  const folder = await placeIssue(config, built.digest.issue, built.files);
  return { built, folder, failures, fetched };
}
