import type { Article } from "../../article/article.ts";
import type { Document } from "../document.ts";
import type { Summary } from "../summary.ts";
import { figuresOf } from "./figures/figures.ts";
import { loweredWords } from "./names/capitalised-runs.ts";
import { organisationsOf } from "./names/organisations.ts";
import { peopleOf } from "./people/people.ts";
import { placesOf } from "./names/places.ts";
import { timelineOf } from "./timeline.ts";

export type Facts = Pick<Summary, "people" | "places" | "organisations" | "timeline" | "figures">;

/**
 * Who, where, when and how much: what an article states, in its own words. Any list may be empty; all
 * are in a language that we have no words for.
 */
export function factsOf(article: Article, document: Document): Facts {
  const lowered = loweredWords(article.text);
  const { people, names } = peopleOf(article, document, lowered);
  return {
    people,
    places: placesOf(document, article.language, lowered, names),
    organisations: organisationsOf(document, article.language, lowered),
    timeline: timelineOf(article, document, names),
    figures: figuresOf(article, document),
  };
}
