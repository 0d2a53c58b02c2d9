import { abbreviationsOf } from "../language/abbreviations.ts";

const STOP_INSIDE = /(?<![.\p{L}])(?<word>\p{L}+)\. \p{Ll}{2}/gu;

/** "The. ferry sank,. killing 12": line ends that became full stops when somebody copied the text. */
export function isBrokenText(sentence: string, language: string): boolean {
  if (/[,;:]\.\s|\s[–—-]\.\s/.test(sentence)) return true;
  const { open, either } = abbreviationsOf(language);
  return [...sentence.matchAll(STOP_INSIDE)].some(({ groups }) => {
    const word = groups?.["word"]?.toLowerCase() ?? "";
    return word.length > 2 && !open.has(word) && !either.has(word);
  });
}
