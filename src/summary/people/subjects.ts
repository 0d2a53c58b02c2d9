import type { KnownPerson } from "./people.ts";

const NAME = String.raw`\p{Lu}[\p{L}\p{M}.’'-]*(?:\s(?:(?:de|da|van|von|der|al|bin|of|the)\s){0,2}\p{Lu}[\p{L}\p{M}.’'-]*){0,4}`;
const APPOSITION = String.raw`(?:,\s[^,]{2,80},)?`;
const VERB = String.raw`(?:is|are|was|has|had|says|said|will|would|may|can|took|went|came|made|met|told|began|left|won|lost|found|put|sent|gave|held|wrote|led|got|saw|ran|became|\p{Ll}{2,}(?:ed|es))`;
const SUBJECT = new RegExp(
  String.raw`^(?:(?:On|In|At|From)\s[^,]{2,40},\s)?(?<the>[Tt]he\s)?(?<name>${NAME})${APPOSITION}\s(?:(?:also|clearly|reportedly|first|then|later)\s)?${VERB}(?!\p{L})`,
  "u",
);
/** Words with a capital that are no names. */
export const NO_NAME =
  /^(?:He|She|It|They|The|This|That|There|These|Those|We|I|You|But|And|As|What|When|His|Her|Its|Their|A|An|In|On|At)$/;

/** The name that an English sentence is about, with its "the", where it is nobody's of these people. */
export function subjectNameIn(text: string, people: readonly KnownPerson[]): string | undefined {
  const { name = "", the } = SUBJECT.exec(text.slice(0, 300))?.groups ?? {};
  if (name === "" || NO_NAME.test(name.split(" ")[0] ?? "")) return undefined;
  if (people.some(({ words }) => words.some((word) => name.includes(word)))) return undefined;
  return `${the === undefined ? "" : "the "}${name}`;
}
