const FROM_THE_RIGHT = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"]);

/** The direction of a language's script. */
export function directionOf(language: string): "ltr" | "rtl" {
  const script = new Intl.Locale(language).maximize().script ?? "";
  return FROM_THE_RIGHT.has(script) ? "rtl" : "ltr";
}

/** A text set apart from a line that runs the other way, so that its full stop stays at its own end (UAX #9). */
export function isolated(text: string, language: string, around: string): string {
  if (directionOf(language) === directionOf(around)) return text;
  return `\u2068${text}\u2069`;
}
