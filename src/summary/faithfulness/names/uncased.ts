import { regionsIn } from "./regions.ts";

const UNCASED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Georgian}]/u;

/** Whether a sentence is in a script that has no capitals to tell names by. */
export function isUncased(sentence: string): boolean {
  return UNCASED.test(sentence);
}

/** What is surely foreign to the language around it, so that it has to be in the source as it is. */
const FOREIGN =
  /[\p{Script=Katakana}ー]{3,}|(?<![\p{L}\p{N}])\p{Script=Latin}[\p{Script=Latin}\p{N}.-]*[\p{Script=Latin}\p{N}]/gu;
const HAN = /\p{Script=Han}{2,}/gu;

/**
 * What a sentence (see `plainText`) in a script without capitals names and its source does not: foreign
 * words, countries, and Chinese characters side by side of which the source has none. Other names can't
 * be told from words.
 */
export function uncasedStrangerIn(
  sentence: string,
  plain: string,
  language: string,
): string | undefined {
  const foreign = sentence.match(FOREIGN)?.find((word) => !plain.includes(word));
  if (foreign !== undefined) return foreign;
  const region = regionsIn(sentence, language).find((name) => !plain.includes(name));
  return region ?? sentence.match(HAN)?.flatMap((run) => newPairs(run, plain))[0];
}

function newPairs(run: string, plain: string): readonly string[] {
  const signs = Array.from(run);
  return signs
    .slice(1)
    .map((sign, index) => `${signs[index] ?? ""}${sign}`)
    .filter((pair) => Array.from(pair).every((sign) => !plain.includes(sign)));
}
