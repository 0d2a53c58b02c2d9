/**
 * The source of a regular expression with each letter in both its cases: for a part of a pattern, of which the
 * rest minds them. `(?i:…)` would say the same, but V8 now and then forgets it (nodejs/node#60030). Escapes and
 * classes stay as they are.
 */
export function anyCase(source: string): string {
  return source.replace(PIECE, (piece) => {
    const lower = piece.toLowerCase();
    const upper = piece.toUpperCase();
    const isLetter = !/^[\\[]/.test(piece) && lower !== upper && upper.length === lower.length;
    return isLetter ? `[${lower}${upper}]` : piece;
  });
}

/** An escape, a class, or a letter. */
const PIECE = /\\[pP]\{[^}]*\}|\\.|\[[^\]]*\]|\p{L}/gu;
