import { BroadsheetError } from "../errors.ts";

/** A day that exists, as YYYY-MM-DD; `name` is what the caller calls it. @throws BroadsheetError USAGE. */
export function givenDay(value: string, name: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(date.getTime());
  if (isDay && date.toISOString().startsWith(value)) return value;
  throw new BroadsheetError(
    "USAGE",
    `${name} ${JSON.stringify(value)} is not a day of the calendar`,
    { fix: "write it as YYYY-MM-DD, such as 2026-11-24" },
  );
}

/** A whole number from 1. @throws BroadsheetError USAGE. */
export function givenCount(count: number, name: string, written: unknown = count): number {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new BroadsheetError(
    "USAGE",
    `${name} ${JSON.stringify(written)} is not a whole number from 1`,
    { fix: `give a number: ${name} 3` },
  );
}

/** A text of one line that isn't empty. @throws BroadsheetError USAGE. */
export function givenLine(value: string, name: string): string {
  if (value.trim() !== "" && !/\p{Cc}/u.test(value)) return value.trim();
  throw new BroadsheetError("USAGE", `${name} must be one line that isn't empty`, {
    fix: `leave ${name} out to have it written for you`,
  });
}
