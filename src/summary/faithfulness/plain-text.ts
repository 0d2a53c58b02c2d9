/** Signs that are written but not seen, and that can make two equal words differ. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

const SAME_SIGNS: readonly (readonly [pattern: RegExp, plain: string])[] = [
  [/[‘’ʼ′‛]/g, "'"],
  [/[‐‑‒–—―−]/g, "-"],
  [/٫/g, "."],
  [/٬/g, ","],
  [/\s+/g, " "],
];

/**
 * A text as it is compared with another: one sign for all dashes, apostrophes and spaces, wide letters
 * narrow, and every script's digits as 0 to 9.
 */
export function plainText(text: string): string {
  let plain = text.replace(UNSEEN, "").normalize("NFKC");
  for (const [pattern, sign] of SAME_SIGNS) plain = plain.replace(pattern, sign);
  return plain.replace(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** Every script has its digits in a row that begins at …0 or at …6. */
function digitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const place = code % 16;
  const beginsAtZero =
    place < 6 || (place < 10 && /\p{Nd}/u.test(String.fromCodePoint(code - place)));
  return String(beginsAtZero ? place : place - 6);
}
