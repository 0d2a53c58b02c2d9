import { timingSafeEqual } from "node:crypto";

/** Compares a secret with what was given in constant time, so that the time doesn't say how much of it was right. */
export function isSameSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
