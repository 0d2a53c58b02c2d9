interface Dated {
  /** ISO 8601: a day, a month, a year or an interval of them. */
  readonly iso?: string | undefined;
}

/**
 * Events in the order of time. What can't be told apart ("2018" and "May 2018") stays as it was given, and so
 * does what has no date: it follows the event that it was told after.
 */
export function inOrderOfTime<Event extends Dated>(events: readonly Event[]): Event[] {
  const ordered: { readonly dates: Dates | undefined; readonly events: Event[] }[] = [];
  let last: Event[] | undefined;
  for (const event of events) {
    const dates = datesOf(event);
    if (dates === undefined && last) {
      last.push(event);
      continue;
    }
    last = [event];
    const later = ordered.findIndex((other) => isBefore(dates, other.dates));
    ordered.splice(later < 0 ? ordered.length : later, 0, { dates, events: last });
  }
  return ordered.flatMap((group) => group.events);
}

/** ISO dates sort as texts; a month ends with the last text that begins with it. */
interface Dates {
  readonly first: string;
  readonly last: string;
}

function datesOf({ iso = "" }: Dated): Dates | undefined {
  const [from = "", to = from] = iso.split("/");
  return /^\d{4}(?!\d)/.test(from) ? { first: from, last: `${to}~` } : undefined;
}

/** Only where one is over when the other begins is it certain; an order by that can be had in one pass. */
function isBefore(one: Dates | undefined, other: Dates | undefined): boolean {
  return one !== undefined && other !== undefined && one.last < other.first;
}
