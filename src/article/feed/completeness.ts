import { isCutShort } from "../fragment.ts";
import { countWords } from "../plain-text/prose.ts";

// Under these many words, an element meant for a whole story has a link and a line, and one meant for a
// summary may hold a summary.
const FEWEST_IN_CONTENT = 40;
const FEWEST_IN_SUMMARY = 150;

export interface Told {
  readonly text: string;
  /** Whether it is in the element that its format has for the whole story. */
  readonly isContent: boolean;
  /** Whether something in it sends the reader on to the rest. */
  readonly sendsOn: boolean;
}

/** Whether a feed told the whole story, so that its page need not be fetched. */
export function isWhole({ text, isContent, sendsOn }: Told): boolean {
  if (sendsOn || isCutShort(text)) return false;
  return countWords(text) >= (isContent ? FEWEST_IN_CONTENT : FEWEST_IN_SUMMARY);
}
