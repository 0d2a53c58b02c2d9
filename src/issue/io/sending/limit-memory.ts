import { setFlagsFromString } from "node:v8";

/**
 * Sending makes much that is forgotten at once, for which V8 would let its nursery grow to 100 MB, and keep
 * what it once had. What it has at the start is enough, and costs no time that can be measured.
 */
export function limitMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}
