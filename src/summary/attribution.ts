import type { Article } from "../article/article.ts";
import type { Candidate } from "./candidate.ts";
import { punctuationFor } from "../platform/locale.ts";
import { isNarrated } from "./language/quotations.ts";
import type { EntryContext } from "./passages.ts";
import { planWordsOf, type Plan } from "./plans.ts";
import type { Sentence } from "./summary.ts";

/** Words that need an introduction: sentences of an article, or its description. */
type Words = Pick<Candidate, "text" | "isBlockQuoted" | "introducer">;

/**
 * Returns the introduction of words that are not the newsletter's: "Ada Pell argues: " before an opinion, "Ada Pell writes: "
 * before a post or text in the first person, and before a block quotation the words that introduce it in the article:
 * "Tomas Reil, writing for the Lune Courier: ". It is empty if none is needed or known. Undefined if no introduction is right,
 * because the words are of two authors, or of an unknown author in a quotation by another one.
 */
export function leadOf(
  plan: Plan,
  words: readonly Words[],
  context: EntryContext,
): string | undefined {
  const ofAuthor = authorLead(plan, words.map(({ text }) => text).join(" "), context);
  if (!words.some(({ isBlockQuoted }) => isBlockQuoted)) return ofAuthor;
  const [introducer, ...others] = new Set(words.map((one) => one.introducer));
  if (introducer !== undefined && others.length === 0) return `${introducer} `;
  return ofAuthor === "" ? "" : undefined;
}

/** Puts an introduction before a sentence of the article. */
export function withLead(sentence: Sentence, lead = ""): Sentence {
  const { start, text, added = [] } = sentence;
  if (lead === "" || start === undefined) return sentence;
  return { ...sentence, text: lead + text, added: [{ at: start, text: lead }, ...added] };
}

function authorLead(plan: Plan, text: string, context: EntryContext): string {
  const { article, lexicon } = context;
  const isSure = isOpinion(context);
  const isTold = isNarrated(text, lexicon);
  if (!isSure && plan !== "opinion" && plan !== "post" && !isTold) return "";
  const words = planWordsOf(article.language);
  const named = hasLetters(article) ? [] : authorsOf(article, { isSure, isTold });
  const after = `${punctuationFor(article.language).colon} `;
  if (named.length === 0) return isSure && words ? words.opinion + after : "";
  const verb = named.length === 1 ? words?.[isSure ? "argues" : "writes"] : undefined;
  return `${named.join(", ")}${verb ? ` ${verb}` : ""}${after}`;
}

/** From this probability on, a text is an opinion, which is never shown as the newsletter's own statement. */
const SURE_CHANCE = 0.5;

/** Whether a text is an opinion, so that each part needs its author's name or the word "Opinion". */
function isOpinion({ genre }: EntryContext): boolean {
  return genre.opinion >= SURE_CHANCE;
}

/** Whether an article contains letters and the answers to them. Its author has not written all of its words. */
function hasLetters({ text }: Article): boolean {
  return [...text.matchAll(SALUTATION)].length > 1;
}

const SALUTATION = /^dear [^\n:,]{2,40}[:,]/gim;

const MOST_AUTHORS = 2;
/** A longer text is not a name. */
const LONGEST_AUTHOR = 40;

/**
 * Returns the authors from the byline. Without one, it is the name in the note about the author of an opinion, or the site that
 * speaks in the first person.
 */
function authorsOf(
  { authors, site = "", text }: Article,
  { isSure, isTold }: { readonly isSure: boolean; readonly isTold: boolean },
): readonly string[] {
  const named = authors.filter(isName);
  if (!isSure && named.length === 0)
    return isTold && isName(site) && !NO_SITE.test(site) ? [site.trim()] : [];
  if (!isSure) return named.length > MOST_AUTHORS ? [] : named;
  const names = named
    .map((name) => name.replace(BY, ""))
    .filter((name) => WHOLE_NAME.test(name) && !DESK.test(name));
  if (names.length > 0) return names.length > MOST_AUTHORS ? [] : names;
  const noted = NOTES.map((note) => note.exec(text)?.[1]).find((name) => name !== undefined);
  return noted === undefined ? [] : [noted];
}

function isName(name: string): boolean {
  return name.trim() !== "" && name.length <= LONGEST_AUTHOR && !name.includes("@");
}

/** Names of a page and not of a site, and names with a headline in them. */
const NO_SITE = /:|^(?:home(?:page)?|index|blog|news|feed|rss|untitled|start)$/i;

/** The prefix of a byline: "Opinion by Ada Pell". */
const BY = /^(?:\p{L}+ )?by /iu;
/** The name of a desk or agency. Only a person is introduced with "argues". */
const DESK =
  /\b(?:CNN|editors?|editorial|staff|team|bloggers?|reporters?|news|sport|press|agency|redaktion|redacción|rédaction)\b/iu;

const PART = String.raw`\p{Lu}[\p{L}.'’-]*`;
const NAME = String.raw`(${PART}(?: (?:\(\S+\) )?(?:(?:da|de|del|der|di|la|le|van|von) )*${PART}){1,3})`;
const WHOLE_NAME = new RegExp(`^${NAME}$`, "u");
/** Notes above or below a column that name its author. */
const NOTES: readonly RegExp[] = [
  new RegExp(`(?:solely |are )(?:those )?of ${NAME}(?=[.,\\s])`, "u"),
  new RegExp(`^(?:Editor['’]s [Nn]ote: )${NAME}(?:,| is )`, "u"),
  new RegExp(
    String.raw`(?:^|[.!?"”)]\s+|\n)${NAME},? is (?:an?|the) (?:[\p{L}'’-]+ ){0,6}(?:columnist|author|professor|fellow|writer|contributor|journalist|historian)\b[^\n]{0,300}$`,
    "u",
  ),
];
