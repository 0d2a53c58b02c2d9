/** The result of `work`; undefined if it throws. For failures that nothing needs to be done about. */
export function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The value of a text in JSON; undefined for any other text. */
export function parseJson(text: string): unknown {
  return attempt((): unknown => JSON.parse(text));
}
