import { onTestFinished, vi } from "vitest";

/**
 * Until the test is over, `setTimeout` counts turns of the event loop, of so many milliseconds each. No test waits for a
 * limit of time, and a machine that stands still for a while makes nothing late.
 */
export function quickTime(stepMs: () => number = () => 50): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const turns = setInterval(() => void vi.advanceTimersByTime(stepMs()), 1);
  onTestFinished(() => {
    clearInterval(turns);
    vi.useRealTimers();
  });
}
