import type { Lexicon } from "./language/lexicon.ts";
import { lacksVerb } from "./verbs.ts";

const LABEL = /^(?<label>\p{Lu}[\p{L}'’]*(?:,? [\p{L}'’]+){0,5}): \p{Lu}/u;

/**
 * "Back home: Ada Pell greets the captain" stands under a picture, as newspapers that label theirs write
 * it. "The result: nobody came" doesn't, nor does "Pell said: Nobody came".
 */
export function isLabelledCaption(sentence: string, lexicon: Lexicon): boolean {
  const label = LABEL.exec(sentence)?.groups?.["label"];
  if (label === undefined || lexicon.verbs.size === 0 || !lacksVerb(label, lexicon)) return false;
  const first = /^\p{L}+/u.exec(label)?.[0]?.toLowerCase() ?? "";
  return !lexicon.determiners.has(first);
}
