import { sourceName } from "../stories/source-name.ts";
import type { Story } from "../stories/gather-stories.ts";

const DAY_MS = 86_400_000;
/** Of no date, as old as what is neither new nor stale. */
const UNDATED_DAYS = 3;
/** After two weeks all is equally old. */
const OLDEST_DAYS = 14;

/**
 * How far forward a story belongs, the heavier the further: it loses one a day of its age on the issue's
 * day, and twice as many papers that have it make up for a day.
 */
export function weightOf({ article, alsoIn }: Story, day: string): number {
  const papers = new Set([article, ...alsoIn].map((told) => sourceName(told) ?? told.source));
  const ages = [article, ...alsoIn].map(({ publishedAt }) => ageInDays(publishedAt, day));
  return Math.log2(papers.size) - ages.reduce((least, age) => Math.min(least, age), OLDEST_DAYS);
}

/** Days from publication to the end of the day; what time zones put after it is new. */
function ageInDays(publishedAt: string | undefined, day: string): number {
  if (publishedAt === undefined || Number.isNaN(Date.parse(publishedAt))) return UNDATED_DAYS;
  // A date without a time is neither the day's first news nor its last.
  const time = Date.parse(publishedAt) + (publishedAt.includes("T") ? 0 : DAY_MS / 2);
  const end = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  const days = (end - time) / DAY_MS;
  // A date to come is a mistake, and would lead every issue until it comes.
  if (days < -1) return UNDATED_DAYS;
  return Math.min(OLDEST_DAYS, Math.max(0, days));
}
