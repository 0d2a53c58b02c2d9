const LONGEST_QUOTE = 200;

/** Somebody's words on one line, the secrets struck out, as they are and in base64. */
export function struckOut(words: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [Buffer.from(secret).toString("base64"), secret])
    .reduce((text, secret) => text.replaceAll(secret, "***"), words.slice(0, 10 * LONGEST_QUOTE))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_QUOTE);
}
