import { createHash } from "node:crypto";

/** A hash of the letters and digits of a text, in any case; empty where it has none. */
export function lettersHash(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
  return letters === "" ? "" : createHash("sha256").update(letters).digest("hex").slice(0, 16);
}
