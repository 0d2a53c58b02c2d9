/**
 * How long a server asks to wait, in whole seconds (RFC 9110 §10.2.3: a number, or a date); undefined
 * where it doesn't say or makes no sense.
 */
export function retryAfterSeconds(field: string | undefined, now: Date): number | undefined {
  const text = field?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // Date.parse takes much more than HTTP's dates, bare numbers among it.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** "90 seconds", "5 minutes", "3 hours", "2 days": rounded up, so that it is never too early. */
export function shownWait(seconds: number): string {
  if (seconds <= 120) return counted(seconds, "second");
  if (seconds <= 2 * 3600) return counted(seconds / 60, "minute");
  if (seconds <= 2 * 86_400) return counted(seconds / 3600, "hour");
  return counted(seconds / 86_400, "day");
}

function counted(amount: number, unit: string): string {
  const whole = Math.ceil(amount);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
