import type { NameRun } from "./name-runs.ts";

const NOUN_ENDINGS =
  /(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|tat|taten|ismus|nis|nisse|innen|ling|linge|chen|sein|wesen|en|er|ern|e)$/;
const BEFORE_NOUN =
  /(?:^|[^\p{L}])(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|kein\p{L}*|mein\p{L}*|dein\p{L}*|sein\p{L}*|ihr\p{L}*|unser\p{L}*|diese\p{L}*|jede\p{L}*|viele\p{L}*|einige\p{L}*|mehrere\p{L}*|alle\p{L}*|zum|zur|im|am|vom|beim|ins|ans|\d+)\s(?:\p{Ll}+e[nmrs]?\s){0,2}$/iu;

/**
 * Whether a German word that the source does not have is a noun rather than a name: all nouns have
 * capitals. It is one where the source has words that begin alike, and where it ends as nouns do and
 * stands behind an article; beside another word with a capital it is taken for a name.
 */
export function couldBeNoun(
  key: string,
  run: NameRun,
  sentence: string,
  beginnings: ReadonlySet<string>,
): boolean {
  if (key.length >= 6 && beginnings.has(key.slice(0, Math.max(5, key.length - 4)))) return true;
  if (run.words.length > 1 || !NOUN_ENDINGS.test(key)) return false;
  return run.isFirst ? key.length > 7 : BEFORE_NOUN.test(sentence.slice(0, run.start));
}
