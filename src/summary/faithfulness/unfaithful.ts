/** What a sentence says that its source does not. */
export interface Unfaithful {
  readonly kind:
    | "empty"
    | "markup"
    | "address"
    | "number"
    | "date"
    | "name"
    | "quotation"
    | "speaker"
    | "negation"
    | "hedge"
    | "overlap";
  /** The words of the sentence that are at fault, where they can be told. */
  readonly found: string;
  /** In a sentence's words, without a full stop: "the number 45 is not in the article". */
  readonly message: string;
}

const LONGEST = 60;

/** A fault that shows the words it is about. */
export function unfaithful(
  kind: Unfaithful["kind"],
  found: string,
  message: (shown: string) => string,
): Unfaithful {
  const line = found.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const shown = line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
  return { kind, found: line, message: message(shown) };
}
