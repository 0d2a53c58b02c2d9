import type { Dropped } from "../article.ts";
import type { TextBlock } from "./text-blocks.ts";

// Looking for one text in another takes time with the product of their lengths.
const MOST_WORK = 200_000_000;

/** What of a page's text is not among the texts that were taken from it. */
export function leftAround(page: readonly TextBlock[], found: readonly string[]): Dropped[] {
  const exact = new Set(found);
  const whole = ` ${found.join(" ")} `;
  const mayLook = page.length * whole.length < MOST_WORK;
  return page.flatMap(({ text }): Dropped[] => {
    if (exact.has(text) || (mayLook && whole.includes(` ${text} `))) return [];
    return [{ text, reason: "the page around the story" }];
  });
}
