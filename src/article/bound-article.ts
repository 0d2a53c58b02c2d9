import type { Article, Dropped } from "./article.ts";

/** Characters of a title, as people count them. The longest headline of a paper has half of it. */
const LONGEST_TITLE = 300;
/** A single character can be as long as a file: a letter with a million accents. */
const LONGEST_TITLE_UNITS = 3000;
/** A title loses no more than so many characters for the sake of a whole word. */
const LONGEST_HALF_WORD = 60;
/** No word or address is as long; data that was pasted into a text is. Patterns run out of stack on it. */
const LONGEST_WORD = 10_000;
const LONGEST_SHOWN = 500;

type Bounded = Pick<Article, "title" | "text" | "html" | "description" | "dropped">;

/** An article whose title and words are no longer than a mail can show; what was taken out of it is in `dropped`. */
export function boundArticle<Kind extends Bounded>(article: Kind): Kind {
  const { title, text, html, description } = article;
  const cut = boundTitle(title);
  const endless = new Set([
    ...endlessWords(text, WORD),
    ...endlessWords(description ?? "", WORD),
    ...endlessWords(html, WORD_OR_TAG),
  ]);
  if (cut === title && endless.size === 0) return article;
  return {
    ...article,
    title: cut,
    ...(endless.size > 0 && {
      text: tidied(withoutWords(text, WORD)),
      html: withoutWords(html, WORD_OR_TAG).replace(/<p>\s*<\/p>\n?/g, ""),
      ...(description !== undefined && { description: withoutWords(description, WORD).trim() }),
    }),
    dropped: [
      ...(cut === title ? [] : [{ text: shown(title), reason: CUT_TITLE }]),
      ...article.dropped,
      ...[...endless].map(endlessWord),
    ],
  };
}

/** A plain text without its endless words, and these. */
export function takeEndlessWords(text: string): Pick<Bounded, "text" | "dropped"> {
  const dropped = endlessWords(text, WORD).map(endlessWord);
  return dropped.length === 0 ? { text, dropped } : { text: withoutWords(text, WORD), dropped };
}

const CUT_TITLE = `a title is cut at ${LONGEST_TITLE} characters`;
const ENDLESS_WORD = "a word of";

/** Whether a reason tells of what `boundArticle` took out. */
export function isCut({ reason }: Dropped): boolean {
  return reason === CUT_TITLE || reason.startsWith(ENDLESS_WORD);
}

function endlessWord(word: string): Dropped {
  const length = word.length.toLocaleString("en");
  return { text: shown(word), reason: `${ENDLESS_WORD} ${length} characters` };
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text;
}

function boundTitle(title: string): string {
  if (title.length <= LONGEST_TITLE) return title;
  const ends = characterEnds(title.slice(0, LONGEST_TITLE_UNITS));
  if (ends.length <= LONGEST_TITLE && title.length <= LONGEST_TITLE_UNITS) return title;
  const most = Math.min(ends.length, LONGEST_TITLE) - 1;
  // The last character of a slice may have been cut itself.
  const whole = title.slice(0, ends[most - 1] ?? LONGEST_TITLE_UNITS);
  const space = whole.search(/\s\S*$/);
  const isNear = space >= 0 && whole.length - space <= LONGEST_HALF_WORD;
  const words = isNear && !/^\s/.test(title.slice(whole.length)) ? whole.slice(0, space) : whole;
  return `${words.replace(/[\s,;:(–—-]+$/u, "").toWellFormed()}…`;
}

function characterEnds(text: string): number[] {
  characters ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return [...characters.segment(text)].map(({ index, segment }) => index + segment.length);
}

// Made with the first title that is too long.
let characters: Intl.Segmenter | undefined;

/**
 * What has no space in it: Chinese and Japanese have their stops and brackets instead. No `u`, with which V8 notes each
 * character of a run on its stack.
 */
const WORD = /[^\s\u2010-\u2027\u3000-\u303f\uff00-\uff65]+/g;
const WORD_OR_TAG = /<[^<>]*>|[^\s<>\u2010-\u2027\u3000-\u303f\uff00-\uff65]+/g;

function endlessWords(text: string, word: RegExp): string[] {
  return text.length > LONGEST_WORD ? (text.match(word) ?? []).filter(isEndless) : [];
}

function isEndless(word: string): boolean {
  return word.length > LONGEST_WORD;
}

function withoutWords(text: string, word: RegExp): string {
  return text.replace(word, (found) => (isEndless(found) ? "" : found));
}

/** Paragraphs of which nothing is left go. */
function tidied(text: string): string {
  return text.replace(/\n(?:[^\S\n]*\n)+/g, "\n\n").trim();
}
