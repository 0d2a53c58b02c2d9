import { perLanguage } from "./lexicon.ts";
import written from "./polarity-words.json" with { type: "json" };

/** The words of one language that turn a statement round, or leave it open. */
export interface PolarityWords {
  /** "not", "never": what a clause says is not so. */
  readonly negation: RegExp;
  /** Other words that may stand for a negation: "refused", "without". */
  readonly denial: RegExp;
  /** "may", "allegedly": what a clause says is not certain. */
  readonly hedge: RegExp;
  /** Other words that may stand for a hedge: "plans to", "wants". */
  readonly reserve: RegExp;
}

/** The words by which a text in one language takes back what it told. */
export interface DenialWords {
  readonly negation: RegExp;
  /** Somewhere in a sentence that tells what somebody claims: "a post says". */
  readonly claim: RegExp;
  /** "It has not.": a whole sentence that denies. */
  readonly bare: RegExp;
  /** "The report is false": opens with what means the claim, and calls it untrue. */
  readonly verdict: RegExp;
  readonly untrue: RegExp;
  /** "denied the report" */
  readonly denying: RegExp;
  /** "In reality": opens what is so in place of what was claimed. */
  readonly turn: RegExp;
  /** "That is what a post says": opens the source of what was told before. */
  readonly attributing: RegExp;
  /** "An earlier version of this article" */
  readonly erratum: RegExp;
  /** "Claim: ", "Fact: " */
  readonly label: RegExp;
  /** Opens what a live blog says to its readers. */
  readonly chatter: RegExp;
}

/** Patterns by kind; of some languages only those are known that a denial asks for, of others only the rest. */
type Words = Readonly<
  Partial<Record<keyof PolarityWords | keyof DenialWords | "pointing", string>>
>;

const WORDS = new Map<string, Words>(Object.entries(written.words));
/** Of languages without spaces between words: parts of words. */
const SIGNS = new Map<string, Words>(Object.entries(written.signs));

/** What surrounds the words of a script. */
interface Script {
  readonly before: string;
  readonly after: string;
  /** What may stand between what means a claim and what calls it untrue: "is a", "turned out to be a". */
  readonly between: string;
  /** What may stand before a denial of few words: "Doctors say". */
  readonly lead: string;
}

const SPACED: Script = {
  before: String.raw`(?<![\p{L}\p{M}'-])`,
  after: String.raw`(?![\p{L}\p{M}])`,
  between: String.raw`(?:[\s'’]+[\p{L}\p{M}-]+){0,4}?[\s'’]+`,
  lead: String.raw`(?:[\p{L}\p{M}'’-]+,?\s){0,6}?`,
};
const UNSPACED: Script = {
  before: "",
  after: "",
  between: String.raw`[\p{L}\p{M}]{0,10}?`,
  lead: "",
};
/** "It is a lie so big that …" says something else. */
const CLAUSE_END = String.raw`(?=\s*[\p{P}]|$|\s(?:and|und|et|y|e|en|и)\s|[だでと])`;

function patternsOf(primary: string) {
  const words = WORDS.get(primary) ?? SIGNS.get(primary);
  const { before, after, between, lead } = WORDS.has(primary) ? SPACED : UNSPACED;
  const listOf = (kind: keyof Words) => words?.[kind] ?? "(?!)";
  return {
    knows: (kind: keyof Words) => words?.[kind] !== undefined,
    inside: (kind: keyof Words) => new RegExp(`${before}(?:${listOf(kind)})${after}`, "iu"),
    opening: (kind: keyof Words, rest = "") =>
      new RegExp(`^(?:${listOf(kind)})${after}${rest}`, "iu"),
    // "Doctors say it does not."
    bare: new RegExp(`^${lead}(?:${listOf("bare")})${String.raw`[\p{P}\s]*$`}`, "iu"),
    verdict: new RegExp(
      `^(?:${listOf("pointing")})${after}${between}(?:${listOf("untrue")})${CLAUSE_END}`,
      "iu",
    ),
  };
}

/** The words by which a language turns a statement round or leaves it open; undefined where we know none. */
export const polarityWordsOf = perLanguage((primary): PolarityWords | undefined => {
  const { knows, inside } = patternsOf(primary);
  if (!knows("hedge")) return undefined;
  return {
    negation: inside("negation"),
    denial: inside("denial"),
    hedge: inside("hedge"),
    reserve: inside("reserve"),
  };
});

/** The words by which a language takes a statement back; undefined where we know none. */
export const denialWordsOf = perLanguage((primary): DenialWords | undefined => {
  const { knows, inside, opening, bare, verdict } = patternsOf(primary);
  if (!knows("claim")) return undefined;
  return {
    negation: inside("negation"),
    claim: inside("claim"),
    bare,
    verdict,
    untrue: inside("untrue"),
    denying: inside("denying"),
    turn: opening("turn"),
    attributing: opening("attributing"),
    erratum: inside("erratum"),
    label: opening("label", String.raw`\s?[:：]\s*`),
    chatter: opening("chatter"),
  };
});
