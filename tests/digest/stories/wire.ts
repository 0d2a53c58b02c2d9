import type { Article } from "../../../src/article/article.ts";
import { article } from "../../fixtures.ts";
import events from "./events.json" with { type: "json" };

type Telling = readonly [title: string, text: string];

/** One event as two papers tell it, and another event of the same kind that only looks like it. */
interface Event {
  readonly language: string;
  readonly told: Telling;
  readonly retold: Telling;
  readonly other: Telling;
}

/** Invented: a harbour coast of small towns and smaller papers. The first two are in English. */
export const EVENTS: readonly Event[] = events.map(({ language, told, retold, other }) => ({
  language,
  told: telling(told),
  retold: telling(retold),
  other: telling(other),
}));
export const BRIDGE = eventAt(0);
export const LAMPS = eventAt(1);

function eventAt(index: number): Event {
  const event = EVENTS[index];
  if (!event) throw new RangeError(`events.json has no event ${index}`);
  return event;
}

function telling([title = "", text = ""]: readonly string[]): Telling {
  return [title, text];
}

/** A story of a paper of its own, on a day of November 2018. */
export function story(paper: string, [title, text]: Telling, over: Partial<Article> = {}): Article {
  const slug = paper.toLowerCase().replace(/\W+/g, "-");
  const url = `https://${slug}.example/${encodeURIComponent(title)}`;
  const published = "2018-11-20T09:00:00Z";
  return article({
    id: url,
    title,
    text,
    url,
    site: paper,
    publishedAt: published,
    tags: [],
    ...over,
  });
}

/** A wire copy: another headline, the opening shortened, the end cut, a sentence of the paper's own. */
export function wireCopy([, text]: Telling, headline: string): Telling {
  const paragraphs = text.split("\n\n");
  const kept = paragraphs.slice(0, Math.max(2, paragraphs.length - 1));
  return [headline, [...kept, "—"].join("\n\n")];
}
