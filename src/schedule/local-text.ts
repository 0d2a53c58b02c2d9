import { offsetMinutes, wallClock } from "./slots.ts";

/** A moment on the clock of a zone: `Tue 2026-11-24 07:00`. */
export function localText(at: Date, zone: string): string {
  const wall = wallClock(at, zone);
  const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(wall);
  return `${weekday} ${wall.toISOString().slice(0, 16).replace("T", " ")}`;
}

/** How far that clock is ahead of UTC: `+01:00`. */
export function offsetText(at: Date, zone: string): string {
  const minutes = offsetMinutes(at, zone);
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
}
