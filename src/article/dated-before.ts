import type { Article } from "./article.ts";

const DAY_MS = 86_400_000;

/** Whether an article is dated before a moment. A day counts to its end; what has no date is never too old. */
export function isDatedBefore(
  { publishedAt }: Pick<Article, "publishedAt">,
  moment: Date | undefined,
): boolean {
  const time = Date.parse(publishedAt ?? "");
  if (moment === undefined || Number.isNaN(time)) return false;
  return time + (publishedAt?.includes("T") ? 0 : DAY_MS) < moment.getTime();
}
