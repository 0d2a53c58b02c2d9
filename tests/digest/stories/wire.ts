import type { Article } from "../../../src/article/article.ts";
import { arrangeStories, offeredPairs } from "../../../src/digest/arrange/arrange-stories.ts";
import { article } from "../../fixtures.ts";
import { readings } from "../readings.ts";
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

/** The bridge again: in words that make it one event with a chance that is not enough without a model's word. */
export const SHOPS: Telling = [
  "Orrell's shops lose half of their trade",
  `Customers stay away, say shopkeepers in Orrell, since half of the town has to drive 31 kilometres round by Lower Wether, as the harbour board said. The baker has let two of her people go for the week, and the fishmonger sells from a cart on the far side.

The trade union asks the county for a loan. Last winter, when snow lay for nine days, the takings fell by a third.`,
];

/** A short story with a short headline, which has room in a pair. */
export const FERRY: Telling = [
  "Ferry to Skerry sails again from Monday",
  `The ferry to Skerry Rock sails again from Monday, after a winter in the dock at Orrell, and it takes forty people at a time.

The owners replaced the engine and painted the hull green. A ticket costs three crowns, and children travel free.

The first boat leaves at seven in the morning. Last year 12,000 people used it, the harbour office says.`,
];

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

/**
 * A report of which nobody can be sure that it is of the bridge: words that any report could have, and some of another
 * paper's report. How many of these are needed depends on the weights, which training changes.
 */
export async function unsureReport(): Promise<Telling> {
  const words = BRIDGE.retold[1].split(/\s+/);
  for (const title of ["Stuck for good", BRIDGE.retold[0]]) {
    for (let count = 8; count < words.length; count += 8) {
      const told: Telling = [title, [ANY_REPORT, ...words.slice(0, count)].join(" ")];
      const both = [story("The One", BRIDGE.told), story("The Other", told)];
      const { stories } = await arrangeStories(readings(both), { day: "2018-11-20" });
      if (stories.length === 2 && (await offeredPairs(stories, {}))) return told;
    }
  }
  throw new RangeError("no report is unsure");
}

const ANY_REPORT =
  "It was the talk of the quay for the whole of the evening, and nobody there could remember a day like it. What comes next is to be discussed at a meeting in spring, to which everybody is invited. Until then it stays as it is.";

/** A wire copy: another headline, the opening shortened, the end cut, a sentence of the paper's own. */
export function wireCopy([, text]: Telling, headline: string): Telling {
  const paragraphs = text.split("\n\n");
  const kept = paragraphs.slice(0, Math.max(2, paragraphs.length - 1));
  return [headline, [...kept, "—"].join("\n\n")];
}
