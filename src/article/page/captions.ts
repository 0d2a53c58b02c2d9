import type { Caption } from "../article.ts";
import { captionOf } from "../caption.ts";
import { type PageBlock, isHeading, labelAround } from "./blocks.ts";

const NAMED =
  / (?:fig ?captions?|captions?|caption text|wp caption|legend|bildunterschrift|legende|didascalia|pie de foto|cutline|(?:image|photo|picture|media|img) (?:credits?|caption|source|info|meta|copyright|description)|credits?|photographer|photo by) /;
const PICTURED =
  / (?:image|images|img|photo|photos|picture|figure|foto|bild|gallery|slide|slider|slideshow) /;
const SET_APART = /^(?:blockquote|pre|code|table|td|th|li|h[1-6])$/;

/**
 * Returns the caption and credit of a picture if a block is one: by its form ("… Photo: A. Name"), by the label of its
 * element, or by its place in a figure or directly under a picture. Undefined for other blocks.
 */
export function captionIn(block: PageBlock): Caption | undefined {
  const text = withoutMark(withoutCounter(block.text));
  const shaped = captionOf(text);
  if (shaped)
    return { ...shaped, ...(shaped.credit ? { credit: withoutLabel(shaped.credit) } : {}) };
  const isOne = isNamedCaption(block) || isInFigure(block) || isUnderPicture(block);
  return isOne ? { text } : undefined;
}

function isNamedCaption(block: PageBlock): boolean {
  return block.text.length < 1000 && !isHeading(block) && NAMED.test(labelAround(block));
}

// Figures may also contain quotations, code and tables.
function isInFigure(block: PageBlock): boolean {
  if (block.text.length > 600 || SET_APART.test(block.place.name)) return false;
  const label = labelAround(block);
  return (
    label.includes(" figure ") && !/ (?:blockquote|table|pre|code|quote|pullquote) /.test(label)
  );
}

// A line in italics or small print, or one with a name in brackets, directly under a picture. Bold lines are headings of
// the text below.
function isUnderPicture(block: PageBlock): boolean {
  const { text } = block;
  if (!block.isUnderPicture || isHeading(block) || text.length > 350) return false;
  if (block.aside >= text.length * 0.9) return true;
  if (/\((?:[^()]*\/[^()]*|[^()]*©[^()]*)\)\.?$/.test(text)) return true;
  return text.length <= 200 && PICTURED.test(labelAround(block));
}

// Galleries write a counter before the caption.
function withoutCounter(text: string): string {
  return text.replace(
    /^(?:(?:image|photo|foto|bild|slide)\s)?\d{1,3}\s?(?:of|von|de|di|van|\/)\s?\/?\s?\d{1,3}(?=\s|\p{L}|$)\s?[:|–-]?\s?/iu,
    "",
  );
}

// Removes a label for screen readers: "Media caption, The ferry at its quay".
function withoutMark(text: string): string {
  return text.replace(
    /^(?:image|media|photo|picture|video) caption(?:[,:]\s?|\s+(?=\p{Lu}|["“‘]))/iu,
    "",
  );
}

// Removes a label before the name: "(Image: A. Name / Agency)"
function withoutLabel(credit: string): string {
  return credit.replace(
    /^(?:image|photo|picture|foto|bild|credit|courtesy)s?(?: credit| by| of)?\s?[:|]\s?/iu,
    "",
  );
}
