import type { Article } from "../article/article.ts";
import { BroadsheetError } from "../errors.ts";
import { oneLine, countCharacters } from "./one-line.ts";
import { dayOfSlot } from "./slot.ts";
import { sectionsOf, type Grouping } from "./arrange/sections.ts";
import { type Digest, type Entry, type Issue, headlineOf } from "./digest.ts";
import type { Parts } from "./parts.ts";
import type { Publication } from "./publication.ts";
import type { StoryEdits } from "./stories/gather-stories.ts";

export interface ComposeOptions {
  readonly publication?: Publication | undefined;
  readonly template?: string | undefined;
  /** The day on the front page, YYYY-MM-DD; by default the slot's. */
  readonly date?: string | undefined;
  /** BCP 47; by default the language of most stories. */
  readonly language?: string | undefined;
  /** The editor's own words: its title is the issue's subject, its description the preheader. */
  readonly letter?: Article | undefined;
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  readonly webUrl?: string | undefined;
  /** Which parts of a story are shown; all by default. */
  readonly parts?: Parts | undefined;
  /** How the stories after the lead are grouped; not at all by default. */
  readonly sections?: Grouping | undefined;
  /** What an editor has parted and joined. */
  readonly stories?: StoryEdits | undefined;
}

/**
 * The digest of some summarised articles, in the order given: the first leads. What the caller does
 * not say (subject, preheader, language) is composed from the stories.
 * @throws BroadsheetError CONTENT_NO_STORY without an entry, DIGEST_INVALID for a slot that is no date.
 */
export function composeDigest(
  issue: Issue,
  entries: readonly Entry[],
  options: ComposeOptions = {},
): Digest {
  const [lead, ...others] = entries;
  if (!lead) {
    throw new BroadsheetError("CONTENT_NO_STORY", "there is no story to make a digest of", {
      fix: "give at least one article",
    });
  }
  if (dayOfSlot(issue.slot) === undefined) {
    throw new BroadsheetError(
      "DIGEST_INVALID",
      `${issue.slot} is no day and no week of the calendar`,
      {
        fix: 'a slot is a date such as "2026-11-24" or an ISO week such as "2026-W48"',
      },
    );
  }
  const title = options.letter?.title || headlineOf(lead);
  const subject = oneLine(options.subject ?? composeSubject(title));
  const preheader =
    options.preheader ?? options.letter?.description ?? composePreheader(entries, subject);
  return {
    issue,
    ...defined({
      publication: options.publication,
      template: options.template,
      date: options.date,
    }),
    ...defined({
      webUrl: options.webUrl,
      parts: options.parts,
      stories: ownEdits(options.stories),
    }),
    title,
    subject,
    preheader: oneLine(preheader),
    language: options.language ?? languageOf(entries),
    ...defined({ letter: options.letter && letterOf(options.letter) }),
    sections: [{ heading: "", entries: [lead] }, ...sectionsOf(others, options.sections)],
  };
}

function ownEdits(edits: StoryEdits = {}): StoryEdits | undefined {
  const { apart = [], together = [] } = edits;
  return apart.length + together.length > 0 ? edits : undefined;
}

function letterOf(letter: Article): NonNullable<Digest["letter"]> {
  const signature = letter.authors.join(", ");
  return { text: letter.text, ...(signature === "" ? {} : { signature }) };
}

/** The language that most of the stories are in; of equals, the first. */
function languageOf(entries: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { article } of entries) {
    counts.set(article.language, (counts.get(article.language) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? "en";
}

/** Leaves out what is not there, so that JSON and equality see the same digest. */
function defined<T extends object>(fields: T): Partial<T> {
  const kept: Partial<T> = { ...fields };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
}

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
