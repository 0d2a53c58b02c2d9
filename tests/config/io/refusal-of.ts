import { BroadsheetError } from "../../../src/errors.ts";

/** The error with which a config is refused. */
export async function refusalOf(loading: Promise<unknown>): Promise<BroadsheetError> {
  const error: unknown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof BroadsheetError) return error;
  throw new Error("the config was accepted", { cause: error });
}
