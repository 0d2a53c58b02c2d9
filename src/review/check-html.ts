import type { Report } from "../check/finding.ts";
import { parseHtml } from "../check/html-document.ts";
import { audienceOf } from "../check/settings.ts";
import { reviewMail } from "./review.ts";

export interface CheckOptions {
  readonly subject?: string;
  /** The text part, to be compared. */
  readonly text?: string;
  /** Shares or counts of readers by mail program, such as `{ gmail: 3, "outlook.windows": 1 }`. */
  readonly audience?: Readonly<Record<string, number>>;
}

// In a file of its own: the library exports it, and the types of `review.ts` need those of Node.

/**
 * What would go wrong with an email's HTML in an inbox, be it Broadsheet's or another program's: whatever the HTML is, it
 * comes to a report. What takes more than the HTML, such as a browser or the message, is in `notRun`.
 */
export function checkHtml(html: string, { subject, text, audience }: CheckOptions = {}): Report {
  const readers = audience && { audience: audienceOf(audience) };
  return reviewMail({ target: "html", html: parseHtml(html), subject, text, ...readers });
}
