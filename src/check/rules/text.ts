import { columnsOf } from "../../email/typography.ts";
import { linksOf, linkFaultOf } from "../content/links.ts";
import { preheaderOf, quoted, visibleText } from "../content/shown-text.ts";
import { folded } from "../../email/typography.ts";
import { headlinesOf, storyHeadings, shownArticles, shownEntries } from "../content/stories.ts";
import { type Digest, type Entry, headlineOf } from "../../digest/digest.ts";
import type { HtmlDocument } from "../html/mail-element.ts";
import {
  type CheckInput,
  type Fault,
  faultAt,
  NothingToCheck,
  type Outcome,
  plural,
  type Rule,
} from "../rule.ts";
import { withoutParts } from "../../digest/parts.ts";
import { isDoubtfulCut } from "../../summary/language/doubtful-cut.ts";

/** RFC 5322 §2.1.1 */
const MOST_COLUMNS = 78;

/** The text part: that it reads, and says what the HTML says. */
export const TEXT_RULES: readonly Rule[] = [
  {
    id: "text-form",
    severity: "warning",
    what: "The text part reads as text: no tags, no references of HTML, no hidden characters, no long lines",
    source: "RFC 3676 §4.2; RFC 5322 §2.1.1",
    fix: "generate it from the model, and not from the HTML",
    run: ({ text, digest }) => {
      if (text === undefined) return new NothingToCheck("there is no text part");
      const said = digest ? JSON.stringify(digest) : "";
      const lines = text.split("\n").map((line) => withoutSaid(line, said));
      return [
        ...lineFault(lines, /<\/?(?:p|div|td|tr|table|br|span|a|style|img)\b[^>]*>/i, "HTML tags"),
        ...lineFault(lines, /&(?:nbsp|amp|lt|gt|quot|#\d+|#x[0-9a-f]+);/i, "references of HTML"),
        ...lineFault(lines, /\u034F|[\u00AD\u200B\u2060\uFEFF]/, "characters without width"),
        ...longLines(lines),
      ];
    },
  },
  {
    id: "parity",
    severity: "error",
    what: "HTML, text and model tell the same stories in the same order, with the same links",
    source: "RFC 2046 §5.1.4: alternatives say the same",
    fix: "let both templates show every story and its source",
    run: parity,
  },
];

/** A tag or a reference that an article of the issue writes about is its own. */
function withoutSaid(line: string, said: string): string {
  return line.replace(/<[^<>]{1,80}>|&[#\w]{1,10};/g, (found) =>
    said.includes(found) ? "" : found,
  );
}

function lineFault(lines: readonly string[], pattern: RegExp, what: string): Fault[] {
  const at = lines.flatMap((line, index) => (pattern.test(line) ? [{ line: index + 1 }] : []));
  return faultAt(at, `The text part has ${what} in it`);
}

/** An address is one word, which is never broken. */
function longLines(lines: readonly string[]): Fault[] {
  const at = lines.flatMap((line, index) => {
    const isLong = columnsOf(line) > MOST_COLUMNS && /\S\s+\S/.test(line.trim());
    return isLong ? [{ line: index + 1 }] : [];
  });
  return faultAt(
    at,
    (count) =>
      `${plural(count, "line", "lines")} of the text part ${count === 1 ? "is" : "are"} wider than ${MOST_COLUMNS} columns`,
    { severity: "info" },
  );
}

function parity({ html, text, digest }: CheckInput): Outcome {
  if (!html || text === undefined) return new NothingToCheck("it takes an HTML and a text part");
  return digest ? withModel(html, text, digest) : withoutModel(html, text);
}

function withModel(html: HtmlDocument, text: string, digest: Digest): Fault[] {
  const inHtml = storyHeadings(html, digest).map(({ headline }) => headline);
  const wanted = digest.letter ? asWoven(headlinesOf(digest), inHtml) : headlinesOf(digest);
  return [
    ...storyFaults(wanted, inHtml, "HTML"),
    ...storyFaults(wanted, inOrder(wanted, text), "text part"),
    ...linkFaults(html, text, digest),
  ];
}

/** A letter tells stories where its editor names them, so that its HTML has the order. */
function asWoven(headlines: readonly string[], inHtml: readonly string[]): string[] {
  const place = (headline: string) => inHtml.indexOf(headline);
  return headlines.toSorted((a, b) => place(a) - place(b));
}

/** What is missing, or else that the order is another one. */
function storyFaults(wanted: readonly string[], there: readonly string[], where: string): Fault[] {
  const missing = wanted.filter((headline) => !there.includes(headline));
  if (missing.length > 0)
    return missing.map((story) => ({
      message: `The ${where} doesn't tell ${quoted(story)}`,
      at: [{ story }],
    }));
  const first = wanted.find((headline, index) => there[index] !== headline);
  if (first === undefined) return [];
  return [
    {
      message: `The ${where} tells ${quoted(first)} in another place than the digest`,
      at: [{ story: first }],
    },
  ];
}

/** The headlines that a text has, each in lines of its own, in the order in which it has them. */
function inOrder(headlines: readonly string[], text: string): string[] {
  const lines = text.split("\n").map(squeezed);
  return headlines
    .map((headline) => ({ headline, at: lineOf(squeezed(headline), lines) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ headline }) => headline);
}

/** The line where a headline begins that fills it and the next ones to their end; -1 where none does. */
function lineOf(headline: string, lines: readonly string[]): number {
  return lines.findIndex((first, from) => {
    let joined = first;
    for (
      let at = from + 1;
      joined !== "" && headline.startsWith(joined) && joined !== headline;
      at++
    ) {
      if (!lines[at]) return false;
      joined += lines[at];
    }
    return joined === headline && headline !== "";
  });
}

/** Lines are broken anywhere, and words bound. */
function squeezed(text: string): string {
  return folded(text).replace(/\s+/gu, "");
}

function linkFaults(html: HtmlDocument, text: string, digest: Digest): Fault[] {
  const hrefs = new Set(linksOf(html).map(({ href }) => href));
  return shownArticles(digest).flatMap(({ url, title }) => {
    if (url === undefined) return [];
    const lacking = [hrefs.has(url) ? "" : "HTML", text.includes(url) ? "" : "text part"].filter(
      Boolean,
    );
    return lacking.map((where) => ({
      message: `The ${where} has no link to ${quoted(title)}`,
      at: [{ story: title }],
    }));
  });
}

/** Of a mail that is no issue only this can be told: whether its links, and most of its words, are in both. */
function withoutModel(html: HtmlDocument, text: string): Fault[] {
  const links = linksOf(html).filter(
    ({ href, isShown }) => isShown && /^https?:/i.test(href) && linkFaultOf(href) !== "broken",
  );
  const lost = links.filter(({ href }) => !text.includes(href));
  const share = sharedWords(visibleText(html), text, preheaderOf(html).text);
  return [
    ...(share < 0.7
      ? [
          {
            message: `The text part has ${Math.round(share * 100)}% of the words of the HTML`,
            severity: "warning",
          } as const,
        ]
      : []),
    ...faultAt(
      lost.map(({ element }) => element),
      `The text part has ${links.length - lost.length} of the ${links.length} links of the HTML`,
      { severity: "warning" },
    ),
  ];
}

function sharedWords(shown: string, text: string, preheader: string): number {
  const there = new Set(wordsOf(`${text} ${preheader}`));
  const wanted = [...new Set(wordsOf(shown))];
  return wanted.length < 10 ? 1 : wanted.filter((word) => there.has(word)).length / wanted.length;
}

function wordsOf(text: string): string[] {
  return folded(text).match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? [];
}

/** What holds for the model of an issue: whether what it says can be right. */
export const SENTENCE_RULES: readonly Rule[] = [
  {
    id: "sentence-cut",
    severity: "warning",
    what: "No sentence is cut at a full stop that may belong to an abbreviation, such as “Mk. 4”",
    source: "UAX #29 §5: a full stop may end an abbreviation or a sentence",
    fix: "read it in the article; where it goes on there, write the whole sentence in digest.json or the preview page, without its start and end",
    run: ({ digest }) => {
      if (!digest) return new NothingToCheck("there is no digest: give an issue of the outbox");
      return shownEntries(digest).flatMap((entry) => doubtfulCuts(entry, digest.parts));
    },
  },
];

function doubtfulCuts(entry: Entry, parts: Parameters<typeof withoutParts>[1]): Fault[] {
  const { article } = entry;
  const faults = shownSentences(withoutParts(entry.summary, parts)).flatMap((sentence) =>
    faultOf(sentence, article),
  );
  const at = [{ story: headlineOf(entry) }];
  return [...new Set(faults)].map((message) => ({ message, at }));
}

interface Place {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

function shownSentences({ gist, keyPoints, quote, timeline }: Entry["summary"]): Place[] {
  return [
    gist,
    ...keyPoints,
    ...(quote ? [quote] : []),
    ...timeline.map(({ sentence }) => sentence),
  ];
}

/** A sentence without its place was written by an editor, an author or a model. */
function faultOf({ start, end }: Place, { text, language }: Entry["article"]): string[] {
  if (start === undefined || end === undefined) return [];
  if (isDoubtfulCut(text, end, language))
    return [
      `A sentence may be cut inside a name: it ends with ${lastOf(text.slice(0, end))}, and in the article ${firstOf(text.slice(end))} follows`,
    ];
  if (isDoubtfulCut(text, start, language))
    return [
      `A sentence may be cut inside a name: it begins with ${firstOf(text.slice(start))}, and in the article ${lastOf(text.slice(0, start))} stands before it`,
    ];
  return [];
}

const SHOWN = 32;

function lastOf(text: string): string {
  return quoted(text.slice(-SHOWN).replace(/^\S*\s/, ""));
}

function firstOf(text: string): string {
  return quoted(
    text
      .trimStart()
      .slice(0, SHOWN)
      .replace(/\s\S*$/, ""),
  );
}
