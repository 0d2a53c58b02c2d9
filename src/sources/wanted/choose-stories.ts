import type { Article } from "../../article/article.ts";
import { type Arrangement, arrangeStories } from "../../digest/arrange/arrange-stories.ts";

/** A new article, and how it came. */
export interface Offer {
  readonly article: Article;
  /** Whether it came with others, of a feed or an export. */
  readonly isCollected: boolean;
  /** Whether what it comes from is pinned. */
  readonly isPinned: boolean;
}

export interface Chosen<Kind extends Offer> {
  /** In the order in which they were offered. */
  readonly offers: readonly Kind[];
  /** How many stories they tell. */
  readonly stories: number;
}

interface Bounds extends Arrangement {
  /** The most stories. */
  readonly most?: number | undefined;
}

/** What goes into an issue of some articles: the first stories as it will have them, whole, and one letter. */
export function chooseStories<Kind extends Offer>(
  offers: readonly Kind[],
  { most = Infinity, ...arrangement }: Bounds,
): Chosen<Kind> {
  const articlesOf = (kept: (offer: Kind) => boolean) =>
    offers.filter(kept).map(({ article }) => article);
  const isLetter = ({ article }: Kind) => article.kind === "letter";
  const { stories } = arrangeStories(
    articlesOf((offer) => !isLetter(offer)),
    {
      ...arrangement,
      collected: new Set(articlesOf(({ isCollected }) => isCollected)),
      pinned: articlesOf((offer) => offer.isPinned && !isLetter(offer)),
    },
  );
  const first = stories.slice(0, most);
  const told = first.flatMap(({ article, alsoIn }) => [article, ...alsoIn]);
  const kept = new Set([...told, ...articlesOf(isLetter).slice(0, 1)]);
  return { offers: offers.filter(({ article }) => kept.has(article)), stories: first.length };
}
