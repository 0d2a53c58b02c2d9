import type { Database } from "./database.ts";
import { raiseEpoch, type Watermarks } from "./watermarks.ts";

/** One durable change of the store. Its mark is noted before anybody acts on it. */
export function change<Result>(
  { database, marks }: { readonly database: Database; readonly marks: Watermarks },
  work: () => Result,
): Result {
  const { result, epoch } = database.transaction(() => ({
    result: work(),
    epoch: raiseEpoch(database),
  }));
  marks.raise(epoch);
  return result;
}
