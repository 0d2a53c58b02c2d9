/** Whether two titles say the same, apart from case, blanks and punctuation. */
export function isSameTitle(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

/** Whether a line says what one of some folded titles says. */
export function isAmong(line: string, folded: ReadonlySet<string>): boolean {
  return line.length <= LONGEST && folded.has(fold(line));
}

const LONGEST = 500;

/** A text's words, for comparing. */
export function fold(text: string): string {
  const composed = /^\p{ASCII}*$/u.test(text) ? text : text.normalize("NFKC");
  return composed
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
