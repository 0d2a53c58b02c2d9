/** The result of `work`; undefined if it throws: where nothing more is done about what went wrong. */
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
