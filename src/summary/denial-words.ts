import written from "./denial-words.json" with { type: "json" };
import { perLanguage } from "./language/lexicon.ts";
import { polarityWordsOf } from "./language/polarity-words.ts";

/** The patterns that recognise denials and corrections in one language; "polarity-words.json" has the same format. */
export interface DenialWords {
  /** Marks a reported claim: "a post says". */
  readonly claim: RegExp;
  /** Marks a report that may be true or false: "the Courier reported on Tuesday". */
  readonly report: RegExp;
  /** A whole sentence that only denies: "It has not." */
  readonly bare: RegExp;
  /** Such a denial as part of a sentence: "“It has not,” she said". */
  readonly bareInside: RegExp;
  /** Begins with a noun for the claim and calls it untrue: "The report is false". */
  readonly verdict: RegExp;
  readonly pointing: RegExp;
  readonly untrue: RegExp;
  /** "denies", with a person or a thing as its subject. */
  readonly deny: RegExp;
  /** A denial with its object: "denied the report". */
  readonly denying: RegExp;
  /** Introduces the truth instead of the claim: "In reality". */
  readonly turn: RegExp;
  /** Introduces the source of an earlier statement: "That is what a post says". */
  readonly attributing: RegExp;
  /** Introduces a correction: "An earlier version of this article". */
  readonly erratum: RegExp;
  readonly negation: RegExp;
  /** The headline denies a claim of the article: "No, …". A noun such as "hoax" is not a denial. */
  readonly headline: RegExp;
  /** A label: "Fact check: …", "… (Correction)", "Hoax: …". Alone it is no denial: the article may also report news. */
  readonly rubric: RegExp;
  /** The words next to a negation. */
  readonly near: Near;
  /** The start of a live blog's words to its readers. */
  readonly chatter: RegExp;
}

interface Near {
  readonly before: RegExp;
  readonly after: RegExp;
  /** The number of shared terms that is no coincidence. */
  readonly shared: number;
}

type Words = Readonly<Record<keyof (typeof written)["words"]["en"], string>>;

const WORDS = new Map<string, Words>(Object.entries(written.words));
/** Parts of words, for languages without spaces between words. */
const SIGNS = new Map<string, Words>(Object.entries(written.signs));

const NEVER = "(?!)";
/** The marks that separate a label from the rest of the headline. */
const MARKS = "|｜:：–—()（）【】[\\]";
const NOWHERE = /(?!)/;
/** Negations of languages that have no polarity words. */
const NEGATIONS = new Map([["ru", "не|нет|нельзя|никогда|никто|ничего|ни"]]);

interface Script {
  readonly before: string;
  readonly after: string;
  /** Words between the noun for the claim and the word that calls it untrue: "is a", "turned out to be a". */
  readonly between: string;
  /** Words before a short denial: "Doctors say". */
  readonly lead: string;
  /** The end of the clause. "It is a lie so big that …" means something else. */
  readonly clauseEnd: string;
  readonly near: Near;
}

/** Languages in which the denied word may stand before the "not". */
const ALSO_BEFORE = new Set(["de", "ru"]);

const SPACED: Script = {
  before: String.raw`(?<![\p{L}\p{M}'-])`,
  after: String.raw`(?![\p{L}\p{M}])`,
  between: String.raw`(?:[\s'’]+[\p{L}\p{M}-]+){0,4}?[\s'’]+`,
  lead: String.raw`(?:[\p{L}\p{M}'’-]+,?\s){0,6}?`,
  clauseEnd: String.raw`(?=\s*[\p{P}]|$|\s(?:and|or|but|und|aber|et|mais|y|pero|e|en|и|но)\s)`,
  near: {
    before: /(?:[\p{L}\p{M}'’-]+\s+){1,3}$/u,
    after: /^(?:\s+[\p{L}\p{M}'’-]+){1,3}/u,
    shared: 1,
  },
};
const UNSPACED: Script = {
  before: "",
  after: "",
  between: String.raw`[\p{L}\p{M}]{0,10}?`,
  lead: "",
  clauseEnd: "",
  near: { before: /[\p{L}\p{M}]{1,10}$/u, after: /^[\p{L}\p{M}]{1,10}/u, shared: 2 },
};

/** Returns the denial patterns of a language. Undefined if there are none. */
export const denialWordsOf = perLanguage((primary): DenialWords | undefined => {
  const words = WORDS.get(primary);
  const signs = SIGNS.get(primary);
  return words ? compile(words, primary, SPACED) : signs && compile(signs, primary, UNSPACED);
});

function compile(words: Words, primary: string, script: Script): DenialWords {
  const { before, after, between, lead, clauseEnd, near } = script;
  const inside = (list: string) => new RegExp(`${before}(?:${list})${after}`, "iu");
  const opening = (list: string, rest = "") =>
    new RegExp(`^["“„«»「『]?\\s*(?:${list})${after}${rest}`, "iu");
  return {
    claim: inside(words.claim),
    report: inside(words.report),
    bare: new RegExp(String.raw`^["“„«»「『]?\s*${lead}(?:${words.bare})[\p{P}\s]*$`, "iu"),
    bareInside: new RegExp(`(?:^|[\\p{P}\\s])(?:${words.bare})\\s*(?:[\\p{P}]|$)`, "iu"),
    verdict: opening(words.pointing, `${between}(?:${words.untrue})${clauseEnd}`),
    pointing: inside(words.pointing),
    untrue: inside(words.untrue),
    deny: inside(words.deny),
    denying: inside(words.denying),
    turn: opening(words.turn),
    attributing: opening(words.attributing),
    erratum: inside(words.erratum),
    negation: polarityWordsOf(primary)?.negation ?? inside(NEGATIONS.get(primary) ?? NEVER),
    headline: inside(words.headline),
    rubric: new RegExp(`(?:^|[${MARKS}]\\s*)(?:${words.rubric})\\s*(?:[${MARKS}]|$)`, "iu"),
    near: script === SPACED && !ALSO_BEFORE.has(primary) ? { ...near, before: NOWHERE } : near,
    chatter: opening(words.chatter),
  };
}

/** Whether a sentence greets the readers of a live blog, or is about the blog. */
export function isChatter(sentence: string, language: string): boolean {
  return denialWordsOf(language)?.chatter.test(sentence) ?? false;
}
