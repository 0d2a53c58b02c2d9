import { BroadsheetError } from "../errors.ts";
import { openCursor } from "../sources/io/cursor/sqlite-cursor.ts";
import type { Slot } from "./slots.ts";
import type { RunJob } from "./run-job.ts";
import { failed, type Told } from "./told.ts";

/** A source that has failed for so many slots in a row is nothing that goes away by itself. */
export const PERSISTENT = 3;

/** The sources that somebody has to be told of now, each once. */
export async function sourceReports(
  { name: slot }: Slot,
  { config, clock, slots }: RunJob,
): Promise<Told[]> {
  const cursor = await openCursor(config, clock);
  try {
    return cursor.takeReports(PERSISTENT).map(({ name, failures, error: why = "" }) => {
      const what = `${name} could not be read for ${failures} issues: ${why}`;
      const error = new BroadsheetError("SOURCE_FAILING", what, {
        fix: "mend its address, or take it out of `sources` in the config",
      });
      return failed(slot, slots.find(slot)?.state ?? "begun", { error });
    });
  } finally {
    cursor.close();
  }
}
