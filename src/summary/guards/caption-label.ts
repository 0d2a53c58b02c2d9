import type { Lexicon } from "../language/lexicon.ts";
import { lacksVerb } from "../verbs.ts";

const LABEL = /^(?<label>\p{Lu}[\p{L}'’-]*(?:,? [\p{L}'’-]+){0,5}): [\p{Lu}\p{N}]/u;
/** "Jetting off", "Washed up", "Demanding answers" and "Captain's duty" say nothing of anybody. */
const OPENING = /^\p{L}+(?:ing|ed|s|['’]s)(?!\p{L})/u;
/** "Completely destroyed", "Parental support" and "Quick thinking" have no verb, whatever their last word looks like. */
const DESCRIBING = /^\p{L}+(?:ly|al|ful|ous|ive|ble)(?!\p{L})/u;
const IN_ING = /(?<=\s)\p{Ll}+ing$/u;

const BE = /(?:^|\s)(?:am|is|are|was|were|be)\s|['’](?:s|re|m)\s/;
/** "High spirits", "Young fighters"; "Captain's duty" is one as well. */
const PLURAL_LAST = /(?<=\s)\p{Ll}+s$/u;

/**
 * "Back home: Ada Pell greets the captain" stands under a picture, as newspapers that label theirs write
 * it. "The result: nobody came" doesn't, nor does "Pell said: Nobody came".
 * @param names words that the article capitalises in mid-sentence, in lower case
 */
export function isLabelledCaption(
  sentence: string,
  lexicon: Lexicon,
  names: ReadonlySet<string>,
): boolean {
  const label = LABEL.exec(sentence)?.groups?.["label"];
  if (label === undefined || lexicon.verbs.size === 0) return false;
  const first = /^\p{L}+/u.exec(label)?.[0]?.toLowerCase() ?? "";
  if (lexicon.determiners.has(first)) return false;
  return lacksVerb(label, lexicon) || (!names.has(first) && isNounPhrase(label, lexicon));
}

/** In a label more words are nouns and participles than `lacksVerb` may take for such. */
function isNounPhrase(label: string, lexicon: Lexicon): boolean {
  const first = /^\p{L}+/u.exec(label)?.[0]?.toLowerCase() ?? "";
  const last = PLURAL_LAST.exec(label)?.[0] ?? "";
  // "There's hope" and "Officials say" have their verb, and so has "Porthmoor decides".
  if (lexicon.stopWords.has(first) || lexicon.saying.has(last)) return false;
  const isShort = label.split(" ").length < 4;
  if (isShort && (DESCRIBING.test(label) || (IN_ING.test(label) && !BE.test(label)))) return true;
  return lacksVerb(label.replace(OPENING, "").replace(PLURAL_LAST, ""), lexicon);
}
