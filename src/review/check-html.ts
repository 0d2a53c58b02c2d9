import type { Report } from "../check/finding.ts";
import { parseHtml } from "../check/html-document.ts";
import { audienceOf } from "../check/settings.ts";
import { reviewMail } from "./review.ts";

export interface CheckOptions {
  readonly subject?: string;
  /** The text part, which is compared with the HTML. */
  readonly text?: string;
  /** Shares or counts of readers by mail program, such as `{ gmail: 3, "outlook.windows": 1 }`. */
  readonly audience?: Readonly<Record<string, number>>;
}

// The function is not in `review.ts`, because the library exports it, and the types of `review.ts` would need those of Node.

/**
 * Checks the HTML of any email, by Broadsheet or another program, for problems in inboxes. Every input gives a report.
 * Rules that need more than the HTML, such as a browser or the message, are in `notRun`.
 */
export function checkHtml(html: string, { subject, text, audience }: CheckOptions = {}): Report {
  const readers = audience && { audience: audienceOf(audience) };
  return reviewMail({ target: "html", html: parseHtml(html), subject, text, ...readers });
}
