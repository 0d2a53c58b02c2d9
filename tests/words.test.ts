import { globSync, readFileSync } from "node:fs";
import { lexer, walkTokens } from "marked";
import { expect, test } from "vitest";

/*
 * What a test can keep of plain English in comments, messages and docs. The rest is kept by reading. SQL that was released
 * stays as it is.
 */

const CODE = globSync("{src,bench,tests}/**/*.{ts,css}").filter((file) => !/migrations/.test(file));
const DOCS = [...globSync("docs/**/*.md"), "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

const UNCLEAR = /\b(?:nobody|somebody|whoever|whom)\b/i;
const MOST_WORDS = 45;

interface Passage {
  readonly at: string;
  readonly text: string;
}

/** Comments that have lines of their own, each as one text. Lines that follow each other are one comment. */
function commentsIn(file: string): Passage[] {
  const comments: { at: string; lines: string[] }[] = [];
  let isOpen = false;
  let last = -2;
  for (const [at, line] of readFileSync(file, "utf8").split("\n").entries()) {
    const isBlock: boolean = isOpen || /^\s*\/\*/.test(line);
    const isLine = !isBlock && /^\s*\/\//.test(line);
    if (!isBlock && !isLine) continue;
    const isNext = isOpen || (isLine && last === at - 1);
    if (!isNext) comments.push({ at: `${file}:${at + 1}`, lines: [] });
    comments.at(-1)?.lines.push(line.replace(/^\s*(?:\/\*+|\*\/|\*|\/\/)?\s?|\s*\*\/\s*$/g, ""));
    isOpen = isBlock && !line.includes("*/");
    last = isLine ? at : -2;
  }
  return comments.map(({ at, lines }) => ({ at, text: lines.join("\n") }));
}

/** Strings of code that are sentences, by the line that they begin on. */
function messagesIn(file: string): Passage[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, at) =>
    [...line.matchAll(/(?:^\s+|[:(,=?&|[{+]\s*|return )["`]([^"`]* [^"`]*)["`]/g)].map(
      ([, text = ""]) => ({ at: `${file}:${at + 1}`, text }),
    ),
  );
}

/** The paragraphs and list items of a document. */
function paragraphsIn(file: string): Passage[] {
  const found: Passage[] = [];
  void walkTokens(lexer(readFileSync(file, "utf8")), ({ type, raw }) => {
    if (type === "paragraph" || type === "text") found.push({ at: file, text: raw });
  });
  return found;
}

/** What is quoted is an example. */
function withoutExamples(text: string): string {
  return text.replace(/"[^"\n]*"|“[^”]*”|(?<!\w)'[^'\n]*'(?!\w)|`[^`]*`/g, "…");
}

function longSentencesIn({ at, text }: Passage): string[] {
  // A tag, a list item, an example in a line of its own and an empty line begin a text of their own.
  const parts = text.split(/\n\s*\n|\n\s*(?=@|- |\d+\. |[|])|\n {2,}/);
  return parts
    .flatMap((part) => withoutExamples(part).split(/(?<=[.!?])\s+/))
    .filter(
      (sentence) => sentence.split(/\s+/).filter((word) => /\w/.test(word)).length > MOST_WORDS,
    )
    .map((sentence) => `${at}: ${sentence}`);
}

test("comments and documents say who it is, where they could say nobody or whoever", () => {
  const own = "tests/words.test.ts";
  const passages = [
    ...CODE.filter((file) => file.startsWith("src/")).flatMap(commentsIn),
    ...DOCS.flatMap(paragraphsIn),
  ];
  const unclear = passages.filter(
    ({ at, text }) => !at.startsWith(own) && UNCLEAR.test(withoutExamples(text)),
  );
  expect(unclear).toEqual([]);
});

test("so do the messages", () => {
  const sources = CODE.filter((file) => file.startsWith("src/"));
  expect(sources.flatMap(messagesIn).filter(({ text }) => UNCLEAR.test(text))).toEqual([]);
});

test("no sentence of them has more than forty-five words", () => {
  const passages = [...CODE.flatMap(commentsIn), ...DOCS.flatMap(paragraphsIn)];
  expect(passages.flatMap(longSentencesIn)).toEqual([]);
});
