import type { Caption, Dropped, Image, Reading } from "./article.ts";
import { type BlockWithRole, blocksThatAre, reasonOf } from "./block.ts";
import { authorsIn } from "./byline.ts";
import { isSameTitle } from "./clean-text.ts";
import { findDate } from "./dates.ts";
import type { Declared } from "./declared.ts";
import type { LetterBlock } from "./letter-block.ts";

/** The result of reading the body of a source. */
export interface Body {
  readonly title: string;
  readonly authors: readonly string[];
  readonly publishedAt?: string | undefined;
  readonly text: string;
  readonly html: string;
  readonly images: readonly Image[];
  readonly blocks?: readonly LetterBlock[] | undefined;
  readonly captions: readonly Caption[];
  readonly dropped: readonly Dropped[];
  /** Absent means that the reader is sure. */
  readonly reading?: Reading | undefined;
}

/** Composes the fields and the text from the blocks of a text or Markdown file. */
export function toBody(
  blocks: readonly BlockWithRole[],
  declared: Declared,
): Omit<Body, "html" | "images"> {
  const bylines = blocksThatAre("byline", blocks).map(({ text }) => text);
  const dates = blocksThatAre("date", blocks).map(({ text }) => text);
  return {
    title: blocksThatAre("title", blocks)[0]?.text ?? "",
    authors: [...new Set(bylines.flatMap(namesOf))],
    publishedAt: [...dates, ...bylines].map((line) => findDate(line)?.iso).find(Boolean),
    text: blocksThatAre("story", blocks)
      .map(({ text }) => text)
      .join("\n\n"),
    captions: captionsOf(blocks),
    dropped: blocks.flatMap((one, index): Dropped[] => {
      const reason = reasonFor(one, blocks[index - 1], declared);
      const { text } = one.block;
      return text === "" || reason === undefined ? [] : [{ text, reason }];
    }),
  };
}

/** Whether a heading differs from the declared title. Such a heading is part of the story. */
export function isAnotherTitle(line: string, { title }: Declared): boolean {
  return title !== undefined && !isSameTitle(title, line);
}

// A byline can be a bare name, without "by".
function namesOf(byline: string): string[] {
  const names = authorsIn(byline);
  return names.length > 0 ? names : [byline.replace(/^[\s–—-]+/u, "")];
}

function captionsOf(blocks: readonly BlockWithRole[]): Caption[] {
  return blocks.flatMap(({ role }, index): Caption[] => {
    if (role.is !== "caption") return [];
    const above = blocks[index - 1];
    const text = role.caption.text || (above?.role.is === "captioned" ? above.block.text : "");
    return text ? [{ ...role.caption, text }] : [];
  });
}

// Why the article does not keep all of a block.
function reasonFor(
  { block, role }: BlockWithRole,
  before: BlockWithRole | undefined,
  declared: Declared,
): string | undefined {
  if (role.is === "title") return declared.title === undefined ? undefined : "the title again";
  const isCredit = before?.role.is === "captioned" || before?.block.kind === "picture";
  if (role.is === "caption" && isCredit) return undefined;
  const isWholeByline =
    declared.authors.length === 0 && namesOf(block.text).join(" ") === block.text;
  return role.is === "byline" && isWholeByline ? undefined : reasonOf(role);
}
