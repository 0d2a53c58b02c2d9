import type { Reporter } from "../platform/reporter.ts";
import { reportFailures } from "./failures.ts";
import { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Says on a terminal what a procedure has to say while it works. */
export function reporterOn(terminal: Terminal): Reporter {
  return {
    note: (text) => terminal.note(text),
    warn: (text) => terminal.warn(text, 0),
    unread: (failures, of, isFatal = false) => {
      reportFailures(failures, of, { terminal, isFatal });
    },
    progress: (label, total) => new Progress(terminal, label, total),
  };
}
