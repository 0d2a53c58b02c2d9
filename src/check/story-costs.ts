import type { Digest } from "../digest/digest.ts";
import { parseHtml } from "./html/parse-html.ts";
import { storiesIn } from "./content/stories.ts";

/** What one story takes of the bytes that Gmail shows. */
interface StoryCost {
  readonly headline: string;
  readonly bytes: number;
  /** Where it begins, counted in bytes from the beginning of the HTML. */
  readonly startsAt: number;
}

/** What an email's HTML is made of, in bytes of UTF-8. */
export interface EmailCost {
  readonly total: number;
  /** Everything before the first story: styles, masthead, letter. */
  readonly head: number;
  readonly stories: readonly StoryCost[];
  /** What is around and after the stories: headings of sections, the footer. */
  readonly rest: number;
}

/** What each story of an issue costs, in the order of the HTML. */
export function storyCosts(html: string, digest: Digest): EmailCost {
  const total = Buffer.byteLength(html);
  const stories = storiesIn(parseHtml(html), digest).map(({ headline, start, end }) => ({
    headline,
    bytes: Buffer.byteLength(html.slice(start, end)),
    startsAt: Buffer.byteLength(html.slice(0, start)),
  }));
  const head = stories[0]?.startsAt ?? total;
  const told = stories.reduce((sum, { bytes }) => sum + bytes, 0);
  return { total, head, stories, rest: total - head - told };
}
