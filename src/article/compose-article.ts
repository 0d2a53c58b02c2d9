import { hashId } from "./identity.ts";
import type { BroadsheetError } from "../errors.ts";
import {
  type Article,
  type Caption,
  CUT,
  type Dropped,
  type Image,
  OF_TEXT,
  type Reading,
  type ReadOptions,
  type Source,
  SURE,
} from "./article.ts";
import type { Body } from "./body.ts";
import type { Declared } from "./declared.ts";
import { takeDateline } from "./boilerplate.ts";
import { detectLanguage } from "./detect-language.ts";
import { judgeText } from "./reading.ts";
import { refusal } from "./refusal.ts";
import { graphemes } from "../platform/text.ts";

/** Reads one article of several. If that throws and `onBroken` is set, reports the error and returns undefined. */
export function unlessBroken<Read>(
  title: string,
  { onBroken }: ReadOptions,
  read: () => Read,
): Read | undefined {
  if (!onBroken) return read();
  try {
    return read();
  } catch (error) {
    onBroken({ text: title, error });
    return undefined;
  }
}

/**
 * Composes an Article from the declared fields and the body. A declared field wins.
 * @throws BroadsheetError CONTENT_NO_STORY if no text is left
 */
export function composeArticle(
  source: Source,
  declared: Declared,
  body: Body,
  options: ReadOptions,
): Article {
  const title = declared.title ?? body.title;
  const publishedAt = declared.publishedAt ?? body.publishedAt;
  const { url, site, description, kicker, priority } = declared;
  const taken = declared.kind === "story" ? takeDateline(body.text, body.html) : undefined;
  const { text, html } = taken ?? body;
  const dateline = taken ? [{ text: taken.dateline, reason: "the dateline" }] : [];
  const article = boundArticle<Article>({
    id: hashId(url ?? `${title}\n\n${body.text}`),
    title,
    ...(url === undefined ? {} : { url }),
    ...(site === undefined ? {} : { site }),
    authors: declared.authors.length > 0 ? declared.authors : body.authors,
    ...(publishedAt === undefined ? {} : { publishedAt }),
    language: declared.language ?? detectLanguage(body.text, options.language),
    tags: declared.tags,
    ...(kicker === undefined ? {} : { kicker }),
    ...(priority === undefined ? {} : { priority }),
    ...(description === undefined ? {} : { description }),
    kind: declared.kind,
    ...(body.blocks ? { blocks: body.blocks } : {}),
    ...(declared.isDraft ? { draft: true } : {}),
    html,
    text,
    images: [...declared.images, ...body.images],
    captions: body.captions,
    dropped: mergeRuns([...declared.dropped, ...dateline, ...body.dropped]),
    reading: SURE,
    source: source.location,
  });
  if (article.text === "") throw noStory(source.location);
  const reading = body.reading ?? readingOf(article);
  return { ...article, reading: withDoubts(reading, declared.doubts) };
}

/**
 * Judges a text that its own format does not judge. A letter is the editor's own. The headline of a file is its author's, so it
 * need not have words of the text.
 */
function readingOf(article: Article): Reading {
  if (article.kind === "letter") return SURE;
  const reading = judgeText(article);
  return reading.doubts.includes(OF_TEXT.topic) ? SURE : reading;
}

function withDoubts(reading: Reading, doubts: readonly string[]): Reading {
  if (doubts.length === 0) return reading;
  return { ...reading, doubtful: true, doubts: [...reading.doubts, ...doubts] };
}

/** The error for a source that has captions, menus or code, but no story. */
function noStory(location: string): BroadsheetError {
  const fix = "add the story's own paragraphs, or leave the file out";
  return refusal(location, "has no story in it", fix, { code: "CONTENT_NO_STORY" });
}

// A page's menu has hundreds of lines. They become one entry.
function mergeRuns(dropped: readonly Dropped[]): Dropped[] {
  const merged: { lines: string[]; reason: string }[] = [];
  for (const { text, reason } of dropped) {
    const run = merged.at(-1);
    if (run?.reason === reason) run.lines.push(text);
    else merged.push({ lines: [text], reason });
  }
  return merged.map(({ lines, reason }) => ({ text: lines.join("\n"), reason }));
}

/** The maximum length in visible characters: twice the longest headline of a newspaper. */
const LONGEST_TITLE = 300;
/** The maximum number of code units for each visible character. A letter with a million accents is one character. */
const UNITS_A_CHARACTER = 10;
/** At most this many characters are lost when a line is cut at a word boundary. */
const LONGEST_HALF_WORD = 60;
/** Words and addresses are shorter. Data pasted into a text is longer, and patterns run out of memory on it. */
const LONGEST_WORD = 10_000;
const LONGEST_SHOWN = 500;

type Bounded = Omit<Article, "id" | "reading">;

/** Cuts the title, words and other fields to lengths that a mail can show. The cut text goes to `dropped`. */
export function boundArticle<Kind extends Bounded>(article: Kind): Kind {
  return boundWords(boundFields(article));
}

/** The most values of a field. A longer list comes from an error in the page. */
const MOST = { authors: 30, tags: 50, images: 200, captions: 500 };
/** In characters. */
const LONGEST = { author: 200, tag: 100, line: 300, prose: 2000 };

function boundFields<Kind extends Bounded>(article: Kind): Kind {
  const { site, kicker, description } = article;
  const bound = {
    authors: bounded(article.authors, MOST.authors, (name) => cutAt(name, LONGEST.author)),
    tags: bounded(article.tags, MOST.tags, (tag) => cutAt(tag, LONGEST.tag)),
    images: bounded(article.images, MOST.images, boundImage),
    captions: bounded(article.captions, MOST.captions, boundCaption),
    ...(site !== undefined && { site: cutAt(site, LONGEST.line) }),
    ...(kicker !== undefined && { kicker: cutAt(kicker, LONGEST.line) }),
    ...(description !== undefined && { description: cutAt(description, LONGEST.prose) }),
  };
  const cut = FIELDS.filter((field) => bound[field] !== article[field]);
  if (cut.length === 0) return article;
  const lost = cut.map((field) => ({
    text: shortened(JSON.stringify(article[field])),
    reason: `${CUT.field}: ${field}`,
  }));
  return { ...article, ...bound, dropped: [...lost, ...article.dropped] };
}

const FIELDS = ["authors", "tags", "images", "captions", "site", "kicker", "description"] as const;

/** The first values, each cut to its limit. Returns the same list if nothing changes. */
function bounded<Value>(
  values: readonly Value[],
  most: number,
  bound: (value: Value) => Value,
): readonly Value[] {
  const first = values.slice(0, most).map(bound);
  const isSame = values.length <= most && first.every((value, index) => value === values[index]);
  return isSame ? values : first;
}

function boundImage(image: Image): Image {
  const alt = cutAt(image.alt, LONGEST.prose);
  const { caption, ...rest } = image;
  const said = boundCaption({ text: caption ?? "", ...rest });
  if (alt === image.alt && said.text === (caption ?? "") && said.credit === image.credit)
    return image;
  const { text, ...bound } = said;
  return { ...bound, alt, ...(caption !== undefined && { caption: text }) };
}

function boundCaption<Kind extends Caption>(caption: Kind): Kind {
  const text = cutAt(caption.text, LONGEST.prose);
  const credit = cutAt(caption.credit ?? "", LONGEST.line);
  if (text === caption.text && credit === (caption.credit ?? "")) return caption;
  return { ...caption, text, ...(caption.credit !== undefined && { credit }) };
}

function boundWords<Kind extends Bounded>(article: Kind): Kind {
  const title = cutAt(article.title, LONGEST_TITLE);
  const text = splitEndless(article.text);
  const description = splitEndless(article.description ?? "");
  const html = splitEndless(article.html, { isHtml: true });
  const endless = new Set([text, description, html].flatMap(({ words }) => words));
  if (title === article.title && endless.size === 0) return article;
  const reason = `${CUT.title} ${LONGEST_TITLE} characters`;
  return {
    ...article,
    title,
    ...(endless.size > 0 && {
      text: tidied(text.kept),
      html: html.kept.replace(/<p>\s*<\/p>\n?/g, ""),
      ...(article.description !== undefined && { description: description.kept.trim() }),
    }),
    dropped: [
      ...(title === article.title ? [] : [{ text: shortened(article.title), reason }]),
      ...article.dropped,
      ...[...endless].map(endlessWord),
    ],
  };
}

/** Splits a plain text into the text without endless words, and the endless words. */
export function takeEndlessWords(text: string): Pick<Bounded, "text" | "dropped"> {
  const { kept, words } = splitEndless(text);
  return { text: kept, dropped: words.map(endlessWord) };
}

function endlessWord(word: string): Dropped {
  const length = word.length.toLocaleString("en");
  return { text: shortened(word), reason: `${CUT.word} ${length} characters` };
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text;
}

/** Cuts a line at a word boundary if one is near, and adds an ellipsis. */
function cutAt(line: string, longest: number): string {
  const longestUnits = longest * UNITS_A_CHARACTER;
  if (line.length <= longest) return line;
  const ends = characterEnds(line.slice(0, longestUnits));
  if (ends.length <= longest && line.length <= longestUnits) return line;
  const most = Math.min(ends.length, longest) - 1;
  // The slice may have cut its last character in two.
  const whole = line.slice(0, ends[most - 1] ?? longestUnits);
  const space = whole.search(/\s\S*$/);
  const isNear = space >= 0 && whole.length - space <= LONGEST_HALF_WORD;
  const words = isNear && !/^\s/.test(line.slice(whole.length)) ? whole.slice(0, space) : whole;
  return `${words.replace(/[\s,;:(–—-]+$/u, "").toWellFormed()}…`;
}

function characterEnds(text: string): number[] {
  return [...graphemes().segment(text)].map(({ index, segment }) => index + segment.length);
}

/** Separators of words. Chinese and Japanese use punctuation and brackets instead of spaces. */
const SEPARATOR = /[\s\u2010-\u2027\u3000-\u303f\uff00-\uff65]/g;
const SEPARATOR_OR_ANGLE = /[\s<>\u2010-\u2027\u3000-\u303f\uff00-\uff65]/g;

/**
 * Splits a text, or HTML outside its tags, into endless words and the rest. The code looks for the gaps between separators,
 * because V8 records every character of a long match and runs out of memory.
 */
function splitEndless(
  text: string,
  { isHtml = false } = {},
): { readonly kept: string; readonly words: readonly string[] } {
  if (hasBlanks(text)) return { kept: text, words: [] };
  const found: { readonly start: number; readonly end: number }[] = [];
  // Candidates since a "<". They are part of a tag, and are discarded, if a ">" follows.
  let inTag: typeof found | undefined;
  let start = 0;
  const end = (at: number): void => {
    if (at - start > LONGEST_WORD) (inTag ?? found).push({ start, end: at });
    start = at + 1;
  };
  for (const { 0: sign, index } of text.matchAll(isHtml ? SEPARATOR_OR_ANGLE : SEPARATOR)) {
    end(index);
    if (sign === "<") found.push(...(inTag ?? []));
    if (sign === "<") inTag = [];
    else if (sign === ">") inTag = undefined;
  }
  end(text.length);
  found.push(...(inTag ?? []));
  const starts = [0, ...found.map((word) => word.end)];
  return {
    kept: starts.map((from, at) => text.slice(from, found[at]?.start)).join(""),
    words: found.map((word) => text.slice(word.start, word.end)),
  };
}

/** A quick test for most texts: blanks are frequent enough to exclude an endless word. */
function hasBlanks(text: string): boolean {
  let at = 0;
  while (at + LONGEST_WORD < text.length) {
    const blank = text.lastIndexOf(" ", at + LONGEST_WORD);
    if (blank <= at) return false;
    at = blank;
  }
  return true;
}

/** Removes empty paragraphs. */
function tidied(text: string): string {
  return text.replace(/\n(?:[^\S\n]*\n)+/g, "\n\n").trim();
}
