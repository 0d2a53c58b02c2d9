import { quotationsOf } from "../language/quotations.ts";
import { countWords } from "../language/reading-time.ts";
import type { Evidence } from "./evidence.ts";
import { nameRunsIn } from "./names/name-runs.ts";
import { plainText } from "./plain-text.ts";
import { unfaithful, type Unfaithful } from "./unfaithful.ts";

/** From so many words on, what is in quotation marks was said by somebody; fewer may be a title or a turn of phrase. */
const SAID_WORDS = 4;

/** A quotation that the source does not have, whole and to the letter, or has of somebody else. */
export function strayQuotation(sentence: string, evidence: Evidence): Unfaithful | undefined {
  for (const { start, end, isWhole } of quotationsOf(sentence)) {
    const quoted = sentence.slice(start, end);
    if (!isWhole) return unfaithful("quotation", quoted, (shown) => `a quotation is cut: ${shown}`);
    const parts = partsOf(quoted);
    const isSaid = countWords(quoted) >= SAID_WORDS;
    const sources = evidence.quotations.filter(({ words }) => holds(words, parts));
    if (isSaid ? sources.length === 0 : !holds(evidence.plain, parts)) {
      return unfaithful(
        "quotation",
        quoted,
        (shown) => `the article does not have the quotation ${shown}`,
      );
    }
    const around = sentence.slice(0, start) + sentence.slice(end);
    if (isSaid && !sources.some((source) => mayBeOf(source.around, around))) {
      return unfaithful("speaker", quoted, (shown) => `the article has somebody else say ${shown}`);
    }
  }
  return undefined;
}

/** The words inside the marks, without the stop at their end; parted where something was left out. */
function partsOf(quoted: string): readonly string[] {
  return plainText(quoted.slice(1, -1))
    .split(/\.\.\.|\[[^\]]*\]/)
    .map(comparable)
    .filter(Boolean);
}

function comparable(text: string): string {
  return text
    .replace(/["“”„«»「」『』]/g, "'")
    .replace(/^[\s.,;:!?。、]+|[\s.,;:!?。、]+$/g, "")
    .toLowerCase();
}

function holds(words: string, parts: readonly string[]): boolean {
  const whole = comparable(words);
  let from = 0;
  return parts.every((part) => {
    const at = whole.indexOf(part, from);
    from = at + part.length;
    return at !== -1;
  });
}

/** Whether one of the names beside a quotation is beside it in the source too. */
function mayBeOf(around: string, beside: string): boolean {
  const words = nameRunsIn(plainText(beside)).flatMap((run) =>
    run.isFirst && run.words.length === 1 && !around.includes(run.text) ? [] : run.words,
  );
  return words.length === 0 || words.some(({ text }) => around.includes(text));
}
