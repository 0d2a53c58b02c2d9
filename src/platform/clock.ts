import { uptime } from "node:os";
import { setTimeout } from "node:timers/promises";

/** The time now. Code that needs it takes this as a parameter, so that a test can give another. */
export type Clock = () => Date;

/** The clock of a database's server, if it differs from that of this machine. */
let ofServer: Clock | undefined;

export const systemClock: Clock = () => ofServer?.() ?? new Date();

/** A smaller difference may be the travel time of the answer. It changes nothing that is sent. */
const SAME_MS = 1_000;
/** A larger difference is not a wrong clock: another day was set on purpose, for a rehearsal. */
const LARGEST_MS = 86_400_000;

/**
 * Adopts the clock of a database, so that all machines that share it have the same time. `now`: the time of that clock in
 * milliseconds. `tookMs`: the duration of the query; after a long one the time is not exact enough.
 */
export function followClock(now: number, tookMs: number): void {
  if (tookMs > SAME_MS || Math.abs(systemClock().getTime() - now) <= SAME_MS) return;
  ofServer = Math.abs(Date.now() - now) > LARGEST_MS ? undefined : countingFrom(now);
}

/**
 * The interval for reading the time since the machine's start, which takes twenty times as long as the process's own clock.
 */
const READ_EVERY_MS = 1_000;

/**
 * A clock that starts at the present time and then counts elapsed time, including sleep. Setting the machine's clock does not
 * change it.
 */
export function steadyClock(): Clock {
  const own = countingFrom(Date.now());
  return () => ofServer?.() ?? own();
}

/** A clock that starts at a moment and then counts elapsed time. */
function countingFrom(moment: number): Clock {
  const startMs = moment - uptime() * 1000;
  let readAt = -Infinity;
  let offsetMs = 0;
  return () => {
    const now = performance.now();
    if (now - readAt >= READ_EVERY_MS) {
      readAt = now;
      offsetMs = startMs + uptime() * 1000 - now;
    }
    return new Date(Math.round(offsetMs + now));
  };
}

/** Waits for some milliseconds, or until the signal aborts. Code takes it as a parameter, so that a test can replace it. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemWait: Wait = (ms, signal) =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** The date in a time zone at a moment, as YYYY-MM-DD. */
export function dayIn(timeZone: string, moment: Date): string {
  return wallClock(moment, timeZone).toISOString().slice(0, 10);
}

/** The local time in a zone, as a Date whose UTC fields contain it. */
export function wallClock(at: Date, zone: string): Date {
  const part = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** Formats are cached, because creating one takes fifty times as long as using it. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const cached = FORMATS.get(timeZone);
  if (cached) return cached;
  const made = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  FORMATS.set(timeZone, made);
  return made;
}

const QUARTER_MS = 900_000;

/** The moment at which a day, as YYYY-MM-DD, begins in a time zone. No offset from UTC is larger than 14 hours. */
export function startOfDay(timeZone: string, day: string): Date {
  let at = Date.parse(`${day}T00:00:00Z`) - 56 * QUARTER_MS;
  while (dayIn(timeZone, new Date(at)) < day) at += QUARTER_MS;
  return new Date(at);
}

/** A moment, to the minute, in UTC: a server's time zone means nothing to its users. */
export function momentText(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
