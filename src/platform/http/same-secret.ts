import { timingSafeEqual } from "node:crypto";

/** Compares two secrets in constant time, so that the time doesn't reveal a correct beginning. */
export function isSameSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
