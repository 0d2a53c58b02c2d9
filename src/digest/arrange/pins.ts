import type { Article } from "../../article/article.ts";
import { canonicalLink } from "../../article/field-values.ts";
import { nearest } from "../../errors.ts";
import { folded } from "../stories/source-name.ts";

/** A pin that no article answers to, and the title or file that may have been meant. */
export interface UnknownPin {
  readonly pin: string;
  readonly near?: string | undefined;
}

export interface Pinned {
  /** The place of each pinned article's pin in the list, from 0. */
  readonly ranks: ReadonlyMap<Article, number>;
  readonly unknown: readonly UnknownPin[];
}

/** Which articles are pinned. A pin is an address, a headline, or a file with or without its folder. */
export function pinnedAmong(articles: readonly Article[], pins: readonly string[]): Pinned {
  const ranks = new Map<Article, number>();
  const unknown: UnknownPin[] = [];
  for (const [rank, pin] of pins.entries()) {
    const found = articles.filter((article) => answersTo(article, pin));
    for (const article of found) if (!ranks.has(article)) ranks.set(article, rank);
    if (found.length === 0) unknown.push({ pin, near: nearest(pin, namesOf(articles)) });
  }
  return { ranks, unknown };
}

function answersTo({ url, title, source }: Article, pin: string): boolean {
  if (/^https?:\/\//i.test(pin))
    return url !== undefined && canonicalLink(url) === canonicalLink(pin);
  const file = pin.replace(/^\.\//, "");
  return folded(title) === folded(pin) || source === file || source.endsWith(`/${file}`);
}

function namesOf(articles: readonly Article[]): string[] {
  return articles
    .flatMap(({ title, url, source }) => [title, url, source, source.split("/").at(-1)])
    .filter((name): name is string => Boolean(name));
}
