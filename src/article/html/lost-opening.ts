import { fold } from "../clean-text.ts";
import type { PageElement } from "../page/page-dom.ts";
import { captionIn, noticeIn } from "./notices.ts";
import { isProse, toStoryLine, type TextBlock } from "./text-blocks.ts";

// How much of a description has to be found in a text: systems cut them off anywhere after that.
const BEGINNING = 50;
const MOST_BETWEEN = 6;

/**
 * The paragraphs of a page's opening that are missing in what was found of its story. A description
 * that a system cut from the story's first words shows where it begins; where that paragraph is set
 * apart from the others, it is hard to find by anything else. Empty where nothing is missing, or where the
 * page does not say.
 */
export function lostOpening(
  found: readonly TextBlock[],
  page: readonly TextBlock[],
  descriptions: readonly string[],
): TextBlock[] {
  const story = ` ${found.map(({ text }) => fold(text)).join(" ")} `;
  const beginnings = descriptions.map(fold).filter(({ length }) => length >= BEGINNING);
  if (beginnings.some((beginning) => story.includes(` ${beginning.slice(0, BEGINNING)}`)))
    return [];
  const first = indexOfFirst(found, page);
  const start = page.findIndex(
    (block) => beginnings.some((beginning) => isCutFrom(beginning, block)) && isParagraph(block),
  );
  if (start === -1 || first === -1 || start >= first || first - start > MOST_BETWEEN) return [];
  return page.slice(start, first).filter(isParagraph);
}

// A description that is all of a line is a standfirst: somebody wrote it to stand above the story.
function isCutFrom(beginning: string, { text }: TextBlock): boolean {
  const whole = fold(text);
  return whole.length > beginning.length + 20 && whole.startsWith(beginning);
}

// Where the story that was found begins on the page.
function indexOfFirst(found: readonly TextBlock[], page: readonly TextBlock[]): number {
  const lengths = new Map<PageElement, number>();
  const first = found.find((block) => isProse(toStoryLine(block, lengths)));
  if (!first) return -1;
  const text = fold(first.text);
  return page.findIndex((block) => fold(block.text) === text);
}

function isParagraph(block: TextBlock): boolean {
  const line = toStoryLine(block, new Map());
  return (
    isProse(line) &&
    !line.isHeading &&
    noticeIn(line) === undefined &&
    captionIn(line) === undefined
  );
}
