import { type Complaint, quote } from "./complaint.ts";

const UNIT_MS = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);

/** Milliseconds of "90m", "12h", "3d" or "2w"; undefined for anything else, and for nothing. */
export function durationMs(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,5})\s?([mhdw])$/.exec(text.trim()) ?? [];
  return Number(count ?? 0) * (UNIT_MS.get(unit) ?? 0) || undefined;
}

export function durationComplaint(text: string): Complaint {
  return [`is ${quote(text)}, which is not a time`, 'write "90m", "12h", "3d" or "2w"'];
}
