import { FUNCTION_WORDS } from "../function-words.ts";
import type { Line } from "./line.ts";

/**
 * Whether a line ends where no sentence does: at a comma, or at an article, a conjunction or a preposition.
 * A headline may end in a preposition ("What the town is in for"), so that says nothing of the first line.
 */
export function endsMidPhrase({ text, isFirst }: Line): boolean {
  if (/[,،、，]$/u.test(text)) return true;
  const last = /(?:^|[\s(“"‘«])(\p{Ll}[\p{Ll}\p{M}]*)$/u.exec(text.slice(-20))?.[1] ?? "";
  return isFirst ? NEVER_LAST.has(last) : SMALL_WORDS.has(last);
}

const SMALL_WORDS: ReadonlySet<string> = new Set(
  Array.from(FUNCTION_WORDS.values(), (words) => Array.from(words)).flat(),
);

// Articles and conjunctions.
const NEVER_LAST: ReadonlySet<string> = new Set(
  "and or but the a an of und oder der dem den et ou le la les des y o el los e il lo gli di en het och och og i oraz и".split(
    " ",
  ),
);
