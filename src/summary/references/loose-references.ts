import type { Lexicon } from "../language/lexicon.ts";

const COUNTED = /^(?<count>\p{Lu}\p{Ll}+) (?<next>\p{L}+(?:n['’]t)?) /u;
/** "About 40% are Australian", "Fifty-five are riders": of whom? */
const NUMBERED =
  /^(?:\p{L}+ ){0,2}(?:\p{N}[\p{N}.,]*%?|\p{Lu}\p{Ll}+ty-\p{Ll}+) (?:are|were|have|had) /u;
/** "More than 250 others were injured" */
const OTHERS = /^(?:[\p{L}\p{N},.-]+ ){1,4}others (?:were|are|have|had|was) /u;
const THAT_TIME = /(?<!\p{L})(?<that>\p{L}+)(?= (?:same )?(?<time>\p{Ll}+)(?!\p{L}))/gu;
const THAT_KIND = /\b(?:that|this|those|these) (?:kind|sort|type)s?\b/;

/**
 * Whether a sentence points out of itself past its opening: "One asked why", "that summer" without a date, "that
 * kind of delay", "Pell, however, stayed".
 * @param told the sentence without its quotations
 */
export function pointsOutside(told: string, lexicon: Lexicon): boolean {
  return (
    opensWithCount(told, lexicon) ||
    (lexicon.verbs.size > 0 &&
      [THAT_KIND, OTHERS, NUMBERED].some((pattern) => pattern.test(told))) ||
    namesNoTime(told, lexicon) ||
    contrastsInside(told, lexicon)
  );
}

/** "Two were arrested": of whom? "Two riders were arrested" and "Some say so" need nobody. */
function opensWithCount(told: string, { counts, verbs, saying, stopWords }: Lexicon): boolean {
  const { count = "", next = "" } = COUNTED.exec(told)?.groups ?? {};
  if (!counts.has(count.toLowerCase())) return false;
  if (saying.has(next)) return count === "One";
  return /\p{Ll}{2}ed$/u.test(next) || (verbs.has(next) && stopWords.has(next));
}

/** "that summer" is known where a month, a weekday or a year stands before it. */
function namesNoTime(told: string, lexicon: Lexicon): boolean {
  const { demonstratives, calendar, pointers, stopWords, verbs } = lexicon;
  return [...told.matchAll(THAT_TIME)].some(({ groups, index }) => {
    const { that = "", time = "" } = groups ?? {};
    if (!pointers.has(that) || demonstratives.has(that) || !calendar.has(time)) return false;
    // "The boat that may sink" has no month.
    if (stopWords.has(time) || verbs.has(time)) return false;
    return !/\p{N}/u.test(told.slice(0, index)) && !namesDay(told.slice(0, index), calendar);
  });
}

function namesDay(told: string, calendar: ReadonlySet<string>): boolean {
  return [...told.matchAll(/\p{Lu}\p{Ll}+/gu)].some(([word]) => calendar.has(word.toLowerCase()));
}

/** "Pell, however, stayed" */
function contrastsInside(told: string, { closers }: Lexicon): boolean {
  return [...told.matchAll(/, (\p{Ll}+)(?=,)/gu)].some(([, word = ""]) => closers.has(word));
}
