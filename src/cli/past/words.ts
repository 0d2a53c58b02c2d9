import { dayOfSlot } from "../../digest/slot.ts";
import { counted } from "../counted.ts";

type Length = "long" | "short";

/** "3 October 2025", or "3 Oct 2025". */
export function dayText(day: string, month: Length = "long"): string {
  return dateText(day, { day: "numeric", month, year: "numeric" });
}

/** "October 2025" */
export function monthText(day: string, month: Length = "long"): string {
  return dateText(day, { month, year: "numeric" });
}

/** The day of an issue. */
export function slotText(slot: string, month?: Length): string {
  return dayText(dayOfSlot(slot) ?? slot, month);
}

function dateText(day: string, format: Intl.DateTimeFormatOptions): string {
  const date = new Date(`${day}T12:00:00Z`);
  return date.toLocaleDateString("en-GB", { ...format, timeZone: "UTC" });
}

/** "1 reader", "2,318 readers" */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : more}`;
}

/** "a, b and c" */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(parts);
}

/** A share in per cent, never rounded up to all of it. */
export function shareText(part: number, whole: number): string {
  const perMille = Math.floor((1000 * part) / whole);
  return `${perMille % 10 === 0 ? perMille / 10 : (perMille / 10).toFixed(1)}%`;
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
