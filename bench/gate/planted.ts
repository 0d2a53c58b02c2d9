import senses from "../../src/summary/faithfulness/english-senses.json" with { type: "json" };

/** A sentence with one thing changed, so that its article does not say it. */
interface Planted {
  readonly kind: string;
  readonly sentence: string;
}

const WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
const MONTHS = "January|February|March|April|June|July|August|September|October|November|December";
const YEARS = "(?:19|20)\\d\\d";
const NUMBER = /(?<![\d.,])\d{1,3}(?![\d.,]*\d|th|st|nd|rd)/g;
/** A name inside a sentence: one word, or several. */
const NAME = new RegExp(
  String.raw`(?<=\p{Ll},? )(?!(?:${WEEKDAYS}|${MONTHS}|I)\b)\p{Lu}\p{Ll}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]+)*`,
  "gu",
);
const PLACE = new RegExp(
  String.raw`(?<=\b(?:in|at|from|near) )(?!(?:${WEEKDAYS}|${MONTHS})\b)\p{Lu}\p{Ll}{3,}`,
  "gu",
);
const TITLE =
  /\b(?:president|minister|mayor|judge|lawyer|attorney|spokesman|professor|doctor|governor|senator|coach|captain|sheriff|chief|officer|director|owner|husband|wife|father|mother|son|daughter|brother|sister)\b/g;

/** By each kind, what a sentence becomes with one such thing changed; `choose` takes one of several. */
export function plantedIn(
  sentence: string,
  article: string,
  choose: <T>(all: readonly T[]) => T | undefined,
): readonly Planted[] {
  const swap = (kind: string, pattern: RegExp, among = pattern): Planted => {
    const found = choose([...sentence.matchAll(pattern)]);
    const others = [...article.matchAll(among)]
      .map(([text]) => text)
      .filter((text) => !sharesWord(text, sentence));
    const other = choose([...new Set(others)]);
    return { kind, sentence: found && other ? replaced(sentence, found, other) : sentence };
  };
  const replace = (kind: string, pattern: RegExp, by: string): Planted => ({
    kind,
    sentence: sentence.replace(pattern, by),
  });
  return [
    swap("number", NUMBER),
    ...[WEEKDAYS, MONTHS, YEARS].map((days) => swap("date", new RegExp(`\\b(?:${days})\\b`, "g"))),
    swap("anothers-deed", NAME),
    swap("place", PLACE),
    swap("title", TITLE),
    { kind: "swapped-roles", sentence: withNamesSwapped(sentence) },
    { kind: "negation", sentence: withNotTurned(sentence) },
    { kind: "opposite-verb", sentence: withOpposite(sentence, choose) },
    replace("lost-hedge", /\b(?:may|might|could|would) (?=\p{Ll})/u, "will "),
    replace("lost-hedge", /\b(?:allegedly|reportedly|possibly|probably|apparently) /, ""),
    replace("lost-hedge", /\b(?:is|are) (?:likely|believed|thought|expected|set) to\b/, "will"),
    replace(
      "overgeneralised",
      /\b(?:some|most|many|several|half) (?:of )?(?=\p{Ll}{4,})/iu,
      "all ",
    ),
    replace("overgeneralised", /\b(?:mostly|partly|mainly|often|usually|sometimes)\b/, "always"),
    replace(
      "planned-done",
      /\b(?:will|would|is to|is expected to|is due to) be (?=\p{Ll}+ed\b)/u,
      "was ",
    ),
    replace("planned-done", /\b(?:are to|are expected to|are due to) be (?=\p{Ll}+ed\b)/u, "were "),
    replace(
      "planned-done",
      /\b(?:plans|wants|hopes|intends|is expected|is set) to (?=\p{Ll}+\b)/u,
      "has decided to ",
    ),
    / after /.test(sentence)
      ? replace("order", / after /, " before ")
      : replace("order", / before /, " after "),
  ].filter(({ sentence: changed }) => changed !== sentence && !article.includes(changed));
}

function replaced(sentence: string, { 0: text, index }: RegExpExecArray, by: string): string {
  return sentence.slice(0, index) + by + sentence.slice(index + text.length);
}

function sharesWord(text: string, sentence: string): boolean {
  return text.split(" ").some((word) => sentence.includes(word));
}

function withNamesSwapped(sentence: string): string {
  const [first, second] = [...sentence.matchAll(NAME)];
  if (!first || !second || sharesWord(first[0], second[0])) return sentence;
  return replaced(replaced(sentence, second, first[0]), first, second[0]);
}

const SOME_NOT = /(?: not|n't)\b/;
const CAN_HAVE_NOT = /\b(?:is|was|has|will|are|were|had|can|would)\b/;

function withNotTurned(sentence: string): string {
  if (SOME_NOT.test(sentence)) return sentence.replace(SOME_NOT, "");
  return sentence.replace(CAN_HAVE_NOT, (found) => `${found} not`);
}

const OPPOSITES = new Map<string, readonly string[]>();
for (const pair of senses.opposite) {
  const [one = [], other = []] = pair.split(" : ").map((words) => words.split(" "));
  for (const word of one) OPPOSITES.set(word, [...(OPPOSITES.get(word) ?? []), ...other]);
  for (const word of other) OPPOSITES.set(word, [...(OPPOSITES.get(word) ?? []), ...one]);
}

function withOpposite(sentence: string, choose: <T>(all: readonly T[]) => T | undefined): string {
  const turned = [...sentence.matchAll(/\b(\p{Ll}{3,}?)(ed|d|s|ing)?\b/gu)].flatMap((found) => {
    const [, stem = "", ending = ""] = found;
    const opposites = OPPOSITES.get(stem) ?? OPPOSITES.get(`${stem}e`) ?? [];
    return opposites.map((word) => replaced(sentence, found, withEnding(word, ending)));
  });
  return choose(turned) ?? sentence;
}

function withEnding(word: string, ending: string): string {
  if (ending === "" || ending === "s") return word + ending;
  const stem = word.endsWith("e") ? word.slice(0, -1) : word;
  return ending === "ing" ? `${stem}ing` : `${stem}ed`;
}
