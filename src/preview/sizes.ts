import { storyCosts } from "../check/story-costs.ts";
import type { Digest } from "../digest/digest.ts";
import { headlineOf } from "../digest/headline.ts";
import type { SizeData } from "./page-data.ts";

/** What the HTML of an issue is made of, in bytes; of the digest the stories that it shows. */
export function sizesOf(html: string, digest: Digest): SizeData[] {
  const { head, stories, rest } = storyCosts(html, digest);
  const styles = Buffer.byteLength(html.slice(0, Math.max(0, html.indexOf("<body"))));
  return [
    { name: "Head and styles", bytes: Math.min(styles, head) },
    { name: digest.letter ? "Masthead and letter" : "Masthead", bytes: Math.max(0, head - styles) },
    ...stories.map(({ headline, bytes }) => ({
      name: headline,
      bytes,
      story: numberOf(headline, digest),
    })),
    { name: "Headings and footer", bytes: rest },
  ];
}

function numberOf(headline: string, { sections }: Digest): number {
  const entries = sections.flatMap((section) => section.entries);
  return entries.findIndex((entry) => headlineOf(entry) === headline) + 1;
}
