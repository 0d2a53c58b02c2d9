import { setFlagsFromString } from "node:v8";

let isOwnProcess = false;

/** Says that this process is Broadsheet's own. A program that uses the library keeps its own settings of V8. */
export function ownProcess(): void {
  isOwnProcess = true;
}

/**
 * For work that makes many short-lived objects, as sending and serving do. V8 would let its young generation grow to 100
 * MB and stay so. The size at the start is enough, and costs no time that can be measured. The limit holds until the
 * process ends, so only Broadsheet's own process gets it.
 */
export function limitMemory(): void {
  if (!isOwnProcess) return;
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}
