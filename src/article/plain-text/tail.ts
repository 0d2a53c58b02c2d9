import type { Block } from "./blocks.ts";
import { furnitureOf } from "./furniture.ts";

// A sentence this long is story, or a reader's comment that we rather keep than lose a story's end.
const LONG = 15;

/**
 * Where the furniture after a story starts ("Leave a Reply", "Related", "Share"); the number of blocks
 * where there is none. It counts only late: once a long paragraph follows, a line is no tail.
 */
export function tailStart(blocks: readonly Block[]): number {
  const last = blocks.findLastIndex(
    (block) => block.isSentence && block.words >= LONG && !isEnd(block),
  );
  const firstSentence = blocks.findIndex((block) => block.isSentence && block.words >= 4);
  const from = Math.max(last, firstSentence, 0) + 1;
  const start = blocks.findIndex((block, index) => index >= from && isEnd(block));
  return start === -1 ? blocks.length : start;
}

// A page's menu words ("News", "More") are also what people write; alone they end nothing. Nor does a
// sentence like "More news is expected on Tuesday.", or a line that stands between paragraphs as often as after them.
function isEnd({ text, words, isSentence }: Block): boolean {
  const kind = furnitureOf(text);
  if (kind === undefined || kind === "navigation" || kind === "advertisement") return false;
  return !(kind === "related" && isSentence && words > 6);
}
