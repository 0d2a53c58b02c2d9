import { folded } from "./stories/source-name.ts";

/** Scripts that write no spaces, so that a word may begin and end anywhere. */
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
/** What somebody writes who takes a pattern for a regular expression, in which it would mean something else. */
const REGULAR = /\\|\.[*+]|\(\?|\[\^|^\^|\$$/;

/** Whether some words stand in a text. */
export type WordPattern = (text: string) => boolean;

/** Why a text can be no pattern: it has no letter to look for, or is a regular expression. */
export function patternFault(text: string): "empty" | "regular" | undefined {
  if (!LETTER.test(text)) return "empty";
  return REGULAR.test(text) ? "regular" : undefined;
}

/**
 * Finds words as they stand and as whole words, in any case, with `*` for whatever may stand there: "ferr*"
 * finds ferries.
 */
export function wordPattern(words: string): WordPattern {
  const pattern = folded(words);
  const parts = pattern.split("*").filter((part) => part !== "");
  const begins = isEdge(pattern.at(0));
  const ends = isEdge(pattern.at(-1));
  return (text) => {
    const within = folded(text);
    let from = 0;
    for (const [index, part] of parts.entries()) {
      const edges = { begins: begins && index === 0, ends: ends && index === parts.length - 1 };
      const at = indexOf(part, within, from, edges);
      if (at < 0) return false;
      from = at + part.length;
    }
    return true;
  };
}

interface Edges {
  readonly begins: boolean;
  readonly ends: boolean;
}

function indexOf(part: string, text: string, from: number, { begins, ends }: Edges): number {
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + 1)) {
    const isCut =
      (begins && LETTER.test(text.slice(0, at).at(-1) ?? "")) ||
      (ends && LETTER.test(text.at(at + part.length) ?? ""));
    if (!isCut) return at;
  }
  return -1;
}

/** Whether a word has to begin or end here. */
function isEdge(sign = ""): boolean {
  return LETTER.test(sign) && !SPACELESS.test(sign);
}
