import type { Digest } from "../../digest/digest.ts";
import { type HtmlDocument, type MailElement, textOf } from "./mail-element.ts";

/** The headlines of an issue, in the order in which it tells them. */
export function headlinesOf(digest: Digest): string[] {
  return digest.sections.flatMap(({ entries }) => entries.map(({ article }) => article.title));
}

/** The headings of an email that are headlines of its stories, with the headline as it was written. */
export function storyHeadings(
  html: HtmlDocument,
  digest: Digest,
): { heading: MailElement; headline: string }[] {
  const headlines = new Map(headlinesOf(digest).map((title) => [folded(title), title]));
  return html.elements
    .filter(({ name }) => /^h[1-6]$/.test(name))
    .map((heading) => ({ heading, headline: headlines.get(folded(textOf(heading))) }))
    .flatMap(({ heading, headline }) => (headline === undefined ? [] : [{ heading, headline }]));
}

/** A text as it compares: setting it binds words and turns quotes, which changes no word. */
export function folded(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[“”„‟]/g, '"')
    .replace(/[\u00AD\u200B-\u200F\u2060\u2066-\u2069\uFEFF]/g, "")
    .replace(/\s+/gu, " ")
    .trim()
    .toLowerCase();
}

/** The headline of the story that an element is in: the last heading before it, if that is one. */
export function storyAt(
  { index }: MailElement,
  html: HtmlDocument,
  digest: Digest,
): string | undefined {
  const before = storyHeadings(html, digest).filter(({ heading }) => heading.index <= index);
  return before.at(-1)?.headline;
}
