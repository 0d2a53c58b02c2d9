import { setFlagsFromString } from "node:v8";

/**
 * For work that makes many short-lived objects, as sending and serving do. V8 would let its young generation grow to 100
 * MB and stay so. The size at the start is enough, and costs no time that can be measured.
 */
export function limitMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}
