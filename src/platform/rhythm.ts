import { Cron } from "croner";
import { type Complaint, quote } from "./setting.ts";

/** A rhythm in the clock of a time zone. */
export interface Rhythm {
  /** Five fields of cron(5), or a nickname such as `@weekly`. */
  readonly cron: string;
  /** IANA name. */
  readonly zone: string;
}

/**
 * The instants of a rhythm after a moment, soonest first, without an end unless the rhythm has one. When the clock
 * skips a time of day in spring, the instant is the hour after the gap. A time that comes twice in autumn counts once.
 */
export function* occurrencesAfter({ cron, zone }: Rhythm, moment: Date): Generator<Date> {
  const pattern = patternOf(cron, zone);
  for (let at = pattern.nextRun(moment); at; at = pattern.nextRun(at)) yield at;
}

/** Says what is wrong with a cron pattern; undefined if it is valid. */
export function cronComplaint(cron: string): Complaint | undefined {
  try {
    // 29 February comes within eight years. A day that never comes, such as 30 February, has no next run.
    if (patternOf(cron, "UTC").nextRun(new Date("2000-01-01T00:00:00Z"))) return undefined;
    return [`is ${quote(cron)}, a day that never comes`, EXAMPLE];
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    if (/parts/.test(why)) {
      return [`is ${quote(cron)}, which does not have the five fields of cron`, EXAMPLE];
    }
    return [`is ${quote(cron)}: ${why.replace(/^CronPattern: /, "")}`, EXAMPLE];
  }
}

const EXAMPLE =
  'write minute, hour, day, month and weekday, such as "0 7 * * 2" for Tuesdays at 7:00';

const PATTERNS = new Map<string, Cron>();

/** `broadsheet schedule` asks once a minute. */
function patternOf(cron: string, zone: string): Cron {
  const key = `${cron} in ${zone}`;
  // For UTC no zone is looked up. The look-up takes a tenth of the time of a run that finds nothing due.
  const clock = zone === "UTC" ? { utcOffset: 0 } : { timezone: zone };
  const pattern = PATTERNS.get(key) ?? new Cron(cron, { mode: "5-part", ...clock, paused: true });
  PATTERNS.set(key, pattern);
  return pattern;
}
