/**
 * Other forms of a page, for training and for tests: a story must be found without its classes, without paragraphs, and where
 * Readability is wrong.
 */
export interface Form {
  readonly markup?: (html: string) => string;
  /** What Readability might have taken instead. */
  readonly choice?: (
    choice: Float64Array,
    labels: readonly (number | undefined)[],
    prose: readonly number[],
  ) => Float64Array;
}

const NAMES = /\s(?:class|id|role|itemprop|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;

export const FORMS: Readonly<Record<string, Form>> = {
  "": {},
  bare: { markup: (html) => html.replace(NAMES, "") },
  divs: { markup: (html) => html.replace(/<(\/?)p(?=[\s>])/gi, "<$1div") },
  breaks: { markup: (html) => html.replace(/<\/p>\s*<p(?:\s[^>]*)?>/gi, "<br><br>") },
  unread: { choice: (choice) => new Float64Array(choice.length) },
  misread: { choice: misread },
};

// As where the comments are longer than the story.
function misread(
  choice: Float64Array,
  labels: readonly (number | undefined)[],
  prose: readonly number[],
): Float64Array {
  const others = choice.map((_, index) =>
    (labels[index] ?? 1) < 0.5 && (prose[index] ?? 0) > 0 ? 1 : 0,
  );
  return others.some((part) => part > 0) ? others : new Float64Array(choice.length);
}
