/**
 * A text as the one line it must be: header fields and headlines end at a line break, and a subject
 * with one in it would be a second header field (RFC 5322 §2.2).
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
