// As dates in feeds and pages name them (RFC 822 §5.1, and common use). "ET" does not say whether summer time
// holds; feed readers take the standard time, and so do we. IST is India's, as it is for most who write it.
const ZONES = `
  -10 HST · -9 AKST · -8 AKDT PST PT · -7 PDT MST MT · -6 MDT CST CT · -5 CDT EST ET COT PET · -4 EDT AST CLT
  -3:30 NST · -3 ADT BRT ART · -2:30 NDT · 0 Z UT UTC GMT WET · 1 BST WEST CET MET MEZ WAT
  2 CEST MEST MESZ EET CAT SAST · 3 EEST MSK TRT EAT · 4 GST · 5 PKT · 5:30 IST · 5:45 NPT · 7 WIB ICT
  8 HKT SGT MYT PHT AWST · 9 JST KST · 9:30 ACST · 10 AEST · 10:30 ACDT · 11 AEDT · 12 NZST · 13 NZDT`;

/** Minutes east of UTC by name. */
const OFFSET_MINUTES: ReadonlyMap<string, number> = new Map(
  ZONES.split(/[·\n]/)
    .map((line) => line.trim().split(" "))
    .flatMap(([offset = "", ...names]) => names.map((name) => [name, minutesIn(offset)] as const)),
);

function minutesIn(offset: string): number {
  const [hours = "0", minutes = "0"] = offset.replace("-", "").split(":");
  const size = Number(hours) * 60 + Number(minutes);
  return offset.startsWith("-") ? -size : size;
}

/**
 * A zone as ISO 8601 writes it ("Z", "+05:30"), from a name or an offset ("EST", "GMT+2", "-0800");
 * undefined where no place on earth has it.
 */
export function zoneOffset(written: string): string | undefined {
  const zone = written.toUpperCase();
  const named = OFFSET_MINUTES.get(zone);
  if (named !== undefined) return isoOffset(named);
  const [, sign, hours = "", minutes = "0"] =
    /^(?:GMT|UTC?)?\s?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return isoOffset(minutesIn(`${sign}${hours}:${minutes}`.replace("+", "")));
}

function isoOffset(minutes: number): string {
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${minutes < 0 ? "-" : "+"}${hours}:${rest}`;
}
