import written from "./denial-words.json" with { type: "json" };
import { perLanguage } from "./language/lexicon.ts";
import { polarityWordsOf } from "./language/polarity-words.ts";

/** What shows, in one language, that a text takes back what it told: patterns, as "polarity-words.json" has them. */
export interface DenialWords {
  /** Words of a sentence that reports a claim: "a post says". */
  readonly claim: RegExp;
  /** "the Courier reported on Tuesday": as often true as not. */
  readonly report: RegExp;
  /** "It has not.": a whole sentence that denies. */
  readonly bare: RegExp;
  /** The same as a part of one: "“It has not,” she said". */
  readonly bareInside: RegExp;
  /** "The report is false": opens with what means the claim, and calls it untrue. */
  readonly verdict: RegExp;
  readonly pointing: RegExp;
  readonly untrue: RegExp;
  /** "denies", with a person or a thing as its subject. */
  readonly deny: RegExp;
  /** "denied the report" */
  readonly denying: RegExp;
  /** "In reality": opens what is so in place of what was claimed. */
  readonly turn: RegExp;
  /** "That is what a post says": opens the source of what was told before. */
  readonly attributing: RegExp;
  /** "An earlier version of this article" */
  readonly erratum: RegExp;
  readonly negation: RegExp;
  /** "No, …": the headline denies what the article reports. A noun such as "hoax" is no denial. */
  readonly headline: RegExp;
  /** "Fact check: …", "… (Correction)", "Hoax: …": a label. It denies nothing by itself: the article may also report news. */
  readonly rubric: RegExp;
  /** What is next to a negation. */
  readonly near: Near;
  /** "Claim: ", "Fact: " */
  readonly label: RegExp;
  /** Opens what a live blog says to its readers. */
  readonly chatter: RegExp;
}

interface Near {
  readonly before: RegExp;
  readonly after: RegExp;
  /** So many terms shared with it are no chance. */
  readonly shared: number;
}

type Words = Readonly<Record<keyof (typeof written)["words"]["en"], string>>;

const WORDS = new Map<string, Words>(Object.entries(written.words));
/** Of languages without spaces between words: parts of words. */
const SIGNS = new Map<string, Words>(Object.entries(written.signs));

const NEVER = "(?!)";
/** The marks that separate a label from the rest of its headline. */
const MARKS = "|｜:：–—()（）【】[\\]";
const NOWHERE = /(?!)/;
/** Languages whose negations only a denial asks for. */
const NEGATIONS = new Map([["ru", "не|нет|нельзя|никогда|никто|ничего|ни"]]);

interface Script {
  readonly before: string;
  readonly after: string;
  /** What may stand between what means the claim and what calls it untrue: "is a", "turned out to be a". */
  readonly between: string;
  /** What may stand before a denial of few words: "Doctors say". */
  readonly lead: string;
  /** "It is a lie so big that …" says something else. */
  readonly clauseEnd: string;
  readonly near: Near;
}

/** Languages in which what is denied may stand before the "not". */
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

/** How a language denies; undefined where we know no words for it. */
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
    label: opening(words.label, String.raw`\s?[:：]\s*`),
    chatter: opening(words.chatter),
  };
}

/** Whether a sentence greets the readers of a live blog, or tells them of the blog. */
export function isChatter(sentence: string, language: string): boolean {
  return denialWordsOf(language)?.chatter.test(sentence) ?? false;
}

/** A sentence without the label that says whether it is a claim or a fact. */
export function withoutLabel(sentence: string, language: string): string {
  const label = denialWordsOf(language)?.label.exec(sentence)?.[0] ?? "";
  const rest = sentence.slice(label.length);
  return label === "" ? sentence : rest.charAt(0).toUpperCase() + rest.slice(1);
}
