/** What stands between two things in one line. */
export interface Punctuation {
  /** Between a name and its paper. */
  readonly comma: string;
  /** Between a paper and its minutes. */
  readonly separator: string;
  /** Between the headlines of an issue. */
  readonly list: string;
  /** Between a date and what follows it. */
  readonly stop: string;
}

const LATIN: Punctuation = { comma: ", ", separator: " · ", list: "; ", stop: ". " };

/** Ideographs have marks as wide as themselves, and no spaces round them (JIS X 4051). */
const IDEOGRAPHIC: Punctuation = { comma: "、", separator: "\u3000", list: "／", stop: "。" };

/** The marks of a language. */
export function punctuationFor(language: string): Punctuation {
  const script = new Intl.Locale(language).maximize().script ?? "";
  if (["Jpan", "Hans", "Hant"].includes(script)) return IDEOGRAPHIC;
  return script === "Arab" ? { ...LATIN, comma: "، ", list: "؛ " } : LATIN;
}
