import { setTimeout } from "node:timers/promises";

/** The time now. Code that needs it takes this as a parameter, so that a test can give another. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Waits for some milliseconds, or until the signal. A test gives another, as with the clock. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemWait: Wait = (ms, signal) =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** The day it is at a moment in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string, moment: Date): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
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
