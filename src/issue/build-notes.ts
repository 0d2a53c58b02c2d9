import type { Article } from "../article/article.ts";
import { isCut } from "../article/bound-article.ts";

/** A note is a line, not the whole of what somebody wrote. */
const LONGEST = 160;

/**
 * What a build made nothing of, a line each, for whoever wrote the articles: front matter that can't be
 * used, titles and words that are too long for any, pictures without alternative text, and every letter after the first.
 */
export function buildNotes(articles: readonly Article[]): string[] {
  return [
    ...articles.flatMap(frontMatterNotes),
    ...articles.flatMap(cutNotes),
    ...articles.flatMap(pictureNotes),
    ...letterNotes(articles),
  ];
}

/** The reasons that the article reader gives for leaving out front matter. */
const FRONT_MATTER =
  /front matter|^neither story nor letter$|^not (?:a date|a language tag|an http|the address of a picture)/;

function frontMatterNotes({ source, dropped }: Article): string[] {
  return dropped
    .filter(({ reason }) => FRONT_MATTER.test(reason))
    .map(({ text, reason }) => `Not used in ${source}: ${shortened(text)} (${reason})`);
}

function cutNotes({ source, dropped }: Article): string[] {
  return dropped
    .filter(isCut)
    .map(({ text, reason }) => `Cut in ${source}: ${shortened(text)} (${reason})`);
}

function pictureNotes({ source, images }: Article): string[] {
  return images
    .filter(({ alt }) => alt.trim() === "")
    .map(
      ({ src }) =>
        `No alt text in ${source}: ${shortened(src)} says nothing to those who can't see it`,
    );
}

function letterNotes(articles: readonly Article[]): string[] {
  const [first, ...others] = articles.filter(({ kind }) => kind === "letter");
  return others.map(
    ({ source }) => `Left out ${source}: an issue has one letter, and it has ${first?.source}`,
  );
}

/** Lines of one reason are one entry: a field each. */
function shortened(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ", ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
}
