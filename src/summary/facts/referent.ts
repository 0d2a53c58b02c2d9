import type { Candidate } from "../document.ts";
import { ORGANISATION_WORDS, THING_WORDS } from "../language/names/name-words.ts";

/** What a pronoun stands for, and its place in the sentence that leans on it. */
export interface Referent {
  readonly name: string;
  /** Offsets of the pronoun in the sentence. */
  readonly start: number;
  readonly end: number;
}

const OPENING =
  /^(?:(?:On|In|At|By|During|After|Before|From|Since|Until|Earlier|Later)\s[^,]{2,40},\s)?(?<pronoun>[Hh]e|[Ss]he|[Ii]t)\s(?=\p{Ll})/u;
const NAME = String.raw`\p{Lu}[\p{L}\p{M}.’'-]*(?:\s(?:(?:de|da|van|von|der|al|bin|of|the)\s){0,2}\p{Lu}[\p{L}\p{M}.’'-]*){0,4}`;
const ASIDE = String.raw`(?:,\s[^,]{2,80},)?`;
const VERB = String.raw`(?:is|are|was|has|had|says|said|will|would|may|can|took|went|came|made|met|told|began|left|won|lost|found|put|sent|gave|held|wrote|led|got|saw|ran|became|\p{Ll}{2,}(?:ed|es))`;
const SUBJECT = new RegExp(
  String.raw`^(?:(?:On|In|At|From)\s[^,]{2,40},\s)?(?<the>[Tt]he\s)?(?<name>${NAME})${ASIDE}\s(?:(?:also|clearly|reportedly|first|then|later)\s)?${VERB}(?!\p{L})`,
  "u",
);

/**
 * What the pronoun that an English sentence opens with stands for: the subject of the sentence before
 * in the same paragraph, where that is a name of the right kind. "On March 28, it exercised its veto"
 * after "Russia is ahead of China" gives Russia. Undefined where there is any doubt.
 * @param people full and short names known to be people's
 */
export function referentOf(
  sentence: Candidate,
  previous: Candidate | undefined,
  people: ReadonlySet<string>,
): Referent | undefined {
  const opening = OPENING.exec(sentence.text.slice(0, 120));
  const pronoun = opening?.groups?.["pronoun"];
  if (!pronoun || !opening || previous?.paragraph !== sentence.paragraph) return undefined;
  // After a bracket of the source's own, ours could not be told from it.
  if (/[[\]"“”„«»]/.test(sentence.text) || /["“”„«»]/.test(previous.text)) return undefined;
  const subject = SUBJECT.exec(previous.text.slice(0, 300))?.groups;
  const name = subject?.["name"];
  if (
    !name ||
    /^(?:He|She|It|They|The|This|That|There|These|Those|We|I|You|But|And|As|What|When)$/.test(
      name.split(" ")[0] ?? "",
    )
  )
    return undefined;
  const isPerson = people.has(name);
  if ((pronoun.toLowerCase() === "it") === isPerson) return undefined;
  if (isPerson && !isOnlyPerson(name, previous.text, pronoun.toLowerCase(), people))
    return undefined;
  const end = opening[0].trimEnd().length;
  return { name: `${subject["the"] ? "the " : ""}${name}`, start: end - pronoun.length, end };
}

/** Whether "he" or "she" can be nobody else whom the sentence before names. */
function isOnlyPerson(
  name: string,
  previous: string,
  pronoun: string,
  people: ReadonlySet<string>,
): boolean {
  const own = new Set(name.split(" "));
  const others = previous.match(/\p{Lu}[\p{L}\p{M}-]*/gu) ?? [];
  if (others.some((word) => people.has(word) && !own.has(word))) return false;
  // A name of two words that nothing shows to be a body's may be another person's.
  const runs = previous.match(/\p{Lu}\p{L}+(?:\s\p{Lu}[\p{L}.]+)+/gu) ?? [];
  if (runs.some((run) => run.split(" ").every((word) => !own.has(word) && !isThing(word))))
    return false;
  return !(pronoun === "he" ? /\b(?:she|her|hers)\b/i : /\b(?:he|him|his)\b/i).test(previous);
}

function isThing(word: string): boolean {
  return ORGANISATION_WORDS.has(word.toLowerCase()) || THING_WORDS.has(word.toLowerCase());
}
