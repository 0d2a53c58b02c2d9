import { pino } from "pino";

type LogLevel = "info" | "warn" | "error";

/** The facts of an event, for a program to read. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Logs one event. */
export type Log = (level: LogLevel, message: string, facts?: LogFacts) => void;

/**
 * A log for programs on stderr: one JSON object a line with `time` (ISO 8601), `level` and `msg`. Of an address only the
 * first letter and the domain are shown, also in the messages of other programs.
 */
export function openJsonLog(name: string): Log {
  const log = pino(
    {
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous, so that the last line isn't lost when the process ends.
    pino.destination({ dest: 2, sync: true }),
  );
  return (level, message, facts = {}) => log[level](masked(facts), maskedText(message));
}

function masked(facts: LogFacts): LogFacts {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? maskedText(value) : value]),
  );
}

const ADDRESS =
  /([^\s<>"'(),;:@])[^\s<>"'(),;:@]*@([^\s<>"'(),;:@]+\.[^\s<>"'(),;:@]*[^\s<>"'(),;:@.])/gu;

function maskedText(text: string): string {
  return text.replace(ADDRESS, "$1…@$2");
}
