import { cleanText, oneLine } from "../../clean-text.ts";
import { labelOf } from "../element-label.ts";
import type { PageElement } from "../page-dom.ts";
import { textBlocksIn, type TextBlock } from "../text-blocks.ts";
import { isElsewhere, type Survey } from "./survey.ts";

/** What an element near a headline says, a line for each of its blocks. */
export interface NearbyText {
  readonly text: string;
  readonly label: string;
}

const LONGEST = 200;
const MOST = 80;

/**
 * The texts of the elements that are named for an author or a date, the nearest to the headline
 * first, and those under it before those above. What belongs to comments or to other stories is
 * left out.
 */
export function nearHeadline(survey: Survey, headline: PageElement | undefined): NearbyText[] {
  return nearestFirst(survey.marked, survey, headline)
    .slice(0, MOST)
    .flatMap((element): NearbyText[] => {
      if (oneLine(element.textContent).length > LONGEST) return [];
      if (!isByHeadline(element, survey, headline) && isElsewhere(element)) return [];
      const text = textBlocksIn(element).map(spaced).join("\n");
      return text === "" ? [] : [{ text, label: labelOf(element) }];
    });
}

/** Elements by how far they are from the headline; those above it count as three times as far. */
export function nearestFirst(
  elements: readonly PageElement[],
  { order }: Survey,
  headline: PageElement | undefined,
): PageElement[] {
  const at = headline === undefined ? 0 : (order.get(headline) ?? 0);
  const distance = (element: PageElement): number => {
    const place = order.get(element) ?? 0;
    return place >= at ? place - at : (at - place) * 3;
  };
  return elements.toSorted((a, b) => distance(a) - distance(b));
}

/** Whether an element stands right under the headline, where even an `aside` is about the story. */
export function isByHeadline(
  element: PageElement,
  { order }: Survey,
  headline: PageElement | undefined,
): boolean {
  const at = headline && order.get(headline);
  const place = order.get(element);
  return at !== undefined && place !== undefined && place > at && place < at + 20;
}

// A day, a month and a year in an element each, as on a tear-off calendar.
function spaced({ nodes }: TextBlock): string {
  return oneLine(cleanText(nodes.map((node) => node.textContent).join(" ")));
}
