import { countCharacters } from "./count-characters.ts";
import type { Entry } from "./digest.ts";

/** What phones show of a subject before they cut it. */
const SUBJECT_CHARACTERS = 60;
/** Shorter, and the body leaks into an inbox's second line; longer, and it is cut. */
const PREHEADER_CHARACTERS = { least: 40, most: 130 };

/**
 * A subject line from the lead's headline: whole where it fits in 60 characters, else its first
 * clause, else cut between words with an ellipsis. Never reworded, and never the question without what
 * answers it.
 */
export function composeSubject(headline: string): string {
  const title = headline.trim();
  if (countCharacters(title) <= SUBJECT_CHARACTERS) return title;
  const [clause = ""] = title.split(/(?<=[?!。？！])\s+|\s*[:;：；]\s+|\s+[–—|-]\s+/u);
  const length = countCharacters(clause);
  if (length >= 20 && length <= SUBJECT_CHARACTERS && !/[?？؟…]$/.test(clause)) return clause;
  return cutBetweenWords(title, SUBJECT_CHARACTERS);
}

/**
 * The line an inbox shows after the subject, of 40 to 130 characters where the stories have it:
 * the other headlines of a round-up, or of a single story its gist or a key point.
 */
export function composePreheader(entries: readonly Entry[], subject: string): string {
  const [lead, ...others] = entries;
  if (!lead) return "";
  const headlines = wholeParts(others.map(({ article }) => article.title).filter(Boolean));
  const sentences = [lead.summary.gist, ...lead.summary.keyPoints].map(({ text }) => text);
  const candidates = [headlines, ...sentences].filter((text) => !saysAgain(text, subject));
  const fits = candidates.find((text) => {
    const length = countCharacters(text);
    return length >= PREHEADER_CHARACTERS.least && length <= PREHEADER_CHARACTERS.most;
  });
  return fits ?? cutBetweenWords(candidates.sort(byLength)[0] ?? "", PREHEADER_CHARACTERS.most);
}

/** As many whole headlines as fit. */
function wholeParts(parts: readonly string[]): string {
  let joined = "";
  for (const part of parts) {
    const longer = joined === "" ? part : `${joined}; ${part}`;
    if (countCharacters(longer) > PREHEADER_CHARACTERS.most) break;
    joined = longer;
  }
  return joined;
}

/** Whether a text says nothing beyond the subject: it is the subject, or what that was cut from. */
function saysAgain(text: string, subject: string): boolean {
  const [letters, said] = [lettersOf(text), lettersOf(subject)];
  return text === "" || letters === said || (subject.endsWith("…") && letters.startsWith(said));
}

function lettersOf(line: string): string {
  return line.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

function byLength(a: string, b: string): number {
  return countCharacters(b) - countCharacters(a);
}

/** The longest run of whole words within the limit, an ellipsis where anything was left out. */
function cutBetweenWords(text: string, limit: number): string {
  if (countCharacters(text) <= limit) return text;
  const words = new Intl.Segmenter("en", { granularity: "word" }).segment(text);
  let kept = "";
  for (const { segment } of words) {
    if (countCharacters(kept + segment) > limit - 1) break;
    kept += segment;
  }
  const trimmed = kept.replace(/[\s\p{P}]+$/u, "");
  return `${trimmed === "" ? text.slice(0, limit - 1).toWellFormed() : trimmed}…`;
}
